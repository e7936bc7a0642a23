/* SPDX-License-Identifier: MIT */
/* An index over an ifmap that never changes once built: which interface does an
 * address belong to? Many threads read one view at once. */
#ifndef AQ_IFMAP_VIEW_H
#define AQ_IFMAP_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"
#include "ifmap/ifmap.h"

/* Why an address belongs to an interface. */
enum aq_belongs {
    AQ_NOWHERE,
    AQ_OWN,       /* it is the interface's own */
    AQ_BROADCAST, /* it is a broadcast address of a connected prefix */
    AQ_CONNECTED, /* it is in a connected prefix */
};

struct aq_view;

/* Builds from a settled map, which it does not keep. */
int aq_view_build(const struct aq_ifmap *map, bool policy_routing, struct aq_view **view);
void aq_view_free(struct aq_view *view);

/* Whether rules decide beyond the routing table, for the user of the view. */
bool aq_view_policy_routing(const struct aq_view *view);

/* Links are valid as long as the view. NULL when there is none. */
const struct arpq_interface *aq_view_link(const struct aq_view *view, uint32_t ifindex);

/* The first link that is up, has `flags` and is no loopback; NULL when none. */
const struct arpq_interface *aq_view_link_with(const struct aq_view *view, uint32_t flags);

/* A device's name, or an address label. */
const struct arpq_interface *aq_view_link_named(const struct aq_view *view, const char *name);

/* Whether an interface of this machine has that link-layer address. */
bool aq_view_has_mac(const struct aq_view *view, const struct arpq_mac *mac);

struct aq_belonging {
    enum aq_belongs how;
    bool several;                      /* equally good on more than one interface */
    const struct arpq_interface *link; /* the (first) one */
};

/* The best match among the interfaces that are up, or on ifindex only. */
struct aq_belonging aq_view_find(const struct aq_view *view, const struct arpq_ip *ip,
                                 uint32_t ifindex);

/* The interfaces on which a link-local IPv6 address can be meant. */
struct aq_belonging aq_view_link_local(const struct aq_view *view);

/* Views form chains while they wait to be freed. */
struct aq_view **aq_view_next(struct aq_view *view);

#endif
