/* SPDX-License-Identifier: MIT */
#include "event.h"

#include <linux/if.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "address.h"
#include "clock.h"
#include "device.h"
#include "escape.h"
#include "host_names.h"
#include "json.h"
#include "link.h"
#include "neigh.h"
#include "number_name.h"
#include "vendor.h"
#include "words.h"

static bool is_about_neigh(const struct arpq_event *event)
{
    return event->neigh.ip.family != 0;
}

/* Writes "added" for NEIGH_ADDED, "interface added" and so on. */
static const char *event_verb(uint32_t type, char text[NUMBER_STRLEN])
{
    static const char neigh[] = "neigh ";

    number_name_lower(ARPQ_NAMES_EVENT, type, ' ', text);
    return strncmp(text, neigh, sizeof neigh - 1) == 0 ? text + sizeof neigh - 1 : text;
}

static bool has_old_state(const struct arpq_event *event)
{
    return event->type == ARPQ_EVENT_NEIGH_CHANGED || event->type == ARPQ_EVENT_NEIGH_MOVED;
}

static void print_old_state(const char *name, void *separator)
{
    printf("%s%s", *(const char **)separator, name);
    *(const char **)separator = " ";
}

static void print_neigh_event(const struct tool *t, const struct arpq_event *event)
{
    const struct arpq_neigh *neigh = &event->neigh;
    const char *separator = " (was ", *name;
    char mac[ARPQ_MAC_STRLEN];

    putchar(' ');
    neigh_print(t, neigh);
    if (has_old_state(event) && event->old_state != neigh->state) {
        neigh_each_state(event->old_state, print_old_state, (void *)&separator);
        putchar(')');
    }
    if (event->old_mac.length != 0 && arpq_mac_compare(&event->old_mac, &neigh->mac) != 0)
        printf(" %s %s", event->type == ARPQ_EVENT_CONFLICT ? "with" : "from",
               address_format_mac(&event->old_mac, mac));
    neigh_print_origin(neigh);
    if (t->names && (name = host_names_find_new(&neigh->ip)) != NULL) {
        fputs(" name ", stdout);
        escape_print(name);
    }
    if (t->vendor)
        vendor_print(&neigh->mac, " vendor ");
}

static const char *up_or_down(uint32_t flags)
{
    if (!(flags & IFF_UP))
        return "down";
    return flags & IFF_RUNNING ? "up" : "up no-carrier";
}

static void print_interface_event(const struct tool *t, const struct arpq_event *event)
{
    const struct arpq_interface *link = &event->interface;
    const char *now = up_or_down(link->flags), *before = up_or_down(event->old_flags);
    char mac[ARPQ_MAC_STRLEN], number[NUMBER_STRLEN];

    putchar(' ');
    escape_print(link->name);
    printf(" %s", now);
    if (event->type == ARPQ_EVENT_INTERFACE_CHANGED && now != before)
        printf(" (was %s)", before);
    if (link->mac.length != 0)
        printf(" mac %s", address_format_mac(&link->mac, mac));
    if (link->master != 0) {
        fputs(" master ", stdout);
        device_print(t, link->master);
    }
    printf(" mtu %u state %s", link->mtu, link_operstate_name(link->operstate, number));
}

static void print_address_event(const struct tool *t, const struct arpq_address *address)
{
    char ip[ARPQ_IP_STRLEN];

    printf(" %s", address_format(&address->ip, ip));
    if (address->peer.family != 0)
        printf(" peer %s", address_format(&address->peer, ip));
    printf("/%u dev ", address->prefix_length);
    device_print(t, address->ifindex);
    link_each_address_flag(address, words_print, NULL);
    link_print_lifetimes(address);
}

static void print_text_event(const struct tool *t, const struct arpq_event *event)
{
    struct timespec now;
    char verb[NUMBER_STRLEN];

    clock_gettime(CLOCK_REALTIME, &now);
    clock_print(&now);
    fputs(event_verb(event->type, verb), stdout);
    if (is_about_neigh(event))
        print_neigh_event(t, event);
    else if (event->interface.ifindex != 0)
        print_interface_event(t, event);
    else if (event->address.ifindex != 0)
        print_address_event(t, &event->address);
    if (event->flags & ARPQ_EVENT_RESYNC)
        fputs(" [resync]", stdout);
    if (event->flags & ARPQ_EVENT_DAMPED)
        fputs(" [damped]", stdout);
    putchar('\n');
}

static void json_neigh_event(struct json_object *object, const struct tool *t,
                             const struct arpq_event *event)
{
    const char *name;

    neigh_json(object, t, &event->neigh, false);
    json_number(object, "ifindex", event->neigh.ifindex);
    if (t->names && (name = host_names_find_new(&event->neigh.ip)) != NULL)
        json_text(object, "name", name);
    json_mac(object, "old_lladdr", &event->old_mac);
    if (has_old_state(event))
        neigh_json_states(object, "old_state", event->old_state);
}

static void json_address_event(struct json_object *object, const struct tool *t,
                               const struct arpq_address *address)
{
    char name[ARPQ_IFNAME_SIZE];

    device_name(t, address->ifindex, name);
    json_number(object, "ifindex", address->ifindex);
    json_text(object, "ifname", name);
    link_json_address(object, address);
}

static void json_old_address_flags(struct json_object *object, const struct arpq_event *event)
{
    struct arpq_address old = event->address;

    old.flags = event->old_flags;
    link_each_address_flag(&old, json_list_word, json_list(object, "old_flags"));
}

static void print_json_event(const struct tool *t, const struct arpq_event *event)
{
    struct json_object *object = json_new();
    struct timespec now;
    char type[NUMBER_STRLEN];

    json_text(object, "event", number_name_lower(ARPQ_NAMES_EVENT, event->type, '_', type));
    clock_gettime(CLOCK_REALTIME, &now);
    clock_json(object, &now);
    if (is_about_neigh(event)) {
        json_neigh_event(object, t, event);
    } else if (event->interface.ifindex != 0) {
        link_json(object, t, &event->interface, NULL, false);
        if (event->type == ARPQ_EVENT_INTERFACE_CHANGED)
            link_each_flag(event->old_flags, json_list_word, json_list(object, "old_flags"));
    } else if (event->address.ifindex != 0) {
        json_address_event(object, t, &event->address);
        if (event->type == ARPQ_EVENT_ADDRESS_CHANGED)
            json_old_address_flags(object, event);
    }
    if (event->flags & ARPQ_EVENT_RESYNC)
        json_true(object, "resync");
    if (event->flags & ARPQ_EVENT_DAMPED)
        json_true(object, "damped");
    json_print(object);
}

void event_print(const struct tool *t, const struct arpq_event *event)
{
    if (t->json)
        print_json_event(t, event);
    else
        print_text_event(t, event);
}
