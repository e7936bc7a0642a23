/* SPDX-License-Identifier: MIT */
/* rtnetlink messages that a test builds itself. */
#ifndef ARPQ_TEST_KERNEL_MESSAGE_H
#define ARPQ_TEST_KERNEL_MESSAGE_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

/* Append an attribute. The caller provides the space after the message. */
void put_attribute(struct nlmsghdr *message, uint16_t type, const void *data, size_t size);

/* ---- Forged messages, which look like messages of the kernel ---- */

struct forged {
    struct nlmsghdr header;
    union {
        struct ifinfomsg link;
        struct ndmsg neigh;
        struct ifaddrmsg address;
        struct nlmsgerr error;
    } body;
    char attributes[128];
};

/* Return a message of that type with a zeroed body of `size` bytes and no attribute. */
struct forged forge(uint16_t type, size_t size, uint32_t sequence);

/* Read the port ids of at most `capacity` rtnetlink sockets of the namespace into ids and
 * return their number. */
size_t port_ids(uint32_t *ids, size_t capacity);

#endif
