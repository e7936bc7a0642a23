/* SPDX-License-Identifier: MIT */
/* Parsers for the values of options and words. */
#ifndef ARPQ_TOOL_VALUES_H
#define ARPQ_TOOL_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tool.h"

#define ALL_STATES (0xffu | ARPQ_FILTER_STATE_NONE)

/* An IP address with a prefix length. */
struct prefix {
    struct arpq_ip ip;
    uint8_t length;
    const char *text; /* of a target: as the user wrote it, not terminated by a NUL; or NULL */
    size_t text_length;
};

/* Each of these functions returns false if text is not valid. */
bool value_number(const char *text, uint64_t most, uint64_t *number);
bool value_seconds(const char *text, int64_t *ms);
/* Parses a list with commas and adds its states to *states. */
bool value_states(const char *text, uint32_t *states);
bool value_protocol(const char *text, uint8_t *protocol);
/* Parses an IPv4 address that is written as one number in host byte order: decimal, or hexadecimal
 * with 0x. */
bool value_integer_ip(const char *text, struct arpq_ip *ip);

/* Parses any form that arpq_mac_parse accepts, bytes of one or two digits with colons, or the IP
 * address that is the link-layer address of a tunnel. Eight groups of at most two digits with colons
 * are bytes, though they are also an IPv6 address. */
bool value_mac(const char *text, struct arpq_mac *mac);

/* Parses IP, IP/LENGTH or IP/NETMASK. Returns NULL, or an error message. */
const char *value_prefix(const char *text, struct prefix *prefix);
extern const char value_no_interface[]; /* the error message for an unknown scope */

#endif
