/* SPDX-License-Identifier: MIT */
/* Questions about neighbours that many tests ask. */
#ifndef ARPQ_TEST_KERNEL_NEIGH_H
#define ARPQ_TEST_KERNEL_NEIGH_H

#include <stdbool.h>
#include <stddef.h>

#include <arpq.h>

bool is_all_zero(const void *object, size_t size);

/* Group addresses come into the table whenever the kernel sends a report to them. */
bool is_group(const struct arpq_ip *ip);

#endif
