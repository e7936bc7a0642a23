/* SPDX-License-Identifier: MIT */
/* Choose the interface and the source addresses of a sweep, and list the addresses to which it
 * sends no requests. */
#ifndef AQ_SWEEP_SETUP_H
#define AQ_SWEEP_SETUP_H

#include "sweep/engine.h"

/* Set the link, this machine's own addresses and the excluded addresses from sweep->plan and
 * sweep->options. Returns 0 or an error of arpq_sweep_open. */
int aq_sweep_setup(struct arpq_sweep *sweep);

/* Whether ip is one of this machine's addresses. ip has the family of the sweep. */
bool aq_sweep_is_own(const struct arpq_sweep *sweep, const struct arpq_ip *ip);

/* Returns the IPv4 source address for a target: this machine's address in the smallest subnet
 * that contains the target. A host with arp_ignore=2 does not answer other sources. */
const struct arpq_ip *aq_sweep_source(const struct arpq_sweep *sweep, const struct arpq_ip *target);

/* Whether ip is the lowest address of a subnet of the interface. */
bool aq_sweep_is_lowest(const struct arpq_sweep *sweep, const struct arpq_ip *ip);

/* Whether the sweep waits for the answers of such targets, because there are no others. */
bool aq_sweep_waits_for_lowest(const struct arpq_sweep *sweep);

/* Returns the number of silent targets without whose answers the sweep may end. */
uint64_t aq_sweep_optional(const struct arpq_sweep *sweep, const struct aq_answers *answers);

/* Exclude the addresses in sweep->excluded, and mark this machine's own addresses as answered. */
void aq_sweep_exclude(const struct arpq_sweep *sweep, struct aq_answers *answers);

#endif
