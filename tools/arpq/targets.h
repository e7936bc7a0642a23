/* SPDX-License-Identifier: MIT */
/* The addresses to sweep. The user writes lists of prefixes, netmasks, ranges, single addresses and
 * host names, and may exclude addresses. */
#ifndef ARPQ_TOOL_TARGETS_H
#define ARPQ_TOOL_TARGETS_H

#include "tool.h"
#include "values.h"

struct targets {
    struct prefix *prefixes; /* IPv4 prefixes do not overlap */
    size_t count, capacity;
};

/* Adds the addresses of text, such as "192.0.2.0/24,198.51.100.1-9". Reports its errors. */
enum status targets_add(const struct tool *t, struct targets *targets, const char *text);

/* Returns the JSON key of a failure that concerns the target: "prefix" for a prefix or a range, "dst"
 * for an address or a name. */
const char *targets_key(const char *text);

/* Removes the addresses of text. Reports its errors. */
enum status targets_remove(const struct tool *t, struct targets *targets, const char *text);

/* Returns true if the address is one of the targets. */
bool targets_contain(const struct targets *targets, const struct arpq_ip *ip);

void targets_add_prefix(struct targets *targets, const struct prefix *prefix);
void targets_free(struct targets *targets);

/* Returns the number of addresses of an IPv4 prefix, or 1 for an IPv6 prefix. */
uint64_t targets_size(const struct prefix *prefix);

#endif
