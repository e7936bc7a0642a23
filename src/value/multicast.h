/* SPDX-License-Identifier: MIT */
/* Link-layer addresses of multicast groups. */
#ifndef AQ_VALUE_MULTICAST_H
#define AQ_VALUE_MULTICAST_H

#include "arpq.h"

/* Maps the group ip to a link-layer address, as the kernel's arp_mc_map and ndisc_mc_map do. type
 * is the ARPHRD_* type of the link, and broadcast is the broadcast address of the link. */
void aq_multicast_mac(const struct arpq_ip *ip, uint16_t type, const struct arpq_mac *broadcast,
                      struct arpq_mac *mac);

#endif
