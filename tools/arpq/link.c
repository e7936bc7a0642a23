/* SPDX-License-Identifier: MIT */
/* The words for interfaces and addresses, as ip-address(8) has them, and their JSON. */
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>

#include "arpq_tool.h"

static const struct number_name link_flag_names[] = {
    {IFF_LOOPBACK, "LOOPBACK"},
    {IFF_BROADCAST, "BROADCAST"},
    {IFF_POINTOPOINT, "POINTOPOINT"},
    {IFF_MULTICAST, "MULTICAST"},
    {IFF_NOARP, "NOARP"},
    {IFF_ALLMULTI, "ALLMULTI"},
    {IFF_PROMISC, "PROMISC"},
    {IFF_MASTER, "MASTER"},
    {IFF_SLAVE, "SLAVE"},
    {IFF_DEBUG, "DEBUG"},
    {IFF_DYNAMIC, "DYNAMIC"},
    {IFF_AUTOMEDIA, "AUTOMEDIA"},
    {IFF_PORTSEL, "PORTSEL"},
    {IFF_NOTRAILERS, "NOTRAILERS"},
    {IFF_UP, "UP"},
    {IFF_LOWER_UP, "LOWER_UP"},
    {IFF_DORMANT, "DORMANT"},
    {IFF_ECHO, "ECHO"},
    {0, NULL},
};

static const struct number_name address_flag_names[] = {
    {IFA_F_NODAD, "nodad"},
    {IFA_F_OPTIMISTIC, "optimistic"},
    {IFA_F_DADFAILED, "dadfailed"},
    {IFA_F_HOMEADDRESS, "home"},
    {IFA_F_DEPRECATED, "deprecated"},
    {IFA_F_TENTATIVE, "tentative"},
    {IFA_F_MANAGETEMPADDR, "mngtmpaddr"},
    {IFA_F_NOPREFIXROUTE, "noprefixroute"},
    {IFA_F_MCAUTOJOIN, "autojoin"},
    {IFA_F_STABLE_PRIVACY, "stable-privacy"},
    {0, NULL},
};

static const struct number_name link_type_names[] = {
    {ARPHRD_ETHER, "ether"},
    {ARPHRD_LOOPBACK, "loopback"},
    {ARPHRD_INFINIBAND, "infiniband"},
    {ARPHRD_NONE, "none"},
    {ARPHRD_PPP, "ppp"},
    {ARPHRD_TUNNEL, "ipip"},
    {ARPHRD_TUNNEL6, "tunnel6"},
    {ARPHRD_SIT, "sit"},
    {ARPHRD_IPGRE, "gre"},
    {ARPHRD_IP6GRE, "gre6"},
    {ARPHRD_IEEE80211, "ieee802.11"},
    {ARPHRD_IEEE802154, "ieee802.15.4"},
    {ARPHRD_IEEE1394, "ieee1394"},
    {ARPHRD_CAN, "can"},
    {ARPHRD_EUI64, "eui64"},
    {ARPHRD_AX25, "ax25"},
    {ARPHRD_SLIP, "slip"},
    {ARPHRD_NETLINK, "netlink"},
    {ARPHRD_VOID, "void"},
    {0, NULL},
};

static const struct number_name scope_names[] = {
    {RT_SCOPE_UNIVERSE, "global"}, {RT_SCOPE_SITE, "site"},       {RT_SCOPE_LINK, "link"},
    {RT_SCOPE_HOST, "host"},       {RT_SCOPE_NOWHERE, "nowhere"}, {0, NULL},
};

/* Calls one(name, context) for each flag of a link. Without carrier the kernel only
 * leaves IFF_RUNNING out; people look for the word. */
void each_link_flag(uint32_t flags, each_word *one, void *context)
{
    if ((flags & IFF_UP) && !(flags & IFF_RUNNING))
        one("NO-CARRIER", context);
    for (const struct number_name *f = link_flag_names; f->name != NULL; f++)
        if (flags & f->number)
            one(f->name, context);
}

/* The same for an address. IPv6 calls a secondary address temporary (RFC 8981). */
void each_address_flag(const struct arpq_address *a, each_word *one, void *context)
{
    if (a->flags & IFA_F_SECONDARY)
        one(a->ip.family == AF_INET6 ? "temporary" : "secondary", context);
    for (const struct number_name *f = address_flag_names; f->name != NULL; f++)
        if (a->flags & f->number)
            one(f->name, context);
    if (!(a->flags & IFA_F_PERMANENT))
        one("dynamic", context);
}

const char *link_type_name(uint32_t type, char digits[NUMBER_STRLEN])
{
    return name_of(link_type_names, type, digits);
}

const char *scope_name(uint32_t scope, char digits[NUMBER_STRLEN])
{
    return name_of(scope_names, scope, digits);
}

static void json_address_flag(const char *name, void *object)
{
    json_true(object, name);
}

void json_address(struct json_object *object, const struct arpq_address *a)
{
    char ip[ARPQ_IP_STRLEN], number[NUMBER_STRLEN];

    json_text(object, "family", a->ip.family == AF_INET6 ? "inet6" : "inet");
    json_text(object, "local", bare_ip(&a->ip, ip));
    if (a->peer.family != 0)
        json_text(object, "address", bare_ip(&a->peer, ip));
    json_number(object, "prefixlen", a->prefix_length);
    if (a->broadcast.family != 0)
        json_text(object, "broadcast", bare_ip(&a->broadcast, ip));
    json_text(object, "scope", scope_name(a->scope, number));
    each_address_flag(a, json_address_flag, object);
    if (a->label[0] != '\0')
        json_text(object, "label", a->label);
}

/* The parent is given by number: it may live in another namespace, where the number
 * means an interface that has nothing to do with the one of that number here. */
void json_link(struct json_object *object, const struct tool *t, const struct arpq_interface *link)
{
    char number[NUMBER_STRLEN], name[ARPQ_IFNAME_SIZE];

    json_number(object, "ifindex", link->index);
    if (link->parent != 0)
        json_number(object, "link_index", link->parent);
    json_text(object, "ifname", link->name);
    each_link_flag(link->flags, json_list_word, json_list(object, "flags"));
    json_number(object, "mtu", link->mtu);
    if (link->master != 0) {
        device_name(t, link->master, name);
        json_text(object, "master", name);
    }
    json_text(object, "link_type", link_type_name(link->type, number));
    json_mac(object, "address", &link->mac);
    json_mac(object, "broadcast", &link->broadcast);
}
