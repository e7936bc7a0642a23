/* SPDX-License-Identifier: MIT */
/* netdevice(7) ioctls about one link. They do not wait for the kernel's RTNL lock. */
#ifndef AQ_KERNEL_LINK_IOCTL_H
#define AQ_KERNEL_LINK_IOCTL_H

#include "arpq.h"

/* SIOCGIFHWADDR does not return the length of the address. Returns the usual length of an ARPHRD_*
 * type, or 0 if it is not known. */
uint8_t aq_link_ioctl_mac_length(uint16_t type);

/* Reads the name, type and link-layer address of a link. Returns 0; -ENODEV if the link
 * does not exist; or another error. */
int aq_link_ioctl_read(int fd, uint32_t ifindex, char name[ARPQ_IFNAME_SIZE], struct arpq_mac *mac);

#endif
