/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <string.h>

#include "handle/detail.h"
#include "handle/interfaces.h"
#include "handle/readers.h"
#include "handle/sockets.h"
#include "kernel/arp_ioctl.h"
#include "kernel/rtnl_neigh_edit.h"
#include "neigh/ask.h"
#include "value/bytes.h"
#include "value/ip.h"

#define SET_FLAGS                                                                                  \
    (ARPQ_NEIGH_SET_CREATE | ARPQ_NEIGH_SET_REPLACE | ARPQ_NEIGH_SET_INSIST |                      \
     ARPQ_NEIGH_SET_NETMASK)
#define SET_ONE_OF (ARPQ_NEIGH_SET_CREATE | ARPQ_NEIGH_SET_REPLACE)
#define DELETE_FLAGS (ARPQ_NEIGH_DELETE_PROXY | ARPQ_NEIGH_DELETE_NETMASK)

/* The flags of an entry that can be set. */
#define ENTRY_FLAGS                                                                                \
    (ARPQ_NEIGH_ROUTER | ARPQ_NEIGH_EXT_LEARNED | ARPQ_NEIGH_MANAGED | ARPQ_NEIGH_EXT_VALIDATED)
#define PROXY_FLAGS (ARPQ_NEIGH_ROUTER | ARPQ_NEIGH_EXT_LEARNED | ARPQ_NEIGH_PROXY)

/* Flags that an entry read from the kernel may have, but that no caller can set. */
#define IGNORED_FLAGS                                                                              \
    (ARPQ_NEIGH_OFFLOADED | ARPQ_NEIGH_STICKY | ARPQ_NEIGH_LOCAL | ARPQ_NEIGH_MULTICAST |          \
     ARPQ_NEIGH_BROADCAST | ARPQ_NEIGH_GATEWAY)

/* Flags that this library does not know. They are accepted only if the existing entry has them. */
#define LATER_FLAGS (AQ_RTNL_NEIGH_FLAGS_EXT & ~ENTRY_FLAGS)

/* An entry in a state of the first group has no MAC. In a state of the second group, the kernel may
 * already know the MAC. */
#define STATES_WITHOUT_MAC (ARPQ_STATE_INCOMPLETE | ARPQ_STATE_FAILED)
#define STATES_OF_KNOWN_MAC (ARPQ_STATE_DELAY | ARPQ_STATE_PROBE)

/* The states that an ioctl can set. */
#define IOCTL_STATES (ARPQ_STATE_PERMANENT | ARPQ_STATE_REACHABLE | ARPQ_STATE_STALE)

/* ---- Where ---- */

/* An entry to change, and its place. */
struct edit {
    struct arpq_handle *h;
    uint32_t flags; /* ARPQ_NEIGH_SET_* */
    bool proxy;
    struct aq_query query;
    struct aq_target target; /* for a proxy on every interface, it has only an address */
    uint32_t link_flags;     /* IFF_* */
};

/* A link-local address may be this machine's on one link and another machine's on another link. */
static bool is_own_entry(struct edit *edit)
{
    const struct arpq_ip *ip = &edit->query.ip;
    struct aq_reader *reader;
    const struct aq_view *view = aq_readers_enter(edit->h, &reader);
    const struct arpq_interface *link = aq_view_link(view, edit->target.ifindex);
    struct aq_belonging found =
        aq_view_find(view, ip, aq_ip_is_link_local(ip) ? edit->target.ifindex : 0);

    edit->link_flags = link ? link->flags : 0;
    aq_readers_leave(reader);
    return found.how == AQ_OWN || found.how == AQ_BROADCAST;
}

static bool is_loopback(const struct arpq_ip *ip)
{
    static const uint8_t one[16] = {[15] = 1};

    return ip->family == AF_INET ? ip->bytes[0] == 127 : memcmp(ip->bytes, one, sizeof one) == 0;
}

/* Returns 0, or an error if no neighbour can have the address. */
static int check_address(struct edit *edit)
{
    const struct arpq_ip *ip = &edit->query.ip;
    bool is_ours = is_own_entry(edit);

    if (edit->flags & (ARPQ_NEIGH_SET_INSIST | ARPQ_NEIGH_SET_NETMASK))
        return 0;
    if (is_ours || edit->target.answered || aq_ip_is_unspecified(ip) || aq_ip_is_multicast(ip) ||
        aq_ip_is_limited_broadcast(ip) || is_loopback(ip))
        return -EADDRNOTAVAIL;
    /* On these links, the kernel has one entry for all IPv4 addresses, with the address 0.0.0.0. */
    if (!edit->proxy && ip->family == AF_INET &&
        edit->link_flags & (IFF_LOOPBACK | IFF_POINTOPOINT))
        return -EOPNOTSUPP;
    return 0;
}

static int find_place(struct edit *edit, const struct arpq_ip *ip, uint32_t ifindex)
{
    struct aq_query *query = &edit->query;
    int code = aq_query_make_any(ip, ifindex, query);

    if (code < 0)
        return code;
    if (edit->flags & ARPQ_NEIGH_SET_NETMASK &&
        (!edit->proxy || query->ip.family != AF_INET || !aq_ip_is_unspecified(&query->ip)))
        return -EINVAL;
    code = aq_interfaces_catch_up(edit->h);
    if (code < 0)
        return code;
    memset(&edit->target, 0, sizeof edit->target);
    edit->target.ip = query->ip;
    edit->target.thread = edit->h->opener;
    if (query->route.ifindex == 0 && edit->proxy)
        return 0;
    if (query->route.ifindex == 0 && aq_ip_is_unspecified(&query->ip))
        return edit->flags & ARPQ_NEIGH_SET_INSIST ? -EINVAL : -EADDRNOTAVAIL;
    return aq_target_find(edit->h, query, &edit->target);
}

/* Returns the socket for ioctls about this edit, or -EOPNOTSUPP. */
static int ioctl_socket(const struct edit *edit)
{
    int fd = edit->target.ip.family == AF_INET ? aq_sockets_inet(edit->h, edit->target.thread) : -1;

    return fd < 0 ? -EOPNOTSUPP : fd;
}

/* ---- Set ---- */

/* Copy only the members that can be set. */
static int edit_read_entry(const struct arpq_neigh *from, uint32_t flags, struct arpq_neigh *entry)
{
    uint32_t one_of = flags & SET_ONE_OF;
    bool proxy = from->flags & ARPQ_NEIGH_PROXY;
    uint32_t accepted = proxy ? PROXY_FLAGS : ENTRY_FLAGS | LATER_FLAGS;

    memset(entry, 0, sizeof *entry);
    if (flags & ~SET_FLAGS || one_of == SET_ONE_OF || (one_of && flags & ARPQ_NEIGH_SET_NETMASK))
        return -EINVAL;
    if (from->flags & ~(accepted | IGNORED_FLAGS) || from->reserved16 ||
        !aq_bytes_are_zero(from->reserved, sizeof from->reserved))
        return -EINVAL;
    entry->protocol = from->protocol;
    entry->flags = from->flags & accepted;
    if (proxy)
        return 0;
    entry->state = from->state;
    entry->mac = from->mac;
    /* The length of the MAC is checked later, when the link is known. */
    return from->state > ARPQ_STATE_PERMANENT || from->state & (from->state - 1) ? -EINVAL : 0;
}

static bool is_usable(const struct arpq_mac *mac)
{
    return mac->length == 0 ||
           !(arpq_mac_is_zero(mac) || arpq_mac_is_multicast(mac) || arpq_mac_is_broadcast(mac));
}

/* Settle an entry without a MAC. The kernel's result depends on whether it already knows a MAC. */
static int settle_without_mac(const struct edit *edit, struct arpq_neigh *entry)
{
    memset(&entry->mac, 0, sizeof entry->mac);
    if (entry->flags & ARPQ_NEIGH_MANAGED)
        entry->state = ARPQ_STATE_NONE; /* the kernel begins to resolve the address */
    else if (entry->state & STATES_OF_KNOWN_MAC)
        return edit->flags & ARPQ_NEIGH_SET_CREATE ? -EINVAL : 0;
    else if (!(entry->state & STATES_WITHOUT_MAC))
        return -EINVAL;
    /* The kernel sends no request for such an entry. It stays INCOMPLETE whatever is sent to it. */
    if (entry->state == ARPQ_STATE_INCOMPLETE && !(edit->flags & ARPQ_NEIGH_SET_INSIST))
        return -EADDRNOTAVAIL;
    return 0;
}

/* Set the state and the MAC, as the link requires. */
static int settle_entry(const struct edit *edit, struct arpq_neigh *entry)
{
    bool managed = entry->flags & ARPQ_NEIGH_MANAGED;

    entry->ip = edit->target.ip;
    entry->ifindex = edit->target.ifindex;
    if (edit->proxy) {
        /* Only IPv4 has proxy entries without a device. */
        if (entry->ip.family == AF_INET6 && entry->ifindex == 0)
            return -EOPNOTSUPP;
        entry->state = ARPQ_STATE_PERMANENT; /* the entry survives a loss of carrier */
        return 0;
    }
    if (managed && entry->state == ARPQ_STATE_PERMANENT)
        return -EINVAL;
    if (entry->state & STATES_WITHOUT_MAC || (entry->mac.length == 0 && edit->target.mac_length))
        return settle_without_mac(edit, entry);
    if (entry->mac.length != edit->target.mac_length)
        return -EINVAL;
    entry->mac.type = edit->target.type;
    if (entry->state == ARPQ_STATE_NONE)
        entry->state = managed ? ARPQ_STATE_STALE : ARPQ_STATE_PERMANENT;
    return edit->flags & ARPQ_NEIGH_SET_INSIST || is_usable(&entry->mac) ? 0 : -EADDRNOTAVAIL;
}

/* Returns -EEXIST if the entry must be new but is present, -ENOENT if it must exist but is not
 * present, or 0. */
static int check_presence(uint32_t flags, bool present)
{
    if (flags & ARPQ_NEIGH_SET_CREATE && present)
        return -EEXIST;
    return flags & ARPQ_NEIGH_SET_REPLACE && !present ? -ENOENT : 0;
}

static uint16_t how_of(const struct edit *edit, const struct arpq_neigh *entry)
{
    if (edit->flags & ARPQ_NEIGH_SET_CREATE)
        return NLM_F_CREATE | NLM_F_EXCL;
    /* With NLM_F_CREATE, the kernel would make the entry before it finds that it knows no MAC. */
    if (edit->flags & ARPQ_NEIGH_SET_REPLACE ||
        (entry->mac.length == 0 && entry->state & STATES_OF_KNOWN_MAC && edit->target.mac_length))
        return NLM_F_REPLACE;
    return NLM_F_CREATE | NLM_F_REPLACE;
}

/* The kernel ignores NLM_F_EXCL and NLM_F_REPLACE for proxy entries. Instead of a proxy of an
 * interface beside one of every interface, which only IPv4 has, it changes the latter. */
static int check_proxy(const struct edit *edit, struct aq_rtnl *rtnl,
                       const struct arpq_neigh *entry)
{
    bool is_one_of_several = entry->ip.family == AF_INET && entry->ifindex != 0;
    int found, code;

    if (!(edit->flags & SET_ONE_OF) && !is_one_of_several)
        return 0;
    found = aq_rtnl_neigh_find_proxy(rtnl, &entry->ip, entry->ifindex);
    if (found < 0)
        return found;
    code = check_presence(edit->flags, found == AQ_RTNL_PROXY_OWN);
    return code == 0 && found == AQ_RTNL_PROXY_ALL ? -EEXIST : code;
}

static int set_proxy(const struct edit *edit, struct aq_rtnl *rtnl, const struct arpq_neigh *entry)
{
    int code = check_proxy(edit, rtnl, entry);

    return code < 0 ? code : aq_rtnl_neigh_set(rtnl, entry, NLM_F_CREATE | NLM_F_REPLACE);
}

/* If the managed flag is set, the kernel ignores the MAC and the state, so another request sets
 * these first. */
static int set_entry(const struct edit *edit, struct aq_rtnl *rtnl, const struct arpq_neigh *entry)
{
    struct arpq_neigh first = *entry, then = *entry;
    int code;

    if (!(entry->flags & ARPQ_NEIGH_MANAGED) || entry->mac.length == 0)
        return aq_rtnl_neigh_set(rtnl, entry, how_of(edit, entry));
    first.flags &= ~ARPQ_NEIGH_MANAGED;
    then.mac.length = 0;
    then.state = ARPQ_STATE_NONE;
    code = aq_rtnl_neigh_set(rtnl, &first, how_of(edit, entry));
    return code < 0 ? code : aq_rtnl_neigh_set(rtnl, &then, NLM_F_REPLACE);
}

/* A flag that this library does not know is set only on an entry that has it already. */
static int check_later_flags(struct aq_rtnl *rtnl, const struct arpq_neigh *entry)
{
    struct arpq_neigh existing;
    int code;

    if (!(entry->flags & LATER_FLAGS))
        return 0;
    code = aq_rtnl_neigh_get(rtnl, &entry->ip, entry->ifindex, &existing);
    if (code == 0 && !(entry->flags & LATER_FLAGS & ~existing.flags))
        return 0;
    return code < 0 && code != -ENOENT ? code : -EINVAL;
}

static int set_by_rtnl(const struct edit *edit, const struct arpq_neigh *entry)
{
    struct aq_rtnl *rtnl;
    int code = aq_sockets_lock(edit->h, &rtnl);

    if (code < 0)
        return code;
    code = check_later_flags(rtnl, entry);
    if (code == 0)
        code = aq_rtnl_neigh_check_support(rtnl, entry);
    if (code == 0)
        code = edit->proxy ? set_proxy(edit, rtnl, entry) : set_entry(edit, rtnl, entry);
    aq_sockets_unlock(edit->h, rtnl);
    return code;
}

static int look_by_ioctl(const struct edit *edit, int fd)
{
    const struct aq_target *target = &edit->target;
    struct arpq_mac mac;
    int code =
        aq_arp_ioctl_get(fd, target->dev, target->ip.bytes, target->type, target->mac_length, &mac);

    if (code != 0 && code != -EAGAIN && code != -ENOENT)
        return code;
    return check_presence(edit->flags, code != -ENOENT);
}

/* Returns -EOPNOTSUPP if the ioctl cannot set a part of the entry. */
static int set_by_ioctl(const struct edit *edit, const struct arpq_neigh *entry)
{
    int fd = ioctl_socket(edit), flags = ATF_COM, code = 0;

    if (fd < 0 || entry->protocol || entry->flags & ~ARPQ_NEIGH_PROXY)
        return -EOPNOTSUPP;
    if (edit->proxy)
        flags = edit->flags & ARPQ_NEIGH_SET_NETMASK ? ATF_PUBL | ATF_NETMASK : ATF_PUBL;
    else if (!(entry->state & IOCTL_STATES) || entry->mac.length > AQ_ARP_IOCTL_MAC_MAX)
        return -EOPNOTSUPP;
    else if (entry->state == ARPQ_STATE_PERMANENT)
        flags = ATF_COM | ATF_PERM;
    if (edit->flags & SET_ONE_OF)
        code = edit->proxy ? -EOPNOTSUPP : look_by_ioctl(edit, fd);
    return code < 0 ? code : aq_arp_ioctl_set(fd, edit->target.dev, &entry->ip, flags, &entry->mac);
}

static int edit_set(struct edit *edit, struct arpq_neigh *entry)
{
    int code = check_address(edit);

    if (code == 0)
        code = settle_entry(edit, entry);
    if (code < 0)
        return code;
    if (edit->flags & ARPQ_NEIGH_SET_NETMASK)
        return set_by_ioctl(edit, entry);
    code = set_by_rtnl(edit, entry);
    return code == -EOPNOTSUPP ? set_by_ioctl(edit, entry) : code;
}

int arpq_neigh_set(struct arpq_handle *h, const struct arpq_neigh *neigh, uint32_t flags)
{
    struct edit edit = {.h = h, .flags = flags};
    struct arpq_neigh entry;
    int code = -EINVAL;

    aq_detail_begin(h);
    if (h && neigh)
        code = edit_read_entry(neigh, flags, &entry);
    if (code < 0)
        return code;
    edit.proxy = entry.flags & ARPQ_NEIGH_PROXY;
    code = find_place(&edit, &neigh->ip, neigh->ifindex);
    if (code == 0)
        code = edit_set(&edit, &entry);
    return aq_ask_final(&edit.query, code);
}

/* ---- Delete ---- */

static int delete_by_rtnl(const struct edit *edit)
{
    const struct aq_neigh_key key = {edit->target.ip, edit->target.ifindex};
    struct aq_rtnl *rtnl;
    int code = aq_sockets_lock(edit->h, &rtnl);

    if (code < 0)
        return code;
    aq_rtnl_neigh_delete(rtnl, &key, 1, edit->proxy, &code);
    aq_sockets_unlock(edit->h, rtnl);
    return code;
}

static int delete_by_ioctl(const struct edit *edit)
{
    int fd = ioctl_socket(edit), flags = edit->proxy ? ATF_PUBL : 0;

    if (edit->flags & ARPQ_NEIGH_SET_NETMASK)
        flags |= ATF_NETMASK;
    return fd < 0 ? fd : aq_arp_ioctl_delete(fd, edit->target.dev, &edit->target.ip, flags);
}

int arpq_neigh_delete(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex,
                      uint32_t flags)
{
    /* Any existing entry can be removed, even if no neighbour can have its address. */
    struct edit edit = {
        .h = h, .proxy = flags & ARPQ_NEIGH_DELETE_PROXY, .flags = ARPQ_NEIGH_SET_INSIST};
    int code = -EINVAL;

    aq_detail_begin(h);
    if (!h || !ip || flags & ~DELETE_FLAGS)
        return code;
    if (flags & ARPQ_NEIGH_DELETE_NETMASK)
        edit.flags |= ARPQ_NEIGH_SET_NETMASK;
    code = find_place(&edit, ip, ifindex);
    if (code < 0)
        return aq_ask_final(&edit.query, code);
    code = edit.flags & ARPQ_NEIGH_SET_NETMASK ? -EOPNOTSUPP : delete_by_rtnl(&edit);
    if (code == -EOPNOTSUPP)
        code = delete_by_ioctl(&edit);
    return aq_ask_final(&edit.query, code);
}
