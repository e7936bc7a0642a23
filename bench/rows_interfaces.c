/* SPDX-License-Identifier: MIT */
#include <linux/rtnetlink.h>
#include <stdio.h>

#include "contestants/raw_table.h"
#include "method/clock.h"
#include "method/compare.h"
#include "method/report.h"
#include "rows/rows.h"

struct interface_reader {
    struct arpq *handle;
    struct raw_dump raw;
    uint32_t links, addresses; /* at least so many must come */
};

static void check_counts(const struct interface_reader *reader, size_t links, size_t addresses)
{
    if (links < reader->links || addresses < reader->addresses)
        fail(0, "interfaces or addresses are missing in a list");
}

static uint64_t read_raw(void *self)
{
    struct interface_reader *reader = self;
    uint64_t began = clock_ns();
    size_t links = raw_dump_of(&reader->raw, RTM_GETLINK);
    size_t addresses = raw_dump_of(&reader->raw, RTM_GETADDR);
    uint64_t took = clock_ns() - began;

    check_counts(reader, links, addresses);
    return took;
}

static uint64_t list_interfaces(const struct interface_reader *reader, uint32_t flags)
{
    uint64_t began = clock_ns();
    struct arpq_interfaces *list;
    int code = arpq_interfaces_get(reader->handle, flags, &list);
    uint64_t took;

    if (code)
        fail(-code, "arpq_interfaces_get");
    check_counts(reader, arpq_interfaces_count(list), arpq_interfaces_address_count(list));
    if (arpq_interfaces_flags(list) != flags)
        fail(0, "the interfaces did not hold still");
    arpq_interfaces_free(list);
    took = clock_ns() - began;
    return took;
}

static uint64_t read_by_arpq(void *self)
{
    return list_interfaces(self, ARPQ_INTERFACES_READ);
}

static uint64_t copy_by_arpq(void *self)
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
    repeat(
        (struct timed_run[]){{read_raw, &reader}, {read_by_arpq, &reader}, {copy_by_arpq, &reader}},
        3, repeat_rounds(reader.links + reader.addresses, timing), s);
    snprintf(name, sizeof name, "read, %u interfaces, %u addresses", reader.links,
             reader.addresses);
    report_row(&(struct row){name, "us", s[1].ns / 1000, s[0].ns / 1000, s[1].ratio, 1.5, 0});
    snprintf(name, sizeof name, "the same from the handle");
    report_row(&(struct row){name, "us", s[2].ns / 1000, s[0].ns / 1000, s[2].ratio, 0, 0});
    raw_dump_close(&reader.raw);
    arpq_close(reader.handle);
}
