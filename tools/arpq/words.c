/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <stdio.h>

void words_print(const char *word, void *unused)
{
    (void)unused;
    printf(" %s", word);
}

void words_add(const char *word, void *context)
{
    struct words *words = context;
    size_t capacity = sizeof words->text - words->length;
    int length = snprintf(words->text + words->length, capacity, "%s%s",
                          words->length == 0 ? "" : ",", word);

    if (length > 0 && (size_t)length < capacity)
        words->length += (size_t)length;
}
