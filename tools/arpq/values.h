/* SPDX-License-Identifier: MIT */
/* Parsers for the values of options and words. */
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

/* Each returns false for text that is not valid. */
bool value_number(const char *text, uint64_t most, uint64_t *number);
bool value_seconds(const char *text, int64_t *ms);
bool value_states(const char *text, uint32_t *states); /* a list with commas, added to *states */
bool value_protocol(const char *text, uint8_t *protocol);
/* An IPv4 address as a number, as ntohl(3) returns it: decimal, or hexadecimal with 0x. */
bool value_integer_ip(const char *text, struct arpq_ip *ip);

/* Any form of arpq_mac_parse, or bytes of one or two digits with colons. */
bool value_mac(const char *text, struct arpq_mac *mac);

/* The text behind the slash of a prefix: a length, or a netmask of IPv4. */
bool value_prefix_length(const char *text, uint16_t family, uint8_t *length);

/* Parses IP, IP/LENGTH or IP/NETMASK. Returns NULL, or what is wrong. */
const char *value_prefix(const char *text, struct prefix *prefix);
extern const char value_no_interface[]; /* what is wrong with an unknown scope */

#endif
