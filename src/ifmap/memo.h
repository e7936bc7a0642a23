/* SPDX-License-Identifier: MIT */
/*
 * Remembered answers of the kernel's routing decision: a table of fixed size that many threads
 * read and write at once without a lock.
 *
 * Each cell is a sequence lock. A writer makes the sequence number odd, writes the words and makes
 * the number even again. A reader that finds an odd number, or different numbers before and after
 * it reads the words, ignores the words. A writer that finds an odd number writes nothing, because
 * the kernel can be asked again.
 */
#ifndef AQ_IFMAP_MEMO_H
#define AQ_IFMAP_MEMO_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "arpq.h"
#include "value/hash.h"
#include "value/route.h"

#define AQ_MEMO_BITS 11u
#define AQ_MEMO_CELLS (1u << AQ_MEMO_BITS) /* 128 KiB */

/* The maximum age of an answer, because the kernel sends no event for some changes (ICMP redirects,
 * sysctls). */
#define AQ_MEMO_AGE_MS 1000u

/* The key and the answer of a cell. */
enum {
    AQ_MEMO_IP,                   /* the 16 bytes of the address */
    AQ_MEMO_KEY = AQ_MEMO_IP + 2, /* interface by which the route must leave, sum */
    AQ_MEMO_TIME,                 /* tick, families of the address and of the gateway */
    AQ_MEMO_ROUTE,                /* interface, type */
    AQ_MEMO_GATEWAY,              /* the 16 bytes of the address */
    AQ_MEMO_WORDS = AQ_MEMO_GATEWAY + 2
};

struct aq_memo_cell {
    _Alignas(64) atomic_uint sequence;
    _Atomic uint64_t words[AQ_MEMO_WORDS];
};

struct aq_memo {
    struct aq_memo_cell cells[AQ_MEMO_CELLS];
    uint64_t seed;
};

/* The request to which an answer belongs, and the time of the answer. */
struct aq_memo_key {
    const struct arpq_ip *ip;
    uint32_t ifindex; /* interface by which the route must leave, or 0 */
    uint32_t sum;     /* result of aq_changes_sum before the kernel is asked */
    uint32_t tick;    /* result of aq_sys_tick */
};

/* Makes an empty table that uses the seed for its hash. Returns NULL if memory is exhausted. */
struct aq_memo *aq_memo_make(uint64_t seed);
void aq_memo_free(struct aq_memo *memo);

/* Remembers an answer, which may replace another one. */
void aq_memo_put(struct aq_memo *memo, const struct aq_memo_key *key, const struct aq_route *route);

static inline size_t aq_memo_place(const struct aq_memo *memo, const uint64_t ip[2],
                                   uint32_t ifindex)
{
    return aq_hash_slot(memo->seed + ifindex, ip[0], ip[1], 64 - AQ_MEMO_BITS);
}

static inline uint64_t aq_memo_load(const struct aq_memo_cell *cell, unsigned word)
{
    return atomic_load_explicit(&cell->words[word], memory_order_relaxed);
}

/* Finds a remembered answer that has the same key and sum and is not too old. Returns whether there
 * is one. */
static inline bool aq_memo_find(const struct aq_memo *memo, const struct aq_memo_key *key,
                                struct aq_route *route)
{
    const struct aq_memo_cell *cell;
    uint64_t ip[2], time, answer, gateway[2];
    uint32_t sequence;

    memcpy(ip, key->ip->bytes, sizeof ip);
    cell = &memo->cells[aq_memo_place(memo, ip, key->ifindex)];
    sequence = atomic_load_explicit(&cell->sequence, memory_order_acquire);
    if (aq_memo_load(cell, AQ_MEMO_IP) != ip[0] || aq_memo_load(cell, AQ_MEMO_IP + 1) != ip[1] ||
        aq_memo_load(cell, AQ_MEMO_KEY) != ((uint64_t)key->ifindex << 32 | key->sum))
        return false;
    time = aq_memo_load(cell, AQ_MEMO_TIME);
    answer = aq_memo_load(cell, AQ_MEMO_ROUTE);
    gateway[0] = aq_memo_load(cell, AQ_MEMO_GATEWAY);
    gateway[1] = aq_memo_load(cell, AQ_MEMO_GATEWAY + 1);
    atomic_thread_fence(memory_order_acquire);
    if (sequence % 2 || sequence != atomic_load_explicit(&cell->sequence, memory_order_relaxed) ||
        (time >> 16 & 0xffff) != key->ip->family ||
        key->tick - (uint32_t)(time >> 32) >= AQ_MEMO_AGE_MS)
        return false;
    route->ifindex = (uint32_t)(answer >> 32);
    route->type = (uint32_t)answer;
    memcpy(route->gateway.bytes, gateway, sizeof gateway);
    route->gateway.scope = 0;
    route->gateway.family = (uint16_t)time;
    route->gateway.reserved = 0;
    return true;
}

#endif
