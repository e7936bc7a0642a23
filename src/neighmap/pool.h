/* SPDX-License-Identifier: MIT */
/* Numbered items that never move. Memory grows in chunks and is freed only with the pool, so
 * readers can access any item at any time. */
#ifndef AQ_NEIGHMAP_POOL_H
#define AQ_NEIGHMAP_POOL_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers start at 1 and have this many bits. */
#define AQ_POOL_BITS 25
#define AQ_POOL_CHUNK_BITS 15
#define AQ_POOL_CHUNK_ITEMS (1u << AQ_POOL_CHUNK_BITS)
#define AQ_POOL_CHUNKS (1u << (AQ_POOL_BITS - AQ_POOL_CHUNK_BITS))

struct aq_pool {
    _Atomic(void *) chunks[AQ_POOL_CHUNKS];
    atomic_uint top; /* the highest number used so far */
};

void aq_pool_free(struct aq_pool *pool);

/* Returns a new number, with its item of `size` bytes zeroed, or 0 if memory is exhausted. The
 * unused part of a chunk is not touched, so it takes no physical memory. */
uint32_t aq_pool_take(struct aq_pool *pool, size_t size);

static inline void *aq_pool_chunk(const struct aq_pool *pool, uint32_t number)
{
    return atomic_load_explicit(&pool->chunks[number >> AQ_POOL_CHUNK_BITS], memory_order_acquire);
}

static inline void *aq_pool_at(const struct aq_pool *pool, uint32_t number, size_t size)
{
    return (char *)aq_pool_chunk(pool, number) + (number & (AQ_POOL_CHUNK_ITEMS - 1)) * size;
}

#endif
