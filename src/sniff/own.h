/* SPDX-License-Identifier: MIT */
/* What is this machine's own. */
#ifndef AQ_OWN_H
#define AQ_OWN_H

#include "handle/handle.h"

bool aq_own_has_mac(struct arpq *h, const struct arpq_mac *mac);

/* Whether an address is this machine's on that interface, and a link-layer address is not. */
bool aq_own_is_contested(struct arpq *h, uint32_t ifindex, const struct arpq_ip *ip,
                         const struct arpq_mac *mac);

#endif
