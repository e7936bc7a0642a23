/* SPDX-License-Identifier: MIT */
/* Host names of addresses. Separate threads look up the names, so that the tool can exit even if a
 * resolver hangs. The names come from the network and are not safe to print. */
#ifndef ARPQ_TOOL_HOST_NAMES_H
#define ARPQ_TOOL_HOST_NAMES_H

#include "tool.h"

#define HOST_NAMES_MS 2000 /* the longest time that a list waits for all its names */

void host_names_ask(const struct arpq_ip *ip);

/* Returns the name, or NULL if no name is known at the deadline (in clock_ms()). The text is valid
 * until the next call of a function of this header. */
const char *host_names_find(const struct arpq_ip *ip, int64_t deadline_ms);

/* Asks for the name of an address, waits for a short time and returns the name or NULL. It is for
 * addresses that arrive one by one without end, such as the addresses of events. */
const char *host_names_find_new(const struct arpq_ip *ip);
void host_names_close(void);

#endif
