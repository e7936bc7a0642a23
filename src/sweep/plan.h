/* SPDX-License-Identifier: MIT */
/* The addresses of a prefix, numbered from 0. No system call. */
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

/* An IPv4-mapped prefix becomes IPv4. The codes are those of arpq_sweep_open: -E2BIG unless
 * forced, -EINVAL, -EAFNOSUPPORT. */
int aq_plan_make(struct aq_plan *plan, const struct arpq_ip *prefix, uint32_t length, bool forced);

bool aq_plan_has(const struct aq_plan *plan, const struct arpq_ip *ip);

/* The number of an address that is in the plan, and the address of a number. */
uint32_t aq_plan_number(const struct aq_plan *plan, const struct arpq_ip *ip);
void aq_plan_ip(const struct aq_plan *plan, uint32_t number, struct arpq_ip *ip);

/* Whether the subnet of an interface's address has a lowest address that is a host since Linux 5.14,
 * and that address. Hardly any host has it. */
bool aq_plan_lowest(const struct arpq_address *address, struct arpq_ip *lowest);

/* Write the broadcast addresses of the subnet of an interface's address, and return how many there
 * are (0 to 2). */
#define AQ_PLAN_EXCLUDED 2
unsigned aq_plan_excluded(const struct arpq_address *address,
                          struct arpq_ip excluded[AQ_PLAN_EXCLUDED]);

#endif
