/* SPDX-License-Identifier: MIT */
#include "ifmap/ifmap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "value/array.h"
#include "value/hash.h"

#define FIRST_CELLS 16u

void aq_ifmap_clear(struct aq_ifmap *map)
{
    free(map->links);
    free(map->addresses);
    free(map->cells);
    *map = (struct aq_ifmap){.seed = map->seed};
}

static void remove_later(struct aq_ifmap *map, struct arpq_address *address)
{
    address->ip.family = 0;
    map->removed++;
}

/* ---- Links ---- */

/* Returns the position of the first link with this ifindex or a higher one. Checks the end first,
 * because dumps are sorted. */
static size_t link_position(const struct aq_ifmap *map, uint32_t ifindex)
{
    size_t low = 0, high = map->link_count;

    if (high && map->links[high - 1].ifindex < ifindex)
        return high;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (map->links[middle].ifindex < ifindex)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int aq_ifmap_put_link(struct aq_ifmap *map, const struct arpq_interface *link)
{
    size_t at = link_position(map, link->ifindex);
    struct arpq_interface *links;

    if (at < map->link_count && map->links[at].ifindex == link->ifindex) {
        map->links[at] = *link;
        return 0;
    }
    links = aq_array_grow(map->links, &map->link_capacity, map->link_count, 1, sizeof *links);
    if (!links)
        return -ENOMEM;
    map->links = links;
    memmove(&links[at + 1], &links[at], (map->link_count - at) * sizeof *links);
    links[at] = *link;
    map->link_count++;
    return 0;
}

const struct arpq_interface *aq_ifmap_link(const struct aq_ifmap *map, uint32_t ifindex)
{
    size_t at = link_position(map, ifindex);

    return at < map->link_count && map->links[at].ifindex == ifindex ? &map->links[at] : NULL;
}

const struct arpq_interface *aq_ifmap_link_after(const struct aq_ifmap *map, uint32_t ifindex)
{
    size_t at = link_position(map, ifindex + 1);

    return at < map->link_count ? &map->links[at] : NULL;
}

const struct arpq_interface *aq_ifmap_link_named(const struct aq_ifmap *map, const char *name)
{
    for (size_t i = 0; i < map->link_count; i++)
        if (strncmp(map->links[i].name, name, ARPQ_IFNAME_SIZE) == 0)
            return &map->links[i];
    return NULL;
}

void aq_ifmap_remove_link(struct aq_ifmap *map, uint32_t ifindex)
{
    size_t at = link_position(map, ifindex);

    for (size_t i = 0; i < map->address_count; i++) {
        if (map->addresses[i].ifindex == ifindex && !aq_ifmap_is_removed(&map->addresses[i]))
            remove_later(map, &map->addresses[i]);
    }
    if (at == map->link_count || map->links[at].ifindex != ifindex)
        return;
    memmove(&map->links[at], &map->links[at + 1], (map->link_count - at - 1) * sizeof *map->links);
    map->link_count--;
}

/* ---- Addresses ---- */

/* On one link, the kernel identifies an IPv4 address by the address, its prefix and its peer, and
 * an IPv6 address by the address only. */
static bool ifmap_same_address(const struct arpq_address *a, const struct arpq_address *b)
{
    if (a->ifindex != b->ifindex || arpq_ip_compare(&a->ip, &b->ip) != 0)
        return false;
    return a->ip.family != AF_INET ||
           (a->prefix_length == b->prefix_length && arpq_ip_compare(&a->peer, &b->peer) == 0);
}

/* Hashes the members that ifmap_same_address compares in both families. */
static size_t first_cell(const struct aq_ifmap *map, const struct arpq_address *address)
{
    uint64_t hash = aq_hash_ip(map->seed, &address->ip, address->ifindex);

    return (size_t)hash & (map->cell_count - 1);
}

/* Returns the cell of the address, or the empty cell for it. */
static uint32_t *find_cell(const struct aq_ifmap *map, const struct arpq_address *address)
{
    size_t at = first_cell(map, address);

    while (map->cells[at] && !ifmap_same_address(&map->addresses[map->cells[at] - 1], address))
        at = (at + 1) & (map->cell_count - 1);
    return &map->cells[at];
}

/* Moves kept addresses together. The caller rebuilds the cells. */
static void ifmap_compact(struct aq_ifmap *map)
{
    size_t count = 0;

    for (size_t i = 0; i < map->address_count && map->removed; i++) {
        if (aq_ifmap_is_removed(&map->addresses[i]))
            continue;
        if (count < i)
            map->addresses[count] = map->addresses[i];
        count++;
    }
    if (map->removed)
        map->address_count = count;
    map->removed = 0;
}

/* Makes cells for twice the kept addresses. */
static int build_cells(struct aq_ifmap *map)
{
    size_t kept = map->address_count - map->removed, count = FIRST_CELLS;
    uint32_t *cells;

    while (count < (kept + 1) * 4)
        count *= 2;
    cells = calloc(count, sizeof *cells);
    if (!cells)
        return -ENOMEM;
    free(map->cells);
    map->cells = cells;
    map->cell_count = count;
    ifmap_compact(map);
    for (uint32_t i = 0; i < map->address_count; i++) {
        uint32_t *cell = find_cell(map, &map->addresses[i]);

        if (*cell)
            remove_later(map, &map->addresses[*cell - 1]);
        *cell = i + 1;
    }
    return 0;
}

int aq_ifmap_index(struct aq_ifmap *map)
{
    return map->cells ? 0 : build_cells(map);
}

static size_t find_address(const struct aq_ifmap *map, const struct arpq_address *address)
{
    size_t at = 0;

    if (map->cells) {
        uint32_t number = *find_cell(map, address);

        return number ? number - 1 : map->address_count;
    }
    while (at < map->address_count && !ifmap_same_address(&map->addresses[at], address))
        at++;
    return at;
}

const struct arpq_address *aq_ifmap_address(const struct aq_ifmap *map,
                                            const struct arpq_address *address)
{
    size_t at = find_address(map, address);

    return at < map->address_count ? &map->addresses[at] : NULL;
}

static int ifmap_append(struct aq_ifmap *map, const struct arpq_address *address)
{
    struct arpq_address *addresses = aq_array_grow(map->addresses, &map->address_capacity,
                                                   map->address_count, 1, sizeof *addresses);

    if (!addresses)
        return -ENOMEM;
    map->addresses = addresses;
    addresses[map->address_count++] = *address;
    return 0;
}

static void drop_cells(struct aq_ifmap *map)
{
    free(map->cells);
    map->cells = NULL;
}

int aq_ifmap_append_address(struct aq_ifmap *map, const struct arpq_address *address)
{
    drop_cells(map);
    return ifmap_append(map, address);
}

int aq_ifmap_put_address(struct aq_ifmap *map, const struct arpq_address *address)
{
    uint32_t *cell;
    int code;

    /* At most half of the cells are used, so every search ends at an empty one. */
    if ((!map->cells || (map->address_count + 1) * 2 > map->cell_count) && build_cells(map) < 0)
        return -ENOMEM;
    cell = find_cell(map, address);
    if (*cell) {
        map->addresses[*cell - 1] = *address;
        return 0;
    }
    code = ifmap_append(map, address);
    if (code == 0)
        *cell = (uint32_t)map->address_count;
    return code;
}

void aq_ifmap_remove_address(struct aq_ifmap *map, const struct arpq_address *address)
{
    size_t at = find_address(map, address);

    if (at == map->address_count)
        return;
    remove_later(map, &map->addresses[at]);
}

/* ---- Settling ---- */

/* Returns the link of a kept address, or NULL. Tries the link of the previous address first. */
static struct arpq_interface *link_of(const struct aq_ifmap *map,
                                      const struct arpq_address *address, size_t *last)
{
    if (*last >= map->link_count || map->links[*last].ifindex != address->ifindex)
        *last = link_position(map, address->ifindex);
    if (*last == map->link_count || map->links[*last].ifindex != address->ifindex)
        return NULL;
    return aq_ifmap_is_removed(address) ? NULL : &map->links[*last];
}

/* Sets address_first and address_count of each link. Returns the first position after the
 * addresses of all links. */
static size_t count_addresses(struct aq_ifmap *map)
{
    size_t last = 0, first = 0;

    for (size_t i = 0; i < map->link_count; i++)
        map->links[i].address_count = 0;
    for (size_t i = 0; i < map->address_count; i++) {
        struct arpq_interface *link = link_of(map, &map->addresses[i], &last);

        if (link)
            link->address_count++;
    }
    for (size_t i = 0; i < map->link_count; i++) {
        map->links[i].address_first = (uint32_t)first;
        first += map->links[i].address_count;
    }
    return first;
}

/* Computes the new position of each address: by link, then those without a link, then the removed
 * ones. */
static void choose_places(struct aq_ifmap *map, uint32_t *places)
{
    size_t rest = count_addresses(map), removed = map->address_count - map->removed, last = 0;

    for (size_t i = 0; i < map->address_count; i++) {
        struct arpq_interface *link = link_of(map, &map->addresses[i], &last);

        if (link)
            places[i] = link->address_first++;
        else
            places[i] = (uint32_t)(aq_ifmap_is_removed(&map->addresses[i]) ? removed++ : rest++);
    }
    for (size_t i = 0; i < map->link_count; i++)
        map->links[i].address_first -= map->links[i].address_count;
}

/* Moves the addresses in place, because a second array of this size would cost more than the
 * moves. */
int aq_ifmap_settle(struct aq_ifmap *map)
{
    uint32_t *places = malloc((map->address_count + 1) * sizeof *places);

    if (!places)
        return -ENOMEM;
    drop_cells(map);
    choose_places(map, places);
    for (uint32_t i = 0; i < map->address_count; i++) {
        while (places[i] != i) {
            uint32_t to = places[i];
            struct arpq_address moved = map->addresses[to];

            map->addresses[to] = map->addresses[i];
            map->addresses[i] = moved;
            places[i] = places[to];
            places[to] = to;
        }
    }
    free(places);
    map->address_count -= map->removed;
    map->removed = 0;
    return 0;
}

/* Copies an array of size bytes, which may be 0. */
static void *copy_array(const void *from, size_t size)
{
    void *to = malloc(size + 1);

    return to && size ? memcpy(to, from, size) : to;
}

int aq_ifmap_copy(const struct aq_ifmap *from, struct aq_ifmap *to)
{
    *to = (struct aq_ifmap){
        .links = copy_array(from->links, from->link_count * sizeof *to->links),
        .addresses = copy_array(from->addresses, from->address_count * sizeof *to->addresses),
        .link_count = from->link_count,
        .link_capacity = from->link_count,
        .address_count = from->address_count,
        .address_capacity = from->address_count,
        .removed = from->removed,
        .seed = from->seed,
    };
    if (to->links && to->addresses && aq_ifmap_settle(to) == 0)
        return 0;
    aq_ifmap_clear(to);
    return -ENOMEM;
}
