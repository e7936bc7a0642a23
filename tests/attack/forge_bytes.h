/* SPDX-License-Identifier: MIT */
/* Writing the bytes of a forged frame. */
#ifndef ARPQ_TEST_ATTACK_FORGE_BYTES_H
#define ARPQ_TEST_ATTACK_FORGE_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "attack/forge.h"
#include "random.h"

/* A frame never exceeds FORGED_MAX: what does not fit is left out. */
static inline void forge_put(struct forged *out, const void *bytes, size_t size)
{
    if (size > FORGED_MAX - out->size)
        size = FORGED_MAX - out->size;
    memcpy(out->bytes + out->size, bytes, size);
    out->size += size;
}

static inline void forge_put16(struct forged *out, uint16_t value)
{
    const uint8_t bytes[2] = {(uint8_t)(value >> 8), (uint8_t)value};

    forge_put(out, bytes, sizeof bytes);
}

static inline void forge_pad(struct forged *out, size_t size)
{
    if (out->size < size)
        memset(out->bytes + out->size, 0, size - out->size);
    out->size = out->size < size ? size : out->size;
}

/* A MAC that only the attacker uses. */
static inline void forge_draw_mac(struct forge *forge, uint8_t *mac)
{
    mac[0] = 2;
    mac[1] = 0xee;
    draw_bytes(&forge->random, mac + 2, 4);
}

#endif
