/* SPDX-License-Identifier: MIT */
/* Parses the next hops of routes, and reads nexthop objects. */
#include "test.h"

#include <libmnl/libmnl.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "kernel/rtnl_hops.h"
#include "kernel/rtnl_nexthop.h"
#include "unit/mock_rtnl.h"

static const uint8_t gateway[4] = {192, 0, 2, 9};

struct seen {
    struct aq_hop hops[8];
    int count;
    int result; /* what the handler returns */
};

static int take_hop(const struct aq_hop *hop, void *context)
{
    struct seen *seen = context;

    assert_true(seen->count < 8);
    seen->hops[seen->count++] = *hop;
    return seen->result;
}

/* ---- Routes ---- */

static void start_route(union packet *packet, uint8_t flags)
{
    const struct rtmsg header = {
        .rtm_family = AF_INET,
        .rtm_table = RT_TABLE_MAIN,
        .rtm_protocol = RTPROT_DHCP,
        .rtm_type = RTN_UNICAST,
        .rtm_flags = flags | RTM_F_FIB_MATCH,
    };

    start(packet, RTM_NEWROUTE, 0, 1, &header, sizeof header);
}

static int parse(const union packet *packet, struct aq_route_facts *facts, struct seen *seen)
{
    static const struct aq_route_facts zero;
    int code;

    memset(facts, 0xaa, sizeof *facts);
    code = aq_rtnl_hops_parse(&packet->header, facts);
    if (code < 0)
        assert_memory_equal(facts, &zero, sizeof zero);
    return code < 0 ? code : aq_rtnl_hops_each(&packet->header, facts, take_hop, seen);
}

static void test_one_hop(void **state)
{
    static union packet packet;
    struct aq_route_facts facts;
    struct seen seen = {0};

    start_route(&packet, RTNH_F_ONLINK);
    mnl_attr_put_u32(&packet.header, RTA_OIF, 3);
    mnl_attr_put_u32(&packet.header, RTA_PRIORITY, 100);
    mnl_attr_put(&packet.header, RTA_GATEWAY, sizeof gateway, gateway);
    mnl_attr_put(&packet.header, RTA_PREFSRC, sizeof gateway, gateway);
    mnl_attr_put_u32(&packet.header, RTA_TABLE, 1000);
    assert_int_equal(parse(&packet, &facts, &seen), 1);
    assert_int_equal(facts.metric, 100);
    assert_int_equal(facts.entry.table, 1000);
    assert_int_equal(facts.protocol, RTPROT_DHCP);
    assert_int_equal(facts.valid_s, ARPQ_FOREVER);
    assert_int_equal(facts.source.bytes[3], 9);
    assert_false(facts.selective);
    assert_int_equal(seen.hops[0].ifindex, 3);
    assert_int_equal(seen.hops[0].gateway.family, AF_INET);
    assert_int_equal(seen.hops[0].flags, RTNH_F_ONLINK);
    assert_int_equal(seen.hops[0].weight, 1);
}

static void test_expiry(void **state)
{
    static const struct {
        int32_t ticks;
        uint32_t valid_s;
    } cases[] = {{0, ARPQ_FOREVER}, {150, 1}, {-1, 0}, {INT32_MIN, 0}, {INT32_MAX, 21474836}};

    for (size_t i = 0; i < LENGTH(cases); i++) {
        const struct rta_cacheinfo info = {.rta_expires = cases[i].ticks};
        static union packet packet;
        struct aq_route_facts facts;
        struct seen seen = {0};

        start_route(&packet, 0);
        mnl_attr_put(&packet.header, RTA_CACHEINFO, sizeof info, &info);
        assert_int_equal(parse(&packet, &facts, &seen), 0);
        assert_int_equal(facts.valid_s, cases[i].valid_s);
    }
}

/* Append a next hop, which has `length` as its own length. */
static void put_hop(union packet *packet, int ifindex, uint8_t weight, uint16_t length)
{
    const struct rtnexthop hop = {
        .rtnh_len = length,
        .rtnh_hops = weight,
        .rtnh_flags = RTNH_F_LINKDOWN,
        .rtnh_ifindex = ifindex,
    };

    memcpy(packet->bytes + packet->header.nlmsg_len, &hop, sizeof hop);
    packet->header.nlmsg_len += sizeof hop;
    mnl_attr_put(&packet->header, RTA_GATEWAY, sizeof gateway, gateway);
}

static void test_multipath(void **state)
{
    static union packet packet;
    struct aq_route_facts facts;
    struct seen seen = {0};
    struct nlattr *nest;

    start_route(&packet, 0);
    nest = mnl_attr_nest_start(&packet.header, RTA_MULTIPATH);
    put_hop(&packet, 3, 0, 16);
    put_hop(&packet, 4, 255, 16);
    mnl_attr_nest_end(&packet.header, nest);
    assert_int_equal(parse(&packet, &facts, &seen), 2);
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.hops[0].ifindex, 3);
    assert_int_equal(seen.hops[0].weight, 1);
    assert_int_equal(seen.hops[1].ifindex, 4);
    assert_int_equal(seen.hops[1].weight, 256);
    assert_int_equal(seen.hops[1].gateway.bytes[3], 9);
    assert_int_equal(seen.hops[1].flags, RTNH_F_LINKDOWN);
    seen = (struct seen){.result = -ENOMEM};
    assert_int_equal(parse(&packet, &facts, &seen), -ENOMEM);
    assert_int_equal(seen.count, 1);
}

static void test_malformed_multipath(void **state)
{
    static const uint16_t lengths[] = {0, 7, 17, 255, UINT16_MAX};

    for (size_t i = 0; i < LENGTH(lengths); i++) {
        static union packet packet;
        struct aq_route_facts facts;
        struct seen seen = {0};
        struct nlattr *nest;

        start_route(&packet, 0);
        nest = mnl_attr_nest_start(&packet.header, RTA_MULTIPATH);
        put_hop(&packet, 3, 0, lengths[i]);
        mnl_attr_nest_end(&packet.header, nest);
        assert_int_equal(parse(&packet, &facts, &seen), -EBADMSG);
        assert_int_equal(seen.count, 0);
    }
}

static void test_malformed_facts(void **state)
{
    static const uint16_t types[] = {RTA_PRIORITY, RTA_PREFSRC, RTA_NH_ID, RTA_PREF, RTA_CACHEINFO};

    for (size_t i = 0; i < LENGTH(types); i++) {
        static union packet packet;
        struct aq_route_facts facts;
        struct seen seen = {0};

        start_route(&packet, 0);
        mnl_attr_put(&packet.header, types[i], 3, gateway);
        assert_int_equal(parse(&packet, &facts, &seen), -EBADMSG);
    }
}

/* ---- Nexthop objects ---- */

/* struct nexthop_grp, which has no weight_high in older headers. */
struct member {
    uint32_t id;
    uint8_t weight, weight_high;
    uint16_t reserved;
};

/* Add the answer to request n: an object with this interface, gateway and group. */
static void add_object(uint32_t n, uint32_t ifindex, const void *group, size_t size)
{
    const struct nhmsg header = {.nh_family = AF_INET};
    static union packet packets[8];
    union packet *packet = &packets[n];

    start(packet, RTM_NEWNEXTHOP, 0, n, &header, sizeof header);
    if (ifindex)
        mnl_attr_put_u32(&packet->header, NHA_OIF, ifindex);
    if (group)
        mnl_attr_put(&packet->header, NHA_GROUP, size, group);
    else if (ifindex)
        mnl_attr_put(&packet->header, NHA_GATEWAY, sizeof gateway, gateway);
    else
        mnl_attr_put(&packet->header, NHA_BLACKHOLE, 0, NULL);
    add(packet, packet->header.nlmsg_len);
}

static void test_object(void **state)
{
    struct seen seen = {0};

    add_object(1, 3, NULL, 0);
    assert_int_equal(aq_rtnl_nexthop_each(&rtnl, 7, take_hop, &seen), 0);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.hops[0].ifindex, 3);
    assert_int_equal(seen.hops[0].gateway.bytes[3], 9);
    assert_int_equal(last_sent.nlmsg_type, RTM_GETNEXTHOP);
    add_object(2, 0, NULL, 0);
    assert_int_equal(aq_rtnl_nexthop_each(&rtnl, 8, take_hop, &seen), 0);
    assert_int_equal(seen.count, 1);
}

/* One member drops packets; the weight of another needs two bytes. */
static void test_group(void **state)
{
    static const struct member group[] = {
        {.id = 1, .weight = 2}, {.id = 2}, {.id = 3, .weight = 0xff, .weight_high = 1}};
    struct seen seen = {0};

    add_object(1, 0, group, sizeof group);
    add_object(2, 3, NULL, 0);
    add_object(3, 0, NULL, 0);
    add_object(4, 4, NULL, 0);
    assert_int_equal(aq_rtnl_nexthop_each(&rtnl, 9, take_hop, &seen), 0);
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.hops[0].weight, 3);
    assert_int_equal(seen.hops[1].ifindex, 4);
    assert_int_equal(seen.hops[1].weight, 512);
}

static void test_malformed_objects(void **state)
{
    static const struct member group[2] = {{.id = 1}};
    struct seen seen = {0};
    static union packet refusal;

    add_object(1, 0, group, sizeof group - 1);
    assert_int_equal(aq_rtnl_nexthop_each(&rtnl, 9, take_hop, &seen), -EBADMSG);
    error_packet(&refusal, NLMSG_ERROR, 2, -ENOENT, NULL, 0);
    add_packet(&refusal);
    assert_int_equal(aq_rtnl_nexthop_each(&rtnl, 9, take_hop, &seen), -ENOENT);
    assert_int_equal(seen.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_hop),
        cmocka_unit_test(test_expiry),
        cmocka_unit_test(test_multipath),
        cmocka_unit_test(test_malformed_multipath),
        cmocka_unit_test(test_malformed_facts),
        TEST_SET_UP(test_object),
        TEST_SET_UP(test_group),
        TEST_SET_UP(test_malformed_objects),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
