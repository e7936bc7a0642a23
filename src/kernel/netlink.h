/* SPDX-License-Identifier: MIT */
/* The parts of a netlink message: headers, attributes, and the step to the next message. The two
 * functions that are not inline stand in netlink_mnl.c, on libmnl, and in netlink_builtin.c, on the
 * kernel's header alone. The CMake option ARPQ_BUILTIN_NETLINK chooses the file. */
#ifndef AQ_KERNEL_NETLINK_H
#define AQ_KERNEL_NETLINK_H

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/* Starts a message at `at`, which is aligned to 4 bytes: zeroed netlink and family headers. Returns
 * the family header, which has `fixed` bytes. */
void *aq_netlink_begin(void *at, size_t fixed);

/* Appends an attribute. The caller provides the space: the size of a request is a constant. The
 * padding after the data may stay as it was. */
void aq_netlink_put(struct nlmsghdr *message, uint16_t type, size_t size, const void *data);

static inline void aq_netlink_put_u8(struct nlmsghdr *message, uint16_t type, uint8_t value)
{
    aq_netlink_put(message, type, sizeof value, &value);
}

static inline void aq_netlink_put_u32(struct nlmsghdr *message, uint16_t type, uint32_t value)
{
    aq_netlink_put(message, type, sizeof value, &value);
}

static inline void aq_netlink_put_text(struct nlmsghdr *message, uint16_t type, const char *text)
{
    aq_netlink_put(message, type, strlen(text) + 1, text);
}

/* Returns the address after a message and its padding, and subtracts both from *left. The last
 * message of a datagram may have no padding: *left is negative then. */
static inline const struct nlmsghdr *aq_netlink_next(const struct nlmsghdr *message, int *left)
{
    const size_t size = NLMSG_ALIGN((size_t)message->nlmsg_len);

    *left -= (int)size;
    return (const struct nlmsghdr *)(const void *)((const char *)message + size);
}

#endif
