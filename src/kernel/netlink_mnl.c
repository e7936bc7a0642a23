/* SPDX-License-Identifier: MIT */
#include <libmnl/libmnl.h>

#include "kernel/netlink.h"

void *aq_netlink_begin(void *at, size_t fixed)
{
    return mnl_nlmsg_put_extra_header(mnl_nlmsg_put_header(at), fixed);
}

void aq_netlink_put(struct nlmsghdr *message, uint16_t type, size_t size, const void *data)
{
    mnl_attr_put(message, type, size, data);
}
