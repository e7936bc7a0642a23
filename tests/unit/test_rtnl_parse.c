/* SPDX-License-Identifier: MIT */
/* Parses rtnetlink messages: the statistics of a table, and malformed messages. */
#include "test.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "kernel/rtnl.h"
#include "kernel/rtnl_addr.h"
#include "kernel/rtnl_attr.h"
#include "kernel/rtnl_link.h"
#include "kernel/rtnl_neightbl.h"
#include "unit/mock_rtnl.h"

/* ---- Tables ---- */

static const struct ndt_config config = {.ndtc_entries = 12, .ndtc_hash_mask = 63};

/* Make a message about the IPv4 table, with a configuration unless size is 0. */
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

    for (uint64_t i = 0; i < 16; i++)
        counters[i] = i + 100;
    table_packet(&packet, 1, sizeof config);
    /* A newer kernel sends more counters. */
    mnl_attr_put(&packet.header, NDTA_STATS, sizeof counters, counters);
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
    /* An older kernel sends fewer counters. */
    mnl_attr_put(&packet.header, NDTA_STATS, 10 * sizeof counters[0], counters);
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

    table_packet(&packet, 1, 0); /* the parameters of one interface */
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

    table_packet(&table, 1, sizeof config);
    table_packet(&parameters, 1, 0);
    error_packet(&done, NLMSG_DONE, 1, 0, NULL, 0);
    add_packet(&table);
    add_packet(&parameters); /* must not overwrite the statistics of the table */
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

    start(&packet, RTM_NEWLINK, 0, 0, "abcd", 4);
    assert_non_null(aq_rtnl_payload(&packet.header, 4));
    assert_null(aq_rtnl_payload(&packet.header, 5));
}

/* A parser that refuses a message leaves its output zeroed. */
static void test_refused_link_is_zeroed(void **state)
{
    static const struct arpq_interface zero;
    const struct ifinfomsg header = {.ifi_index = 3, .ifi_flags = 1};
    struct arpq_interface link;
    static union packet packet;

    start(&packet, RTM_NEWLINK, 0, 0, &header, sizeof header);
    memset(&link, 0xaa, sizeof link);
    assert_int_equal(aq_rtnl_link_parse(&packet.header, &link), -EBADMSG);
    assert_memory_equal(&link, &zero, sizeof link);
}

/* ---- Links and addresses that no device of a test machine has ---- */

static void link_packet(union packet *packet)
{
    const struct ifinfomsg header = {.ifi_index = 3, .ifi_type = 1};

    start(packet, RTM_NEWLINK, 0, 0, &header, sizeof header);
    mnl_attr_put_strz(&packet->header, IFLA_IFNAME, "eth0");
}

/* Begin a nested attribute. */
static struct nlattr *nest(union packet *packet, uint16_t type)
{
    return mnl_attr_nest_start(&packet->header, type);
}

static void test_link(void **state)
{
    static const uint8_t mac[6] = {2, 0, 0, 0, 0, 1};
    struct arpq_interface link;
    static union packet packet;
    struct nlattr *inside;

    link_packet(&packet);
    mnl_attr_put(&packet.header, 54, sizeof mac, mac); /* IFLA_PERM_ADDRESS */
    mnl_attr_put_u8(&packet.header, IFLA_OPERSTATE, 6);
    mnl_attr_put_u8(&packet.header, IFLA_LINKMODE, 1);
    mnl_attr_put_u32(&packet.header, IFLA_LINK, 9);
    mnl_attr_put_u32(&packet.header, IFLA_LINK_NETNSID, 4);
    mnl_attr_put_u16(&packet.header, IFLA_GROUP, 7); /* of the wrong size: ignored */
    inside = nest(&packet, IFLA_LINKINFO);
    mnl_attr_put_strz(&packet.header, IFLA_INFO_KIND, "a-kind-of-23-characters");
    mnl_attr_put_strz(&packet.header, IFLA_INFO_SLAVE_KIND, "a-kind-of-24-characters-");
    mnl_attr_nest_end(&packet.header, inside);
    assert_int_equal(aq_rtnl_link_parse(&packet.header, &link), 0);
    assert_int_equal(link.permanent_mac.length, 6);
    assert_int_equal(link.permanent_mac.type, 1);
    assert_memory_equal(link.permanent_mac.bytes, mac, sizeof mac);
    assert_int_equal(link.mac.length, 0);
    assert_int_equal(link.operstate, 6);
    assert_int_equal(link.linkmode, 1);
    assert_int_equal(link.parent, 9);
    assert_int_equal(link.parent_netnsid, 4);
    assert_int_equal(link.group, 0);
    assert_string_equal(link.kind, "a-kind-of-23-characters");
    assert_string_equal(link.port_kind, "");
    link_packet(&packet);
    assert_int_equal(aq_rtnl_link_parse(&packet.header, &link), 0);
    assert_int_equal(link.parent_netnsid, -1);
    assert_int_equal(link.permanent_mac.type, 0);
}

struct texts {
    char all[256];
    int code;
};

static int take_text(uint32_t which, const char *text, size_t length, void *context)
{
    struct texts *texts = context;

    sprintf(texts->all + strlen(texts->all), "%u=%.*s;", which, (int)length, text);
    return texts->code;
}

static void put_texts(union packet *packet)
{
    struct nlattr *inside;

    mnl_attr_put_strz(&packet->header, IFLA_IFALIAS, "an alias");
    mnl_attr_put(&packet->header, 56, 3, "dev"); /* IFLA_PARENT_DEV_NAME, without a NUL */
    mnl_attr_put_strz(&packet->header, 57, "bus");
    inside = nest(packet, 52); /* IFLA_PROP_LIST */
    mnl_attr_put_strz(&packet->header, 53, "one");
    mnl_attr_put_u32(&packet->header, 54, 7); /* another property */
    mnl_attr_put_strz(&packet->header, 53, "two");
    mnl_attr_nest_end(&packet->header, inside);
}

static void test_more(void **state)
{
    uint64_t counters[40];
    struct arpq_interface_stats stats;
    struct arpq_interface link;
    struct texts texts = {.code = 0};
    static union packet packet;

    for (uint64_t i = 0; i < 40; i++)
        counters[i] = i + 100;
    link_packet(&packet);
    /* A newer kernel sends more counters. */
    mnl_attr_put(&packet.header, IFLA_STATS64, sizeof counters, counters);
    mnl_attr_put_strz(&packet.header, IFLA_QDISC, "noqueue");
    mnl_attr_put_u32(&packet.header, IFLA_PROMISCUITY, 2);
    put_texts(&packet);
    assert_int_equal(aq_rtnl_link_parse(&packet.header, &link), 0);
    assert_int_equal(link.altname_count, 2);
    assert_int_equal(aq_rtnl_link_parse_more(&packet.header, &stats, take_text, &texts), 0);
    assert_string_equal(texts.all, "1=an alias;2=dev;3=bus;0=one;0=two;");
    assert_int_equal(stats.rx_packets, 100);
    assert_int_equal(stats.rx_otherhost_dropped, 124);
    assert_int_equal(stats.carrier_changes, 0);
    assert_int_equal(stats.promiscuity, 2);
    assert_string_equal(stats.qdisc, "noqueue");
    texts = (struct texts){.code = -ENOMEM};
    assert_int_equal(aq_rtnl_link_parse_more(&packet.header, &stats, take_text, &texts), -ENOMEM);
    assert_string_equal(texts.all, "1=an alias;");
    link_packet(&packet);
    /* An older kernel sends fewer counters. */
    mnl_attr_put(&packet.header, IFLA_STATS64, 23 * sizeof counters[0], counters);
    assert_int_equal(aq_rtnl_link_parse_more(&packet.header, &stats, take_text, &texts), 0);
    assert_int_equal(stats.tx_compressed, 122);
    assert_int_equal(stats.rx_nohandler, 0);
}

static void address_packet(union packet *packet)
{
    const struct ifaddrmsg header = {
        .ifa_family = AF_INET, .ifa_prefixlen = 24, .ifa_flags = 0x80, .ifa_index = 3};

    start(packet, RTM_NEWADDR, 0, 0, &header, sizeof header);
    mnl_attr_put_u32(&packet->header, IFA_LOCAL, htonl(0x0a000001));
}

static void test_address(void **state)
{
    const struct ifa_cacheinfo times = {
        .ifa_prefered = 30, .ifa_valid = 60, .cstamp = UINT32_MAX, .tstamp = 5};
    static const struct arpq_address zero;
    struct arpq_address address;
    static union packet packet;

    address_packet(&packet);
    assert_int_equal(aq_rtnl_addr_parse(&packet.header, &address), 0);
    assert_int_equal(address.flags, 0x80);
    assert_int_equal(address.valid_s, ARPQ_FOREVER);
    mnl_attr_put(&packet.header, IFA_CACHEINFO, sizeof times, &times);
    /* The 32-bit flags replace the 8-bit flags. */
    mnl_attr_put_u32(&packet.header, IFA_FLAGS, 0x280);
    mnl_attr_put_u32(&packet.header, IFA_ANYCAST, htonl(0x0a000009));
    mnl_attr_put_u32(&packet.header, 9, 55); /* IFA_RT_PRIORITY */
    mnl_attr_put_u8(&packet.header, 11, 77); /* IFA_PROTO */
    assert_int_equal(aq_rtnl_addr_parse(&packet.header, &address), 0);
    assert_int_equal(address.flags, 0x280);
    assert_int_equal(address.valid_s, 60);
    assert_int_equal(address.preferred_s, 30);
    assert_true(address.created_ms == UINT32_MAX * UINT64_C(10));
    assert_int_equal(address.updated_ms, 50);
    assert_int_equal(address.anycast.bytes[0], 10);
    assert_int_equal(address.metric, 55);
    assert_int_equal(address.protocol, 77);
    mnl_attr_put_u32(&packet.header, 11, 77);
    assert_int_equal(aq_rtnl_addr_parse(&packet.header, &address), -EBADMSG);
    assert_memory_equal(&address, &zero, sizeof zero);
}

/* ---- Commands ---- */

static int command(void)
{
    struct arpq_address address = {.ip = {.family = AF_INET, .bytes = {10, 0, 0, 1}},
                                   .ifindex = 3,
                                   .prefix_length = 24,
                                   .label = "eth0:1"};

    return aq_rtnl_addr_change(&rtnl, RTM_NEWADDR, NLM_F_REPLACE, &address);
}

static void test_command(void **state)
{
    static union packet done, refused, strange;

    error_packet(&done, NLMSG_ERROR, 1, 0, "a remark", 9);
    error_packet(&refused, NLMSG_ERROR, 2, -EPERM, "no", 3);
    start(&strange, RTM_NEWADDR, 0, 3, NULL, 0);
    add_packet(&done);
    add_packet(&refused);
    add_packet(&strange);
    assert_int_equal(command(), 0);
    assert_string_equal(aq_rtnl_detail_of_thread(OWNER), "");
    assert_int_equal(last_sent.nlmsg_type, RTM_NEWADDR);
    assert_int_equal(last_sent.nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK | NLM_F_REPLACE);
    assert_int_equal(command(), -EPERM);
    assert_string_equal(aq_rtnl_detail_of_thread(OWNER), "no");
    assert_int_equal(command(), -EBADMSG);
    assert_int_equal(command(), -ETIMEDOUT);
    send_errors[sent % 8] = ENOBUFS;
    assert_int_equal(command(), -ENOBUFS);
}

/* The answer is truncated after the requested entry. */
static void test_find_cut(void **state)
{
    const struct ifinfomsg header = {.ifi_index = 42};
    static struct {
        union packet packet;
        char rest[AQ_RTNL_ANSWER_SIZE];
    } answer;
    uint32_t ifindex;

    start(&answer.packet, RTM_NEWLINK, 0, 1, &header, sizeof header);
    answer.packet.header.nlmsg_len = sizeof answer;
    add(&answer, sizeof answer);
    assert_int_equal(aq_rtnl_link_find(&rtnl, "a-name", &ifindex), 0);
    assert_int_equal(ifindex, 42);
    add(&answer, sizeof answer); /* the answer to another request */
    assert_int_equal(aq_rtnl_link_find(&rtnl, "a-name", &ifindex), -ETIMEDOUT);
    assert_int_equal(ifindex, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_SET_UP(test_table),
        TEST_SET_UP(test_other_tables),
        TEST_SET_UP(test_table_get),
        TEST_SET_UP(test_payload),
        TEST_SET_UP(test_refused_link_is_zeroed),
        TEST_SET_UP(test_link),
        TEST_SET_UP(test_more),
        TEST_SET_UP(test_address),
        TEST_SET_UP(test_command),
        TEST_SET_UP(test_find_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
