/* SPDX-License-Identifier: MIT */
/* Chooses the network to sweep. */
#ifndef ARPQ_TOOL_NETWORK_H
#define ARPQ_TOOL_NETWORK_H

#include "tool.h"
#include "values.h"

/* Chooses an interface, unless --dev names one, and the network of the interface. Reports its
 * errors. */
enum status network_choose(const struct tool *t, uint16_t family, uint32_t *ifindex,
                           struct prefix *prefix);

/* Returns false if the interface cannot have neighbours, such as lo. */
bool network_is_possible(const struct tool *t, uint32_t ifindex);

#endif
