/* SPDX-License-Identifier: MIT */
/* netdevice(7) ioctls about one link. They do not wait for the kernel's RTNL lock. */
#ifndef AQ_KERNEL_LINK_IOCTL_H
#define AQ_KERNEL_LINK_IOCTL_H

#include "arpq.h"

/* Reads the name, ARPHRD_* type and link-layer address of a link. The ioctl does not return the
 * length of the address, so the usual length for the type is used. Returns 0; -ENODEV if the link
 * does not exist; or another error. */
int aq_link_ioctl_read(int fd, uint32_t ifindex, char name[ARPQ_IFNAME_SIZE], struct arpq_mac *mac);

#endif
