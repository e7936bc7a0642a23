/* SPDX-License-Identifier: MIT */
/* arpq show: prints the neighbour table. */
#include "cmd_show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "clock.h"
#include "device.h"
#include "grid.h"
#include "host_names.h"
#include "json.h"
#include "memory.h"
#include "neigh.h"
#include "number_name.h"
#include "report.h"
#include "vendor.h"
#include "words.h"

enum column { IP, DEV, MAC, STATE, FLAGS, PROTO, VENDOR, NAME };

struct row {
    const struct arpq_neigh *neigh;
    char dev[ARPQ_IFNAME_SIZE];
};

static int by_place(const void *pa, const void *pb)
{
    const struct row *a = pa, *b = pb;
    int order = strcmp(a->dev, b->dev);

    return order != 0 ? order : arpq_ip_compare(&a->neigh->ip, &b->neigh->ip);
}

static struct row *sorted_rows(const struct tool *t, const struct arpq_table *table)
{
    uint32_t count = arpq_table_count(table);
    struct row *rows = memory_check(calloc(count, sizeof *rows));

    for (uint32_t n = 0; n < count; n++) {
        rows[n].neigh = arpq_table_at(table, n);
        if (rows[n].neigh->ifindex != 0) /* a proxy entry may be for all interfaces */
            device_name(t, rows[n].neigh->ifindex, rows[n].dev);
    }
    qsort(rows, count, sizeof *rows, by_place);
    return rows;
}

static const char *state_words(const struct arpq_neigh *neigh, struct words *words)
{
    if (neigh->flags & ARPQ_NEIGH_PROXY)
        return NULL; /* a proxy entry has no state */
    neigh_each_state(neigh->state, words_add, words);
    return words->text;
}

static const char *flag_words(const struct arpq_neigh *neigh, struct words *words)
{
    for (const struct number_name *f = neigh_flag_names; f->name; f++)
        if (neigh->flags & f->number)
            words_add(f->name, words);
    return words->length != 0 ? words->text : NULL;
}

static void fill_entry(const struct tool *t, char **cells, const struct row *row,
                       int64_t names_deadline)
{
    const struct arpq_neigh *neigh = row->neigh;
    struct words states = {0}, flags = {0};
    char ip[ARPQ_IP_STRLEN], mac[ARPQ_MAC_STRLEN], number[NUMBER_STRLEN];

    grid_set(&cells[IP], address_format(&neigh->ip, ip));
    grid_set(&cells[DEV], row->dev);
    grid_set(&cells[MAC], arpq_mac_format(&neigh->mac, ARPQ_MAC_COLON, mac, sizeof mac));
    grid_set(&cells[STATE], state_words(neigh, &states));
    grid_set(&cells[FLAGS], flag_words(neigh, &flags));
    if (neigh->protocol != 0)
        grid_set(&cells[PROTO], number_name_text(neigh_protocol_names, neigh->protocol, number));
    if (t->vendor)
        grid_set(&cells[VENDOR], vendor_name(&neigh->mac));
    if (t->names)
        grid_set(&cells[NAME], host_names_find(&neigh->ip, names_deadline));
}

static void print_rows(const struct tool *t, const struct row *rows, uint32_t count,
                       int64_t names_deadline)
{
    struct grid grid = {{"IP", "DEV", "MAC", "STATE", "FLAGS", "PROTO"}, NULL, 0, 0};

    grid.titles[VENDOR] = t->vendor ? "VENDOR" : NULL;
    grid.titles[NAME] = t->names ? "NAME" : NULL;
    for (uint32_t n = 0; n < count; n++)
        fill_entry(t, grid_add(&grid), &rows[n], names_deadline);
    grid_print_and_free(&grid);
}

static void print_json_entry(const struct tool *t, const struct arpq_neigh *neigh,
                             int64_t names_deadline)
{
    struct json_object *object = json_new();
    const char *name;

    neigh_json(object, t, neigh, false);
    if (t->names && (name = host_names_find(&neigh->ip, names_deadline)) != NULL)
        json_text(object, "name", name);
    json_print(object);
}

static void print_table(const struct tool *t, const struct arpq_table *table)
{
    uint32_t count = arpq_table_count(table);
    struct row *rows = sorted_rows(t, table);
    int64_t names_deadline = clock_ms() + HOST_NAMES_MS;

    for (uint32_t n = 0; t->names && n < count; n++)
        host_names_ask(&rows[n].neigh->ip);
    if (!t->json)
        print_rows(t, rows, count, names_deadline);
    for (uint32_t n = 0; t->json && n < count; n++)
        print_json_entry(t, rows[n].neigh, names_deadline);
    free(rows);
}

enum status cmd_show(const struct tool *t, int count, char **args)
{
    struct arpq_table *table;
    int code = arpq_table_get(t->h, &t->filter, &table);

    (void)count;
    (void)args;
    if (code != 0)
        return report_kernel(t, "cannot read the neighbour table", code);
    if (arpq_table_flags(table) & ARPQ_TABLE_INCONSISTENT)
        fputs("arpq: the table never held still: entries may be missing\n", stderr);
    if (arpq_table_malformed(table) != 0)
        fprintf(stderr, "arpq: left out %u entries that the kernel told of in no known form\n",
                arpq_table_malformed(table));
    bool some = arpq_table_count(table) != 0;
    if (some)
        print_table(t, table);
    arpq_table_free(table);
    return some ? FOUND : NOT_FOUND;
}
