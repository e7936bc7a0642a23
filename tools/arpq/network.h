/* SPDX-License-Identifier: MIT */
/* Chooses the network to sweep. */
#ifndef ARPQ_TOOL_NETWORK_H
#define ARPQ_TOOL_NETWORK_H

#include "tool.h"
#include "values.h"

/* Chooses the interface, unless --dev names it, and its network. Reports its errors. */
enum status network_choose(const struct tool *t, uint16_t family, uint32_t *ifindex,
                           struct prefix *prefix);

#endif
