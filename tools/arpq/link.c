/* SPDX-License-Identifier: MIT */
#include "link.h"

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <stdio.h>
#include <string.h>

#include "device.h"
#include "json.h"

/* In the order of ip-link(8), which does not print RUNNING. */
static const uint32_t link_flags[] = {
    IFF_LOOPBACK, IFF_BROADCAST,  IFF_POINTOPOINT, IFF_MULTICAST, IFF_NOARP,   IFF_ALLMULTI,
    IFF_PROMISC,  IFF_MASTER,     IFF_SLAVE,       IFF_DEBUG,     IFF_DYNAMIC, IFF_AUTOMEDIA,
    IFF_PORTSEL,  IFF_NOTRAILERS, IFF_UP,          IFF_LOWER_UP,  IFF_DORMANT, IFF_ECHO,
};

const struct number_name link_address_flag_names[] = {
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

/* The names of ip-link(8) that differ from those of the kernel. */
static const struct number_name link_type_names[] = {
    {ARPHRD_TUNNEL, "ipip"},
    {ARPHRD_IPGRE, "gre"},
    {ARPHRD_IP6GRE, "gre6"},
    {ARPHRD_IEEE80211, "ieee802.11"},
    {ARPHRD_IEEE80211_PRISM, "ieee802.11/prism"},
    {ARPHRD_IEEE80211_RADIOTAP, "ieee802.11/radiotap"},
    {ARPHRD_IEEE802154, "ieee802.15.4"},
    {ARPHRD_IEEE802154_MONITOR, "ieee802.15.4/monitor"},
    {ARPHRD_IPDDP, "ip/ddp"},
    {ARPHRD_IEEE802_TR, "tr"},
    {ARPHRD_CISCO, "hdlc"},
    {0, NULL},
};

/* NO-CARRIER is not a flag of the kernel. As in ip(8), it stands for UP without RUNNING. */
void link_each_flag(uint32_t flags, word_function *one, void *context)
{
    if ((flags & IFF_UP) && !(flags & IFF_RUNNING))
        one("NO-CARRIER", context);
    for (size_t i = 0; i < sizeof link_flags / sizeof link_flags[0]; i++)
        if (flags & link_flags[i])
            one(arpq_name(ARPQ_NAMES_INTERFACE_FLAG, link_flags[i]), context);
}

/* For IPv6, IFA_F_SECONDARY means a temporary address (RFC 8981). */
void link_each_address_flag(const struct arpq_address *a, word_function *one, void *context)
{
    if (a->flags & IFA_F_SECONDARY)
        one(a->ip.family == AF_INET6 ? "temporary" : "secondary", context);
    for (const struct number_name *f = link_address_flag_names; f->name; f++)
        if (a->flags & f->number)
            one(f->name, context);
    if (!(a->flags & IFA_F_PERMANENT))
        one("dynamic", context);
}

const char *link_type_name(uint32_t type, char digits[NUMBER_STRLEN])
{
    for (const struct number_name *t = link_type_names; t->name; t++)
        if (t->number == type)
            return t->name;
    return number_name_lower(ARPQ_NAMES_LINK_TYPE, type, '_', digits);
}

const char *link_scope_name(uint32_t scope, char digits[NUMBER_STRLEN])
{
    if (scope == ARPQ_SCOPE_UNIVERSE)
        return "global";
    return number_name_lower(ARPQ_NAMES_SCOPE, scope, '_', digits);
}

bool link_scope_value(const char *text, uint32_t *scope)
{
    *scope = ARPQ_SCOPE_UNIVERSE;
    return strcmp(text, "global") == 0 || arpq_value(ARPQ_NAMES_SCOPE, text, scope) == 0;
}

/* Returns a name of the library as it is, or the number. */
static const char *link_upper_name(uint32_t set, uint32_t value, char digits[NUMBER_STRLEN])
{
    const char *name = arpq_name(set, value);

    return name[0] != '\0' ? name : number_name_text(NO_NAMES, value, digits);
}

const char *link_operstate_name(uint32_t operstate, char digits[NUMBER_STRLEN])
{
    return link_upper_name(ARPQ_NAMES_OPERSTATE, operstate, digits);
}

static void print_lifetime(const char *name, uint32_t seconds)
{
    if (seconds == ARPQ_FOREVER)
        printf(" %s forever", name);
    else
        printf(" %s %usec", name, seconds);
}

void link_print_lifetimes(const struct arpq_address *a)
{
    if (a->valid_s == ARPQ_FOREVER && a->preferred_s == ARPQ_FOREVER)
        return;
    print_lifetime("valid_lft", a->valid_s);
    print_lifetime("preferred_lft", a->preferred_s);
}

static void json_address_flag(const char *name, void *object)
{
    json_true(object, name);
}

void link_json_address(struct json_object *object, const struct arpq_address *a)
{
    char number[NUMBER_STRLEN];

    json_text(object, "family", a->ip.family == AF_INET6 ? "inet6" : "inet");
    json_ip(object, "local", &a->ip);
    json_ip(object, "address", &a->peer);
    json_number(object, "prefixlen", a->prefix_length);
    json_number_set(object, "metric", a->metric);
    json_ip(object, "broadcast", &a->broadcast);
    json_ip(object, "anycast", &a->anycast);
    json_text(object, "scope", link_scope_name(a->scope, number));
    link_each_address_flag(a, json_address_flag, object);
    if (a->protocol != 0)
        json_text(object, "protocol",
                  number_name_lower(ARPQ_NAMES_ADDRESS_PROTOCOL, a->protocol, '_', number));
    if (a->label[0] != '\0')
        json_text(object, "label", a->label);
    json_number(object, "valid_life_time", a->valid_s);
    json_number(object, "preferred_life_time", a->preferred_s);
}

bool link_has_other_permanent_mac(const struct arpq_interface *link)
{
    return link->permanent_mac.length != 0 &&
           arpq_mac_compare(&link->permanent_mac, &link->mac) != 0;
}

/* If the parent is in another namespace, adds its index, because the tool cannot look up its
 * name. */
static void json_parent(struct json_object *object, const struct tool *t,
                        const struct arpq_interface *link)
{
    char name[ARPQ_IFNAME_SIZE];

    if (link->parent == 0)
        return;
    if (link->parent_netnsid >= 0) {
        json_number(object, "link_index", link->parent);
        return;
    }
    device_name(t, link->parent, name);
    json_text(object, "link", name);
}

static void json_kind(struct json_object *object, const struct arpq_interface *link)
{
    struct json_object *info;

    if (link->kind[0] == '\0' && link->port_kind[0] == '\0')
        return;
    info = json_member(object, "linkinfo");
    if (link->kind[0] != '\0')
        json_text(info, "info_kind", link->kind);
    if (link->port_kind[0] != '\0')
        json_text(info, "info_slave_kind", link->port_kind);
}

/* Adds the keys of ip -d. */
static void json_details(struct json_object *object, const struct arpq_interface *link,
                         const struct arpq_interface_stats *stats)
{
    if (link->parent_netnsid >= 0)
        json_number(object, "link_netnsid", (uint64_t)link->parent_netnsid);
    if (link_has_other_permanent_mac(link))
        json_mac(object, "permaddr", &link->permanent_mac);
    if (stats) {
        json_number(object, "promiscuity", stats->promiscuity);
        json_number(object, "allmulti", stats->allmulti);
    }
    json_number(object, "min_mtu", link->mtu_min);
    json_number(object, "max_mtu", link->mtu_max);
    json_kind(object, link);
    json_number(object, "num_tx_queues", link->tx_queues);
    json_number(object, "num_rx_queues", link->rx_queues);
    json_number(object, "gso_max_size", link->gso_max_size);
    json_number(object, "gso_max_segs", link->gso_max_segs);
    json_number_set(object, "tso_max_size", link->tso_max_size);
    json_number_set(object, "tso_max_segs", link->tso_max_segs);
    json_number_set(object, "gro_max_size", link->gro_max_size);
}

void link_json(struct json_object *object, const struct tool *t, const struct arpq_interface *link,
               const struct arpq_interface_stats *stats, bool parent_down)
{
    char number[NUMBER_STRLEN], name[ARPQ_IFNAME_SIZE];
    struct json_object *flags;

    json_number(object, "ifindex", link->ifindex);
    json_parent(object, t, link);
    json_text(object, "ifname", link->name);
    flags = json_list(object, "flags");
    link_each_flag(link->flags, json_list_word, flags);
    if (parent_down)
        json_list_text(flags, "M-DOWN");
    json_number(object, "mtu", link->mtu);
    if (stats)
        json_text(object, "qdisc", stats->qdisc);
    if (link->master != 0) {
        device_name(t, link->master, name);
        json_text(object, "master", name);
    }
    json_text(object, "operstate", link_operstate_name(link->operstate, number));
    json_text(object, "linkmode", link_upper_name(ARPQ_NAMES_LINK_MODE, link->linkmode, number));
    json_text(object, "group",
              link->group == 0 ? "default" : number_name_text(NO_NAMES, link->group, number));
    json_number_set(object, "txqlen", link->queue_length);
    json_text(object, "link_type", link_type_name(link->type, number));
    json_mac(object, "address", &link->mac);
    if (link->flags & IFF_POINTOPOINT && link->broadcast.length != 0)
        json_true(object, "link_pointtopoint");
    json_mac(object, "broadcast", &link->broadcast);
    json_details(object, link, stats);
}
