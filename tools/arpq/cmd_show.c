/* SPDX-License-Identifier: MIT */
/* arpq show: the neighbour table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpq_tool.h"

#define NAMES_MS 2000 /* how long host names are waited for, all together */

enum column { IP, DEV, MAC, STATE, FLAGS, PROTO, VENDOR, NAME, COLUMNS };
static const char *const titles[COLUMNS] = {"IP",    "DEV",   "MAC",    "STATE",
                                            "FLAGS", "PROTO", "VENDOR", "NAME"};

struct row {
    const struct arpq_neigh *neigh;
    char dev[ARPQ_IFNAME_SIZE];
    char *cells[COLUMNS]; /* text only; NULL: the column was not asked for */
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
    struct row *rows = not_null(calloc(count, sizeof(*rows)));

    for (uint32_t n = 0; n < count; n++) {
        rows[n].neigh = arpq_table_at(table, n);
        device_name(t, rows[n].neigh->ifindex, rows[n].dev);
    }
    qsort(rows, count, sizeof(*rows), by_place);
    return rows;
}

/* A list of words, with commas: there are few words, all of the tool's own. */
struct words {
    char text[160];
    size_t length;
};

static void add_word(const char *word, void *context)
{
    struct words *words = context;
    size_t room = sizeof(words->text) - words->length;
    int length =
        snprintf(words->text + words->length, room, "%s%s", words->length == 0 ? "" : ",", word);

    if (length > 0 && (size_t)length < room)
        words->length += (size_t)length;
}

static const char *state_words(const struct arpq_neigh *neigh, struct words *words)
{
    if (neigh->flags & ARPQ_NEIGH_PROXY)
        return NULL; /* it has no state */
    each_state(neigh->state, add_word, words);
    return words->text;
}

static const char *flag_words(const struct arpq_neigh *neigh, struct words *words)
{
    for (const struct number_name *f = neigh_flag_names; f->name != NULL; f++)
        if (neigh->flags & f->number)
            add_word(f->name, words);
    return words->length != 0 ? words->text : NULL;
}

static char *cell(const char *text)
{
    return escaped(text != NULL && text[0] != '\0' ? text : "-", false);
}

static void fill(const struct tool *t, struct row *row, int64_t names_end)
{
    const struct arpq_neigh *neigh = row->neigh;
    struct words states = {0}, flags = {0};
    char ip[ARPQ_IP_STRLEN], mac[ARPQ_MAC_STRLEN], number[NUMBER_STRLEN];

    row->cells[IP] = cell(bare_ip(&neigh->ip, ip));
    row->cells[DEV] = cell(row->dev);
    row->cells[MAC] = cell(arpq_mac_format(&neigh->mac, ARPQ_MAC_COLON, mac, sizeof(mac)));
    row->cells[STATE] = cell(state_words(neigh, &states));
    row->cells[FLAGS] = cell(flag_words(neigh, &flags));
    row->cells[PROTO] =
        cell(neigh->protocol != 0 ? name_of(protocol_names, neigh->protocol, number) : NULL);
    if (t->vendor)
        row->cells[VENDOR] = cell(vendor_name(&neigh->mac));
    if (t->names)
        row->cells[NAME] = cell(names_of(&neigh->ip, names_end));
}

/* Every cell but the last of a line is padded: nobody wants spaces at the end. */
static void print_line(const char *const cells[COLUMNS], const bool shown[COLUMNS],
                       const size_t widths[COLUMNS])
{
    int last = COLUMNS - 1;

    while (!shown[last])
        last--;
    for (int c = 0; c < last; c++)
        if (shown[c])
            printf("%-*s  ", (int)widths[c], cells[c]);
    puts(cells[last]);
}

static void print_rows(const struct tool *t, struct row *rows, uint32_t count, int64_t names_end)
{
    size_t widths[COLUMNS];
    bool shown[COLUMNS];

    for (int c = 0; c < COLUMNS; c++) {
        widths[c] = strlen(titles[c]);
        shown[c] = (c != VENDOR || t->vendor) && (c != NAME || t->names);
    }
    for (uint32_t n = 0; n < count; n++) {
        fill(t, &rows[n], names_end);
        for (int c = 0; c < COLUMNS; c++)
            if (shown[c] && strlen(rows[n].cells[c]) > widths[c])
                widths[c] = strlen(rows[n].cells[c]);
    }
    print_line(titles, shown, widths);
    for (uint32_t n = 0; n < count; n++) {
        print_line((const char *const *)rows[n].cells, shown, widths);
        for (int c = 0; c < COLUMNS; c++)
            free(rows[n].cells[c]);
    }
}

static void print_json(const struct tool *t, const struct arpq_neigh *neigh, int64_t names_end)
{
    struct json_object *object = json_new();
    const char *name;

    json_neigh(object, t, neigh, false);
    if (t->names && (name = names_of(&neigh->ip, names_end)) != NULL)
        json_text(object, "name", name);
    json_print(object);
}

static void print_table(const struct tool *t, const struct arpq_table *table)
{
    uint32_t count = arpq_table_count(table);
    struct row *rows = sorted_rows(t, table);
    int64_t names_end = now_ms() + NAMES_MS;

    for (uint32_t n = 0; t->names && n < count; n++)
        names_ask(&rows[n].neigh->ip);
    if (!t->json)
        print_rows(t, rows, count, names_end);
    for (uint32_t n = 0; t->json && n < count; n++)
        print_json(t, rows[n].neigh, names_end);
    free(rows);
}

enum verdict cmd_show(const struct tool *t, int count, char **args)
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
