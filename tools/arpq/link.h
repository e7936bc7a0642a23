/* SPDX-License-Identifier: MIT */
/* Prints interfaces and their addresses as text and as JSON, with the names of ip-address(8). */
#ifndef ARPQ_TOOL_LINK_H
#define ARPQ_TOOL_LINK_H

#include "number_name.h"
#include "tool.h"
#include "words.h"

struct json_object;

extern const struct number_name link_address_flag_names[];

const char *link_type_name(uint32_t type, char digits[NUMBER_STRLEN]);
const char *link_scope_name(uint32_t scope, char digits[NUMBER_STRLEN]);
bool link_scope_value(const char *text, uint32_t *scope); /* takes a name, not a number */
const char *link_operstate_name(uint32_t operstate, char digits[NUMBER_STRLEN]);
bool link_has_other_permanent_mac(const struct arpq_interface *link);
void link_each_flag(uint32_t flags, word_function *one, void *context);
void link_each_address_flag(const struct arpq_address *a, word_function *one, void *context);
/* Prints both lifetimes, each after a space. Prints nothing if both are infinite. */
void link_print_lifetimes(const struct arpq_address *a);

/* Adds the members of an interface, except addr_info. stats may be NULL. parent_down is true if the
 * parent of the interface is not up. */
void link_json(struct json_object *object, const struct tool *t, const struct arpq_interface *link,
               const struct arpq_interface_stats *stats, bool parent_down);
void link_json_address(struct json_object *object, const struct arpq_address *a);

#endif
