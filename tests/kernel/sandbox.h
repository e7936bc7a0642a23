/* SPDX-License-Identifier: MIT */
/* Refuses system calls of this process with a seccomp filter. */
#ifndef ARPQ_TEST_KERNEL_SANDBOX_H
#define ARPQ_TEST_KERNEL_SANDBOX_H

#include <stdbool.h>

/* Make this process and its children unable to open a netlink socket; socket() fails with `error`.
 * Returns false if the filter cannot be installed. */
bool refuse_netlink(int error);

/* Make these system calls, at most 14, return an error in all threads of this process. Returns
 * false if the filter cannot be installed. */
bool refuse_calls(const int *numbers, unsigned count, int error);

#endif
