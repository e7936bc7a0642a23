/* SPDX-License-Identifier: MIT */
/* arpq if [NAME...]: interfaces and their addresses, named as ip-address(8) does. */
#include <errno.h>
#include <linux/if.h>
#include <stdio.h>

#include "arpq_tool.h"

static void print_link_flag(const char *name, void *separator)
{
    printf("%c%s", *(char *)separator, name);
    *(char *)separator = ',';
}

static void print_ip(const char *before, const struct arpq_ip *ip)
{
    char text[ARPQ_IP_STRLEN];

    if (ip->family != 0)
        printf("%s%s", before, bare_ip(ip, text));
}

static void print_mac(const char *before, const struct arpq_mac *mac)
{
    char text[ARPQ_MAC_STRLEN];

    if (mac->length != 0)
        printf("%s%s", before, arpq_mac_format(mac, ARPQ_MAC_COLON, text, sizeof text));
}

static void print_text_of(const char *before, const char *text)
{
    if (text[0] != '\0') {
        fputs(before, stdout);
        print_escaped(text);
    }
}

static void print_address(const struct arpq_address *a)
{
    char number[NUMBER_STRLEN];

    print_ip(a->ip.family == AF_INET6 ? "    inet6 " : "    inet ", &a->ip);
    print_ip(" peer ", &a->peer);
    printf("/%u", a->prefix_length);
    if (a->metric != 0)
        printf(" metric %u", a->metric);
    print_ip(" brd ", &a->broadcast);
    print_ip(" any ", &a->anycast);
    printf(" scope %s", scope_name(a->scope, number));
    each_address_flag(a, print_word, NULL);
    if (a->protocol != 0)
        printf(" proto %s", name_of(address_protocol_names, a->protocol, number));
    print_text_of(" label ", a->label);
    print_lifetimes(a);
    putchar('\n');
}

/* An interface of a list, and what else the list has of it. */
struct entry {
    const struct tool *t;
    const struct arpq_interfaces *list;
    const struct arpq_interface *link;
    const struct arpq_interface_stats *stats; /* NULL: not known */
    uint32_t n;
};

static bool is_parent_down(const struct entry *e)
{
    const struct arpq_interface *parent;

    if (e->link->parent == 0 || e->link->parent_netnsid >= 0)
        return false;
    parent = arpq_interfaces_by_index(e->list, e->link->parent);
    return !parent || !(parent->flags & IFF_UP);
}

static void print_place(const struct entry *e)
{
    const struct arpq_interface *link = e->link;

    if (link->master != 0) {
        fputs(" master ", stdout);
        print_device(e->t, link->master);
    }
    if (link->parent == 0)
        return;
    fputs(" parent ", stdout);
    if (link->parent_netnsid < 0)
        print_device(e->t, link->parent);
    else
        printf("%u netns %d", link->parent, link->parent_netnsid);
}

static void print_texts(const struct entry *e)
{
    const char *altname;

    print_text_of(" device ", arpq_interfaces_text_at(e->list, e->n, ARPQ_INTERFACE_DEVICE));
    print_text_of(" bus ", arpq_interfaces_text_at(e->list, e->n, ARPQ_INTERFACE_BUS));
    print_text_of("\n    alias ", arpq_interfaces_text_at(e->list, e->n, ARPQ_INTERFACE_ALIAS));
    for (uint32_t i = 0; i < e->link->altname_count; i++)
        if ((altname = arpq_interfaces_altname_at(e->list, e->link->altname_first + i)) != NULL)
            print_text_of("\n    altname ", altname);
    putchar('\n');
}

static void print_text(const struct entry *e)
{
    const struct arpq_interface *link = e->link;
    char number[NUMBER_STRLEN], separator = '<';

    printf("%u: ", link->index);
    print_escaped(link->name);
    fputs(": ", stdout);
    each_link_flag(link->flags, print_link_flag, &separator);
    if (is_parent_down(e))
        print_link_flag("M-DOWN", &separator);
    printf("%s mtu %u type %s", separator == '<' ? "<>" : ">", link->mtu,
           link_type_name(link->type, number));
    print_mac(" mac ", &link->mac);
    print_mac(" brd ", &link->broadcast);
    if (has_other_permanent_mac(link))
        print_mac(" permaddr ", &link->permanent_mac);
    printf(" state %s", operstate_name(link->operstate, number));
    print_text_of(" kind ", link->kind);
    print_text_of(" port ", link->port_kind);
    print_place(e);
    if (e->stats)
        print_text_of(" qdisc ", e->stats->qdisc);
    printf(" qlen %u", link->queue_length);
    if (link->group != 0)
        printf(" group %u", link->group);
    print_texts(e);
    for (uint32_t i = 0; i < link->address_count; i++)
        print_address(arpq_interfaces_address_at(e->list, link->address_first + i));
    if (e->stats && e->t->given & OPTION_BIT(OPTION_STATS))
        print_counters(e->stats);
}

static void json_texts(struct json_object *object, const struct entry *e)
{
    static const struct number_name keys[] = {{ARPQ_INTERFACE_BUS, "parentbus"},
                                              {ARPQ_INTERFACE_DEVICE, "parentdev"},
                                              {ARPQ_INTERFACE_ALIAS, "ifalias"}};
    struct json_object *names = NULL;
    const char *text;

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        text = arpq_interfaces_text_at(e->list, e->n, keys[i].number);
        if (text[0] != '\0')
            json_text(object, keys[i].name, text);
    }
    for (uint32_t i = 0; i < e->link->altname_count; i++) {
        text = arpq_interfaces_altname_at(e->list, e->link->altname_first + i);
        if (!text)
            continue;
        if (!names)
            names = json_list(object, "altnames");
        json_list_text(names, text);
    }
}

static void print_json(const struct entry *e)
{
    struct json_object *object = json_new();

    json_link(object, e->t, e->link, e->stats, is_parent_down(e));
    json_texts(object, e);
    struct json_object *addresses = json_list(object, "addr_info");
    for (uint32_t i = 0; i < e->link->address_count; i++)
        json_address(json_list_object(addresses),
                     arpq_interfaces_address_at(e->list, e->link->address_first + i));
    if (e->stats && e->t->given & OPTION_BIT(OPTION_STATS))
        json_counters(object, e->stats);
    json_print(object);
}

static void print(const struct tool *t, const struct arpq_interfaces *list,
                  const struct arpq_interface *link)
{
    struct entry e = {.t = t, .list = list, .link = link};

    e.n = (uint32_t)(link - arpq_interfaces_at(list, 0));
    e.stats = arpq_interfaces_stats_at(list, e.n);
    if (t->json)
        print_json(&e);
    else
        print_text(&e);
}

/* A name may also be a label, which the list does not know. */
static enum verdict print_named(const struct tool *t, const struct arpq_interfaces *list,
                                const char *name)
{
    uint32_t ifindex;
    enum verdict verdict = find_device(t, t->json, name, &ifindex);

    if (verdict != FOUND)
        return verdict;
    const struct arpq_interface *link = arpq_interfaces_by_index(list, ifindex);
    if (!link) {
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
    int code = arpq_interfaces_get(t->h, ARPQ_INTERFACES_READ, &list);

    if (code != 0)
        return report_kernel(t, "cannot list interfaces", code);
    if (count == 0)
        for (uint32_t n = 0; n < arpq_interfaces_count(list); n++)
            print(t, list, arpq_interfaces_at(list, n));
    for (int i = 0; i < count; i++)
        verdict = worst(verdict, print_named(t, list, args[i]));
    arpq_interfaces_free(list);
    return verdict;
}
