/* SPDX-License-Identifier: MIT */
#include "ifmap/memo.h"

#include <stdlib.h>

_Static_assert(sizeof(struct aq_memo_cell) == 64, "a cell is one cache line");

struct aq_memo *aq_memo_make(uint64_t seed)
{
    struct aq_memo *memo = aligned_alloc(_Alignof(struct aq_memo), sizeof *memo);

    if (!memo)
        return NULL;
    memset(memo, 0, sizeof *memo);
    memo->seed = seed;
    return memo;
}

void aq_memo_free(struct aq_memo *memo)
{
    free(memo);
}

void aq_memo_put(struct aq_memo *memo, const struct aq_memo_key *key, const struct aq_route *route)
{
    uint64_t words[AQ_MEMO_WORDS];
    struct aq_memo_cell *cell;
    uint32_t sequence;

    memcpy(&words[AQ_MEMO_IP], key->ip->bytes, sizeof key->ip->bytes);
    words[AQ_MEMO_KEY] = (uint64_t)key->ifindex << 32 | key->sum;
    words[AQ_MEMO_TIME] =
        (uint64_t)key->tick << 32 | (uint64_t)key->ip->family << 16 | route->gateway.family;
    words[AQ_MEMO_ROUTE] = (uint64_t)route->ifindex << 32 | route->type;
    memcpy(&words[AQ_MEMO_GATEWAY], route->gateway.bytes, sizeof route->gateway.bytes);

    cell = &memo->cells[aq_memo_place(memo, &words[AQ_MEMO_IP], key->ifindex)];
    sequence = atomic_load_explicit(&cell->sequence, memory_order_relaxed);
    if (sequence % 2 || !atomic_compare_exchange_strong(&cell->sequence, &sequence, sequence + 1))
        return;
    atomic_thread_fence(memory_order_release);
    for (size_t i = 0; i < AQ_MEMO_WORDS; i++)
        atomic_store_explicit(&cell->words[i], words[i], memory_order_relaxed);
    atomic_store_explicit(&cell->sequence, sequence + 2, memory_order_release);
}
