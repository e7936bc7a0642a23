/* SPDX-License-Identifier: MIT */
/* IP addresses as values. */
#ifndef AQ_VALUE_IP_H
#define AQ_VALUE_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arpq.h"

/* arpq_ip_parse without the one thing that needs a system: a scope that is not a
 * decimal number is left as text in scope_name (else ""), ip->scope 0. */
int aq_ip_parse(const char *text, uint32_t flags, struct arpq_ip *ip,
                char scope_name[ARPQ_IFNAME_SIZE]);

/* 4, 16, or 0 for an unknown family. */
size_t aq_ip_length(const struct arpq_ip *ip);

/* ::ffff:0:0/96 (RFC 4291 section 2.5.5.2). */
static inline bool aq_ip_is_mapped(const struct arpq_ip *ip)
{
    static const uint8_t prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

    return ip->family == AF_INET6 && memcmp(ip->bytes, prefix, sizeof prefix) == 0;
}

/* IPv4-mapped IPv6 becomes IPv4 (scope dropped); anything else stays. */
void aq_ip_unmap(struct arpq_ip *ip);

bool aq_ip_is_unspecified(const struct arpq_ip *ip); /* all 16 bytes count */
bool aq_ip_is_multicast(const struct arpq_ip *ip);
bool aq_ip_is_link_local(const struct arpq_ip *ip); /* IPv6 fe80::/10 only */

/* The value with all bits behind the first length cleared. */
void aq_ip_mask(struct arpq_ip *ip, unsigned length);

#endif
