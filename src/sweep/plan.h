/* SPDX-License-Identifier: MIT */
/* The addresses of a prefix, numbered from 0. No system call. */
#ifndef AQ_SWEEP_PLAN_H
#define AQ_SWEEP_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"

struct aq_plan {
    struct arpq_ip first; /* bits behind the length cleared; the scope is that of the prefix */
    uint32_t length;
    uint64_t count; /* 0: too many to ask for each (IPv6 only) */
};

/* An IPv4-mapped prefix becomes IPv4. -E2BIG as arpq_sweep_open, unless forced; -EINVAL;
 * -EAFNOSUPPORT. */
int aq_plan_make(struct aq_plan *plan, const struct arpq_ip *prefix, uint32_t length, bool forced);

bool aq_plan_has(const struct aq_plan *plan, const struct arpq_ip *ip);

/* Of an address that the plan has, and back. */
uint32_t aq_plan_number(const struct aq_plan *plan, const struct arpq_ip *ip);
void aq_plan_ip(const struct aq_plan *plan, uint32_t number, struct arpq_ip *ip);

/* The network and the broadcast address of the subnet that an interface's address is in,
 * where it has them: how many (0 to 3) were written. */
#define AQ_PLAN_EXCLUDED 3
unsigned aq_plan_excluded(const struct arpq_address *address,
                          struct arpq_ip excluded[AQ_PLAN_EXCLUDED]);

#endif
