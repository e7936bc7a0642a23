/* SPDX-License-Identifier: MIT */
#include <linux/rtnetlink.h>
#include <stdio.h>

#include "contestants/peers.h"
#include "contestants/raw_table.h"
#include "method/clock.h"
#include "method/compare.h"
#include "method/report.h"
#include "rows/rows.h"

/* -- neighbours -- */

#define GOAL_ENTRIES 100000u /* the goal applies to a table of this size */
#define PEER_RUNS 3u

struct table_reader {
    struct arpq_handle *handle;
    struct raw_dump raw;
    uint32_t neighbours; /* the least number of entries that a list must have */
};

static void check_count(const struct table_reader *reader, size_t entries)
{
    if (entries < reader->neighbours)
        fail(0, "entries are missing in a list");
}

static uint64_t list_raw(void *self)
{
    struct table_reader *reader = self;
    uint64_t began = clock_thread_ns();
    size_t entries = raw_dump_run(&reader->raw);
    uint64_t took = clock_thread_ns() - began;

    check_count(reader, entries);
    return took;
}

static uint64_t list_by_arpq(void *self)
{
    const struct table_reader *reader = self;
    uint64_t began = clock_thread_ns();
    struct arpq_table *table;
    int code = arpq_table_get(reader->handle, NULL, &table);
    uint64_t took;

    if (code)
        fail(-code, "arpq_table_get");
    check_count(reader, arpq_table_count(table));
    arpq_table_free(table);
    took = clock_thread_ns() - began;
    return took;
}

static int count_entry(const struct arpq_neigh *neigh, void *count)
{
    *(size_t *)count += neigh->mac.length == 6;
    return 0;
}

static uint64_t each_by_arpq(void *self)
{
    const struct table_reader *reader = self;
    size_t entries = 0;
    uint64_t began = clock_thread_ns();
    int code = arpq_table_each(reader->handle, NULL, count_entry, &entries, NULL);
    uint64_t took = clock_thread_ns() - began;

    if (code < 0)
        fail(-code, "arpq_table_each");
    check_count(reader, entries);
    return took;
}

/* Checks the MACs once, outside the timed runs, because the raw dump does not decode MACs. */
static void check_macs(const struct table_reader *reader)
{
    struct arpq_table *table;
    int code = arpq_table_get(reader->handle, NULL, &table);

    if (code)
        fail(-code, "arpq_table_get");
    for (uint32_t i = 0; i < arpq_table_count(table); i++) {
        const struct arpq_neigh *neigh = arpq_table_at(table, i);
        struct target t = {.ip = neigh->ip};

        if (neigh->ip.family == AF_INET && neigh->ip.bytes[0] == 10 &&
            answer_wrong_v4(&t, neigh->mac.bytes))
            fail(0, "a wrong entry in a list");
    }
    arpq_table_free(table);
}

void rows_table(const struct net_namespace *ns, const struct timing *timing)
{
    struct table_reader reader = {.neighbours = ns->size.neighbours};
    double n = ns->size.neighbours;
    double goal = ns->size.neighbours == GOAL_ENTRIES ? 1.2 : 0;
    struct score s[3];
    char name[80];
    int code = arpq_open(&reader.handle, NULL);

    if (code)
        fail(-code, "arpq_open");
    raw_dump_open(&reader.raw);
    check_macs(&reader);
    repeat(
        (struct timed_run[]){{list_raw, &reader}, {list_by_arpq, &reader}, {each_by_arpq, &reader}},
        3, repeat_rounds(ns->size.neighbours, timing), s);
    snprintf(name, sizeof name, "list, %u entries, per entry", ns->size.neighbours);
    report_row(&(struct row){name, "ns", s[1].ns / n, s[0].ns / n, s[1].ratio, goal, 0});
    snprintf(name, sizeof name, "each, %u entries, per entry", ns->size.neighbours);
    report_row(&(struct row){name, "ns", s[2].ns / n, s[0].ns / n, s[2].ratio, 0, 0});
    raw_dump_close(&reader.raw);
    arpq_close(reader.handle);
}

static void report_list_peer(const struct peer *peer, const struct net_namespace *ns)
{
    double took[PEER_RUNS];
    char name[80];

    if (!peer || !peer->list)
        return;
    for (unsigned i = 0; i < PEER_RUNS; i++) {
        uint64_t began = clock_thread_ns();

        if (peer->list() < (long)ns->size.neighbours)
            fail(0, peer->list_name);
        took[i] = (double)(clock_thread_ns() - began) / ns->size.neighbours;
    }
    snprintf(name, sizeof name, "%s, %u, per entry", peer->list_name, ns->size.neighbours);
    report_row(&(struct row){name, "ns", 0, median(took, PEER_RUNS), 0, 0, 0});
}

void rows_table_peers(const struct net_namespace *ns, int proc)
{
    report_list_peer(peer_libnl(), ns);
    if (proc)
        report_list_peer(peer_proc(), ns);
}

/* -- interfaces -- */

struct interface_reader {
    struct arpq_handle *handle;
    struct raw_dump raw;
    uint32_t links, addresses; /* the least number of each that a list must have */
};

static void check_counts(const struct interface_reader *reader, size_t links, size_t addresses)
{
    if (links < reader->links || addresses < reader->addresses)
        fail(0, "interfaces or addresses are missing in a list");
}

static uint64_t dump_interfaces_raw(void *self)
{
    struct interface_reader *reader = self;
    uint64_t began = clock_thread_ns();
    size_t links = raw_dump_of(&reader->raw, RTM_GETLINK);
    size_t addresses = raw_dump_of(&reader->raw, RTM_GETADDR);
    uint64_t took = clock_thread_ns() - began;

    check_counts(reader, links, addresses);
    return took;
}

static uint64_t list_interfaces(const struct interface_reader *reader, uint32_t flags)
{
    uint64_t began = clock_thread_ns();
    struct arpq_interfaces *list;
    int code = arpq_interfaces_get(reader->handle, flags, &list);
    uint64_t took;

    if (code)
        fail(-code, "arpq_interfaces_get");
    check_counts(reader, arpq_interfaces_count(list), arpq_interfaces_address_count(list));
    if (arpq_interfaces_flags(list) != flags)
        fail(0, "the interfaces changed during the measurement");
    arpq_interfaces_free(list);
    took = clock_thread_ns() - began;
    return took;
}

static uint64_t read_interfaces_by_arpq(void *self)
{
    return list_interfaces(self, ARPQ_INTERFACES_READ);
}

static uint64_t copy_interfaces_by_arpq(void *self)
{
    return list_interfaces(self, 0);
}

void rows_interfaces(const struct net_namespace *ns, const struct timing *timing)
{
    struct interface_reader reader = {.links = ns->size.links,
                                      .addresses = ns->size.links * ns->size.addresses};
    struct score s[3];
    char name[80];
    int code = arpq_open(&reader.handle, NULL);

    if (code)
        fail(-code, "arpq_open");
    raw_dump_open(&reader.raw);
    repeat((struct timed_run[]){{dump_interfaces_raw, &reader},
                                {read_interfaces_by_arpq, &reader},
                                {copy_interfaces_by_arpq, &reader}},
           3, repeat_rounds(reader.links + reader.addresses, timing), s);
    snprintf(name, sizeof name, "read, %u interfaces, %u addresses", reader.links,
             reader.addresses);
    report_row(&(struct row){name, "us", s[1].ns / 1000, s[0].ns / 1000, s[1].ratio, 1.3, 0});
    snprintf(name, sizeof name, "the same from the handle");
    report_row(&(struct row){name, "us", s[2].ns / 1000, s[0].ns / 1000, s[2].ratio, 0, 0});
    raw_dump_close(&reader.raw);
    arpq_close(reader.handle);
}
