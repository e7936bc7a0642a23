/* SPDX-License-Identifier: MIT */
/* A simple table for comparison: apply events to it, and compare two. */
#include "test.h"

#include <linux/neighbour.h>

#include "kernel/table_copy.h"

static uint32_t home(const struct arpq_ip *ip, uint32_t ifindex)
{
    uint32_t hash = ifindex * 2654435761u + ip->family;

    for (size_t i = 0; i < sizeof ip->bytes; i++)
        hash = (hash ^ ip->bytes[i]) * 16777619u;
    return (hash ^ hash >> 15) % CELLS;
}

struct held *cell_of(struct copy *copy, const struct arpq_ip *ip, uint32_t ifindex)
{
    for (uint32_t at = home(ip, ifindex);; at = (at + 1) % CELLS) {
        struct held *held = &copy->cells[at];

        if (!held->used ||
            (held->neigh.ifindex == ifindex && arpq_ip_compare(&held->neigh.ip, ip) == 0))
            return held;
    }
}

static void copy_add(struct copy *copy, const struct arpq_neigh *neigh)
{
    struct held *held = cell_of(copy, &neigh->ip, neigh->ifindex);

    held->used = true;
    held->neigh = *neigh;
    held->last_mac = neigh->mac;
    copy->count++;
    if (copy->count > CELLS / 2)
        abort();
}

/* Removes an entry. Reinserts the entries after it that would become unreachable. */
static void copy_remove(struct copy *copy, struct held *held)
{
    uint32_t at = (uint32_t)(held - copy->cells);

    held->used = false;
    copy->count--;
    for (at = (at + 1) % CELLS; copy->cells[at].used; at = (at + 1) % CELLS) {
        struct held moved = copy->cells[at];

        copy->cells[at].used = false;
        *cell_of(copy, &moved.neigh.ip, moved.neigh.ifindex) = moved;
    }
}

bool same_mac(const struct arpq_mac *a, const struct arpq_mac *b)
{
    return arpq_mac_compare(a, b) == 0;
}

bool same_neigh(const struct arpq_neigh *a, const struct arpq_neigh *b)
{
    return arpq_ip_compare(&a->ip, &b->ip) == 0 && a->ifindex == b->ifindex &&
           same_mac(&a->mac, &b->mac) && a->mac.type == b->mac.type && a->state == b->state &&
           a->flags == b->flags && a->protocol == b->protocol;
}

/* ---- Applying events ---- */

static void require(struct copy *copy, bool condition, const char *what)
{
    if (condition)
        return;
    if (copy->wrong++ == 0)
        copy->first_wrong = what;
}

static void play_change(struct copy *copy, struct held *held, const struct arpq_event *event)
{
    const struct arpq_mac *mac = &event->neigh.mac;
    bool moved = event->type == ARPQ_EVENT_NEIGH_MOVED;

    require(copy, held->used, moved ? "MOVED what is absent" : "CHANGED what is absent");
    require(copy, same_mac(&event->old_mac, &held->last_mac), "another old_mac than was held");
    require(copy, event->old_state == held->neigh.state, "another old_state than was held");
    if (moved)
        require(copy, mac->length && event->old_mac.length && !same_mac(mac, &event->old_mac),
                "MOVED without a move");
    else
        require(copy, !mac->length || !held->last_mac.length || same_mac(mac, &held->last_mac),
                "CHANGED with a move");
    require(copy, !same_neigh(&event->neigh, &held->neigh), "nothing has changed");
    held->neigh = event->neigh;
    if (mac->length)
        held->last_mac = *mac;
    copy->moved += moved;
}

static void play_neigh(struct copy *copy, const struct arpq_event *event)
{
    struct held *held = cell_of(copy, &event->neigh.ip, event->neigh.ifindex);

    require(copy, !(event->flags & ARPQ_EVENT_RESYNC) || copy->overrun || !copy->synced,
            "RESYNC without an overrun");
    if (event->type == ARPQ_EVENT_NEIGH_ADDED) {
        require(copy, !held->used, "ADDED what is there");
        if (!held->used)
            copy_add(copy, &event->neigh);
    } else if (!held->used) {
        require(copy, false, "CHANGED, MOVED or REMOVED what is absent");
    } else if (event->type == ARPQ_EVENT_NEIGH_REMOVED) {
        require(copy, same_neigh(&event->neigh, &held->neigh), "REMOVED another than was held");
        require(copy, same_mac(&event->old_mac, &held->last_mac), "REMOVED with another old_mac");
        copy_remove(copy, held);
    } else {
        play_change(copy, held, event);
    }
    copy->events++;
}

void play(const struct arpq_event *event, void *context)
{
    struct copy *copy = context;

    switch (event->type) {
    case ARPQ_EVENT_NEIGH_ADDED:
    case ARPQ_EVENT_NEIGH_CHANGED:
    case ARPQ_EVENT_NEIGH_MOVED:
    case ARPQ_EVENT_NEIGH_REMOVED:
        play_neigh(copy, event);
        break;
    case ARPQ_EVENT_OVERRUN:
        /* An OVERRUN can arrive before the first SYNCED, because events may be lost while the table
         * is read for the first time. */
        require(copy, !copy->overrun, "OVERRUN twice without SYNCED");
        copy->overrun = true;
        copy->overruns++;
        break;
    case ARPQ_EVENT_SYNCED:
        require(copy, !copy->synced || copy->overrun, "SYNCED twice without OVERRUN");
        copy->synced = true;
        copy->overrun = false;
        break;
    default: /* a CONFLICT is possible, because two processes change the same address */
        require(copy, event->type == ARPQ_EVENT_CONFLICT, "an event that was not requested");
    }
}

/* ---- Comparison ---- */

bool counts(const struct arpq_neigh *neigh)
{
    return neigh->state != NUD_NOARP;
}

static void print_neigh(const char *whose, const struct arpq_neigh *neigh)
{
    char ip[ARPQ_IP_STRLEN], mac[ARPQ_MAC_STRLEN];

    print_error("%s: %s dev %u lladdr %s/%u state %#x flags %#x protocol %u\n", whose,
                arpq_ip_format(&neigh->ip, ip, sizeof ip), neigh->ifindex,
                arpq_mac_format(&neigh->mac, 0, mac, sizeof mac), neigh->mac.type, neigh->state,
                neigh->flags, neigh->protocol);
}

/* Count and print the entries of a that are missing from b or differ there. */
static unsigned missing(const char *whose, const struct copy *a, const char *others, struct copy *b)
{
    unsigned wrong = 0;

    for (uint32_t i = 0; i < CELLS; i++) {
        const struct arpq_neigh *neigh = &a->cells[i].neigh;
        const struct held *other;

        if (!a->cells[i].used || !counts(neigh))
            continue;
        other = cell_of(b, &neigh->ip, neigh->ifindex);
        if (other->used && same_neigh(neigh, &other->neigh))
            continue;
        if (wrong++ < 5) {
            print_neigh(whose, neigh);
            if (other->used)
                print_neigh(others, &other->neigh);
            else
                print_error("%s: nothing\n", others);
        }
    }
    return wrong;
}

unsigned differences(const char *whose, struct copy *a, const char *others, struct copy *b)
{
    return missing(whose, a, others, b) + missing(others, b, whose, a);
}

static void copy_table(struct copy *copy, struct arpq_table *table)
{
    memset(copy, 0, sizeof *copy);
    for (uint32_t i = 0; i < arpq_table_count(table); i++) {
        const struct arpq_neigh *neigh = arpq_table_at(table, i);

        assert_false(cell_of(copy, &neigh->ip, neigh->ifindex)->used);
        copy_add(copy, neigh);
    }
    arpq_table_free(table);
}

void copy_kernel(struct copy *copy, struct arpq_handle *h)
{
    struct arpq_table *table;

    assert_int_equal(arpq_table_get(h, NULL, &table), 0);
    copy_table(copy, table);
}

void copy_mirror(struct copy *copy, const struct arpq_mirror *mirror)
{
    struct arpq_table *table;

    assert_int_equal(arpq_mirror_table(mirror, NULL, &table), 0);
    copy_table(copy, table);
}
