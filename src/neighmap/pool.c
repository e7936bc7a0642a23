/* SPDX-License-Identifier: MIT */
#include "neighmap/pool.h"

#include <stdlib.h>
#include <string.h>

#define CACHE_LINE 64

void aq_pool_free(struct aq_pool *pool)
{
    for (size_t i = 0; i < AQ_POOL_CHUNKS; i++)
        free(atomic_load(&pool->chunks[i]));
}

uint32_t aq_pool_take(struct aq_pool *pool, size_t size)
{
    uint32_t number = atomic_load_explicit(&pool->top, memory_order_relaxed) + 1;
    void *chunk;

    if (number >> AQ_POOL_BITS)
        return 0;
    chunk = aq_pool_chunk(pool, number);
    if (!chunk) {
        chunk = aligned_alloc(CACHE_LINE, AQ_POOL_CHUNK_ITEMS * size);
        if (!chunk)
            return 0;
        atomic_store_explicit(&pool->chunks[number >> AQ_POOL_CHUNK_BITS], chunk,
                              memory_order_release);
    }
    memset(aq_pool_at(pool, number, size), 0, size);
    atomic_store_explicit(&pool->top, number, memory_order_release);
    return number;
}
