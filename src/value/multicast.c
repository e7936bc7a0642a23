/* SPDX-License-Identifier: MIT */
#include "value/multicast.h"

#include <net/if_arp.h>
#include <string.h>

/* Maps an IPv4 group to 01:00:5e and its lower 23 bits (RFC 1112 section 6.4), and an IPv6 group to
 * 33:33 and its last four bytes (RFC 2464 section 7). */
static void map_ethernet(const struct arpq_ip *ip, struct arpq_mac *mac)
{
    static const uint8_t ipv4_prefix[3] = {0x01, 0x00, 0x5e};

    mac->length = 6;
    if (ip->family == AF_INET) {
        memcpy(mac->bytes, ipv4_prefix, 3);
        memcpy(mac->bytes + 3, ip->bytes + 1, 3);
        mac->bytes[3] &= 0x7f;
    } else {
        memset(mac->bytes, 0x33, 2);
        memcpy(mac->bytes + 2, ip->bytes + 12, 4);
    }
}

/* Maps a group to the multicast queue pair and the GID ff1<scope>:<401b or
 * 601b>:<partition>:<group> (RFC 4391 section 4). The broadcast address of the link contains its
 * scope and partition. */
static void map_infiniband(const struct arpq_ip *ip, const struct arpq_mac *broadcast,
                           struct arpq_mac *mac)
{
    uint8_t *b = mac->bytes;

    mac->length = 20;
    memset(b + 1, 0xff, 4);
    b[5] = (uint8_t)(0x10 | (broadcast->bytes[5] & 0x0f));
    b[7] = 0x1b;
    memcpy(b + 8, broadcast->bytes + 8, 2);
    if (ip->family == AF_INET) {
        b[6] = 0x40;
        memcpy(b + 16, ip->bytes, 4);
        b[16] &= 0x0f;
    } else {
        b[6] = 0x60;
        memcpy(b + 10, ip->bytes + 6, 10);
    }
}

void aq_multicast_mac(const struct arpq_ip *ip, uint16_t type, const struct arpq_mac *broadcast,
                      struct arpq_mac *mac)
{
    struct arpq_mac mapped = {0}; /* a copy: broadcast and mac may be the same object */

    switch (type) {
    case ARPHRD_ETHER:
    case ARPHRD_IEEE802:
    case ARPHRD_FDDI:
        map_ethernet(ip, &mapped);
        break;
    case ARPHRD_INFINIBAND:
        map_infiniband(ip, broadcast, &mapped);
        break;
    default: /* no mapping is defined: the kernel broadcasts */
        mapped = *broadcast;
        break;
    }
    mapped.type = type;
    *mac = mapped;
}
