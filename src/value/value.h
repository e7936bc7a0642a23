/* SPDX-License-Identifier: MIT */
/* Floor 1: pure functions on IP and MAC values. No system call, no allocation, no
 * global. Everything inside the library that is shared between files starts with
 * aq_; what it exports starts with arpq_. */
#ifndef AQ_VALUE_H
#define AQ_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "arpq.h"

/* arpq_ip_parse without the one thing that needs a system: a scope that is not a
 * decimal number is left as text in scope_name (else ""), ip->scope 0. */
int aq_ip_parse(const char *text, uint32_t flags, struct arpq_ip *ip,
                char scope_name[ARPQ_IFNAME_SIZE]);

/* The second of a clock at which a lifetime ends, and back; ARPQ_FOREVER stays. */
uint32_t aq_lifetime_end(uint32_t left, uint64_t now_s);
uint32_t aq_lifetime_left(uint32_t end, uint64_t now_s);

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

/* The link-layer address that IP multicast to ip is sent to on a link of ARPHRD
 * type `type` whose broadcast address is *broadcast; the kernel's arp_mc_map and
 * ndisc_mc_map. */
void aq_multicast_mac(const struct arpq_ip *ip, uint16_t type, const struct arpq_mac *broadcast,
                      struct arpq_mac *mac);

/* Whether the second word of such a message is an identifier and a sequence number. */
bool aq_icmp_shape_has_sequence(uint16_t family, uint8_t type);

/* The shortest that a message of this type can be. */
size_t aq_icmp_shape_least_size(uint16_t family, uint8_t type);

/* Sets the original_* members, and ARPQ_ICMP_ORIGINAL, where the message is an error and they are
 * there. The others are set already; payload_length bytes follow the header of the message. */
void aq_icmp_original_read(const uint8_t *message, struct arpq_icmp *icmp);

/* The code for an entry of that state that has no link-layer address (RFC 4861 section
 * 7.3.2): which of three facts it is. */
int aq_neigh_without_mac(uint32_t state);

#endif
