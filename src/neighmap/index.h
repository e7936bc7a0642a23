/* SPDX-License-Identifier: MIT */
/*
 * Entry numbers by hash, with open addressing, that one thread changes while any number
 * search it.
 *
 * A cell is written in one store and never moves: a key that was there all the time is
 * found. A removed one leaves a mark (a cell cannot become empty while a search may have to
 * go past it), and when marks and numbers fill the cells they are built anew elsewhere. The
 * old cells are kept until the end, or built into once more: their version tells a reader
 * who is still in them that a miss means nothing.
 */
#ifndef AQ_NEIGHMAP_INDEX_H
#define AQ_NEIGHMAP_INDEX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "neighmap/pool.h"

struct aq_cells {
    atomic_uint version; /* odd while it is built */
    uint32_t bits;       /* log2 of the number of cells */
    struct aq_cells *older;
    atomic_uint cell[]; /* a tag above an entry number; number 0: AQ_CELL_EMPTY or removed */
};

#define AQ_CELL_EMPTY 0u
#define AQ_CELL_REMOVED (1u << AQ_POOL_BITS)
#define AQ_CELL_NUMBER ((1u << AQ_POOL_BITS) - 1)

struct aq_index {
    _Atomic(struct aq_cells *) cells;
    uint32_t used;    /* cells that are not empty */
    uint32_t numbers; /* cells with a number */
};

/* What an entry hashes to, for building anew. */
typedef uint64_t (*aq_index_hash)(const void *context, uint32_t number);

int aq_index_make(struct aq_index *index, uint32_t expected);
void aq_index_free(struct aq_index *index);

/* Give back the cells that are no longer used, if no reader can be in them. */
void aq_index_trim(struct aq_index *index);

/* Make room for one more number, so that aq_index_put cannot fail. 0 or -ENOMEM. */
int aq_index_reserve(struct aq_index *index, aq_index_hash hash, const void *context);

/* Put a number in, which is not there yet. */
void aq_index_put(struct aq_index *index, uint64_t hash, uint32_t number);

/* Replace the number of that hash by another of the same, or, with 0, take it out. */
void aq_index_replace(struct aq_index *index, uint64_t hash, uint32_t number, uint32_t replacement);

uint64_t aq_index_memory(const struct aq_index *index);

/* A search: the numbers that may be the one, in turn. */
struct aq_search {
    const struct aq_cells *cells;
    uint32_t version, at, mask, tag;
};

static inline uint32_t aq_cell_tag(uint64_t hash)
{
    return (uint32_t)hash << AQ_POOL_BITS;
}

static inline uint32_t aq_cell_home(uint64_t hash, uint32_t bits)
{
    return (uint32_t)(hash >> (64 - bits));
}

static inline void aq_search_begin(struct aq_search *s, const struct aq_index *index, uint64_t hash)
{
    do {
        s->cells = atomic_load_explicit(&index->cells, memory_order_acquire);
        s->version = atomic_load_explicit(&s->cells->version, memory_order_acquire);
    } while (s->version & 1);
    s->mask = (1u << s->cells->bits) - 1;
    s->at = aq_cell_home(hash, s->cells->bits);
    s->tag = aq_cell_tag(hash);
}

/* 0: that was all. It ends because a quarter of the cells are empty at least. */
static inline uint32_t aq_search_next(struct aq_search *s)
{
    for (;;) {
        uint32_t cell = atomic_load_explicit(&s->cells->cell[s->at], memory_order_acquire);

        if (cell == AQ_CELL_EMPTY)
            return 0;
        s->at = (s->at + 1) & s->mask;
        /* With the tag gone a number is left, unless it is another's or removed. */
        cell ^= s->tag;
        if (cell - 1 < AQ_CELL_NUMBER)
            return cell;
    }
}

/* Whether the cells were those of this index all the time: else search again. */
static inline bool aq_search_was_valid(const struct aq_search *s)
{
    return atomic_load_explicit(&s->cells->version, memory_order_relaxed) == s->version;
}

#endif
