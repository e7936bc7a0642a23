/* SPDX-License-Identifier: MIT */
/* Neighbour entries, as text and as JSON. */
#ifndef ARPQ_TOOL_NEIGH_H
#define ARPQ_TOOL_NEIGH_H

#include "json.h"
#include "number_name.h"
#include "tool.h"
#include "words.h"

extern const struct number_name neigh_flag_names[]; /* in the order of ip-neighbour(8) */

/* Returns true for an entry that the library made itself. Such an entry has no ages and no
 * probes. */
bool neigh_is_synthetic(const struct arpq_neigh *neigh);

void neigh_each_state(uint32_t state, word_function *one, void *context);

/* Prints the address, the interface, the MAC and the state. */
void neigh_print(const struct tool *t, const struct arpq_neigh *neigh);
/* Prints the protocol and the flags. */
void neigh_print_origin(const struct arpq_neigh *neigh);
/* Prints the MAC address. If there are several arguments, prints the argument before it. */
void neigh_print_answer(const struct tool *t, const char *asked, const struct arpq_mac *mac);

void neigh_json_states(struct json_object *object, const char *key, uint32_t state);
void neigh_json(struct json_object *object, const struct tool *t, const struct arpq_neigh *neigh,
                bool statistics);
/* Adds the members of an entry without statistics. dev is the name of the interface, or "" for
 * none. */
void neigh_json_named(struct json_object *object, const struct tool *t,
                      const struct arpq_neigh *neigh, const char *dev);
/* Prints a line of JSON for an argument. */
void neigh_json_entry(const struct tool *t, const char *asked, const struct arpq_ip *ip,
                      const struct arpq_neigh *neigh, bool statistics);

#endif
