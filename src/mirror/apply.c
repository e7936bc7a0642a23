/* SPDX-License-Identifier: MIT */
/* Apply netlink messages to the copy and report the changes that they make. */
#include "mirror/apply.h"

#include <errno.h>
#include <linux/rtnetlink.h>

#include "handle/readers.h"
#include "kernel/rtnl_neigh.h"
#include "kernel/sys.h"
#include "mirror/confirm.h"
#include "mirror/replica_interfaces.h"

/* Indexed by enum aq_put_result. */
static const uint32_t event_types[] = {
    [AQ_PUT_ADDED] = ARPQ_EVENT_NEIGH_ADDED,
    [AQ_PUT_CHANGED] = ARPQ_EVENT_NEIGH_CHANGED,
    [AQ_PUT_MOVED] = ARPQ_EVENT_NEIGH_MOVED,
};

/* Whether a change involves this machine's own addresses. Such a change is not a conflict: this
 * machine may answer for other machines (proxy ARP, virtual routers), or use one address on
 * several interfaces. */
static bool apply_is_own(struct arpq_handle *h, const struct arpq_neigh *neigh,
                         const struct arpq_mac *old_mac)
{
    struct aq_reader *reader;
    const struct aq_view *view = aq_readers_enter(h, &reader);
    bool own = aq_view_has_mac(view, &neigh->mac) || aq_view_has_mac(view, old_mac) ||
               aq_view_find(view, &neigh->ip, 0).how == AQ_OWN;

    aq_readers_leave(reader);
    return own;
}

/* During a resync the replica applies queued events after newer entries of the dump, and a
 * confirmation replaces an older event. A MAC that changes back and forth for these reasons is
 * not a conflict. */
static struct aq_history_verdict apply_damp(struct aq_replica *replica,
                                            const struct aq_change *change)
{
    if (replica->resyncing || replica->confirming)
        return (struct aq_history_verdict){0};
    if (!replica->damper)
        replica->damper = aq_damper_make(aq_sys_random());
    return aq_damper_note(replica->damper, change->neigh, change->old_mac, aq_sys_now_ms(),
                          replica->options.damping_ms);
}

static void apply_notify_move(struct aq_replica *replica, struct aq_change *change)
{
    struct aq_history_verdict damped = apply_damp(replica, change);
    struct aq_change conflict = *change;

    replica->stats.moved++;
    change->flags = damped.again ? ARPQ_EVENT_DAMPED : 0;
    aq_notify(replica, change);
    if (!damped.conflict || apply_is_own(replica->h, change->neigh, change->old_mac))
        return;
    replica->stats.conflicts++;
    conflict.type = ARPQ_EVENT_CONFLICT;
    aq_notify(replica, &conflict);
}

static struct aq_neighmap *apply_map(struct aq_replica *replica)
{
    return atomic_load_explicit(&replica->map, memory_order_relaxed);
}

/* Returns an aq_put_result or an error. */
static int apply_put(struct aq_replica *replica, struct arpq_neigh *neigh, struct aq_before *before)
{
    struct aq_change change = {.neigh = neigh, .old_mac = &before->mac};
    int result = aq_notify_reserve(replica);

    if (result < 0)
        return result;
    aq_links_complete(&replica->links, neigh);
    result = aq_neighmap_put(apply_map(replica), neigh, aq_sys_now_ms(), before);
    if (result <= AQ_PUT_SAME)
        return result;
    change.type = event_types[result];
    change.old_state = before->state;
    change.old_flags = before->flags;
    change.old_protocol = before->protocol;
    if (result == AQ_PUT_MOVED)
        apply_notify_move(replica, &change);
    else
        aq_notify(replica, &change);
    return result;
}

int aq_apply_put(struct aq_replica *replica, struct arpq_neigh *neigh)
{
    struct aq_before before;
    int result = apply_put(replica, neigh, &before);

    return result < 0 ? result : 0;
}

int aq_apply_remove(struct aq_replica *replica, const struct arpq_ip *ip, uint32_t ifindex)
{
    struct arpq_neigh last;
    struct arpq_mac last_mac;
    const struct aq_change change = {
        .type = ARPQ_EVENT_NEIGH_REMOVED, .neigh = &last, .old_mac = &last_mac};
    int code = aq_notify_reserve(replica);

    if (code < 0)
        return code;
    if (aq_neighmap_remove(apply_map(replica), ip, ifindex, aq_sys_now_ms(), &last, &last_mac))
        aq_notify(replica, &change);
    return 0;
}

static int apply_neigh(struct aq_replica *replica, const struct nlmsghdr *message)
{
    struct aq_before before = {0};
    struct arpq_neigh neigh;
    int code = aq_rtnl_neigh_parse(message, &neigh);

    if (code < 0) {
        replica->stats.malformed += code == -EBADMSG;
        return 0;
    }
    /* A proxy entry is not a neighbour entry, although both have the same type of message. */
    if (neigh.flags & ARPQ_NEIGH_PROXY || neigh.ifindex == 0)
        return 0;
    replica->stats.events++;
    if (message->nlmsg_type == RTM_DELNEIGH)
        code = aq_apply_remove(replica, &neigh.ip, neigh.ifindex);
    else
        code = apply_put(replica, &neigh, &before);
    if (code >= 0 && before.idle_ms < AQ_CONFIRM_WINDOW_MS)
        aq_confirm_note(replica, &neigh.ip, neigh.ifindex);
    return code < 0 ? code : 0;
}

int aq_apply_neigh(const struct nlmsghdr *message, void *context)
{
    struct aq_replica *replica = context;

    switch (message->nlmsg_type) {
    case RTM_NEWNEIGH:
    case RTM_DELNEIGH:
        return apply_neigh(replica, message);
    case RTM_NEWLINK:
    case RTM_DELLINK:
        return aq_replica_interfaces_apply_link(replica, message);
    case RTM_NEWADDR:
    case RTM_DELADDR:
        return aq_replica_interfaces_apply_address(replica, message);
    default: /* for example RTM_GETNEIGH, by which the kernel asks an ARP daemon */
        return 0;
    }
}
