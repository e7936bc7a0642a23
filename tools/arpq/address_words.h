/* SPDX-License-Identifier: MIT */
/* The words of arpq addr, as in ip-address(8). */
#ifndef ARPQ_TOOL_ADDRESS_WORDS_H
#define ARPQ_TOOL_ADDRESS_WORDS_H

#include "number_name.h"
#include "tool.h"

/* An address to change. */
struct address_request {
    const struct tool *t;
    struct arpq_address address;
    uint32_t flags; /* ARPQ_ADDRESS_EDIT_* */
    bool scope_given, valid_given, preferred_given, local_given;
    char broadcast_sign; /* '+', '-' or 0 */
    const char *text;    /* the address as the user wrote it */
};

/* Takes the address and the words that describe it. Reports its errors. */
enum status address_words_take(struct address_request *r, int count, char **args);

/* Reports the bad value of a word. Returns USAGE. */
enum status address_words_error(const char *word, const char *value, const char *wrong);

/* Reports a word that the command does not have. Returns USAGE. */
enum status address_words_unknown(const struct tool *t, const char *word);

/* Parse values. They return false if text is not valid. */
bool address_words_number(const char *text, uint32_t most, uint32_t *number);
bool address_words_find(const struct number_name *names, const char *text, uint32_t *number);

#endif
