/* SPDX-License-Identifier: MIT */
/* Lists of words, such as the flags of an entry. */
#ifndef ARPQ_TOOL_WORDS_H
#define ARPQ_TOOL_WORDS_H

#include <stddef.h>

typedef void word_function(const char *word, void *context);

word_function words_print; /* prints a space and the word; the context is unused */

/* A list of words with commas. The text can hold the words of any table of the tool. */
struct words {
    char text[160];
    size_t length;
};
word_function words_add; /* the context is a struct words */

#endif
