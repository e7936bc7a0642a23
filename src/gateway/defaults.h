/* SPDX-License-Identifier: MIT */
/* The default routes of the kernel, one entry for each next hop. */
#ifndef AQ_GATEWAY_DEFAULTS_H
#define AQ_GATEWAY_DEFAULTS_H

#include <stddef.h>

#include "arpq.h"
#include "kernel/rtnl.h"

struct arpq_gateways {
    struct arpq_gateway *entries;
    size_t capacity;
    uint32_t count;
    uint32_t flags;
};

/* Append the default routes of one family, those of the table main or, with
 * ARPQ_GATEWAYS_ALL_TABLES in flags, of all tables. Returns 0, 1 if the routes changed meanwhile so
 * that some may be missing, or an error. Entries have no neighbour yet. */
int aq_defaults_read(struct aq_rtnl *rtnl, uint16_t family, uint32_t flags,
                     struct arpq_gateways *list);

/* Append the next hops of a message if it is a default route, of any table. Returns as above. */
int aq_defaults_add(struct aq_rtnl *rtnl, const struct nlmsghdr *message,
                    struct arpq_gateways *list);

/* Append a copy of an entry. Returns 0 or -ENOMEM. */
int aq_defaults_append(struct arpq_gateways *list, const struct arpq_gateway *entry);

#endif
