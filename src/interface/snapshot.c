/* SPDX-License-Identifier: MIT */
/*
 * Links and addresses come in two dumps. The kernel marks a dump during which something
 * changed, but not two dumps that disagree: an interface made between them appears with its
 * addresses and without its link. Every change also sends an event to the handle, so the two
 * dumps agree if no event arrived meanwhile.
 */
#include "interface/snapshot.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "handle/interfaces.h"
#include "handle/sockets.h"
#include "kernel/rtnl_addr.h"
#include "kernel/rtnl_link.h"
#include "kernel/sys.h"
#include "value/array.h"

#define ATTEMPTS 8

/* A link in the order of the dump. */
struct record {
    struct arpq_interface link;
    struct aq_link_details details;
};

struct snapshot_reading {
    struct arpq_interfaces *list;
    struct record *records;
    size_t count, capacity;
};

void aq_snapshot_clear(struct arpq_interfaces *list)
{
    aq_ifmap_clear(&list->map);
    free(list->details);
    free(list->texts);
    free(list->altnames);
    memset(list, 0, sizeof *list);
}

/* ---- One reading ---- */

/* Returns the offset of the copy in list->texts, or 0 if there is no memory. */
static uint32_t keep_text(struct arpq_interfaces *list, const char *text, size_t length)
{
    char *texts =
        aq_array_grow(list->texts, &list->texts_capacity, list->texts_size, length + 2, 1);
    size_t at = list->texts_size ? list->texts_size : 1;

    if (!texts)
        return 0;
    list->texts = texts;
    texts[0] = '\0';
    memcpy(texts + at, text, length);
    texts[at + length] = '\0';
    list->texts_size = at + length + 1;
    return (uint32_t)at;
}

/* Keep a text of the link that take_link reads. */
static int take_text(uint32_t which, const char *text, size_t length, void *context)
{
    struct snapshot_reading *to = context;
    struct arpq_interfaces *list = to->list;
    uint32_t at = keep_text(list, text, length), *altnames;

    if (!at)
        return -ENOMEM;
    if (which != AQ_RTNL_ALTNAME) {
        to->records[to->count].details.texts[which] = at;
        return 0;
    }
    altnames = aq_array_grow(list->altnames, &list->altname_capacity, list->altname_count, 1,
                             sizeof *altnames);
    if (!altnames)
        return -ENOMEM;
    list->altnames = altnames;
    altnames[list->altname_count++] = at;
    return 0;
}

static int take_link(const struct nlmsghdr *message, void *context)
{
    struct snapshot_reading *to = context;
    struct record *record =
        aq_array_grow(to->records, &to->capacity, to->count, 1, sizeof *to->records);
    int code;

    if (!record)
        return -ENOMEM;
    to->records = record;
    record += to->count;
    if (message->nlmsg_type != RTM_NEWLINK || aq_rtnl_link_parse(message, &record->link) < 0)
        return 0;
    record->link.altname_first = (uint32_t)to->list->altname_count;
    memset(&record->details, 0, sizeof record->details);
    code = aq_rtnl_link_parse_more(message, &record->details.stats, take_text, to);
    to->count++;
    return code;
}

static int take_address(const struct nlmsghdr *message, void *context)
{
    struct snapshot_reading *to = context;
    struct arpq_address address;

    if (message->nlmsg_type != RTM_NEWADDR || aq_rtnl_addr_parse(message, &address) < 0)
        return 0;
    return aq_ifmap_append_address(&to->list->map, &address);
}

static int by_number(const void *a, const void *b)
{
    uint64_t left, right;

    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return (left > right) - (left < right);
}

/* Put the links into the list by ifindex: older kernels dump them in the order of a hash. The
 * later of two records with the same ifindex replaces the earlier one. */
static int place_links(const struct snapshot_reading *from, struct aq_link_details *details,
                       uint64_t *order)
{
    struct aq_ifmap *map = &from->list->map;

    for (size_t i = 0; i < from->count; i++)
        order[i] = (uint64_t)from->records[i].link.ifindex << 32 | i;
    qsort(order, from->count, sizeof *order, by_number);
    for (size_t i = 0; i < from->count; i++) {
        const struct record *record = &from->records[(uint32_t)order[i]];
        int code = aq_ifmap_put_link(map, &record->link);

        if (code < 0)
            return code;
        details[map->link_count - 1] = record->details;
    }
    return 0;
}

static int snapshot_finish(const struct snapshot_reading *from, struct arpq_interfaces *list)
{
    struct aq_link_details *details = malloc((from->count + 1) * sizeof *details);
    uint64_t *order = malloc((from->count + 1) * sizeof *order);
    int code = details && order ? place_links(from, details, order) : -ENOMEM;

    free(order);
    if (code < 0)
        free(details);
    else
        list->details = details;
    return code;
}

/* Returns 0, 1 if the kernel marked a dump as inconsistent, or an error. */
static int snapshot_dump_both(struct arpq_handle *h, struct snapshot_reading *to)
{
    struct aq_rtnl *rtnl;
    int links, addresses = 0;
    int code = aq_sockets_lock(h, &rtnl);

    if (code < 0)
        return code;
    links = aq_rtnl_link_dump(rtnl, take_link, to);
    if (links >= 0)
        addresses = aq_rtnl_addr_dump(rtnl, take_address, to);
    aq_sockets_unlock(h, rtnl);
    if (links < 0)
        return links;
    return addresses < 0 ? addresses : links || addresses;
}

static int read_both(struct arpq_handle *h, struct arpq_interfaces *list)
{
    struct snapshot_reading to = {.list = list};
    int code = snapshot_dump_both(h, &to);
    int finished = code < 0 ? code : snapshot_finish(&to, list);

    free(to.records);
    return finished < 0 ? finished : code;
}

/* ---- Until no event interferes ---- */

/* Returns 0, 1 if something changed meanwhile, or an error. */
static int read_once(struct arpq_handle *h, struct arpq_interfaces *list)
{
    unsigned generation;
    int code;

    /* Without an event socket, an update would dump everything again. */
    if (h->event.fd < 0)
        return read_both(h, list);
    code = aq_interfaces_update(h, 0);
    if (code < 0)
        return code;
    generation = aq_interfaces_generation(h);
    code = read_both(h, list);
    return code == 0 ? aq_interfaces_update(h, generation) : code;
}

int aq_snapshot_read(struct arpq_handle *h, struct arpq_interfaces *list)
{
    int code = aq_interfaces_refresh(h);
    int attempts = 0;

    for (bool again = code == 0; again; again = code == 1 && ++attempts < ATTEMPTS) {
        aq_snapshot_clear(list);
        code = read_once(h, list);
    }
    if (code >= 0) {
        list->flags = ARPQ_INTERFACES_READ;
        if (code == 1 || h->event.fd < 0)
            list->flags |= ARPQ_INTERFACES_INCONSISTENT;
        /* An inconsistent dump may contain an address twice. */
        code = code == 1 ? aq_ifmap_index(&list->map) : 0;
    }
    if (code == 0)
        code = aq_ifmap_settle(&list->map);
    if (code < 0)
        aq_snapshot_clear(list);
    return code < 0 && aq_sys_is_refusal(code) ? -EOPNOTSUPP : code;
}
