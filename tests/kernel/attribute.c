/* SPDX-License-Identifier: MIT */
/* Messages of rtnetlink, written by hand. */
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "kernel/attribute.h"

void put_attribute(struct nlmsghdr *message, uint16_t type, const void *data, size_t size)
{
    struct rtattr *attribute = (void *)((char *)message + NLMSG_ALIGN(message->nlmsg_len));

    attribute->rta_type = type;
    attribute->rta_len = (uint16_t)RTA_LENGTH(size);
    memcpy(RTA_DATA(attribute), data, size);
    message->nlmsg_len = (uint32_t)(NLMSG_ALIGN(message->nlmsg_len) + RTA_SPACE(size));
}
