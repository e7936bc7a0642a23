/* SPDX-License-Identifier: MIT */
/* Addresses as text. */
#ifndef ARPQ_TOOL_ADDRESS_H
#define ARPQ_TOOL_ADDRESS_H

#include "tool.h"

/* Formats an address without its scope, which is redundant beside an interface name. */
const char *address_format(const struct arpq_ip *ip, char text[ARPQ_IP_STRLEN]);
const char *address_format_mac(const struct arpq_mac *mac, char text[ARPQ_MAC_STRLEN]);
bool address_equal(const struct arpq_ip *a, const struct arpq_ip *b); /* ignores the scopes */
void address_print_scoped(const struct tool *t, const struct arpq_ip *ip);

#endif
