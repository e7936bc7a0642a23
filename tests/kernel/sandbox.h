/* SPDX-License-Identifier: MIT */
/* A process that the system refuses something. */
#ifndef ARPQ_TEST_KERNEL_SANDBOX_H
#define ARPQ_TEST_KERNEL_SANDBOX_H

#include <stdbool.h>

/* From now on this process, and its children, can open no netlink socket: that error. False
 * when it could not be arranged. */
bool refuse_netlink(int error);

#endif
