/* SPDX-License-Identifier: MIT */
#include "kernel/netlink.h"

void *aq_netlink_begin(void *at, size_t fixed)
{
    const uint32_t size = NLMSG_HDRLEN + NLMSG_ALIGN((uint32_t)fixed);
    struct nlmsghdr *message = at;

    memset(message, 0, size);
    message->nlmsg_len = size;
    return (char *)at + NLMSG_HDRLEN;
}

/* NLA_ALIGN and NLA_HDRLEN are signed. NLMSG_ALIGN aligns to the same 4 bytes. */
void aq_netlink_put(struct nlmsghdr *message, uint16_t type, size_t size, const void *data)
{
    struct nlattr header = {.nla_len = (uint16_t)(sizeof header + size), .nla_type = type};
    const uint32_t start = NLMSG_ALIGN(message->nlmsg_len);
    const size_t padding = NLMSG_ALIGN(size) - size;
    char *at = (char *)message + start;

    memcpy(at, &header, sizeof header);
    at += sizeof header;
    if (size > 0)
        memcpy(at, data, size);
    memset(at + size, 0, padding);
    message->nlmsg_len = start + (uint32_t)(sizeof header + size + padding);
}
