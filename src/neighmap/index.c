/* SPDX-License-Identifier: MIT */
#include "neighmap/index.h"

#include <errno.h>
#include <stdlib.h>

#define BITS_MIN 6
#define BITS_MAX (AQ_POOL_BITS + 1)

/* At most three quarters of the cells are used. */
static uint32_t index_capacity(uint32_t bits)
{
    return (1u << bits) / 4 * 3;
}

static size_t size_of(uint32_t bits)
{
    return sizeof(struct aq_cells) + ((size_t)1 << bits) * sizeof(atomic_uint);
}

static struct aq_cells *make_cells(uint32_t bits)
{
    struct aq_cells *cells = calloc(1, size_of(bits));

    if (cells)
        cells->bits = bits;
    return cells;
}

int aq_index_make(struct aq_index *index, uint32_t expected)
{
    uint32_t bits = BITS_MIN;
    struct aq_cells *cells;

    while (bits < BITS_MAX && index_capacity(bits) <= expected)
        bits++;
    cells = make_cells(bits);
    if (!cells)
        return -ENOMEM;
    atomic_store(&index->cells, cells);
    return 0;
}

static void free_cells(struct aq_cells *cells)
{
    while (cells) {
        struct aq_cells *older = cells->older;

        free(cells);
        cells = older;
    }
}

void aq_index_free(struct aq_index *index)
{
    free_cells(atomic_load(&index->cells));
}

void aq_index_trim(struct aq_index *index)
{
    struct aq_cells *cells = atomic_load(&index->cells);

    free_cells(cells->older);
    cells->older = NULL;
}

static void index_put(struct aq_cells *cells, uint64_t hash, uint32_t number)
{
    uint32_t mask = (1u << cells->bits) - 1, at = aq_cell_home(hash, cells->bits);

    while (atomic_load_explicit(&cells->cell[at], memory_order_relaxed) & AQ_CELL_NUMBER)
        at = (at + 1) & mask;
    atomic_store_explicit(&cells->cell[at], aq_cell_tag(hash) | number, memory_order_release);
}

/* Returns the previous cells if they have this size, else new ones. Readers may still use the
 * previous ones; their version stays odd until they are filled. */
static struct aq_cells *empty_cells(struct aq_cells *now, uint32_t bits)
{
    struct aq_cells *cells = now->older;

    if (!cells || cells->bits != bits) {
        cells = make_cells(bits);
        if (cells)
            cells->older = now;
        return cells;
    }
    now->older = cells->older;
    cells->older = now;
    atomic_fetch_add(&cells->version, 1);
    for (uint32_t i = 0; i < 1u << bits; i++)
        atomic_store_explicit(&cells->cell[i], AQ_CELL_EMPTY, memory_order_release);
    return cells;
}

int aq_index_reserve(struct aq_index *index, aq_index_hash hash, const void *context)
{
    struct aq_cells *now = atomic_load_explicit(&index->cells, memory_order_relaxed), *built;
    uint32_t bits = now->bits;

    if (index->used < index_capacity(bits))
        return 0;
    /* If there are many marks, the size stays the same, because the rebuild removes the marks. */
    if (index->numbers >= index_capacity(bits) / 4 * 3)
        bits++;
    if (bits > BITS_MAX)
        return -ENOMEM;
    built = empty_cells(now, bits);
    if (!built)
        return -ENOMEM;
    for (uint32_t i = 0; i < 1u << now->bits; i++) {
        uint32_t number =
            atomic_load_explicit(&now->cell[i], memory_order_relaxed) & AQ_CELL_NUMBER;

        if (number)
            index_put(built, hash(context, number), number);
    }
    if (atomic_load_explicit(&built->version, memory_order_relaxed) & 1)
        atomic_fetch_add(&built->version, 1);
    index->used = index->numbers;
    atomic_store_explicit(&index->cells, built, memory_order_release);
    return 0;
}

/* Uses the first cell without a number, whether empty or marked. */
void aq_index_put(struct aq_index *index, uint64_t hash, uint32_t number)
{
    struct aq_cells *cells = atomic_load_explicit(&index->cells, memory_order_relaxed);
    uint32_t mask = (1u << cells->bits) - 1, at = aq_cell_home(hash, cells->bits);
    uint32_t cell;

    while ((cell = atomic_load_explicit(&cells->cell[at], memory_order_relaxed)) & AQ_CELL_NUMBER)
        at = (at + 1) & mask;
    index->used += cell == AQ_CELL_EMPTY;
    index->numbers++;
    atomic_store_explicit(&cells->cell[at], aq_cell_tag(hash) | number, memory_order_release);
}

/* Clears marks that precede an empty cell, because no search needs them. */
static void sweep_marks(struct aq_index *index, struct aq_cells *cells, uint32_t at)
{
    uint32_t mask = (1u << cells->bits) - 1;

    if (atomic_load_explicit(&cells->cell[(at + 1) & mask], memory_order_relaxed) != AQ_CELL_EMPTY)
        return;
    while (atomic_load_explicit(&cells->cell[at], memory_order_relaxed) == AQ_CELL_REMOVED) {
        atomic_store_explicit(&cells->cell[at], AQ_CELL_EMPTY, memory_order_release);
        index->used--;
        at = (at - 1) & mask;
    }
}

void aq_index_replace(struct aq_index *index, uint64_t hash, uint32_t number, uint32_t replacement)
{
    struct aq_cells *cells = atomic_load_explicit(&index->cells, memory_order_relaxed);
    uint32_t mask = (1u << cells->bits) - 1, at = aq_cell_home(hash, cells->bits);
    uint32_t wanted = aq_cell_tag(hash) | number, cell;

    while ((cell = atomic_load_explicit(&cells->cell[at], memory_order_relaxed)) != wanted) {
        if (cell == AQ_CELL_EMPTY)
            return;
        at = (at + 1) & mask;
    }
    if (replacement) {
        atomic_store_explicit(&cells->cell[at], aq_cell_tag(hash) | replacement,
                              memory_order_release);
        return;
    }
    atomic_store_explicit(&cells->cell[at], AQ_CELL_REMOVED, memory_order_release);
    index->numbers--;
    sweep_marks(index, cells, at);
}

uint64_t aq_index_memory(const struct aq_index *index)
{
    uint64_t bytes = 0;

    for (const struct aq_cells *cells = atomic_load(&index->cells); cells; cells = cells->older)
        bytes += size_of(cells->bits);
    return bytes;
}
