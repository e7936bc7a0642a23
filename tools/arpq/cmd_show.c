/* SPDX-License-Identifier: MIT */
/* arpq show: prints the neighbour table. */
#include "cmd_show.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "address.h"
#include "clock.h"
#include "devices.h"
#include "grid.h"
#include "host_names.h"
#include "json.h"
#include "memory.h"
#include "neigh.h"
#include "number_name.h"
#include "options.h"
#include "output.h"
#include "report.h"
#include "select.h"
#include "sort.h"
#include "vendor.h"
#include "words.h"

enum column { IP, DEV, MAC, STATE, FLAGS, PROTO, VENDOR, NAME };

struct show_run {
    const struct tool *t;
    const struct arpq_table *table;
    struct devices devices;
    struct sort_row *rows;
    int64_t names_deadline;
};

static void sort_table(struct show_run *r)
{
    const uint32_t count = arpq_table_count(r->table);

    r->rows = memory_check(calloc(count, sizeof *r->rows));
    for (uint32_t n = 0; n < count; n++)
        devices_find(&r->devices, r->t, arpq_table_at(r->table, n)->ifindex);
    devices_rank(&r->devices);
    for (uint32_t n = 0; n < count; n++) {
        const struct arpq_neigh *neigh = arpq_table_at(r->table, n);

        sort_set_key(&r->rows[n], devices_find(&r->devices, r->t, neigh->ifindex)->rank,
                     &neigh->ip);
        r->rows[n].index = n;
    }
    sort_rows(r->rows, count);
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

static void fill_entry(struct show_run *r, struct grid *grid, const struct arpq_neigh *neigh)
{
    struct words states, flags;
    char ip[ARPQ_IP_STRLEN], mac[ARPQ_MAC_STRLEN], number[NUMBER_STRLEN];

    states.length = flags.length = 0;
    grid_set(grid, IP, address_format(&neigh->ip, ip));
    grid_set(grid, DEV, devices_find(&r->devices, r->t, neigh->ifindex)->name);
    grid_set(grid, MAC, address_format_mac(&neigh->mac, mac));
    grid_set(grid, STATE, state_words(neigh, &states));
    if (neigh->flags != 0)
        grid_set(grid, FLAGS, flag_words(neigh, &flags));
    if (neigh->protocol != 0)
        grid_set(grid, PROTO, number_name_lower(ARPQ_NAMES_PROTOCOL, neigh->protocol, '_', number));
    if (r->t->vendor)
        grid_set(grid, VENDOR, vendor_name(&neigh->mac));
    if (r->t->names)
        grid_set(grid, NAME, host_names_find(&neigh->ip, r->names_deadline));
}

static void print_rows(struct show_run *r)
{
    struct grid grid = {.titles = {"IP", "DEV", "MAC", "STATE", "FLAGS", "PROTO"}};

    grid.titles[VENDOR] = r->t->vendor ? "VENDOR" : NULL;
    grid.titles[NAME] = r->t->names ? "NAME" : NULL;
    for (uint32_t n = 0; n < arpq_table_count(r->table); n++) {
        grid_add(&grid);
        fill_entry(r, &grid, arpq_table_at(r->table, r->rows[n].index));
    }
    grid_print_and_free(&grid);
}

static void print_json_entry(struct show_run *r, const struct arpq_neigh *neigh)
{
    struct json_object *object = json_new();
    const char *name;

    neigh_json_named(object, r->t, neigh, devices_find(&r->devices, r->t, neigh->ifindex)->name);
    if (r->t->names && (name = host_names_find(&neigh->ip, r->names_deadline)) != NULL)
        json_text(object, "name", name);
    json_print(object);
}

static void print_table(const struct tool *t, const struct arpq_table *table)
{
    struct show_run r = {.t = t, .table = table, .names_deadline = clock_ms() + HOST_NAMES_MS};
    const uint32_t count = arpq_table_count(table);

    output_buffer();
    for (uint32_t n = 0; t->names && n < count; n++)
        host_names_ask(&arpq_table_at(table, n)->ip);
    sort_table(&r);
    if (!t->json)
        print_rows(&r);
    for (uint32_t n = 0; t->json && n < count; n++)
        print_json_entry(&r, arpq_table_at(table, r.rows[n].index));
    free(r.rows);
    devices_free(&r.devices);
}

/* Returns true if the command asks for the entry of a single address. */
static bool asks_for_one(const struct tool *t)
{
    const uint64_t place = BIT(PREFIX) | BIT(DEV) | OPTIONS_FAMILY;
    const struct arpq_filter *filter = &t->filter;

    return (t->given & (OPTIONS_FILTER | OPTIONS_STATES) & ~place) == 0 &&
           filter->prefix.family != 0 &&
           filter->prefix_length == (filter->prefix.family == AF_INET ? 32 : 128);
}

static enum status report_absent(const struct tool *t)
{
    const bool dev = t->dev != NULL;
    char ip[ARPQ_IP_STRLEN], message[256];
    struct failure f = {"dst", ip, -ENOENT, message, ""};

    address_format(&t->filter.prefix, ip);
    snprintf(message, sizeof message, "no entry yet; 'arpq resolve%s%s %s' asks for it",
             dev ? " -i " : "", dev ? t->dev : "", ip);
    return report_failure(t->json, &f);
}

/* Says why nothing is printed. A list without entries has no line, also in JSON. */
static enum status report_empty(const struct tool *t)
{
    if (asks_for_one(t))
        return report_absent(t);
    if (t->given & (OPTIONS_FILTER | OPTIONS_STATES))
        report_message("no entry matches; 'arpq show' prints the whole table");
    else
        report_message("the table has no entries; 'arpq sweep' finds the hosts of the network");
    return NOT_FOUND;
}

static enum status run_show(struct tool *t, int count, char **args)
{
    struct arpq_table *table;
    enum status status = select_entries(t, count, args);

    if (status != FOUND)
        return status;
    int code = arpq_table_get(t->h, &t->filter, &table);
    if (code != 0)
        return report_kernel(t, "cannot read the neighbour table", code);
    if (arpq_table_flags(table) & ARPQ_TABLE_INCONSISTENT)
        report_message("the table changed during every attempt to read it: entries may be missing");
    if (arpq_table_malformed(table) != 0)
        report_message("%u entr%s of the kernel not understood and left out",
                       arpq_table_malformed(table),
                       arpq_table_malformed(table) == 1 ? "y was" : "ies were");
    if (arpq_table_count(table) != 0)
        print_table(t, table);
    else
        status = report_empty(t);
    arpq_table_free(table);
    return status;
}

static const struct option_note notes[] = {
    {OPTION_ROUTER, "only entries of routers"},
    {OPTION_MANAGED, "only entries that the kernel keeps resolved"},
    {OPTION_EXTERN_LEARN, "only entries that a control program learned"},
    {OPTION_EXTERN_VALID, "only entries that a control program validates"},
    {OPTION_ROWS, NULL},
};

const struct command cmd_show = {
    .name = "show",
    .synopsis = "[OPTION...] [NAME] [IP[/LENGTH]] [STATE]",
    .summary = "Print the neighbour table",
    .help = "NAME is an interface, IP/LENGTH a prefix. The words of ip-neighbour(8) may be used\n"
            "instead of options: dev NAME, to PREFIX, nud STATE, lladdr MAC, proto NAME, proxy.\n",
    .run = run_show,
    .most = 3,
    .takes = OPTIONS_ALWAYS | OPTIONS_FILTER | OPTIONS_STATES | OPTIONS_PEOPLE,
    .notes = notes,
};
