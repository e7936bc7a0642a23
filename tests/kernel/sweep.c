/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "kernel/neigh.h"
#include "kernel/netns.h"
#include "kernel/sweep.h"

struct responder wire;
static bool has_wire;

int set_up(void **state)
{
    netns_enter();
    memset(&wire, 0, sizeof wire);
    wire.mac_length = 6;
    has_wire = false;
    return arpq_open(&h, NULL);
}

int tear_down(void **state)
{
    if (has_wire)
        responder_stop(&wire);
    return fixture_tear_down(state);
}

void start_wire(void)
{
    responder_start(&wire, "w0");
    has_wire = true;
    sh("ip addr add 10.1.0.1/16 dev w0");
    make_host("10.1.0.0", "w0");
}

void make_host(const char *lowest, const char *dev)
{
    sh("ip route del broadcast %s table local dev %s 2>/dev/null || true", lowest, dev);
}

static bool is_machine(const struct arpq_found *found)
{
    unsigned machines = wire.crowd ? wire.crowd : 1;

    for (unsigned n = 0; n < machines; n++) {
        const struct arpq_mac mac = responder_mac(&wire, &found->ip, n);

        if (arpq_mac_compare(&found->mac, &mac) == 0 && found->mac.type == mac.type)
            return true;
    }
    return false;
}

int tally_found(const struct arpq_found *found, void *context)
{
    struct tally *tally = context;
    uint32_t host = (uint32_t)found->ip.bytes[2] << 8 | found->ip.bytes[3];
    bool unasked = found->flags & (ARPQ_FOUND_UNASKED | ARPQ_FOUND_LOCAL | ARPQ_FOUND_TABLE);

    tally->found++;
    tally->local += (found->flags & ARPQ_FOUND_LOCAL) != 0;
    tally->duplicates += (found->flags & ARPQ_FOUND_DUPLICATE) != 0;
    tally->unasked += (found->flags & ARPQ_FOUND_UNASKED) != 0;
    tally->table += (found->flags & ARPQ_FOUND_TABLE) != 0;
    tally->times[host]++;
    tally->last = *found;
    if (has_wire && !(found->flags & ARPQ_FOUND_LOCAL))
        tally->wrong += !is_machine(found);
    tally->wrong += found->ip.family == AF_INET && unasked != (found->attempt == 0);
    return tally->found == tally->stop_after ? 42 : 0;
}

struct arpq_ip prefix_of(const char *text, uint32_t *length)
{
    char address[64];
    const char *slash = strchr(text, '/');

    assert_non_null(slash);
    snprintf(address, sizeof address, "%.*s", (int)(slash - text), text);
    *length = (uint32_t)strtoul(slash + 1, NULL, 10);
    return ip_of(address);
}

int sweep_into(struct tally *tally, struct arpq_sweep_stats *stats, const char *prefix,
               const struct arpq_sweep_options *options)
{
    uint32_t length, stop_after = tally->stop_after;
    struct arpq_ip ip = prefix_of(prefix, &length);

    memset(tally, 0, sizeof *tally);
    tally->stop_after = stop_after;
    memset(stats, 0xaa, sizeof *stats);
    return arpq_sweep_each(h, &ip, length, options, tally_found, tally, stats);
}

void sweep_all(struct tally *tally, struct arpq_sweep_stats *stats, const char *prefix,
               const struct arpq_sweep_options *options)
{
    tally->stop_after = 0;
    assert_int_equal(sweep_into(tally, stats, prefix, options), 0);
    assert_int_equal(tally->wrong, 0);
    assert_int_equal(stats->finished, 1);
    assert_int_equal(stats->found + stats->duplicates, tally->found);
    assert_int_equal(stats->duplicates, tally->duplicates);
}

void expect_no_neighbours(void)
{
    struct arpq_table *table;

    assert_int_equal(arpq_table_get(h, NULL, &table), 0);
    for (uint32_t i = 0; i < arpq_table_count(table); i++) {
        const struct arpq_ip *ip = &arpq_table_at(table, i)->ip;

        assert_true(ip->family != AF_INET || is_group(ip));
    }
    arpq_table_free(table);
}
