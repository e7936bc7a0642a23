/* SPDX-License-Identifier: MIT */
/* arpq if [NAME...]: interfaces and their addresses, named as ip-address(8) does. */
#include <errno.h>
#include <stdio.h>

#include "arpq_tool.h"

static void print_link_flag(const char *name, void *separator)
{
    printf("%c%s", *(char *)separator, name);
    *(char *)separator = ',';
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
    printf(" scope %s", scope_name(a->scope, number));
    each_address_flag(a, print_word, NULL);
    if (a->label[0] != '\0') {
        fputs(" label ", stdout);
        print_escaped(a->label);
    }
    putchar('\n');
}

static void print_text(const struct tool *t, const struct arpq_interfaces *list,
                       const struct arpq_interface *link)
{
    char mac[ARPQ_MAC_STRLEN], number[NUMBER_STRLEN], separator = '<';

    printf("%u: ", link->index);
    print_escaped(link->name);
    fputs(": ", stdout);
    each_link_flag(link->flags, print_link_flag, &separator);
    printf("%s mtu %u type %s", separator == '<' ? "<>" : ">", link->mtu,
           link_type_name(link->type, number));
    if (link->mac.length != 0)
        printf(" mac %s", arpq_mac_format(&link->mac, ARPQ_MAC_COLON, mac, sizeof(mac)));
    if (link->broadcast.length != 0)
        printf(" brd %s", arpq_mac_format(&link->broadcast, ARPQ_MAC_COLON, mac, sizeof(mac)));
    if (link->master != 0) {
        fputs(" master ", stdout);
        print_device(t, link->master);
    }
    if (link->parent != 0)
        printf(" parent %u", link->parent);
    putchar('\n');
    for (uint32_t n = 0; n < link->address_count; n++)
        print_address(arpq_interfaces_address_at(list, link->address_first + n));
}

static void print_json(const struct tool *t, const struct arpq_interfaces *list,
                       const struct arpq_interface *link)
{
    struct json_object *object = json_new();

    json_link(object, t, link);
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
    int code = arpq_interfaces_get(t->h, 0, &list);

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
