/* SPDX-License-Identifier: MIT */
/* Addresses as text. */
#ifndef ARPQ_TOOL_ADDRESS_H
#define ARPQ_TOOL_ADDRESS_H

#include "tool.h"

/* Formats an address without its scope, which is redundant beside an interface name. */
const char *address_format(const struct arpq_ip *ip, char text[ARPQ_IP_STRLEN]);
const char *address_format_mac(const struct arpq_mac *mac, char text[ARPQ_MAC_STRLEN]);
bool address_equal(const struct arpq_ip *a, const struct arpq_ip *b); /* ignores the scopes */
/* Returns true for fe80::/10, and for multicast of link-local scope such as ff02::/16 (RFC 4291
 * sections 2.5.6 and 2.7). */
bool address_is_link_local(const struct arpq_ip *ip);
bool address_is_group(const struct arpq_ip *ip);
bool address_is_unspecified(const struct arpq_ip *ip); /* 0.0.0.0 or :: */
void address_print_scoped(const struct tool *t, const struct arpq_ip *ip);

#endif
