/* SPDX-License-Identifier: MIT */
/* A reference implementation of filters, which follows the text of arpq.h. Tests compare the
 * library with it. */
#ifndef ARPQ_TEST_FUZZ_FILTER_REFERENCE_H
#define ARPQ_TEST_FUZZ_FILTER_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <arpq.h>

static inline unsigned reference_bits(uint16_t family)
{
    return family == AF_INET ? 32 : family == AF_INET6 ? 128 : 0;
}

/* Whether the filter of `size` bytes at `bytes`, including its own size member, is valid. */
static inline bool reference_accepts(const void *bytes, size_t size)
{
    struct arpq_filter f = {0};
    const unsigned char *each = bytes;
    bool proxy;

    if (size < 24 || size > 4096)
        return false;
    for (size_t i = offsetof(struct arpq_filter, reserved); i < size; i++)
        if (each[i])
            return false;
    memcpy(&f, bytes, size < sizeof f ? size : sizeof f);
    proxy = f.flags == ARPQ_FILTER_PROXY;
    if (f.flags && !proxy)
        return false;
    if (f.family && !reference_bits(f.family))
        return false;
    if (f.ifindex >> 31 || f.master >> 31 || f.states >> 9 || f.neigh_flags & ~0x5f8u)
        return false;
    if (f.prefix.reserved || f.mac.length > 32 || (proxy && (f.mac.length || f.states)))
        return false;
    if (!f.prefix.family)
        return f.prefix_length == 0;
    if (f.family && f.family != f.prefix.family)
        return false;
    if (f.prefix.scope && f.prefix.scope != f.ifindex)
        return false;
    return reference_bits(f.prefix.family) && f.prefix_length <= reference_bits(f.prefix.family);
}

static inline bool reference_bit(const uint8_t *bytes, unsigned n)
{
    return bytes[n / 8] >> (7 - n % 8) & 1;
}

static inline bool reference_matches(const struct arpq_filter *f, const struct arpq_neigh *neigh)
{
    uint32_t states = neigh->state ? neigh->state : ARPQ_FILTER_STATE_NONE;
    uint16_t family = f->prefix.family ? f->prefix.family : f->family;

    for (unsigned n = 0; n < f->prefix_length; n++)
        if (neigh->ip.family == family &&
            reference_bit(f->prefix.bytes, n) != reference_bit(neigh->ip.bytes, n))
            return false;
    for (unsigned n = 0; n < 24; n++)
        if (f->neigh_flags >> n & 1 && !(neigh->flags >> n & 1))
            return false;
    for (unsigned n = 0; n < f->mac.length; n++)
        if (f->mac.bytes[n] != neigh->mac.bytes[n])
            return false;
    return (!f->mac.length || f->mac.length == neigh->mac.length) &&
           (!family || family == neigh->ip.family) &&
           (!f->ifindex || f->ifindex == neigh->ifindex) && (!f->states || f->states & states) &&
           (!f->protocol || f->protocol == neigh->protocol);
}

#endif
