/* SPDX-License-Identifier: MIT */
/* TUN and TAP devices with a chosen hardware type. */
#ifndef ARPQ_TEST_KERNEL_TUN_H
#define ARPQ_TEST_KERNEL_TUN_H

#define TUN_KEEPS_TYPE (-1)

/* A descriptor of /dev/net/tun without an interface. Calls not_run if it cannot be opened. */
int open_tun_device(void);

/* Create a device with the mode IFF_TAP or IFF_TUN and that hardware type (ARPHRD_*). The device
 * exists until the returned descriptor is closed. Calls not_run if it cannot be created. */
int open_tun(const char *name, int mode, int type);

#endif
