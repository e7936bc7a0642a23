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

#endif
