/* SPDX-License-Identifier: MIT */
/* Read the routes and the rules while calls fail and while dumps are malformed. A lookup then gives
 * the kernel's answer or an error, never another host's MAC. */
#include "test.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "unit/faults.h"

#define LAN_MAC 0xaa   /* first byte of the MACs on the LAN */
#define GUEST_MAC 0xbe /* first byte of the MACs on the guest's link */

/* The route to 10.1.0.10 leads to another link and that to 10.1.0.11 drops packets. The rule routes
 * 10.1.0.12 by another table. The LAN has stale entries for these three. */
static int make_routes(void)
{
    return system(
        "set -e; ip link add lan type veth peer name lan-peer; ip link add guest type veth peer "
        "name "
        "guest-peer; for d in lan lan-peer guest guest-peer; do ip link set $d up; done;"
        "ip addr add 10.1.0.1/24 dev lan;"
        "ip route add 10.1.0.10 dev guest; ip route add blackhole 10.1.0.11;"
        "for n in $(seq 2 40); do ip neigh add 10.1.0.$n lladdr aa:00:00:00:00:01 dev lan; done;"
        "for n in 10 12; do ip neigh add 10.1.0.$n lladdr be:00:00:00:00:01 dev guest; done;"
        "ip route add 10.1.0.12 dev guest table 99");
}

static bool has_rule;

static int add_rule(void **state)
{
    has_rule = system("ip rule add to 10.1.0.12 table 99") == 0;
    return !has_rule;
}

static int delete_rule(void **state)
{
    has_rule = false;
    return system("ip rule del to 10.1.0.12");
}

/* Returns the first byte of the MAC that the kernel sends to, or 0 if it drops the packets. */
static uint8_t first_byte_of(uint8_t host)
{
    if (host == 11)
        return 0;
    return host == 10 || (host == 12 && has_rule) ? GUEST_MAC : LAN_MAC;
}

static int look_up_host(uint8_t host)
{
    const struct arpq_ip ip = {.family = AF_INET, .bytes = {10, 1, 0, host}};
    struct arpq_mac mac;
    int code = arpq_lookup(handle, &ip, 0, 0, &mac);

    if (code != 0)
        return code == -ENETUNREACH && host == 11 ? 0 : code;
    if (mac.bytes[0] != first_byte_of(host))
        fail_msg("10.1.0.%u has %02x", host, mac.bytes[0]);
    return 0;
}

/* The lookups are enough for a new handle to read the routes. */
static int op_routes(void)
{
    int code = 0;

    for (unsigned tick = 0; tick < 4; tick++) {
        skew_s += 2;
        for (uint8_t host = 2; host <= 40; host++) {
            int one = look_up_host(host);

            code = code == 0 ? one : code;
        }
    }
    return code;
}

static void test_calls_fail(void **state)
{
    run_some(op_routes, 3);
}

static void test_calls_fail_with_rule(void **state)
{
    run_some(op_routes, 2);
}

/* ---- Malformed dumps ---- */

static uint16_t change_type;                                  /* type of the messages to change */
static ssize_t (*change_message)(struct nlmsghdr *, ssize_t); /* gets the bytes to the end */
static unsigned changed;

/* Apply change_message to the first message of that type that belongs to a dump. */
static ssize_t change_dump(void *data, ssize_t length)
{
    struct nlmsghdr *message = data;
    int left = (int)length;

    for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
        if (message->nlmsg_type != change_type || !(message->nlmsg_flags & NLM_F_MULTI))
            continue;
        changed++;
        return length - left + change_message(message, left);
    }
    return length;
}

static ssize_t cut_message(struct nlmsghdr *message, ssize_t left)
{
    return (ssize_t)(message->nlmsg_len - 4);
}

static ssize_t drop_message(struct nlmsghdr *message, ssize_t left)
{
    return 0;
}

static ssize_t shorten_header(struct nlmsghdr *message, ssize_t left)
{
    message->nlmsg_len = 17;
    return left;
}

static ssize_t lengthen_message(struct nlmsghdr *message, ssize_t left)
{
    message->nlmsg_len = (uint32_t)left + 4;
    return left;
}

static ssize_t interrupt_dump(struct nlmsghdr *message, ssize_t left)
{
    message->nlmsg_flags |= NLM_F_DUMP_INTR;
    return left;
}

static ssize_t shorten_attribute(struct nlmsghdr *message, ssize_t left)
{
    struct nlattr *attribute = (void *)((char *)message + NLMSG_HDRLEN + sizeof(struct rtmsg));

    attribute->nla_len = 5;
    return left;
}

static ssize_t refuse_dump(struct nlmsghdr *message, ssize_t left)
{
    const int error = -EPERM;

    message->nlmsg_type = NLMSG_ERROR;
    message->nlmsg_len = NLMSG_LENGTH(sizeof(struct nlmsgerr));
    memcpy(mnl_nlmsg_get_payload(message), &error, sizeof error);
    return (ssize_t)message->nlmsg_len;
}

static void run_changed(uint16_t type)
{
    static ssize_t (*const changes[])(struct nlmsghdr *, ssize_t) = {
        cut_message,    drop_message,      shorten_header, lengthen_message,
        interrupt_dump, shorten_attribute, refuse_dump,
    };

    for (size_t i = 0; i < LENGTH(changes); i++) {
        int code;

        change_type = type;
        change_message = changes[i];
        changed = 0;
        change_datagram = change_dump;
        code = arpq_open(&handle, NULL);
        if (code == 0)
            code = op_routes();
        /* If the end of the dump is lost too, the dump takes the socket's whole timeout. */
        if (code != 0)
            assert_int_equal(code, -ETIMEDOUT);
        arpq_close(handle);
        handle = NULL;
        change_datagram = NULL;
        assert_int_not_equal(changed, 0);
    }
}

static void test_malformed_routes(void **state)
{
    run_changed(RTM_NEWROUTE);
}

static void test_malformed_rules(void **state)
{
    run_changed(RTM_NEWRULE);
}

static int set_up_routes(void **state)
{
    return set_up_netns(state) || make_routes();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls_fail),
        cmocka_unit_test_setup_teardown(test_calls_fail_with_rule, add_rule, delete_rule),
        cmocka_unit_test(test_malformed_routes),
        cmocka_unit_test_setup_teardown(test_malformed_rules, add_rule, delete_rule),
    };

    return cmocka_run_group_tests(tests, set_up_routes, tear_down);
}
