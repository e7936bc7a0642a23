/* SPDX-License-Identifier: MIT */
/* IP addresses as values. */
#ifndef AQ_VALUE_IP_H
#define AQ_VALUE_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arpq.h"

/* Parses an address without system calls. If the scope is not a decimal number, copies it to
 * scope_name and sets ip->scope to 0. Otherwise scope_name is empty. */
int aq_ip_parse(const char *text, uint32_t flags, struct arpq_ip *ip,
                char scope_name[ARPQ_IFNAME_SIZE]);

/* Returns 4, 16, or 0 for an unknown family. */
size_t aq_ip_length(const struct arpq_ip *ip);

/* Tests for an IPv4-mapped address, ::ffff:0:0/96 (RFC 4291 section 2.5.5.2). */
static inline bool aq_ip_is_mapped(const struct arpq_ip *ip)
{
    static const uint8_t prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

    return ip->family == AF_INET6 && memcmp(ip->bytes, prefix, sizeof prefix) == 0;
}

/* Turns an IPv4-mapped IPv6 address into IPv4 and drops its scope. Leaves other addresses alone. */
void aq_ip_unmap(struct arpq_ip *ip);

bool aq_ip_is_unspecified(const struct arpq_ip *ip); /* compares all 16 bytes */
bool aq_ip_is_multicast(const struct arpq_ip *ip);
bool aq_ip_is_limited_broadcast(const struct arpq_ip *ip); /* 255.255.255.255 */
bool aq_ip_is_link_local(const struct arpq_ip *ip);        /* fe80::/10; false for IPv4 */

/* Clears all bits after the first length bits. */
void aq_ip_mask(struct arpq_ip *ip, unsigned length);

/* Returns the prefix length of a netmask: the number of its leading one bits. */
unsigned aq_ip_mask_length(const struct arpq_ip *mask);

#endif
