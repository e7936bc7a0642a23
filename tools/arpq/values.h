/* SPDX-License-Identifier: MIT */
/* Parsers for the arguments of options. Each returns false for text that is not valid. */
#ifndef ARPQ_TOOL_VALUES_H
#define ARPQ_TOOL_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include "tool.h"

#define ALL_STATES (0xffu | ARPQ_FILTER_STATE_NONE)

/* An IP address with a prefix length. */
struct prefix {
    struct arpq_ip ip;
    uint8_t length;
};

bool value_number(const char *text, uint64_t most, uint64_t *number);
bool value_seconds(const char *text, int64_t *ms);
bool value_state(const char *text, uint32_t *states); /* adds to *states */
bool value_protocol(const char *text, uint8_t *protocol);

/* Parses IP or IP/LENGTH. Reports an error itself. */
enum status value_prefix(const char *text, struct prefix *prefix);

/* Reports that text is not a valid value. Returns the exit status for code. */
enum status value_error(const char *text, int code, const char *message);

#endif
