/* SPDX-License-Identifier: MIT */
/* List gateways while calls fail, while rtnetlink is refused and while answers are malformed. A
 * list is then complete, says that it may not be, or there is an error. */
#include "test.h"

#include <libmnl/libmnl.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "unit/faults.h"

#define GATEWAYS 4u /* IPv4: two of the group, one with a metric; IPv6: one */

static int set_up_gateways(void **state)
{
    if (set_up_netns(state) != 0)
        return 1;
    return system("set -e; ip link add lan type veth peer name peer; ip link set lan up;"
                  "ip link set peer up; ip addr add 10.1.0.1/24 dev lan;"
                  "ip addr add fd01::1/64 dev lan nodad;"
                  "ip neigh add 10.1.0.9 dev lan lladdr aa:00:00:00:00:01;"
                  "ip nexthop add id 1 via 10.1.0.8 dev lan;"
                  "ip nexthop add id 2 via 10.1.0.9 dev lan; ip nexthop add id 3 group 1/2;"
                  "echo 0 >/proc/sys/net/ipv4/nexthop_compat_mode;"
                  "ip route add default nhid 3; ip route add default via 10.1.0.9 metric 5;"
                  "ip -6 route add default via fd01::9");
}

/* Returns the code. */
static int read_gateways(uint32_t *flags, uint32_t *count, uint32_t *chosen)
{
    struct arpq_gateways *list = (void *)&list;
    int code = arpq_gateways_get(handle, 0, 0, &list);

    *chosen = 0;
    if (code < 0)
        assert_null(list);
    *flags = arpq_gateways_flags(list);
    *count = arpq_gateways_count(list);
    for (uint32_t n = 0; n < *count; n++)
        *chosen += (arpq_gateways_at(list, n)->flags & ARPQ_GATEWAY_CHOSEN) != 0;
    arpq_gateways_free(list);
    return code;
}

static int op_gateways(void)
{
    uint32_t flags, count, chosen;
    int code = read_gateways(&flags, &count, &chosen);

    if (code == 0 && !(flags & ARPQ_GATEWAYS_INCONSISTENT)) {
        assert_int_equal(count, GATEWAYS);
        assert_int_equal(chosen, 3);
    }
    return code;
}
TEST_OF(op_gateways)

static void test_refused(void **state)
{
    uint32_t flags, count, chosen;

    netlink_refused = true;
    assert_int_equal(arpq_open(&handle, NULL), 0);
    assert_int_equal(read_gateways(&flags, &count, &chosen), -EOPNOTSUPP);
    arpq_close(handle);
    handle = NULL;
    netlink_refused = false;
}

/* ---- Malformed answers ---- */

static uint16_t change_type; /* type of the messages to change */
static unsigned change_left; /* how many datagrams to change */
static unsigned changed;
static ssize_t (*change_message)(struct nlmsghdr *, ssize_t); /* gets the bytes to the end */

static bool is_changed(const struct nlmsghdr *message)
{
    const struct rtmsg *header = mnl_nlmsg_get_payload(message);

    return message->nlmsg_type == change_type &&
           (change_type != RTM_NEWROUTE || header->rtm_dst_len == 0);
}

/* Apply change_message to a message of that type, of routes to a default route. */
static ssize_t change_answer(void *data, ssize_t length)
{
    struct nlmsghdr *message = data;
    int left = (int)length;

    for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
        if (!is_changed(message) || change_left == 0)
            continue;
        change_left--;
        changed++;
        return length - left + change_message(message, left);
    }
    return length;
}

static ssize_t interrupt(struct nlmsghdr *message, ssize_t left)
{
    message->nlmsg_flags |= NLM_F_DUMP_INTR;
    return left;
}

static ssize_t cut(struct nlmsghdr *message, ssize_t left)
{
    return (ssize_t)(message->nlmsg_len - 4);
}

static ssize_t shorten_header(struct nlmsghdr *message, ssize_t left)
{
    message->nlmsg_len = 17;
    return left;
}

static ssize_t shorten_attribute(struct nlmsghdr *message, ssize_t left)
{
    struct nlattr *attribute = (void *)((char *)message + NLMSG_HDRLEN + sizeof(struct rtmsg));

    attribute->nla_len = 5;
    return left;
}

static ssize_t refuse(struct nlmsghdr *message, ssize_t left)
{
    const int error = -EPERM;

    message->nlmsg_type = NLMSG_ERROR;
    message->nlmsg_len = NLMSG_LENGTH(sizeof(struct nlmsgerr));
    memcpy(mnl_nlmsg_get_payload(message), &error, sizeof error);
    return (ssize_t)message->nlmsg_len;
}

static int read_changed(uint16_t type, ssize_t (*change)(struct nlmsghdr *, ssize_t),
                        unsigned times, uint32_t *flags, uint32_t *count)
{
    uint32_t chosen;
    int code;

    assert_int_equal(arpq_open(&handle, NULL), 0);
    change_type = type;
    change_message = change;
    change_left = times;
    changed = 0;
    change_datagram = change_answer;
    code = read_gateways(flags, count, &chosen);
    change_datagram = NULL;
    arpq_close(handle);
    handle = NULL;
    assert_int_not_equal(changed, 0);
    return code;
}

static void test_interrupted(void **state)
{
    uint32_t flags, count;

    assert_int_equal(read_changed(RTM_NEWROUTE, interrupt, 1, &flags, &count), 0);
    assert_int_equal(flags, 0);
    assert_int_equal(count, GATEWAYS);
    assert_int_equal(read_changed(RTM_NEWROUTE, interrupt, 1000, &flags, &count), 0);
    assert_int_equal(flags, ARPQ_GATEWAYS_INCONSISTENT);
    assert_int_equal(count, GATEWAYS);
}

/* The list does not lose entries without saying so. */
static void test_malformed(void **state)
{
    static ssize_t (*const changes[])(struct nlmsghdr *, ssize_t) = {cut, shorten_header, refuse};
    static const uint16_t types[] = {RTM_NEWROUTE, RTM_NEWNEXTHOP};

    for (size_t type = 0; type < LENGTH(types); type++)
        for (size_t i = 0; i < LENGTH(changes); i++) {
            uint32_t flags, count;
            int code = read_changed(types[type], changes[i], 1000, &flags, &count);

            if (code != 0)
                assert_true(code == -EOPNOTSUPP || code == -ETIMEDOUT || code == -EBADMSG);
            else
                assert_int_equal(flags, ARPQ_GATEWAYS_INCONSISTENT);
        }
}

/* A message that cannot be parsed is left out. */
static void test_malformed_route(void **state)
{
    uint32_t flags, count;

    assert_int_equal(read_changed(RTM_NEWROUTE, shorten_attribute, 1, &flags, &count), 0);
    assert_int_equal(flags, 0);
    assert_int_equal(count, GATEWAYS);
    assert_int_equal(read_changed(RTM_NEWROUTE, shorten_attribute, 1000, &flags, &count), 0);
    assert_int_equal(flags, ARPQ_GATEWAYS_INCONSISTENT);
    assert_true(count < GATEWAYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_op_gateways),     cmocka_unit_test(test_refused),
        cmocka_unit_test(test_interrupted),     cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_malformed_route),
    };

    return cmocka_run_group_tests(tests, set_up_gateways, tear_down);
}
