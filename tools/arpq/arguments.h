/* SPDX-License-Identifier: MIT */
/* Arguments that name addresses and interfaces. Every function reports its errors. */
#ifndef ARPQ_TOOL_ARGUMENTS_H
#define ARPQ_TOOL_ARGUMENTS_H

#include "tool.h"

/* Parses an address, an integer or the name of a host. */
enum status arguments_address(const struct tool *t, const char *text, struct arpq_ip *ip);

/* Parses the same forms without reporting errors. Returns NULL, or an error message; *code is then
 * a negative errno value. */
const char *arguments_parse_address(const struct tool *t, const char *text, struct arpq_ip *ip,
                                    int *code);

/* Parses the same forms except names. Sets *is_name for text that may be the name of a host, and
 * then returns what is wrong if it is none. */
const char *arguments_parse_literal(const struct tool *t, const char *text, struct arpq_ip *ip,
                                    int *code, bool *is_name);

/* Looks up the name of a host, which may take many seconds. Any thread may call this. family may be
 * 0. Returns as arguments_parse_address. */
const char *arguments_find_host(uint16_t family, const char *text, struct arpq_ip *ip, int *code);

/* Reports an argument that is not an address. */
enum status arguments_report(const struct tool *t, const char *text, const char *wrong, int code);

typedef enum status address_function(const struct tool *t, const char *asked,
                                     const struct arpq_ip *ip);

/* Calls `one` for each argument that is an address. Returns the worst status. */
enum status arguments_each_address(const struct tool *t, int count, char **args,
                                   address_function *one);

enum status arguments_device(const struct tool *t, bool json, const char *name, uint32_t *ifindex);

/* Resolves --dev, --master and --source, and completes the filter with them. */
enum status arguments_option_devices(struct tool *t);

#endif
