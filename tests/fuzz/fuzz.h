/* SPDX-License-Identifier: MIT */
/* Helpers that every fuzz target uses. */
#ifndef ARPQ_TEST_FUZZ_H
#define ARPQ_TEST_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <arpq.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void require(bool condition)
{
    if (!condition)
        abort();
}

/* Copy the input into an aligned block of exactly its size, so that ASan detects a read past its
 * end. The caller frees the block. */
static inline void *exact_copy(const void *data, size_t size)
{
    void *block = malloc(size ? size : 1);

    require(block);
    if (size)
        memcpy(block, data, size);
    return block;
}

/* Copy the input into a block of exactly its size plus a terminating zero, for the parsers of text.
 * The caller frees the block. */
static inline char *exact_text(const void *data, size_t size)
{
    char *text = malloc(size + 1);

    require(text);
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

#endif
