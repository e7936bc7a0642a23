/* SPDX-License-Identifier: MIT */
/* Numbers in network byte order, at any address. */
#ifndef AQ_VALUE_BYTES_H
#define AQ_VALUE_BYTES_H

#include <stdint.h>

static inline uint16_t aq_get16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t aq_get32(const uint8_t *at)
{
    return (uint32_t)aq_get16(at) << 16 | aq_get16(at + 2);
}

/* Returns the position after the value. */
static inline uint8_t *aq_put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
    return at + 2;
}

#endif
