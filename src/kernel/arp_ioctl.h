/* SPDX-License-Identifier: MIT */
/* The ioctl interface to the IPv4 neighbour table, arp(7). */
#ifndef AQ_ARP_IOCTL_H
#define AQ_ARP_IOCTL_H

#include <stdint.h>

#include "arpq.h"

/* SIOCGARP hands out at most this many bytes and silently cuts the rest. */
#define AQ_ARP_IOCTL_MAC_MAX 14

/*
 * Ask for one entry. dev is the device's primary name; type and length are those
 * of its link-layer addresses.
 *
 * 0         *mac is the address.
 * -EAGAIN   there is an entry without a usable address: INCOMPLETE, FAILED or NONE.
 * -ENOENT   no entry that this interface shows (NOARP entries exist but hide).
 * -ESTALE   the answer is of another device than was meant: names moved.
 * -ENODEV   no device of that name.
 */
int aq_arp_ioctl_get(int fd, const char *dev, const uint8_t address[4], uint16_t type,
                     uint8_t length, struct arpq_mac *mac);

#endif
