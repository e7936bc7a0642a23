/* SPDX-License-Identifier: MIT */
#include "neigh.h"

#include <inttypes.h>
#include <stdio.h>

#include "address.h"
#include "device.h"
#include "escape.h"
#include "vendor.h"

const struct number_name neigh_flag_names[] = {
    {ARPQ_NEIGH_ROUTER, "router"},
    {ARPQ_NEIGH_PROXY, "proxy"},
    {ARPQ_NEIGH_EXT_LEARNED, "extern_learn"},
    {ARPQ_NEIGH_OFFLOADED, "offload"},
    {ARPQ_NEIGH_MANAGED, "managed"},
    {ARPQ_NEIGH_EXT_VALIDATED, "extern_valid"},
    {ARPQ_NEIGH_STICKY, "sticky"},
    {ARPQ_NEIGH_LOCAL, "local"},
    {ARPQ_NEIGH_MULTICAST, "multicast"},
    {ARPQ_NEIGH_BROADCAST, "broadcast"},
    {ARPQ_NEIGH_GATEWAY, "gateway"},
    {0, NULL},
};

bool neigh_is_synthetic(const struct arpq_neigh *neigh)
{
    return (neigh->flags & (ARPQ_NEIGH_LOCAL | ARPQ_NEIGH_MULTICAST | ARPQ_NEIGH_BROADCAST)) != 0;
}

void neigh_each_state(uint32_t state, word_function *one, void *context)
{
    if (state == ARPQ_STATE_NONE)
        one("NONE", context);
    for (uint32_t bit = ARPQ_STATE_INCOMPLETE; bit <= ARPQ_STATE_PERMANENT; bit <<= 1)
        if (state & bit)
            one(arpq_name(ARPQ_NAMES_STATE, bit), context);
}

void neigh_print(const struct tool *t, const struct arpq_neigh *neigh)
{
    char ip[ARPQ_IP_STRLEN], mac[ARPQ_MAC_STRLEN];

    printf("%s dev ", address_format(&neigh->ip, ip));
    device_print(t, neigh->ifindex);
    if (neigh->mac.length != 0)
        printf(" lladdr %s", address_format_mac(&neigh->mac, mac));
    neigh_each_state(neigh->state, words_print, NULL);
}

void neigh_print_origin(const struct arpq_neigh *neigh)
{
    char number[NUMBER_STRLEN];

    if (neigh->protocol != 0)
        printf(" proto %s", number_name_lower(ARPQ_NAMES_PROTOCOL, neigh->protocol, '_', number));
    for (const struct number_name *f = neigh_flag_names; f->name; f++)
        if (neigh->flags & f->number)
            printf(" %s", f->name);
}

void neigh_print_answer(const struct tool *t, const char *asked, const struct arpq_mac *mac)
{
    char text[ARPQ_MAC_STRLEN];

    if (t->several) {
        escape_print(asked);
        putchar(' ');
    }
    fputs(address_format_mac(mac, text), stdout);
    if (t->vendor)
        vendor_print(mac, " ");
    putchar('\n');
}

/* Adds no key for the state NONE, as in ip -j. */
void neigh_json_states(struct json_object *object, const char *key, uint32_t state)
{
    if (state != ARPQ_STATE_NONE)
        neigh_each_state(state, json_list_word, json_list(object, key));
}

/* The ages are whole seconds, as in ip -j. */
static void add_neigh_statistics(struct json_object *object, const struct arpq_neigh *neigh)
{
    if (neigh->refcount != 0)
        json_number(object, "refcnt", neigh->refcount);
    json_number(object, "used", neigh->used_ms / 1000);
    json_number(object, "confirmed", neigh->confirmed_ms / 1000);
    json_number(object, "updated", neigh->updated_ms / 1000);
    json_number(object, "probes", neigh->probes);
}

static void add_place(struct json_object *object, const struct arpq_neigh *neigh, const char *dev)
{
    char text[ARPQ_MAC_STRLEN];

    json_text(object, "dst", address_format(&neigh->ip, text));
    if (dev[0] != '\0')
        json_text(object, "dev", dev);
    if (neigh->mac.length != 0)
        json_text(object, "lladdr", address_format_mac(&neigh->mac, text));
    for (const struct number_name *f = neigh_flag_names; neigh->flags != 0 && f->name; f++)
        if (neigh->flags & f->number)
            json_null(object, f->name);
}

static void add_origin(struct json_object *object, const struct tool *t,
                       const struct arpq_neigh *neigh)
{
    char number[NUMBER_STRLEN];
    const char *vendor;

    neigh_json_states(object, "state", neigh->state);
    if (neigh->protocol != 0)
        json_text(object, "protocol",
                  number_name_lower(ARPQ_NAMES_PROTOCOL, neigh->protocol, '_', number));
    if (t->vendor && (vendor = vendor_name(&neigh->mac)) != NULL)
        json_text(object, "vendor", vendor);
}

void neigh_json_named(struct json_object *object, const struct tool *t,
                      const struct arpq_neigh *neigh, const char *dev)
{
    add_place(object, neigh, dev);
    add_origin(object, t, neigh);
}

void neigh_json(struct json_object *object, const struct tool *t, const struct arpq_neigh *neigh,
                bool statistics)
{
    char name[ARPQ_IFNAME_SIZE] = "";

    if (neigh->ifindex != 0)
        device_name(t, neigh->ifindex, name);
    add_place(object, neigh, name);
    if (statistics && !neigh_is_synthetic(neigh))
        add_neigh_statistics(object, neigh);
    add_origin(object, t, neigh);
}

void neigh_json_entry(const struct tool *t, const char *asked, const struct arpq_ip *ip,
                      const struct arpq_neigh *neigh, bool statistics)
{
    struct json_object *object = json_new();

    neigh_json(object, t, neigh, statistics);
    if (!address_equal(&neigh->ip, ip))
        json_text(object, "asked", asked);
    json_print(object);
}
