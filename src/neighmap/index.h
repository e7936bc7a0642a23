/* SPDX-License-Identifier: MIT */
/*
 * A hash table of entry numbers with open addressing. One thread changes it while others search
 * it.
 *
 * A cell is written in one store and never moves, so a search finds every key that exists during
 * the whole search. Removing a number leaves a mark, because an empty cell would end searches that
 * must pass it. When numbers and marks fill the cells, they are rebuilt elsewhere. Old cells are
 * kept until the end, or reused for the next rebuild. Their version changes, so that readers that
 * still use them search again after a miss.
 */
#ifndef AQ_NEIGHMAP_INDEX_H
#define AQ_NEIGHMAP_INDEX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "neighmap/pool.h"

struct aq_cells {
    atomic_uint version; /* odd while the cells are rebuilt */
    uint32_t bits;       /* log2 of the number of cells */
    struct aq_cells *older;
    atomic_uint cell[]; /* tag and entry number; number 0: AQ_CELL_EMPTY or AQ_CELL_REMOVED */
};

#define AQ_CELL_EMPTY 0u
#define AQ_CELL_REMOVED (1u << AQ_POOL_BITS)
#define AQ_CELL_NUMBER ((1u << AQ_POOL_BITS) - 1)

struct aq_index {
    _Atomic(struct aq_cells *) cells;
    uint32_t used;    /* number of cells that are not empty */
    uint32_t numbers; /* number of cells that contain a number */
};

/* Returns the hash of an entry, for a rebuild. */
typedef uint64_t (*aq_index_hash)(const void *context, uint32_t number);

int aq_index_make(struct aq_index *index, uint32_t expected);
void aq_index_free(struct aq_index *index);

/* Frees unused cells. No reader may be active. */
void aq_index_trim(struct aq_index *index);

/* Makes room for one more number, so that aq_index_put cannot fail. Returns 0 or -ENOMEM. */
int aq_index_reserve(struct aq_index *index, aq_index_hash hash, const void *context);

/* Adds a number that is not in the index. */
void aq_index_put(struct aq_index *index, uint64_t hash, uint32_t number);

/* Replaces a number by another one with the same hash, or removes it if replacement is 0. */
void aq_index_replace(struct aq_index *index, uint64_t hash, uint32_t number, uint32_t replacement);

uint64_t aq_index_memory(const struct aq_index *index);

/* A search, which returns candidates one after another. */
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

/* Returns the next candidate, or 0. The search ends because at least a quarter of the cells are
 * empty. */
static inline uint32_t aq_search_next(struct aq_search *s)
{
    for (;;) {
        uint32_t cell = atomic_load_explicit(&s->cells->cell[s->at], memory_order_acquire);

        if (cell == AQ_CELL_EMPTY)
            return 0;
        s->at = (s->at + 1) & s->mask;
        /* If the tag matches, the XOR clears it and only the entry number remains. */
        cell ^= s->tag;
        if (cell - 1 < AQ_CELL_NUMBER)
            return cell;
    }
}

/* Returns false if the cells were rebuilt meanwhile and the caller must search again. */
static inline bool aq_search_was_valid(const struct aq_search *s)
{
    return atomic_load_explicit(&s->cells->version, memory_order_relaxed) == s->version;
}

#endif
