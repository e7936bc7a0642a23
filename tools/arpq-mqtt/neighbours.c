/* SPDX-License-Identifier: MIT */
/* The topics of an entry have the name of its interface. The events of interfaces keep the names, so
 * that the topics of an interface are known when it is gone. */
#include "neighbours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "json.h"
#include "memory.h"
#include "message.h"
#include "neigh.h"
#include "topic.h"

#define MOST_EVENTS 1000 /* in one call, so that the broker is served meanwhile */

struct neighbours_device {
    uint32_t ifindex;
    char name[ARPQ_IFNAME_SIZE];
    char level[TOPIC_LEVEL_SIZE(ARPQ_IFNAME_SIZE)];
};

/* ---- Interfaces ---- */

/* Returns the place of an interface in the list, which is sorted by ifindex. */
static size_t device_place(const struct neighbours *n, uint32_t ifindex)
{
    size_t from = 0, to = n->device_count;

    while (from < to) {
        const size_t middle = (from + to) / 2;

        if (n->devices[middle].ifindex < ifindex)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static struct neighbours_device *find_device(const struct neighbours *n, uint32_t ifindex)
{
    const size_t place = device_place(n, ifindex);

    return place < n->device_count && n->devices[place].ifindex == ifindex ? &n->devices[place]
                                                                           : NULL;
}

static struct neighbours_device *add_device(struct neighbours *n, uint32_t ifindex)
{
    const size_t place = device_place(n, ifindex);

    if (n->device_count == n->device_capacity) {
        n->device_capacity = n->device_capacity == 0 ? 16 : 2 * n->device_capacity;
        n->devices = memory_check(realloc(n->devices, n->device_capacity * sizeof *n->devices));
    }
    memmove(&n->devices[place + 1], &n->devices[place],
            (n->device_count - place) * sizeof *n->devices);
    n->devices[place] = (struct neighbours_device){.ifindex = ifindex};
    n->device_count++;
    return &n->devices[place];
}

static const struct neighbours_device *name_device(struct neighbours *n, uint32_t ifindex,
                                                   const char *name)
{
    struct neighbours_device *device = find_device(n, ifindex);

    if (!device)
        device = add_device(n, ifindex);
    else if (strcmp(device->name, name) != 0)
        n->again = true;
    snprintf(device->name, sizeof device->name, "%s", name);
    topic_escape(device->level, device->name);
    return device;
}

static void remove_device(struct neighbours *n, uint32_t ifindex)
{
    struct neighbours_device *device = find_device(n, ifindex);

    retained_clear_interface(n->retained, ifindex);
    if (!device)
        return;
    n->device_count--;
    memmove(device, device + 1, (n->device_count - (size_t)(device - n->devices)) * sizeof *device);
}

/* Returns NULL if the interface is gone: its topics are cleared already. */
static const struct neighbours_device *device_of(struct neighbours *n, uint32_t ifindex)
{
    const struct neighbours_device *device = find_device(n, ifindex);
    char name[ARPQ_IFNAME_SIZE];

    if (device)
        return device;
    return arpq_interface_name(n->h, ifindex, name) == 0 ? name_device(n, ifindex, name) : NULL;
}

/* ---- Entries ---- */

/* As ip-neighbour(8), which lists no NOARP entries unless it is asked to. */
static bool is_published(const struct mqtt_options *options, const struct arpq_event *event,
                         const char *dev)
{
    return event->type != ARPQ_EVENT_NEIGH_REMOVED && event->neigh.state != ARPQ_STATE_NONE &&
           event->neigh.state != ARPQ_STATE_NOARP &&
           (!options->dev || strcmp(options->dev, dev) == 0);
}

static void set_entry(struct neighbours *n, const struct arpq_neigh *neigh,
                      const struct neighbours_device *device, const char *topic)
{
    static const struct tool tool;
    struct json_object *object = json_new();

    neigh_json_named(object, &tool, neigh, device->name);
    retained_set(n->retained, topic, json_end(object), neigh->ifindex, false);
}

/* Writes the topic that finds the entry by its MAC address. */
static void mac_topic(const struct neighbours *n, char topic[TOPIC_SIZE],
                      const struct arpq_mac *mac, const struct neighbours_device *device,
                      const char *ip)
{
    char text[ARPQ_MAC_STRLEN];

    topic_mac(topic, n->options->prefix, mac->length != 0 ? address_format_mac(mac, text) : NULL,
              n->host, device->level, ip);
}

/* The entry may have been found by its last MAC address, and by none when it lost that. */
static void clear_other_macs(struct neighbours *n, const struct arpq_event *event,
                             const struct neighbours_device *device, const char *ip)
{
    static const struct arpq_mac none;
    const struct arpq_mac *const others[] = {&event->old_mac, &none};
    char topic[TOPIC_SIZE];

    for (size_t i = 0; i < 2; i++)
        if (arpq_mac_compare(others[i], &event->neigh.mac) != 0) {
            mac_topic(n, topic, others[i], device, ip);
            retained_clear(n->retained, topic, event->neigh.ifindex);
        }
}

static void take_neighbour(struct neighbours *n, const struct arpq_event *event)
{
    const struct arpq_neigh *neigh = &event->neigh;
    const struct neighbours_device *device = device_of(n, neigh->ifindex);
    char entry[TOPIC_SIZE], list[TOPIC_SIZE], ip[ARPQ_IP_STRLEN];

    if (!device)
        return;
    address_format(&neigh->ip, ip);
    topic_entry(entry, n->options->prefix, n->host, device->level, ip);
    mac_topic(n, list, &neigh->mac, device, ip);
    if (is_published(n->options, event, device->name)) {
        retained_set(n->retained, list, "1", neigh->ifindex, true);
        set_entry(n, neigh, device, entry);
    } else {
        retained_clear(n->retained, entry, neigh->ifindex);
        retained_clear(n->retained, list, neigh->ifindex);
    }
    clear_other_macs(n, event, device, ip);
}

static void take_event(struct neighbours *n, const struct arpq_event *event)
{
    switch (event->type) {
    case ARPQ_EVENT_INTERFACE_ADDED:
    case ARPQ_EVENT_INTERFACE_CHANGED:
        name_device(n, event->interface.ifindex, event->interface.name);
        break;
    case ARPQ_EVENT_INTERFACE_REMOVED:
        remove_device(n, event->interface.ifindex);
        break;
    case ARPQ_EVENT_OVERRUN:
        message_note("the kernel dropped events; the table is read again");
        break;
    case ARPQ_EVENT_SYNCED:
        if (n->reading)
            retained_end_reading(n->retained);
        n->reading = false;
        break;
    case ARPQ_EVENT_CONFLICT: /* follows the event that has moved the entry */
        break;
    default:
        take_neighbour(n, event);
    }
}

/* ---- The watch ---- */

static bool open_watch(struct neighbours *n)
{
    struct arpq_watch_options options = {.size = sizeof options,
                                         .flags = ARPQ_WATCH_EXISTING | ARPQ_WATCH_INTERFACES,
                                         .filter.family = n->options->family};
    int code;

    arpq_watch_close(n->watch);
    n->device_count = 0;
    n->again = false;
    n->reading = true;
    retained_begin_reading(n->retained);
    code = arpq_watch_open(n->h, &n->watch, &options);
    if (code != 0)
        message_print("cannot watch the neighbour table: %s", arpq_strerror(code));
    return code == 0;
}

bool neighbours_open(struct neighbours *n, const struct mqtt_options *options,
                     struct retained *retained)
{
    *n = (struct neighbours){.options = options, .retained = retained};
    int code = arpq_open(&n->h, NULL);

    if (code != 0) {
        message_print("cannot open a netlink socket: %s", arpq_strerror(code));
        return false;
    }
    n->host = memory_check(malloc(TOPIC_LEVEL_SIZE(strlen(options->host_name))));
    topic_escape(n->host, options->host_name);
    return open_watch(n);
}

int neighbours_fd(const struct neighbours *n)
{
    return arpq_watch_fd(n->watch);
}

bool neighbours_take(struct neighbours *n, bool *more)
{
    struct arpq_event event;
    int code = 1;

    for (int i = 0; i < MOST_EVENTS && code == 1; i++) {
        code = arpq_watch_next(n->watch, &event, 0);
        if (code == 1)
            take_event(n, &event);
        if (n->again)
            return open_watch(n) && (*more = true);
    }
    *more = code == 1;
    if (code < 0)
        message_print("cannot go on watching: %s", arpq_strerror(code));
    return code >= 0;
}

void neighbours_close(struct neighbours *n)
{
    arpq_watch_close(n->watch);
    arpq_close(n->h);
    free(n->host);
    free(n->devices);
    *n = (struct neighbours){0};
}
