/* SPDX-License-Identifier: MIT */
/*
 * One neighbour entry in one cache line. One thread writes it in place while others read.
 *
 * A reader copies the words and compares the sequence number before and after. If the number is odd
 * or has changed, the entry was written meanwhile. The reader does not wait: before each write the
 * writer copies the entry to a shadow, and the reader takes that copy. A writer that is preempted
 * within a write therefore does not block readers.
 */
#ifndef AQ_NEIGHMAP_ENTRY_H
#define AQ_NEIGHMAP_ENTRY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "arpq.h"

#define AQ_ENTRY_MAC_INLINE 8

/* The content of an entry. Longer addresses are stored in a separate slot. */
struct aq_fields {
    uint8_t ip[16];
    union {
        uint8_t bytes[AQ_ENTRY_MAC_INLINE];
        uint32_t slot;
    } mac;                       /* the last known address */
    uint32_t ifindex;            /* 0: unused entry */
    uint32_t confirmed, updated; /* time in ticks of AQ_ENTRY_TICK_MS */
    uint16_t flags;
    uint16_t mac_type;
    uint8_t state;
    uint8_t type;
    uint8_t protocol;
    uint8_t mac_length; /* length of the last known address */
    uint8_t family;     /* AF_INET or AF_INET6 */
    uint8_t mac_known;  /* 1: the address is valid now */
    uint8_t crowded;    /* 1: indexed by address and interface, see struct aq_neighmap */
    uint8_t unused;
};
#define AQ_ENTRY_TICK_MS 10u

/* Entries are copied in units that every machine loads atomically. */
#define AQ_ENTRY_WORDS (sizeof(struct aq_fields) / sizeof(uintptr_t))
#define AQ_MAC_WORDS (ARPQ_MAC_MAX / sizeof(uintptr_t))
_Static_assert(sizeof(struct aq_fields) == 48, "no padding");

struct aq_entry {
    atomic_uintptr_t words[AQ_ENTRY_WORDS];
    atomic_uint sequence;
    atomic_uint next; /* next entry with the same link-layer address, or 0 */
    uint32_t prev;    /* writer only: previous entry, or 0; in an unused entry: next unused entry */
    uint32_t mark;    /* writer only: the last round in which a dump contained it */
};
_Static_assert(sizeof(struct aq_entry) == 64, "one cache line");

struct aq_long_mac {
    atomic_uintptr_t words[AQ_MAC_WORDS];
    uint32_t free; /* writer only: next unused slot */
};

/* A reader's copy of an entry. */
struct aq_found {
    union {
        struct aq_fields fields;
        uintptr_t words[AQ_ENTRY_WORDS];
    };
    union {
        uint8_t long_mac[ARPQ_MAC_MAX]; /* valid if mac_length > AQ_ENTRY_MAC_INLINE */
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
