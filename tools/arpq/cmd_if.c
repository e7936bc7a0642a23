/* SPDX-License-Identifier: MIT */
/* arpq if [NAME...]: prints interfaces and their addresses, with the words of ip-address(8). */
#include "cmd_if.h"

#include <errno.h>
#include <limits.h>
#include <linux/if.h>
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "arguments.h"
#include "counters.h"
#include "device.h"
#include "escape.h"
#include "json.h"
#include "link.h"
#include "number_name.h"
#include "options.h"
#include "report.h"
#include "words.h"

static void print_link_flag(const char *name, void *separator)
{
    printf("%c%s", *(char *)separator, name);
    *(char *)separator = ',';
}

static void print_ip(const char *before, const struct arpq_ip *ip)
{
    char text[ARPQ_IP_STRLEN];

    if (ip->family != 0)
        printf("%s%s", before, address_format(ip, text));
}

static void print_mac(const char *before, const struct arpq_mac *mac)
{
    char text[ARPQ_MAC_STRLEN];

    if (mac->length != 0)
        printf("%s%s", before, address_format_mac(mac, text));
}

static void print_string(const char *before, const char *text)
{
    if (text[0] != '\0') {
        fputs(before, stdout);
        escape_print(text);
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
    printf(" scope %s", link_scope_name(a->scope, number));
    link_each_address_flag(a, words_print, NULL);
    if (a->protocol != 0)
        printf(" proto %s",
               number_name_lower(ARPQ_NAMES_ADDRESS_PROTOCOL, a->protocol, '_', number));
    print_string(" label ", a->label);
    link_print_lifetimes(a);
    putchar('\n');
}

static bool is_selected_family(const struct tool *t, const struct arpq_address *a)
{
    return t->filter.family == 0 || t->filter.family == a->ip.family;
}

/* An interface and its place in the list. */
struct interface_entry {
    const struct tool *t;
    const struct arpq_interfaces *list;
    const struct arpq_interface *link;
    const struct arpq_interface_stats *stats; /* NULL: unknown */
    uint32_t n;
};

static bool is_parent_down(const struct interface_entry *e)
{
    const struct arpq_interface *parent;

    if (e->link->parent == 0 || e->link->parent_netnsid >= 0)
        return false;
    parent = arpq_interfaces_by_ifindex(e->list, e->link->parent);
    return !parent || !(parent->flags & IFF_UP);
}

static void print_place(const struct interface_entry *e)
{
    const struct arpq_interface *link = e->link;

    if (link->master != 0) {
        fputs(" master ", stdout);
        device_print(e->t, link->master);
    }
    if (link->parent == 0)
        return;
    fputs(" parent ", stdout);
    if (link->parent_netnsid < 0)
        device_print(e->t, link->parent);
    else
        printf("%u netns %d", link->parent, link->parent_netnsid);
}

static void print_texts(const struct interface_entry *e)
{
    const char *altname;

    print_string(" device ", arpq_interfaces_text_at(e->list, e->n, ARPQ_INTERFACE_DEVICE));
    print_string(" bus ", arpq_interfaces_text_at(e->list, e->n, ARPQ_INTERFACE_BUS));
    print_string("\n    alias ", arpq_interfaces_text_at(e->list, e->n, ARPQ_INTERFACE_ALIAS));
    for (uint32_t i = 0; i < e->link->altname_count; i++)
        if ((altname = arpq_interfaces_altname_at(e->list, e->link->altname_first + i)) != NULL)
            print_string("\n    altname ", altname);
    putchar('\n');
}

static void print_text_interface(const struct interface_entry *e)
{
    const struct arpq_interface *link = e->link;
    char number[NUMBER_STRLEN], separator = '<';

    printf("%u: ", link->ifindex);
    escape_print(link->name);
    fputs(": ", stdout);
    link_each_flag(link->flags, print_link_flag, &separator);
    if (is_parent_down(e))
        print_link_flag("M-DOWN", &separator);
    printf("%s mtu %u type %s", separator == '<' ? "<>" : ">", link->mtu,
           link_type_name(link->type, number));
    print_mac(" mac ", &link->mac);
    print_mac(" brd ", &link->broadcast);
    if (link_has_other_permanent_mac(link))
        print_mac(" permaddr ", &link->permanent_mac);
    printf(" state %s", link_operstate_name(link->operstate, number));
    print_string(" kind ", link->kind);
    print_string(" port ", link->port_kind);
    print_place(e);
    if (e->stats)
        print_string(" qdisc ", e->stats->qdisc);
    printf(" qlen %u", link->queue_length);
    if (link->group != 0)
        printf(" group %u", link->group);
    print_texts(e);
    for (uint32_t i = 0; i < link->address_count; i++) {
        const struct arpq_address *a = arpq_interfaces_address_at(e->list, link->address_first + i);

        if (is_selected_family(e->t, a))
            print_address(a);
    }
    if (e->stats && options_given(e->t, OPTION_STATS))
        counters_print(e->stats);
}

static void json_texts(struct json_object *object, const struct interface_entry *e)
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

static void print_json_interface(const struct interface_entry *e)
{
    struct json_object *object = json_new();

    link_json(object, e->t, e->link, e->stats, is_parent_down(e));
    json_texts(object, e);
    struct json_object *addresses = json_list(object, "addr_info");
    for (uint32_t i = 0; i < e->link->address_count; i++) {
        const struct arpq_address *a =
            arpq_interfaces_address_at(e->list, e->link->address_first + i);

        if (is_selected_family(e->t, a))
            link_json_address(json_list_object(addresses), a);
    }
    if (e->stats && options_given(e->t, OPTION_STATS))
        counters_json(object, e->stats);
    json_print(object);
}

static void print_interface(const struct tool *t, const struct arpq_interfaces *list,
                            const struct arpq_interface *link)
{
    struct interface_entry e = {.t = t, .list = list, .link = link};

    e.n = (uint32_t)(link - arpq_interfaces_at(list, 0));
    e.stats = arpq_interfaces_stats_at(list, e.n);
    if (t->json)
        print_json_interface(&e);
    else
        print_text_interface(&e);
}

/* The library resolves the name, because it may be an address label. */
static enum status print_named_interface(const struct tool *t, const struct arpq_interfaces *list,
                                         const char *name)
{
    uint32_t ifindex;
    enum status status = arguments_device(t, t->json, name, &ifindex);

    if (status != FOUND)
        return status;
    const struct arpq_interface *link = arpq_interfaces_by_ifindex(list, ifindex);
    if (!link) {
        const struct failure f = {"ifname", name, -ENODEV, NULL, ""};

        return report_failure(t->json, &f);
    }
    print_interface(t, list, link);
    return FOUND;
}

/* Returns true if the interface has an address of the family that -4 or -6 selects. */
static bool has_family(const struct tool *t, const struct arpq_interfaces *list,
                       const struct arpq_interface *link)
{
    for (uint32_t i = 0; i < link->address_count; i++)
        if (is_selected_family(t, arpq_interfaces_address_at(list, link->address_first + i)))
            return true;
    return t->filter.family == 0;
}

static void print_all_interfaces(const struct tool *t, const struct arpq_interfaces *list, bool up)
{
    for (uint32_t n = 0; n < arpq_interfaces_count(list); n++) {
        const struct arpq_interface *link = arpq_interfaces_at(list, n);

        if ((!up || (link->flags & IFF_UP)) && has_family(t, list, link))
            print_interface(t, list, link);
    }
}

/* Takes a word of ip-link(8) from the front of the arguments, unless an interface has that name. */
static bool take_first_word(const struct tool *t, int *count, char ***args, const char *word)
{
    uint32_t ifindex;

    if (*count == 0 || strcmp(**args, word) != 0 || arpq_interface_index(t->h, word, &ifindex) == 0)
        return false;
    (*count)--;
    (*args)++;
    return true;
}

static enum status run_if(struct tool *t, int count, char **args)
{
    struct arpq_interfaces *list;
    enum status status = FOUND;
    int code = arpq_interfaces_get(t->h, ARPQ_INTERFACES_READ, &list);

    if (code != 0)
        return report_kernel(t, "cannot list interfaces", code);
    (void)(take_first_word(t, &count, &args, "show") || take_first_word(t, &count, &args, "list") ||
           take_first_word(t, &count, &args, "ls"));
    const bool up = take_first_word(t, &count, &args, "up");
    if (count > 0 && t->dev)
        status = report_usage("'%s': a second interface; 'arpq if NAME...' takes several", args[0]);
    else if (t->dev)
        status = print_named_interface(t, list, t->dev);
    else if (count == 0)
        print_all_interfaces(t, list, up);
    for (int i = 0; i < count && !t->dev; i++)
        status = status_worst(status, print_named_interface(t, list, args[i]));
    arpq_interfaces_free(list);
    return status;
}

const struct command cmd_if = {
    .name = "if",
    .synopsis = "[OPTION...] [up | NAME...]",
    .summary = "Print interfaces and their addresses",
    .help =
        "NAME is a name, alternative name or address label. up is every interface that is up.\n",
    .run = run_if,
    .most = INT_MAX,
    .takes = OPTIONS_ALWAYS | BIT(DEV) | OPTIONS_FAMILY | BIT(STATS),
};
