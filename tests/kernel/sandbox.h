/* SPDX-License-Identifier: MIT */
/* A process that the system refuses something. */
#ifndef ARPQ_TEST_KERNEL_SANDBOX_H
#define ARPQ_TEST_KERNEL_SANDBOX_H

#include <stdbool.h>

/* From now on this process, and its children, can open no netlink socket: that error. False
 * when it could not be arranged. */
bool refuse_netlink(int error);

/* All threads of this process get an error from these system calls, at most 14. False if it
 * could not be arranged. */
bool refuse_calls(const int *numbers, unsigned count, int error);

#endif
