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

typedef enum status address_function(const struct tool *t, const char *asked,
                                     const struct arpq_ip *ip);

/* Calls `one` for each argument that is an address. Returns the worst status. */
enum status arguments_each_address(const struct tool *t, int count, char **args,
                                   address_function *one);

enum status arguments_device(const struct tool *t, bool json, const char *name, uint32_t *ifindex);

/* Resolves --dev, --master and --source, and completes the filter with them. */
enum status arguments_option_devices(struct tool *t);

#endif
