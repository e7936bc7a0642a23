/* SPDX-License-Identifier: MIT */
/* An immutable index of an ifmap, to find the interface that an address belongs to. Several
 * threads may read it. */
#ifndef AQ_IFMAP_VIEW_H
#define AQ_IFMAP_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"
#include "ifmap/fib.h"
#include "ifmap/ifmap.h"

/* The reason why an address belongs to an interface. */
enum aq_belongs {
    AQ_NOWHERE,
    AQ_OWN,       /* own address of the interface */
    AQ_BROADCAST, /* broadcast address of a connected prefix */
    AQ_CONNECTED, /* within a connected prefix */
};

struct aq_view;

void aq_view_free(struct aq_view *view);

/* Returns the copy of the routes with which the view was built, or NULL. */
struct aq_fib *aq_view_fib(const struct aq_view *view);

/* Returns a link, or NULL if there is none. The link is valid as long as the view. */
const struct arpq_interface *aq_view_link(const struct aq_view *view, uint32_t ifindex);

/* Returns the link with the lowest ifindex above this one, or NULL. */
const struct arpq_interface *aq_view_link_after(const struct aq_view *view, uint32_t ifindex);

/* Returns the first link that is up, has `flags` and is not a loopback; or NULL. */
const struct arpq_interface *aq_view_link_with(const struct aq_view *view, uint32_t flags);

/* Tells whether a link has a link-local IPv6 address that the kernel uses. */
bool aq_view_has_link_local(const struct aq_view *view, uint32_t ifindex);

/* Finds a link by its name or by the label of an address. */
const struct arpq_interface *aq_view_link_named(const struct aq_view *view, const char *name);

/* Tells whether an interface of this machine has that link-layer address. */
bool aq_view_has_mac(const struct aq_view *view, const struct arpq_mac *mac);

struct aq_belonging {
    enum aq_belongs how;
    bool several;                      /* the match is equally good on more than one interface */
    const struct arpq_interface *link; /* the first one, if several */
};

/* Finds the best match among all interfaces that are up, or on ifindex only. */
struct aq_belonging aq_view_find(const struct aq_view *view, const struct arpq_ip *ip,
                                 uint32_t ifindex);

/* Returns the interfaces that a link-local IPv6 address may be on. */
struct aq_belonging aq_view_link_local(const struct aq_view *view);

/* Returns the pointer to the next view. Views that wait to be freed form a list. */
struct aq_view **aq_view_next(struct aq_view *view);

#endif
