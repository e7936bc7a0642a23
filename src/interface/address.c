/* SPDX-License-Identifier: MIT */
/*
 * Changing this machine's addresses. The kernel silently ignores attributes that it cannot
 * set (an anycast address, a label on IPv6, everything but the lifetimes of an existing IPv4
 * address), and a request to change an address that does not exist creates it. These
 * functions refuse such a request before they send it.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "handle/detail.h"
#include "handle/handle.h"
#include "handle/interfaces.h"
#include "handle/sockets.h"
#include "kernel/rtnl_addr.h"
#include "kernel/sys.h"
#include "value/bytes.h"
#include "value/ip.h"

/* The kernel sets the other flags by itself. */
#define FLAGS_SETTABLE                                                                             \
    (ARPQ_ADDRESS_NO_DAD | ARPQ_ADDRESS_OPTIMISTIC | ARPQ_ADDRESS_HOME |                           \
     ARPQ_ADDRESS_MANAGE_TEMP | ARPQ_ADDRESS_NO_PREFIX_ROUTE | ARPQ_ADDRESS_MULTICAST_JOIN)
#define FLAGS_OF_IPV6                                                                              \
    (ARPQ_ADDRESS_NO_DAD | ARPQ_ADDRESS_OPTIMISTIC | ARPQ_ADDRESS_HOME | ARPQ_ADDRESS_MANAGE_TEMP)
#define FLAGS_KNOWN 0xfffu

/* ---- Checks ---- */

static uint32_t scope_of(const struct arpq_ip *ip)
{
    static const struct arpq_ip loopback = {.family = AF_INET6, .bytes = {[15] = 1}};
    unsigned scope = aq_ip_is_multicast(ip) ? ip->bytes[1] & 0xfu : 0;

    if (scope == 1 || arpq_ip_compare(ip, &loopback) == 0)
        return ARPQ_SCOPE_HOST;
    if (scope == 2 || aq_ip_is_link_local(ip))
        return ARPQ_SCOPE_LINK;
    if (scope == 5 || (ip->bytes[0] == 0xfe && ip->bytes[1] >= 0xc0))
        return ARPQ_SCOPE_SITE;
    return ARPQ_SCOPE_UNIVERSE;
}

static bool address_has_reserved(const struct arpq_address *address)
{
    return address->ip.reserved || address->peer.reserved || address->broadcast.reserved ||
           address->anycast.reserved ||
           !aq_bytes_are_zero(address->reserved8, sizeof address->reserved8) ||
           !aq_bytes_are_zero(address->reserved, sizeof address->reserved);
}

/* Returns whether `ip` is unset (family 0), or an address of this family and interface. */
static bool address_matches(const struct arpq_ip *ip, uint16_t family, uint32_t ifindex)
{
    return ip->family == 0 || (ip->family == family && (ip->scope == 0 || ip->scope == ifindex));
}

static int check_identity(const struct arpq_address *address)
{
    if (address->ip.family != AF_INET && address->ip.family != AF_INET6)
        return -EAFNOSUPPORT;
    if (address->ifindex == 0 || address->ifindex > INT32_MAX ||
        aq_ip_is_unspecified(&address->ip) ||
        !address_matches(&address->ip, address->ip.family, address->ifindex) ||
        !address_matches(&address->peer, address->ip.family, address->ifindex))
        return -EINVAL;
    return address->prefix_length > aq_ip_length(&address->ip) * 8 ? -ERANGE : 0;
}

static int check_rest(const struct arpq_address *address)
{
    bool v6 = address->ip.family == AF_INET6;

    if (!memchr(address->label, '\0', sizeof address->label))
        return -ENAMETOOLONG;
    if (address->flags & ~FLAGS_KNOWN || address->scope > UINT8_MAX ||
        !address_matches(&address->broadcast, AF_INET, 0))
        return -EINVAL;
    if (address->preferred_s > address->valid_s || address->valid_s == 0)
        return -ERANGE;
    if (address->anycast.family)
        return -EOPNOTSUPP;
    if (v6 && (address->label[0] || address->broadcast.family ||
               (address->scope && address->scope != scope_of(&address->ip))))
        return -EOPNOTSUPP;
    return !v6 && address->flags & FLAGS_OF_IPV6 ? -EOPNOTSUPP : 0;
}

/* Clear the bytes after an IPv4 address. */
static void address_normalise(struct arpq_ip *ip)
{
    size_t length = aq_ip_length(ip);

    memset(ip->bytes + length, 0, sizeof ip->bytes - length);
}

/* Set the scope that an address has when it is read from the kernel. */
static void address_set_scope(struct arpq_ip *ip, uint32_t ifindex)
{
    ip->scope = aq_ip_is_link_local(ip) ? ifindex : 0;
}

/* Copy and check a caller's address, and replace zeros by their defaults. */
static int read_address(struct arpq_handle *h, const struct arpq_address *from, uint32_t flags,
                        uint32_t accepted, struct arpq_address *address)
{
    int code;

    aq_detail_begin(h);
    if (!h || !from || flags & ~accepted || address_has_reserved(from))
        return -EINVAL;
    *address = *from;
    address_normalise(&address->ip);
    address_normalise(&address->peer);
    address_normalise(&address->broadcast);
    code = check_identity(address);
    if (code < 0)
        return code;
    address_set_scope(&address->ip, address->ifindex);
    address_set_scope(&address->peer, address->ifindex);
    if (address->prefix_length == 0 && !(flags & ARPQ_ADDRESS_EDIT_PREFIX))
        address->prefix_length = (uint32_t)aq_ip_length(&address->ip) * 8;
    if (arpq_ip_compare(&address->peer, &address->ip) == 0)
        memset(&address->peer, 0, sizeof address->peer);
    /* In an address that was read from the kernel, 0 means that the lifetime has ended. */
    if (address->valid_s == 0 && address->updated_ms == 0) {
        address->valid_s = ARPQ_FOREVER;
        if (address->preferred_s == 0)
            address->preferred_s = ARPQ_FOREVER;
    }
    return 0;
}

/* ---- The three changes ---- */

static int address_begin(struct arpq_handle *h, struct aq_rtnl **rtnl)
{
    int code = aq_interfaces_refresh(h);

    return code < 0 ? code : aq_sockets_lock(h, rtnl);
}

static int address_change(struct arpq_handle *h, uint16_t type, uint16_t flags,
                          struct arpq_address *address)
{
    struct aq_rtnl *rtnl;
    int code = address_begin(h, &rtnl);

    if (code < 0)
        return code;
    address->flags &= FLAGS_SETTABLE;
    if (type == RTM_NEWADDR)
        code = aq_rtnl_addr_check_support(rtnl, address);
    if (code == 0)
        code = aq_rtnl_addr_change(rtnl, type, flags, address);
    aq_sockets_unlock(h, rtnl);
    /* The kernel returns this code for an invalid new address, and if the address to remove does
     * not exist. */
    if (code == -EADDRNOTAVAIL)
        return type == RTM_NEWADDR ? -EINVAL : -ENOENT;
    return code;
}

int arpq_address_add(struct arpq_handle *h, const struct arpq_address *address, uint32_t flags)
{
    struct arpq_address wanted;
    int code = read_address(h, address, flags, ARPQ_ADDRESS_EDIT_PREFIX, &wanted);

    if (code == 0)
        code = check_rest(&wanted);
    return code < 0 ? code : address_change(h, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &wanted);
}

int arpq_address_remove(struct arpq_handle *h, const struct arpq_address *address, uint32_t flags)
{
    struct arpq_address wanted;
    int code = read_address(h, address, flags, ARPQ_ADDRESS_EDIT_PREFIX, &wanted);

    return code < 0 ? code : address_change(h, RTM_DELADDR, 0, &wanted);
}

/* Whether the kernel can change the existing address into the wanted one. It changes the
 * lifetimes, metric and protocol of an IPv4 address, and all of an IPv6 address but its
 * prefix length. */
static bool can_become(const struct arpq_address *existing, const struct arpq_address *wanted)
{
    if (existing->ip.family == AF_INET6)
        return existing->prefix_length == wanted->prefix_length;
    return (!wanted->label[0] || strcmp(existing->label, wanted->label) == 0) &&
           (!wanted->broadcast.family ||
            arpq_ip_compare(&existing->broadcast, &wanted->broadcast) == 0) &&
           (!wanted->scope || existing->scope == wanted->scope) &&
           !(wanted->flags & ~existing->flags & FLAGS_SETTABLE);
}

/* Fill in the other members of an existing address. IPv6: query the kernel, because the event
 * for a new address is delayed and the map may be out of date. IPv4: use the map. The kernel
 * does not support the query, but it sends the event immediately. */
static int address_find(struct arpq_handle *h, struct arpq_address *address)
{
    struct aq_rtnl *rtnl;
    int code;

    if (address->ip.family == AF_INET)
        return aq_interfaces_address(h, address);
    code = address_begin(h, &rtnl);
    if (code < 0)
        return code;
    code = aq_rtnl_addr_get(rtnl, address);
    aq_sockets_unlock(h, rtnl);
    return code == -EADDRNOTAVAIL ? -ENOENT : code;
}

/* Linux before 6.4 silently keeps the protocol of an IPv4 address. Change it alone first, and
 * refuse the whole request if that had no effect. */
static int address_change_protocol(struct arpq_handle *h, const struct arpq_address *existing,
                                   const struct arpq_address *wanted)
{
    struct arpq_address changed = *existing;
    int code;

    if (existing->ip.family != AF_INET || wanted->protocol == 0 ||
        existing->protocol == wanted->protocol)
        return 0;
    changed.protocol = wanted->protocol;
    if (changed.valid_s == 0) /* it ends within this second, and 0 is no lifetime */
        changed.valid_s = 1;
    code = address_change(h, RTM_NEWADDR, NLM_F_REPLACE, &changed);
    if (code == 0)
        code = address_find(h, &changed);
    return code == 0 && changed.protocol != wanted->protocol ? -EOPNOTSUPP : code;
}

int arpq_address_modify(struct arpq_handle *h, const struct arpq_address *address, uint32_t flags)
{
    struct arpq_address wanted, existing;
    int code = read_address(h, address, flags, ARPQ_ADDRESS_EDIT_PREFIX | ARPQ_ADDRESS_EDIT_CREATE,
                            &wanted);

    if (code == 0)
        code = check_rest(&wanted);
    if (code < 0)
        return code;
    existing = wanted;
    code = address_find(h, &existing);
    if (code == -ENOENT && flags & ARPQ_ADDRESS_EDIT_CREATE)
        return address_change(h, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &wanted);
    if (code == 0 && !can_become(&existing, &wanted))
        code = -EOPNOTSUPP;
    if (code == 0)
        code = address_change_protocol(h, &existing, &wanted);
    return code < 0 ? code : address_change(h, RTM_NEWADDR, NLM_F_REPLACE, &wanted);
}
