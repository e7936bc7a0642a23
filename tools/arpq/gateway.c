/* SPDX-License-Identifier: MIT */
#include "gateway.h"

#include <inttypes.h>
#include <linux/rtnetlink.h>
#include <stdio.h>

#include "address.h"
#include "device.h"
#include "json.h"
#include "neigh.h"
#include "number_name.h"
#include "vendor.h"

static const struct number_name table_names[] = {
    {RT_TABLE_DEFAULT, "default"},
    {RT_TABLE_MAIN, "main"},
    {RT_TABLE_LOCAL, "local"},
    {0, NULL},
};

/* RFC 4191. Medium is the default. */
static const struct number_name preference_names[] = {
    {0, "medium"},
    {1, "high"},
    {3, "low"},
    {0, NULL},
};

static const struct number_name gateway_flag_names[] = {
    {ARPQ_GATEWAY_DEAD, "dead"},
    {ARPQ_GATEWAY_ONLINK, "onlink"},
    {ARPQ_GATEWAY_LINKDOWN, "linkdown"},
    {ARPQ_GATEWAY_OFFLOADED, "offload"},
    {ARPQ_GATEWAY_CHOSEN, "chosen"},
    {ARPQ_GATEWAY_SELECTIVE, "selective"},
    {0, NULL},
};

static const char *gateway_family(uint16_t family)
{
    return family == AF_INET6 ? "inet6" : "inet";
}

static void gateway_each_flag(uint32_t flags, word_function *one, void *context)
{
    for (const struct number_name *f = gateway_flag_names; f->name; f++)
        if (flags & f->number)
            one(f->name, context);
}

/* ---- Text ---- */

static void print_place(const struct tool *t, const struct arpq_gateway *gateway)
{
    char text[ARPQ_IP_STRLEN];

    fputs(gateway->ip.family != 0 ? address_format(&gateway->ip, text) : "-", stdout);
    fputs(" dev ", stdout);
    device_print(t, gateway->ifindex);
    if (gateway->metric != 0)
        printf(" metric %" PRIu32, gateway->metric);
}

static void print_neighbour(const struct arpq_gateway *gateway)
{
    char text[ARPQ_MAC_STRLEN];

    if (gateway->code != 0)
        return;
    if (gateway->neigh.mac.length != 0)
        printf(" lladdr %s", address_format_mac(&gateway->neigh.mac, text));
    neigh_each_state(gateway->neigh.state, words_print, NULL);
}

static void print_route(const struct arpq_gateway *gateway)
{
    char text[ARPQ_IP_STRLEN], number[NUMBER_STRLEN];

    if (gateway->ip.family != 0 && gateway->ip.family != gateway->family)
        printf(" family %s", gateway_family(gateway->family));
    if (gateway->protocol != RTPROT_BOOT) /* as ip-route(8), which does not print it either */
        printf(" proto %s", number_name_lower(ARPQ_NAMES_PROTOCOL, gateway->protocol, '_', number));
    if (gateway->source.family != 0)
        printf(" src %s", address_format(&gateway->source, text));
    if (gateway->table != RT_TABLE_MAIN)
        printf(" table %s", number_name_text(table_names, gateway->table, number));
    if (gateway->weight != 1)
        printf(" weight %" PRIu32, gateway->weight);
    if (gateway->nexthop_id != 0)
        printf(" nhid %" PRIu32, gateway->nexthop_id);
    if (gateway->preference != 0)
        printf(" pref %s", number_name_text(preference_names, gateway->preference, number));
    if (gateway->valid_s != ARPQ_FOREVER)
        printf(" expires %" PRIu32 "sec", gateway->valid_s);
}

void gateway_print(const struct tool *t, const struct arpq_gateway *gateway)
{
    print_place(t, gateway);
    print_neighbour(gateway);
    print_route(gateway);
    gateway_each_flag(gateway->flags, words_print, NULL);
    if (t->vendor)
        vendor_print(&gateway->neigh.mac, " vendor ");
    putchar('\n');
}

/* ---- JSON ---- */

static void add_neighbour(struct json_object *object, const struct tool *t,
                          const struct arpq_gateway *gateway)
{
    const char *vendor;

    if (gateway->code != 0)
        return;
    if (gateway->neigh.mac.length != 0)
        json_mac(object, "lladdr", &gateway->neigh.mac);
    neigh_json_states(object, "state", gateway->neigh.state);
    if (t->vendor && (vendor = vendor_name(&gateway->neigh.mac)) != NULL)
        json_text(object, "vendor", vendor);
}

static void add_route(struct json_object *object, const struct arpq_gateway *gateway)
{
    char text[ARPQ_IP_STRLEN], number[NUMBER_STRLEN];

    json_text(object, "protocol",
              number_name_lower(ARPQ_NAMES_PROTOCOL, gateway->protocol, '_', number));
    if (gateway->source.family != 0)
        json_text(object, "prefsrc", address_format(&gateway->source, text));
    json_text(object, "table", number_name_text(table_names, gateway->table, number));
    json_number(object, "weight", gateway->weight);
    json_number_set(object, "nhid", gateway->nexthop_id);
    if (gateway->family == AF_INET6)
        json_text(object, "pref", number_name_text(preference_names, gateway->preference, number));
    if (gateway->valid_s != ARPQ_FOREVER)
        json_number(object, "expires", gateway->valid_s);
}

void gateway_json(const struct tool *t, const struct arpq_gateway *gateway)
{
    struct json_object *object = json_new();
    char text[ARPQ_IP_STRLEN], name[ARPQ_IFNAME_SIZE];

    device_name(t, gateway->ifindex, name);
    json_text(object, "dst", "default");
    json_text(object, "family", gateway_family(gateway->family));
    if (gateway->ip.family != 0)
        json_text(object, "gateway", address_format(&gateway->ip, text));
    json_text(object, "dev", name);
    json_number(object, "metric", gateway->metric);
    add_neighbour(object, t, gateway);
    add_route(object, gateway);
    gateway_each_flag(gateway->flags & ~ARPQ_GATEWAY_CHOSEN, json_list_word,
                      json_list(object, "flags"));
    if (gateway->flags & ARPQ_GATEWAY_CHOSEN)
        json_true(object, "chosen");
    json_print(object);
}
