/* SPDX-License-Identifier: MIT */
/* Predicates about neighbours for many tests. */
#ifndef ARPQ_TEST_KERNEL_NEIGH_H
#define ARPQ_TEST_KERNEL_NEIGH_H

#include <stdbool.h>
#include <stddef.h>

#include <arpq.h>

bool is_all_zero(const void *object, size_t size);

/* Whether the address is multicast. The kernel adds entries of groups when it sends a membership
 * report. */
bool is_group(const struct arpq_ip *ip);

#endif
