/* SPDX-License-Identifier: MIT */
#include "sweep_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "address.h"
#include "clock.h"
#include "grid.h"
#include "host_names.h"
#include "json.h"
#include "neigh.h"
#include "number_name.h"
#include "vendor.h"
#include "words.h"

enum column { IP, DEV, MAC, RTT, FLAGS, VENDOR, NAME };

/* In the order of output. */
static const uint32_t found_flags[] = {ARPQ_FOUND_LOCAL, ARPQ_FOUND_DUPLICATE, ARPQ_FOUND_UNASKED,
                                       ARPQ_FOUND_TABLE};
#define FOUND_FLAGS (sizeof found_flags / sizeof found_flags[0])

void sweep_list_print_json(const struct tool *t, const struct arpq_found *found,
                           int64_t names_deadline)
{
    const struct arpq_neigh neigh = {.ip = found->ip, .mac = found->mac, .ifindex = found->ifindex};
    struct json_object *object = json_new();
    const char *name;
    char flag[NUMBER_STRLEN];

    neigh_json(object, t, &neigh, false);
    if (t->names && (name = host_names_find(&found->ip, names_deadline)) != NULL)
        json_text(object, "name", name);
    for (size_t i = 0; i < FOUND_FLAGS; i++)
        if (found->flags & found_flags[i])
            json_true(object, number_name_lower(ARPQ_NAMES_FOUND_FLAG, found_flags[i], '_', flag));
    json_number_set(object, "attempt", found->attempt);
    json_number_set(object, "rtt_us", found->rtt_us); /* 0 means unknown */
    json_print(object);
}

static void fill_found(const struct tool *t, struct devices *devices, struct grid *grid,
                       const struct arpq_found *found, int64_t names_deadline)
{
    struct words words = {0};
    char ip[ARPQ_IP_STRLEN], mac[ARPQ_MAC_STRLEN], rtt[32], flag[NUMBER_STRLEN];

    snprintf(rtt, sizeof rtt, "%" PRIu32 ".%03u ms", found->rtt_us / 1000, found->rtt_us % 1000);
    for (size_t i = 0; i < FOUND_FLAGS; i++)
        if (found->flags & found_flags[i])
            words_add(number_name_lower(ARPQ_NAMES_FOUND_FLAG, found_flags[i], '_', flag), &words);
    grid_set(grid, IP, address_format(&found->ip, ip));
    grid_set(grid, DEV, devices_find(devices, t, found->ifindex)->name);
    grid_set(grid, MAC, address_format_mac(&found->mac, mac));
    grid_set(grid, RTT, found->rtt_us != 0 ? rtt : NULL);
    grid_set(grid, FLAGS, words.text);
    if (t->vendor)
        grid_set(grid, VENDOR, vendor_name(&found->mac));
    if (t->names)
        grid_set(grid, NAME, host_names_find(&found->ip, names_deadline));
}

static int compare_found(const void *pa, const void *pb)
{
    const struct arpq_found *a = pa, *b = pb;
    int order = arpq_ip_compare(&a->ip, &b->ip);

    return order != 0 ? order : arpq_mac_compare(&a->mac, &b->mac);
}

void sweep_list_print(const struct tool *t, struct devices *devices, struct arpq_found *list,
                      size_t count)
{
    struct grid grid = {.titles = {"IP", "DEV", "MAC", "RTT", "FLAGS"}};
    const int64_t names_deadline = clock_ms() + HOST_NAMES_MS;

    if (count == 0)
        return;
    qsort(list, count, sizeof *list, compare_found);
    grid.titles[VENDOR] = t->vendor ? "VENDOR" : NULL;
    grid.titles[NAME] = t->names ? "NAME" : NULL;
    for (size_t n = 0; n < count; n++) {
        if (t->json) {
            sweep_list_print_json(t, &list[n], names_deadline);
            continue;
        }
        grid_add(&grid);
        fill_found(t, devices, &grid, &list[n], names_deadline);
    }
    if (!t->json)
        grid_print_and_free(&grid);
}
