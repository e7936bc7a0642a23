/* SPDX-License-Identifier: MIT */
/* arpq if [NAME...]: interfaces and their addresses, named as ip-address(8) does. */
#include <errno.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <stdio.h>

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
    {RT_SCOPE_UNIVERSE, "global"},
    {RT_SCOPE_SITE, "site"},
    {RT_SCOPE_LINK, "link"},
    {RT_SCOPE_HOST, "host"},
    {RT_SCOPE_NOWHERE, "nowhere"},
    {0, NULL},
};

/* Calls one(name, context) for each flag of a link. Without carrier the kernel only
 * leaves IFF_RUNNING out; people look for the word. */
static void each_link_flag(uint32_t flags, void (*one)(const char *, void *), void *context)
{
    if ((flags & IFF_UP) && !(flags & IFF_RUNNING))
        one("NO-CARRIER", context);
    for (const struct number_name *f = link_flag_names; f->name != NULL; f++)
        if (flags & f->number)
            one(f->name, context);
}

/* The same for an address. IPv6 calls a secondary address temporary (RFC 8981). */
static void each_address_flag(const struct arpq_address *a, void (*one)(const char *, void *),
                              void *context)
{
    if (a->flags & IFA_F_SECONDARY)
        one(a->ip.family == AF_INET6 ? "temporary" : "secondary", context);
    for (const struct number_name *f = address_flag_names; f->name != NULL; f++)
        if (a->flags & f->number)
            one(f->name, context);
    if (!(a->flags & IFA_F_PERMANENT))
        one("dynamic", context);
}

static void print_link_flag(const char *name, void *separator)
{
    printf("%c%s", *(char *)separator, name);
    *(char *)separator = ',';
}

static void print_address_flag(const char *name, void *unused)
{
    (void)unused;
    printf(" %s", name);
}

static void print_address(const struct arpq_address *a)
{
    char ip[ARPQ_IP_STRLEN], number[NUMBER_STRLEN];

    printf("    %s %s", a->ip.family == AF_INET6 ? "inet6" : "inet", bare_ip(&a->ip, ip));
    if (a->peer.family != 0)
        printf(" peer %s", bare_ip(&a->peer, ip));
    printf("/%u", a->prefix_length);
    if (a->broadcast.family != 0)
        printf(" brd %s", bare_ip(&a->broadcast, ip));
    printf(" scope %s", name_of(scope_names, a->scope, number));
    each_address_flag(a, print_address_flag, NULL);
    if (a->label[0] != '\0') {
        fputs(" label ", stdout);
        print_escaped(a->label);
    }
    putchar('\n');
}

static void print_text(const struct tool *t, const struct arpq_interfaces *list,
                       const struct arpq_interface *link)
{
    char mac[ARPQ_MAC_STRLEN], number[NUMBER_STRLEN], name[ARPQ_IFNAME_SIZE], separator = '<';

    printf("%u: ", link->index);
    print_escaped(link->name);
    fputs(": ", stdout);
    each_link_flag(link->flags, print_link_flag, &separator);
    printf("%s mtu %u type %s", separator == '<' ? "<>" : ">", link->mtu,
           name_of(link_type_names, link->type, number));
    if (link->mac.length != 0)
        printf(" mac %s", arpq_mac_format(&link->mac, ARPQ_MAC_COLON, mac, sizeof(mac)));
    if (link->broadcast.length != 0)
        printf(" brd %s", arpq_mac_format(&link->broadcast, ARPQ_MAC_COLON, mac, sizeof(mac)));
    if (link->master != 0) {
        device_name(t, link->master, name);
        fputs(" master ", stdout);
        print_escaped(name);
    }
    if (link->parent != 0)
        printf(" parent %u", link->parent);
    putchar('\n');
    for (uint32_t n = 0; n < link->address_count; n++)
        print_address(arpq_interfaces_address_at(list, link->address_first + n));
}

static void json_link_flag(const char *name, void *list)
{
    json_list_text(list, name);
}

static void json_address_flag(const char *name, void *object)
{
    json_true(object, name);
}

static void json_address(struct json_object *object, const struct arpq_address *a)
{
    char ip[ARPQ_IP_STRLEN], number[NUMBER_STRLEN];

    json_text(object, "family", a->ip.family == AF_INET6 ? "inet6" : "inet");
    json_text(object, "local", bare_ip(&a->ip, ip));
    if (a->peer.family != 0)
        json_text(object, "address", bare_ip(&a->peer, ip));
    json_number(object, "prefixlen", a->prefix_length);
    if (a->broadcast.family != 0)
        json_text(object, "broadcast", bare_ip(&a->broadcast, ip));
    json_text(object, "scope", name_of(scope_names, a->scope, number));
    each_address_flag(a, json_address_flag, object);
    if (a->label[0] != '\0')
        json_text(object, "label", a->label);
}

/* The parent is given by number: it may live in another namespace, where the number
 * means an interface that has nothing to do with the one of that number here. */
static void print_json(const struct tool *t, const struct arpq_interfaces *list,
                       const struct arpq_interface *link)
{
    char number[NUMBER_STRLEN], name[ARPQ_IFNAME_SIZE];
    struct json_object *object = json_new();

    json_number(object, "ifindex", link->index);
    if (link->parent != 0)
        json_number(object, "link_index", link->parent);
    json_text(object, "ifname", link->name);
    each_link_flag(link->flags, json_link_flag, json_list(object, "flags"));
    json_number(object, "mtu", link->mtu);
    if (link->master != 0) {
        device_name(t, link->master, name);
        json_text(object, "master", name);
    }
    json_text(object, "link_type", name_of(link_type_names, link->type, number));
    json_mac(object, "address", &link->mac);
    json_mac(object, "broadcast", &link->broadcast);
    struct json_object *addresses = json_list(object, "addr_info");
    for (uint32_t n = 0; n < link->address_count; n++)
        json_address(json_list_object(addresses),
                     arpq_interfaces_address_at(list, link->address_first + n));
    json_print(object);
}

static void print(const struct tool *t, const struct arpq_interfaces *list,
                  const struct arpq_interface *link)
{
    if (t->json)
        print_json(t, list, link);
    else
        print_text(t, list, link);
}

/* A name may also be a label or an alternative name, which the list does not know. */
static enum verdict print_named(const struct tool *t, const struct arpq_interfaces *list,
                                const char *name)
{
    uint32_t ifindex;
    enum verdict verdict = find_device(t, t->json, name, &ifindex);

    if (verdict != FOUND)
        return verdict;
    const struct arpq_interface *link = arpq_interfaces_by_index(list, ifindex);
    if (link == NULL) {
        const struct failure f = {"ifname", name, -ENODEV, NULL, ""};
        return report(t->json, &f);
    }
    print(t, list, link);
    return FOUND;
}

enum verdict cmd_if(const struct tool *t, int count, char **args)
{
    struct arpq_interfaces *list;
    enum verdict verdict = FOUND;
    int code = arpq_interfaces_get(t->h, &list);

    if (code != 0) {
        fprintf(stderr, "arpq: cannot list interfaces: %s\n", arpq_strerror(code));
        return ERROR;
    }
    if (count == 0)
        for (uint32_t n = 0; n < arpq_interfaces_count(list); n++)
            print(t, list, arpq_interfaces_at(list, n));
    for (int i = 0; i < count; i++)
        verdict = worst(verdict, print_named(t, list, args[i]));
    arpq_interfaces_free(list);
    return verdict;
}
