/* SPDX-License-Identifier: MIT */
/* The addresses of a prefix, numbered from 0. The functions make no system calls. */
#ifndef AQ_SWEEP_PLAN_H
#define AQ_SWEEP_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"

struct aq_plan {
    struct arpq_ip first; /* host bits cleared; scope of the prefix */
    uint32_t length;
    uint64_t count; /* 0: too many to ask for each one (IPv6 only) */
};

/* Convert an IPv4-mapped prefix to IPv4. Returns 0 or an error of arpq_sweep_open: -E2BIG unless
 * forced, -EINVAL, or -EAFNOSUPPORT. */
int aq_plan_make(struct aq_plan *plan, const struct arpq_ip *prefix, uint32_t length, bool forced);

bool aq_plan_has(const struct aq_plan *plan, const struct arpq_ip *ip);

/* aq_plan_number returns the number of an address that is in the plan. aq_plan_ip sets *ip to
 * the address with this number. */
uint32_t aq_plan_number(const struct aq_plan *plan, const struct arpq_ip *ip);
void aq_plan_ip(const struct aq_plan *plan, uint32_t number, struct arpq_ip *ip);

/* The number of addresses that aq_plan_ip can reach from the first address of the prefix. */
uint64_t aq_plan_reachable(const struct aq_plan *plan);

/* Set *lowest to the lowest address of the subnet of an interface's address. Returns whether a
 * host may have this address since Linux 5.14. Hardly any host has such an address. */
bool aq_plan_lowest(const struct arpq_address *address, struct arpq_ip *lowest);

/* Write the broadcast addresses of the subnet of an interface's address. Returns their number (0
 * to 2). */
#define AQ_PLAN_EXCLUDED 2
unsigned aq_plan_excluded(const struct arpq_address *address,
                          struct arpq_ip excluded[AQ_PLAN_EXCLUDED]);

#endif
