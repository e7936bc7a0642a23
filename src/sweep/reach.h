/* SPDX-License-Identifier: MIT */
/* Decides by the kernel's routes on which link a target is. */
#ifndef AQ_SWEEP_REACH_H
#define AQ_SWEEP_REACH_H

#include "sweep/engine.h"

/* The most decisions in one step. Each one may need a request to the kernel. */
#define AQ_REACH_MOST 256u

/* Find the interface that reaches most addresses of the prefix, as far as a sample shows. An
 * interface that can be swept takes precedence. Returns 0 or an error of arpq_sweep_open. */
int aq_reach_choose(const struct arpq_sweep *sweep, const struct aq_ifmap *map, uint32_t *ifindex);

/* Returns 0, or the error of arpq_sweep_open if the interface cannot be swept. */
int aq_reach_check(const struct arpq_interface *link);

/* Apply waiting changes. Call this before the decisions of a step. Returns 0 or an error. */
int aq_reach_begin(const struct arpq_sweep *sweep);

/* Decide about an address. Returns 1 if it is a target, and sets *ifindex to its link. Returns 0 if
 * it is no target: the kernel sends to it through a gateway or not at all, it is an address of this
 * machine or a broadcast address, or its link does not resolve addresses. Else returns an error
 * that does not concern the address. */
int aq_reach_find(const struct arpq_sweep *sweep, const struct arpq_ip *ip, uint32_t *ifindex);

/* Returns 1 if an address is a target on this link, 0 if not, or an error. */
int aq_reach_is_on(const struct arpq_sweep *sweep, const struct arpq_ip *ip, uint32_t ifindex);

#endif
