/* SPDX-License-Identifier: MIT */
/* Host names of addresses. Threads look them up, so that a resolver that hangs does not keep
 * the tool from ending. The names come from the network and are not safe to print. */
#ifndef ARPQ_TOOL_HOST_NAMES_H
#define ARPQ_TOOL_HOST_NAMES_H

#include "tool.h"

#define HOST_NAMES_MS 2000 /* how long a list waits for all its names together */

void host_names_ask(const struct arpq_ip *ip);

/* Returns the name, or NULL when none is known at the deadline (in clock_ms()). The text is
 * valid until the next call of a function of this header. */
const char *host_names_find(const struct arpq_ip *ip, int64_t deadline_ms);

/* The same for one address of an endless sequence: asks and waits for a short time. */
const char *host_names_find_new(const struct arpq_ip *ip);
void host_names_close(void);

#endif
