/* SPDX-License-Identifier: MIT */
/* Prefixes of IP addresses as text. */
#ifndef AQ_VALUE_IP_PREFIX_H
#define AQ_VALUE_IP_PREFIX_H

#include "arpq.h"

/* Parses a prefix without system calls; scope_name as in aq_ip_parse. */
int aq_ip_prefix_parse(const char *text, uint32_t flags, struct arpq_ip *prefix, uint32_t *length,
                       char scope_name[ARPQ_IFNAME_SIZE]);

#endif
