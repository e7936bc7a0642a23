/* SPDX-License-Identifier: MIT */
/*
 * One neighbour entry in memory, in one cache line, that one thread writes in place while
 * any number read it.
 *
 * A reader copies the words and looks at the sequence number before and after: odd or
 * changed means that it read across a write. It does not wait then: before each write the
 * writer puts what the entry says so far into a shadow, where the reader finds it whole.
 * A writer that is put to sleep in the middle of a write therefore holds up nobody.
 */
#ifndef AQ_NEIGHMAP_ENTRY_H
#define AQ_NEIGHMAP_ENTRY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "arpq.h"

#define AQ_ENTRY_MAC_INLINE 8

/* What an entry says. Longer addresses than fit lie in a slot of their own. */
struct aq_fields {
    uint8_t ip[16];
    union {
        uint8_t bytes[AQ_ENTRY_MAC_INLINE];
        uint32_t slot;
    } mac;                       /* the last one known */
    uint32_t ifindex;            /* 0: the entry is not in use */
    uint32_t confirmed, updated; /* when, in ticks of AQ_ENTRY_TICK_MS */
    uint16_t flags;
    uint16_t mac_type;
    uint8_t state;
    uint8_t type;
    uint8_t protocol;
    uint8_t mac_length; /* of the last one known */
    uint8_t family;     /* AF_INET or AF_INET6 */
    uint8_t mac_known;  /* 1: it is the entry's address now */
    uint16_t unused;
};
#define AQ_ENTRY_TICK_MS 10u

/* Copied word by word: the widest that every machine loads at once. */
#define AQ_ENTRY_WORDS (sizeof(struct aq_fields) / sizeof(uintptr_t))
#define AQ_MAC_WORDS (ARPQ_MAC_MAX / sizeof(uintptr_t))
_Static_assert(sizeof(struct aq_fields) == 48, "no padding");

struct aq_entry {
    atomic_uintptr_t words[AQ_ENTRY_WORDS];
    atomic_uint sequence;
    atomic_uint next; /* entry with the same link-layer address, or 0 */
    uint32_t prev;    /* the writer's: the one before it, or 0; while free the next free one */
    uint32_t mark;    /* the writer's: the round in which a dump had it */
};
_Static_assert(sizeof(struct aq_entry) == 64, "one cache line");

struct aq_long_mac {
    atomic_uintptr_t words[AQ_MAC_WORDS];
    uint32_t free; /* the writer's: while free the next free one */
};

/* An entry as a reader has it. */
struct aq_found {
    union {
        struct aq_fields fields;
        uintptr_t words[AQ_ENTRY_WORDS];
    };
    union {
        uint8_t long_mac[ARPQ_MAC_MAX]; /* where mac_length is above AQ_ENTRY_MAC_INLINE */
        uintptr_t long_mac_words[AQ_MAC_WORDS];
    };
};

static inline void aq_words_load(const atomic_uintptr_t *words, uintptr_t *to, size_t count)
{
#pragma GCC unroll 16
    for (size_t i = 0; i < count; i++)
        to[i] = atomic_load_explicit(&words[i], memory_order_acquire);
}

static inline void aq_words_store(atomic_uintptr_t *words, const void *from, size_t count)
{
    uintptr_t copy[AQ_ENTRY_WORDS];

    memcpy(copy, from, count * sizeof copy[0]);
    for (size_t i = 0; i < count; i++)
        atomic_store_explicit(&words[i], copy[i], memory_order_release);
}

#endif
