/* SPDX-License-Identifier: MIT */
/* Devices whose hardware type a test chooses. */
#ifndef ARPQ_TEST_KERNEL_TUN_H
#define ARPQ_TEST_KERNEL_TUN_H

#define TUN_KEEPS_TYPE (-1)

/* A device of the mode IFF_TAP or IFF_TUN, with that hardware type (ARPHRD_...). It is there
 * until the descriptor that is returned is closed. Where it cannot be had: not_run. */
int open_tun(const char *name, int mode, int type);

#endif
