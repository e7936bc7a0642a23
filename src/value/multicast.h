/* SPDX-License-Identifier: MIT */
/* Link-layer addresses of multicast groups. */
#ifndef AQ_VALUE_MULTICAST_H
#define AQ_VALUE_MULTICAST_H

#include "arpq.h"

/* The link-layer address that IP multicast to ip is sent to on a link of ARPHRD
 * type `type` whose broadcast address is *broadcast; the kernel's arp_mc_map and
 * ndisc_mc_map. */
void aq_multicast_mac(const struct arpq_ip *ip, uint16_t type, const struct arpq_mac *broadcast,
                      struct arpq_mac *mac);

#endif
