/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <stdio.h>
#include <string.h>

void words_print(const char *word, void *unused)
{
    (void)unused;
    printf(" %s", word);
}

void words_add(const char *word, void *context)
{
    struct words *words = context;
    const size_t length = strlen(word), comma = words->length != 0;

    if (words->length + comma + length >= sizeof words->text)
        return;
    if (comma)
        words->text[words->length++] = ',';
    memcpy(words->text + words->length, word, length + 1);
    words->length += length;
}
