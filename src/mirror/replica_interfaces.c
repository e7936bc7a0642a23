/* SPDX-License-Identifier: MIT */
/* Interfaces and addresses of a replica. The replica keeps the last reported state to detect
 * changes. */
#include "mirror/replica_interfaces.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "handle/interfaces.h"
#include "kernel/rtnl_addr.h"
#include "kernel/rtnl_link.h"

static void notify_interface(struct aq_replica *replica, uint32_t type,
                             const struct arpq_interface *interface, uint32_t old_flags)
{
    struct arpq_interface reported = *interface;
    const struct aq_change change = {.type = type, .old_flags = old_flags, .interface = &reported};

    if (!replica->options.interfaces)
        return;
    reported.address_first = reported.address_count = 0;
    aq_notify(replica, &change);
}

static void notify_address(struct aq_replica *replica, uint32_t type,
                           const struct arpq_address *address, uint32_t old_flags)
{
    const struct aq_change change = {.type = type, .old_flags = old_flags, .address = address};

    if (replica->options.addresses)
        aq_notify(replica, &change);
}

static bool same_interface(const struct arpq_interface *a, const struct arpq_interface *b)
{
    struct arpq_interface copy = *a;

    copy.address_first = b->address_first;
    copy.address_count = b->address_count;
    return memcmp(&copy, b, sizeof copy) == 0;
}

static int put_interface(struct aq_replica *replica, const struct arpq_interface *interface)
{
    const struct arpq_interface *old = aq_ifmap_link(&replica->interfaces, interface->ifindex);
    uint32_t type = old ? ARPQ_EVENT_INTERFACE_CHANGED : ARPQ_EVENT_INTERFACE_ADDED;
    uint32_t old_flags = old ? old->flags : 0;
    int code;

    if (old && same_interface(interface, old))
        return 0;
    code = aq_notify_reserve(replica);
    if (code == 0)
        code = aq_ifmap_put_link(&replica->interfaces, interface);
    if (code == 0)
        notify_interface(replica, type, interface, old_flags);
    return code;
}

/* Ignore the lifetimes: a new lifetime also changes the address's timestamp. */
static bool same_address(const struct arpq_address *a, const struct arpq_address *b)
{
    struct arpq_address copy = *a;

    copy.valid_s = b->valid_s;
    copy.preferred_s = b->preferred_s;
    return memcmp(&copy, b, sizeof copy) == 0;
}

static int replica_put_address(struct aq_replica *replica, const struct arpq_address *address)
{
    const struct arpq_address *old = aq_ifmap_address(&replica->interfaces, address);
    uint32_t type = old ? ARPQ_EVENT_ADDRESS_CHANGED : ARPQ_EVENT_ADDRESS_ADDED;
    uint32_t old_flags = old ? old->flags : 0;
    int code;

    if (old && same_address(old, address))
        return 0;
    code = aq_notify_reserve(replica);
    if (code == 0)
        code = aq_ifmap_put_address(&replica->interfaces, address);
    if (code == 0)
        notify_address(replica, type, address, old_flags);
    return code;
}

static int remove_address(struct aq_replica *replica, const struct arpq_address *address)
{
    const struct arpq_address *old = aq_ifmap_address(&replica->interfaces, address);
    struct arpq_address last;
    int code = aq_notify_reserve(replica);

    if (!old || code < 0)
        return code;
    last = *old;
    aq_ifmap_remove_address(&replica->interfaces, &last);
    notify_address(replica, ARPQ_EVENT_ADDRESS_REMOVED, &last, 0);
    return 0;
}

/* Remove the addresses of an interface, then the interface. */
static int remove_interface(struct aq_replica *replica, uint32_t ifindex)
{
    struct aq_ifmap *map = &replica->interfaces;
    const struct arpq_interface *old = aq_ifmap_link(map, ifindex);
    struct arpq_interface last;
    int code = 0;

    if (!old)
        return 0;
    last = *old;
    for (size_t i = map->address_count; i-- > 0 && code == 0;) {
        const struct arpq_address *address = &map->addresses[i];

        if (address->ifindex == ifindex && !aq_ifmap_is_removed(address))
            code = remove_address(replica, address);
    }
    if (code == 0)
        code = aq_notify_reserve(replica);
    if (code < 0)
        return code;
    aq_ifmap_remove_link(map, ifindex);
    notify_interface(replica, ARPQ_EVENT_INTERFACE_REMOVED, &last, 0);
    return 0;
}

int aq_replica_interfaces_apply_link(struct aq_replica *replica, const struct nlmsghdr *message)
{
    struct arpq_interface link;
    int code = aq_rtnl_link_parse(message, &link);

    if (code < 0) {
        replica->stats.malformed += code == -EBADMSG;
        return 0;
    }
    return message->nlmsg_type == RTM_NEWLINK ? put_interface(replica, &link)
                                              : remove_interface(replica, link.ifindex);
}

int aq_replica_interfaces_apply_address(struct aq_replica *replica, const struct nlmsghdr *message)
{
    struct arpq_address address;

    if (aq_rtnl_addr_parse(message, &address) < 0) {
        replica->stats.malformed++;
        return 0;
    }
    return message->nlmsg_type == RTM_NEWADDR ? replica_put_address(replica, &address)
                                              : remove_address(replica, &address);
}

/* ---- Resync ---- */

static int remove_missing(struct aq_replica *replica, const struct aq_ifmap *now)
{
    struct aq_ifmap *map = &replica->interfaces;
    int code = 0;

    for (size_t i = map->address_count; i-- > 0 && code == 0;) {
        const struct arpq_address *address = &map->addresses[i];

        if (!aq_ifmap_is_removed(address) && !aq_ifmap_address(now, address))
            code = remove_address(replica, address);
    }
    for (size_t i = map->link_count; i-- > 0 && code == 0;)
        if (!aq_ifmap_link(now, map->links[i].ifindex))
            code = remove_interface(replica, map->links[i].ifindex);
    return code;
}

static int put_all(struct aq_replica *replica, const struct aq_ifmap *now)
{
    int code = 0;

    for (size_t i = 0; i < now->link_count && code == 0; i++)
        code = put_interface(replica, &now->links[i]);
    for (size_t i = 0; i < now->address_count && code == 0; i++)
        code = replica_put_address(replica, &now->addresses[i]);
    return code;
}

int aq_replica_interfaces_resync(struct aq_replica *replica)
{
    struct aq_ifmap now;
    int code = aq_interfaces_copy(replica->h, &now);

    if (code == 0)
        code = aq_ifmap_index(&now);
    if (code == 0)
        code = remove_missing(replica, &now);
    if (code == 0)
        code = put_all(replica, &now);
    aq_ifmap_clear(&now);
    return code;
}
