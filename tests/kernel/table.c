/* SPDX-License-Identifier: MIT */
/* Shared by the tests of whole tables: numbered entries. */
#include "test.h"

#include <linux/rtnetlink.h>

#include "kernel/neigh.h"
#include "kernel/netns.h"
#include "kernel/table.h"

int set_up(void **state)
{
    fixture_enter(16);
    return arpq_open(&h, NULL);
}

int tear_down(void **state)
{
    return fixture_tear_down(state);
}

bool is_noise(const struct arpq_neigh *neigh)
{
    return neigh->type == RTN_MULTICAST;
}

struct arpq_table *list(const struct arpq_filter *filter)
{
    struct arpq_table *table = NULL;

    assert_int_equal(arpq_table_get(h, filter, &table), 0);
    assert_non_null(table);
    assert_int_equal(arpq_table_malformed(table), 0);
    assert_null(arpq_table_at(table, arpq_table_count(table)));
    assert_null(arpq_table_at(table, UINT32_MAX));
    return table;
}

int never(const struct arpq_neigh *neigh, void *context)
{
    fail_msg("called back");
    return 0;
}

/* ---- Numbered entries ---- */

struct arpq_ip numbered_ip(uint32_t n)
{
    char text[ARPQ_IP_STRLEN];

    n += 256;
    if (n % 2)
        snprintf(text, sizeof text, "fd01::1:%x", n);
    else
        snprintf(text, sizeof text, "10.1.%u.%u", n >> 8, n & 255);
    return ip_of(text);
}

struct arpq_mac numbered_mac(uint32_t n)
{
    char text[ARPQ_MAC_STRLEN];

    snprintf(text, sizeof text, "02:00:00:00:%02x:%02x", n >> 8 & 255, n & 255);
    return mac_of(text);
}

static FILE *batch_open(void)
{
    FILE *batch = popen("ip -batch -", "we");

    assert_non_null(batch);
    return batch;
}

static void put_numbered(FILE *batch, const char *verb, uint32_t n)
{
    struct arpq_mac mac = numbered_mac(n);
    struct arpq_ip ip = numbered_ip(n);
    char text[ARPQ_IP_STRLEN], lladdr[ARPQ_MAC_STRLEN];

    fprintf(batch, "neigh %s %s dev v0 lladdr %s nud permanent\n", verb,
            arpq_ip_format(&ip, text, sizeof text),
            arpq_mac_format(&mac, 0, lladdr, sizeof lladdr));
}

void change_numbered(const char *verb, uint32_t first, uint32_t end)
{
    FILE *batch = batch_open();

    for (uint32_t n = first; n < end; n++)
        put_numbered(batch, verb, n);
    assert_int_equal(pclose(batch), 0);
}

bool is_numbered(const struct arpq_neigh *neigh, uint32_t n, uint32_t ifindex)
{
    struct arpq_ip ip = numbered_ip(n);
    struct arpq_mac mac = numbered_mac(n);

    return memcmp(&neigh->ip, &ip, sizeof ip) == 0 && memcmp(&neigh->mac, &mac, sizeof mac) == 0 &&
           neigh->ifindex == ifindex && neigh->state == ARPQ_STATE_PERMANENT && neigh->flags == 0 &&
           neigh->protocol == 0 && neigh->type == RTN_UNICAST && neigh->reserved16 == 0 &&
           is_all_zero(neigh->reserved, sizeof neigh->reserved);
}

int tally_entry(const struct arpq_neigh *neigh, void *context)
{
    struct tally *tally = context;
    uint32_t n = neigh->mac.bytes[4] * 256u + neigh->mac.bytes[5];

    if (is_noise(neigh))
        return 0;
    tally->seen++;
    if (n < tally->count && is_numbered(neigh, n, tally->ifindex))
        tally->times[n]++;
    else
        tally->wrong++;
    return 0;
}

bool is_right(const struct tally *tally)
{
    for (uint32_t n = 0; n < tally->count; n++)
        if (tally->times[n] != 1)
            return false;
    return true;
}

struct tally tally_table(const struct arpq_table *table, uint32_t count)
{
    struct tally tally = {.count = count, .ifindex = ifindex_of("v0")};

    for (uint32_t i = 0; i < arpq_table_count(table); i++)
        tally_entry(arpq_table_at(table, i), &tally);
    return tally;
}

void check_numbered(const struct arpq_table *table, uint32_t count)
{
    struct tally tally = tally_table(table, count);

    assert_true(is_right(&tally));
    assert_int_equal(tally.wrong, 0);
    assert_int_equal(tally.seen, count);
}
