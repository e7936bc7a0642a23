/* SPDX-License-Identifier: MIT */
/* The interface of a sweep, the addresses to ask from, and the addresses not to ask for. */
#ifndef AQ_SWEEP_SETUP_H
#define AQ_SWEEP_SETUP_H

#include "sweep/engine.h"

/* Set the link, the own and the excluded addresses for sweep->plan and sweep->options. The
 * codes are those of arpq_sweep_open. */
int aq_sweep_setup(struct arpq_sweep *sweep);

/* Whether ip, of the family of the sweep, is one of this machine's addresses. */
bool aq_sweep_is_own(const struct arpq_sweep *sweep, const struct arpq_ip *ip);

/* The IPv4 address to ask for a target from: that of the smallest own subnet around it. A host
 * with arp_ignore=2 answers no other. */
const struct arpq_ip *aq_sweep_source(const struct arpq_sweep *sweep, const struct arpq_ip *target);

/* Whether a sweep must not wait for the target alone: it is the lowest address of a subnet, and
 * there are other targets. */
bool aq_sweep_is_optional(const struct arpq_sweep *sweep, const struct arpq_ip *target);

/* The number of such targets that are silent. */
uint64_t aq_sweep_optional(const struct arpq_sweep *sweep, const struct aq_answers *answers);

/* Mark the excluded addresses, and the own ones as answered. */
void aq_sweep_exclude(const struct arpq_sweep *sweep, struct aq_answers *answers);

#endif
