/* SPDX-License-Identifier: MIT */
/* netdevice(7) ioctls about one link. They do not wait for RTNL. */
#ifndef AQ_KERNEL_LINK_IOCTL_H
#define AQ_KERNEL_LINK_IOCTL_H

#include "arpq.h"

/* Read the name, ARPHRD type and link-layer address of a link. The ioctl tells no length: that
 * of the type's usual addresses is set. 0; -ENODEV; or an error. */
int aq_link_ioctl_read(int fd, uint32_t ifindex, char name[ARPQ_IFNAME_SIZE], struct arpq_mac *mac);

#endif
