/* SPDX-License-Identifier: MIT */
/* A process whose system calls a seccomp filter refuses. */
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
