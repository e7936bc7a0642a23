/* SPDX-License-Identifier: MIT */
/* Messages of rtnetlink, written by hand. */
#ifndef ARPQ_TEST_KERNEL_ATTRIBUTE_H
#define ARPQ_TEST_KERNEL_ATTRIBUTE_H

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

/* Append an attribute, for which there must be room. */
void put_attribute(struct nlmsghdr *message, uint16_t type, const void *data, size_t size);

#endif
