/* SPDX-License-Identifier: MIT */
#include "ifmap/ifmap.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 8

void aq_ifmap_clear(struct aq_ifmap *map)
{
    free(map->links);
    free(map->addresses);
    memset(map, 0, sizeof *map);
}

/* A larger array in place of *array when it is full; 0 or -ENOMEM. */
static int make_room(void **array, size_t *room, size_t count, size_t size)
{
    size_t wanted = *room ? *room * 2 : FIRST_ROOM;
    void *larger;

    if (count < *room)
        return 0;
    larger = realloc(*array, wanted * size);
    if (!larger)
        return -ENOMEM;
    *array = larger;
    *room = wanted;
    return 0;
}

static int make_link_room(struct aq_ifmap *map)
{
    void *array = map->links;
    int code = make_room(&array, &map->link_room, map->link_count, sizeof *map->links);

    map->links = array;
    return code;
}

static int make_address_room(struct aq_ifmap *map)
{
    void *array = map->addresses;
    int code = make_room(&array, &map->address_room, map->address_count, sizeof *map->addresses);

    map->addresses = array;
    return code;
}

int aq_ifmap_copy(const struct aq_ifmap *from, struct aq_ifmap *to)
{
    memset(to, 0, sizeof *to);
    to->links = calloc(from->link_count + 1, sizeof *to->links);
    to->addresses = calloc(from->address_count + 1, sizeof *to->addresses);
    if (!to->links || !to->addresses) {
        aq_ifmap_clear(to);
        return -ENOMEM;
    }
    to->link_count = from->link_count;
    to->address_count = from->address_count;
    to->link_room = from->link_count + 1;
    to->address_room = from->address_count + 1;
    if (from->link_count)
        memcpy(to->links, from->links, from->link_count * sizeof *to->links);
    if (from->address_count)
        memcpy(to->addresses, from->addresses, from->address_count * sizeof *to->addresses);
    return 0;
}

/* The position of the first link, or address, whose ifindex is not below. Dumps come
 * in order: look at the end first. */
static size_t link_position(const struct aq_ifmap *map, uint32_t ifindex)
{
    size_t low = 0, high = map->link_count;

    if (high && map->links[high - 1].index < ifindex)
        return high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (map->links[middle].index < ifindex)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t address_position(const struct aq_ifmap *map, uint32_t ifindex)
{
    size_t low = 0, high = map->address_count;

    if (high && map->addresses[high - 1].ifindex < ifindex)
        return high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (map->addresses[middle].ifindex < ifindex)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int aq_ifmap_put_link(struct aq_ifmap *map, const struct arpq_interface *link)
{
    size_t at = link_position(map, link->index);
    int code;

    if (at < map->link_count && map->links[at].index == link->index) {
        map->links[at] = *link;
        return 0;
    }
    code = make_link_room(map);
    if (code < 0)
        return code;
    memmove(&map->links[at + 1], &map->links[at], (map->link_count - at) * sizeof *map->links);
    map->links[at] = *link;
    map->link_count++;
    return 0;
}

/* The kernel keeps IPv4 addresses apart by prefix and peer too, IPv6 by the address. */
static bool same_address(const struct arpq_address *a, const struct arpq_address *b)
{
    if (a->ifindex != b->ifindex || arpq_ip_compare(&a->ip, &b->ip) != 0)
        return false;
    return a->ip.family != AF_INET ||
           (a->prefix_length == b->prefix_length && arpq_ip_compare(&a->peer, &b->peer) == 0);
}

/* The address of the same identity, or the end of its interface's range. */
static size_t find_address(const struct aq_ifmap *map, const struct arpq_address *address)
{
    size_t at = address_position(map, address->ifindex);

    while (at < map->address_count && map->addresses[at].ifindex == address->ifindex &&
           !same_address(&map->addresses[at], address))
        at++;
    return at;
}

static bool is_at(const struct aq_ifmap *map, size_t at, const struct arpq_address *address)
{
    return at < map->address_count && same_address(&map->addresses[at], address);
}

const struct arpq_address *aq_ifmap_address(const struct aq_ifmap *map,
                                            const struct arpq_address *address)
{
    size_t at = find_address(map, address);

    return is_at(map, at, address) ? &map->addresses[at] : NULL;
}

int aq_ifmap_put_address(struct aq_ifmap *map, const struct arpq_address *address)
{
    size_t at = find_address(map, address);
    int code;

    if (is_at(map, at, address)) {
        map->addresses[at] = *address;
        return 0;
    }
    code = make_address_room(map);
    if (code < 0)
        return code;
    memmove(&map->addresses[at + 1], &map->addresses[at],
            (map->address_count - at) * sizeof *map->addresses);
    map->addresses[at] = *address;
    map->address_count++;
    return 0;
}

static void cut_addresses(struct aq_ifmap *map, size_t at, size_t count)
{
    if (count == 0)
        return;
    memmove(&map->addresses[at], &map->addresses[at + count],
            (map->address_count - at - count) * sizeof *map->addresses);
    map->address_count -= count;
}

void aq_ifmap_remove_address(struct aq_ifmap *map, const struct arpq_address *address)
{
    size_t at = find_address(map, address);

    if (is_at(map, at, address))
        cut_addresses(map, at, 1);
}

void aq_ifmap_remove_link(struct aq_ifmap *map, uint32_t ifindex)
{
    size_t first = address_position(map, ifindex);
    size_t at = link_position(map, ifindex);
    size_t last = first;

    while (last < map->address_count && map->addresses[last].ifindex == ifindex)
        last++;
    cut_addresses(map, first, last - first);
    if (at == map->link_count || map->links[at].index != ifindex)
        return;
    memmove(&map->links[at], &map->links[at + 1], (map->link_count - at - 1) * sizeof *map->links);
    map->link_count--;
}

void aq_ifmap_settle(struct aq_ifmap *map)
{
    size_t next = 0;

    for (size_t i = 0; i < map->link_count; i++) {
        struct arpq_interface *link = &map->links[i];

        /* An address may be known before its link: skip what has none. */
        while (next < map->address_count && map->addresses[next].ifindex < link->index)
            next++;
        link->address_first = (uint32_t)next;
        while (next < map->address_count && map->addresses[next].ifindex == link->index)
            next++;
        link->address_count = (uint32_t)next - link->address_first;
    }
}

const struct arpq_interface *aq_ifmap_link(const struct aq_ifmap *map, uint32_t ifindex)
{
    size_t at = link_position(map, ifindex);

    return at < map->link_count && map->links[at].index == ifindex ? &map->links[at] : NULL;
}

const struct arpq_interface *aq_ifmap_link_named(const struct aq_ifmap *map, const char *name)
{
    for (size_t i = 0; i < map->link_count; i++)
        if (strncmp(map->links[i].name, name, ARPQ_IFNAME_SIZE) == 0)
            return &map->links[i];
    return NULL;
}
