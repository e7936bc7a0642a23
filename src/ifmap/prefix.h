/* SPDX-License-Identifier: MIT */
/* Prefixes in classes by family and length. A search masks the address for each class in use, the
 * longest prefix first. */
#ifndef AQ_IFMAP_PREFIX_H
#define AQ_IFMAP_PREFIX_H

#include <stdint.h>
#include <string.h>

#include "arpq.h"

/* The length of single addresses that precede the prefixes of every length. */
#define AQ_PREFIX_WHOLE 129u

#define AQ_PREFIX_CLASS_COUNT 130u

/* An address or a mask as two integers in memory order, to mask and compare without calls. */
struct aq_prefix_words {
    uint64_t high;
    uint64_t low;
};

struct aq_prefix_class {
    struct aq_prefix_words mask;
    uint32_t number;
};

/* The classes in use per family, longest first. */
struct aq_prefix_classes {
    uint32_t count[2];
    struct aq_prefix_class list[2][AQ_PREFIX_CLASS_COUNT];
};

struct aq_prefix_class aq_prefix_class_of(uint32_t number);

/* Adds a class unless it is there. */
void aq_prefix_add_class(struct aq_prefix_classes *classes, uint32_t number);

/* The index of a family in struct aq_prefix_classes. */
static inline unsigned aq_prefix_family(uint16_t family)
{
    return family == AF_INET6;
}

/* The number of the class of a length in bits, or of AQ_PREFIX_WHOLE. Classes of IPv4 and IPv6 have
 * different numbers, so that one table holds both. */
static inline uint32_t aq_prefix_number(uint16_t family, unsigned length)
{
    return aq_prefix_family(family) * AQ_PREFIX_CLASS_COUNT + length;
}

static inline struct aq_prefix_words aq_prefix_words_of(const struct arpq_ip *ip)
{
    struct aq_prefix_words words;

    memcpy(&words.high, ip->bytes, sizeof words.high);
    memcpy(&words.low, ip->bytes + sizeof words.high, sizeof words.low);
    return words;
}

static inline struct aq_prefix_words aq_prefix_mask(struct aq_prefix_words words,
                                                    const struct aq_prefix_class *class)
{
    words.high &= class->mask.high;
    words.low &= class->mask.low;
    return words;
}

#endif
