/* SPDX-License-Identifier: MIT */
/* The default route that the kernel uses, with the metrics and the policy rules. */
#ifndef AQ_GATEWAY_CHOICE_H
#define AQ_GATEWAY_CHOICE_H

#include "gateway/defaults.h"

/* Set ARPQ_GATEWAY_CHOSEN in the entries of the route that the kernel uses. If its table is not in
 * the list, append its entries. Returns 0, 1 if the routes changed since they were read, or an
 * error. */
int aq_choice_mark(struct aq_rtnl *rtnl, uint16_t family, uint32_t flags,
                   struct arpq_gateways *list);

#endif
