/* SPDX-License-Identifier: MIT */
/* This machine's own MACs and addresses, as far as a sniffer needs them. */
#ifndef AQ_SNIFF_OWN_H
#define AQ_SNIFF_OWN_H

#include "handle/handle.h"

bool aq_own_has_mac(struct arpq_handle *h, const struct arpq_mac *mac);

/* Whether this machine has the address on the interface, and does not have the MAC. */
bool aq_own_is_contested(struct arpq_handle *h, uint32_t ifindex, const struct arpq_ip *ip,
                         const struct arpq_mac *mac);

#endif
