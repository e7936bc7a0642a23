/* SPDX-License-Identifier: MIT */
/* Messages of rtnetlink: the statistics of a table, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "kernel/rtnl.h"
#include "kernel/rtnl_attr.h"
#include "kernel/rtnl_link.h"
#include "kernel/rtnl_neightbl.h"
#include "unit/mock_rtnl.h"

/* ---- Tables ---- */

static const struct ndt_config config = {.ndtc_entries = 12, .ndtc_hash_mask = 63};

/* A message about the IPv4 table, with a configuration unless size is 0. */
static void table_packet(union packet *packet, uint32_t sequence, size_t size)
{
    const struct ndtmsg header = {.ndtm_family = AF_INET};

    start(packet, RTM_NEWNEIGHTBL, NLM_F_MULTI, sequence, &header, sizeof header);
    mnl_attr_put_strz(&packet->header, NDTA_NAME, "arp_cache");
    mnl_attr_put_u32(&packet->header, NDTA_THRESH1, 128);
    mnl_attr_put_u32(&packet->header, NDTA_THRESH2, 512);
    mnl_attr_put_u32(&packet->header, NDTA_THRESH3, 1024);
    mnl_attr_put_u64(&packet->header, NDTA_GC_INTERVAL, 30000);
    if (size)
        mnl_attr_put(&packet->header, NDTA_CONFIG, size, &config);
}

static int parse_table(const union packet *packet, uint16_t family, struct arpq_table_stats *stats)
{
    static const struct arpq_table_stats zero;
    int code;

    memset(stats, 0xaa, sizeof *stats);
    code = aq_rtnl_neightbl_parse(&packet->header, family, stats);
    if (code < 0)
        assert_memory_equal(stats, &zero, sizeof zero);
    return code;
}

static void test_table(void **state)
{
    static union packet packet;
    uint64_t counters[16];
    struct arpq_table_stats stats;

    (void)state;
    for (uint64_t i = 0; i < 16; i++)
        counters[i] = i + 100;
    table_packet(&packet, 1, sizeof config);
    mnl_attr_put(&packet.header, NDTA_STATS, sizeof counters, counters); /* a newer kernel's */
    assert_int_equal(parse_table(&packet, AF_INET, &stats), 0);
    assert_int_equal(stats.entries, 12);
    assert_int_equal(stats.hash_size, 64);
    assert_int_equal(stats.gc_thresh1, 128);
    assert_int_equal(stats.gc_thresh2, 512);
    assert_int_equal(stats.gc_thresh3, 1024);
    assert_int_equal(stats.gc_interval_ms, 30000);
    assert_int_equal(stats.allocs, 100);
    assert_int_equal(stats.destroys, 101);
    assert_int_equal(stats.hits, 105);
    assert_int_equal(stats.table_full, 110);
    assert_int_equal(stats.forged, 0);
    table_packet(&packet, 1, sizeof config);
    mnl_attr_put(&packet.header, NDTA_STATS, 10 * sizeof counters[0], counters); /* an older one */
    assert_int_equal(parse_table(&packet, AF_INET, &stats), 0);
    assert_int_equal(stats.gc_forced, 109);
    assert_int_equal(stats.table_full, 0);
    table_packet(&packet, 1, sizeof config);
    mnl_attr_put(&packet.header, NDTA_STATS, 3, counters);
    assert_int_equal(parse_table(&packet, AF_INET, &stats), 0);
    assert_int_equal(stats.destroys, 0);
}

static void test_other_tables(void **state)
{
    static union packet packet;
    struct arpq_table_stats stats;

    (void)state;
    table_packet(&packet, 1, 0); /* one interface's parameters */
    assert_int_equal(parse_table(&packet, AF_INET, &stats), -ENOENT);
    table_packet(&packet, 1, sizeof config - 1);
    assert_int_equal(parse_table(&packet, AF_INET, &stats), -ENOENT);
    table_packet(&packet, 1, sizeof config);
    assert_int_equal(parse_table(&packet, AF_INET6, &stats), -ENOENT);
    packet.header.nlmsg_type = RTM_NEWNEIGH;
    assert_int_equal(parse_table(&packet, AF_INET, &stats), -ENOENT);
    start(&packet, RTM_NEWNEIGHTBL, 0, 1, "a", 1);
    packet.header.nlmsg_len = sizeof packet.header + 1;
    assert_int_equal(parse_table(&packet, AF_INET, &stats), -EBADMSG);
}

static void test_table_get(void **state)
{
    static union packet table, parameters, done;
    struct arpq_table_stats stats;

    (void)state;
    table_packet(&table, 1, sizeof config);
    table_packet(&parameters, 1, 0);
    error_packet(&done, NLMSG_DONE, 1, 0, NULL, 0);
    add_packet(&table);
    add_packet(&parameters); /* does not overwrite it */
    add_packet(&done);
    assert_int_equal(aq_rtnl_neightbl_get(&rtnl, AF_INET, &stats), 0);
    assert_int_equal(stats.entries, 12);
    assert_int_equal(last_sent.nlmsg_type, RTM_GETNEIGHTBL);
    assert_int_equal(last_sent.nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
    table.header.nlmsg_seq = done.header.nlmsg_seq = 2;
    add_packet(&table);
    add_packet(&done);
    assert_int_equal(aq_rtnl_neightbl_get(&rtnl, AF_INET6, &stats), -EAFNOSUPPORT);
    assert_int_equal(stats.entries, 0);
    table.header.nlmsg_seq = 3;
    error_packet(&done, NLMSG_ERROR, 3, -EPERM, NULL, 0);
    add_packet(&done);
    assert_int_equal(aq_rtnl_neightbl_get(&rtnl, AF_INET, &stats), -EPERM);
    assert_int_equal(stats.entries, 0);
}

static void test_payload(void **state)
{
    static union packet packet;

    (void)state;
    start(&packet, RTM_NEWLINK, 0, 0, "abcd", 4);
    assert_non_null(aq_rtnl_payload(&packet.header, 4));
    assert_null(aq_rtnl_payload(&packet.header, 5));
}

/* A refused message leaves nothing behind, whichever parser refused it. */
static void test_refused_link_is_zeroed(void **state)
{
    static const struct arpq_interface zero;
    const struct ifinfomsg header = {.ifi_index = 3, .ifi_flags = 1};
    struct arpq_interface link;
    static union packet packet;

    (void)state;
    start(&packet, RTM_NEWLINK, 0, 0, &header, sizeof header);
    memset(&link, 0xaa, sizeof link);
    assert_int_equal(aq_rtnl_link_parse(&packet.header, &link), -EBADMSG);
    assert_memory_equal(&link, &zero, sizeof link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_table),   TEST(test_other_tables),           TEST(test_table_get),
        TEST(test_payload), TEST(test_refused_link_is_zeroed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
