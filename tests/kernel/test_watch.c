/* SPDX-License-Identifier: MIT */
/* The events that a watch reports (entries, existing entries, moves, conflicts), events that it
 * does not report, and arguments that it refuses. */
#include "test.h"

#include <arpa/inet.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "kernel/neigh.h"
#include "kernel/netns.h"
#include "kernel/watch.h"
#include "process.h"

/* ---- One entry ---- */

static void test_life_v4(void **state)
{
    open_watch(0);
    EXPECT("");
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A " nud stale");
    EXPECT("ADDED 10.1.0.9 STALE aa\n");
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_A " nud reachable");
    EXPECT("CHANGED 10.1.0.9 STALE>REACHABLE aa was aa\n");
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_A " nud permanent");
    EXPECT("CHANGED 10.1.0.9 REACHABLE>PERMANENT aa was aa\n");
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_B " nud permanent");
    EXPECT("MOVED 10.1.0.9 PERMANENT>PERMANENT bb was aa\n");
    sh("ip neigh del 10.1.0.9 dev v0");
    EXPECT("CHANGED 10.1.0.9 PERMANENT>FAILED - was bb\nREMOVED 10.1.0.9 FAILED was bb\n");
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A " nud stale");
    EXPECT("ADDED 10.1.0.9 STALE aa\n");
}

static void test_life_v6(void **state)
{
    open_watch(0);
    sh("ip neigh add fd01::9 dev v0 lladdr " MAC_A " nud stale");
    EXPECT("ADDED fd01::9 STALE aa\n");
    sh("ip neigh replace fd01::9 dev v0 lladdr " MAC_A " nud reachable");
    EXPECT("CHANGED fd01::9 STALE>REACHABLE aa was aa\n");
    sh("ip neigh replace fd01::9 dev v0 lladdr " MAC_B " nud stale");
    EXPECT("MOVED fd01::9 REACHABLE>STALE bb was aa\n");
    sh("ip neigh del fd01::9 dev v0");
    EXPECT("CHANGED fd01::9 STALE>FAILED - was bb\nREMOVED fd01::9 FAILED was bb\n");
    /* The event of a link-local address contains its interface. */
    sh("ip neigh add fe80::9 dev v0 lladdr " MAC_A " nud stale");
    {
        struct arpq_event event;

        assert_int_equal(next(&event, 0), 1);
        assert_int_equal(event.type, ARPQ_EVENT_NEIGH_ADDED);
        assert_int_equal(event.neigh.ifindex, ifindex_of("v0"));
        assert_int_equal(event.neigh.ip.scope, ifindex_of("v0"));
        assert_int_equal(event.neigh.mac.type, 1);
    }
}

/* A change to INCOMPLETE or FAILED is not a move (a fault of other libraries). */
static void test_no_false_move(void **state)
{
    static const char *const states[] = {"incomplete", "failed"};
    static const char *const names[] = {"INCOMPLETE", "FAILED"};
    /* Each address moves once, because a second move would be damped. */
    static const char *const keys[] = {"10.1.0.8", "10.1.0.9", "fd01::8", "fd01::9"};
    char want[512];

    open_watch(0);
    for (size_t k = 0; k < LENGTH(keys); k++) {
        const size_t i = k % LENGTH(states);
        const char *key = keys[k], *name = names[i];

        sh("ip neigh replace %s dev v0 lladdr " MAC_A " nud reachable;"
           "ip neigh replace %s dev v0 nud %s;"
           "ip neigh replace %s dev v0 lladdr " MAC_A " nud reachable;"
           "ip neigh replace %s dev v0 nud %s;"
           "ip neigh replace %s dev v0 lladdr " MAC_B " nud reachable;"
           "ip neigh del %s dev v0",
           key, key, states[i], key, key, states[i], key, key);
        snprintf(want, sizeof want,
                 "ADDED %s REACHABLE aa\n"
                 "CHANGED %s REACHABLE>%s - was aa\n"
                 "CHANGED %s %s>REACHABLE aa was aa\n"
                 "CHANGED %s REACHABLE>%s - was aa\n"
                 "MOVED %s %s>REACHABLE bb was aa\n"
                 "CHANGED %s REACHABLE>FAILED - was bb\n"
                 "REMOVED %s FAILED was bb\n",
                 key, key, name, key, name, key, name, key, name, key, key);
        EXPECT(want);
    }
}

static void test_flags_and_protocol(void **state)
{
    struct arpq_event event;

    open_watch(0);
    sh("ip neigh add fd01::9 dev v0 lladdr " MAC_A " nud stale");
    EXPECT("ADDED fd01::9 STALE aa\n");
    sh("ip neigh replace fd01::9 dev v0 lladdr " MAC_A " nud stale router");
    assert_int_equal(next(&event, 0), 1);
    assert_int_equal(event.type, ARPQ_EVENT_NEIGH_CHANGED);
    assert_int_equal(event.neigh.flags, ARPQ_NEIGH_ROUTER);
    assert_int_equal(event.old_state, ARPQ_STATE_STALE);
    sh("ip neigh replace fd01::9 dev v0 lladdr " MAC_A " nud permanent protocol 186 router");
    assert_int_equal(next(&event, 0), 1);
    assert_int_equal(event.type, ARPQ_EVENT_NEIGH_CHANGED);
    assert_int_equal(event.neigh.protocol, 186);
    EXPECT("");
}

/* ---- Present entries ---- */

static void test_existing(void **state)
{
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A " nud stale;"
       "ip neigh add fd01::9 dev v0 lladdr " MAC_B " nud permanent;"
       "ip neigh add 10.1.0.8 dev v0 nud incomplete");
    open_watch(ARPQ_WATCH_EXISTING);
    EXPECT_SORTED("ADDED 10.1.0.8 INCOMPLETE - +R\n"
                  "ADDED 10.1.0.9 STALE aa +R\n"
                  "ADDED fd01::9 PERMANENT bb +R\n"
                  "SYNCED\n");
    arpq_watch_close(w);
    w = NULL;
    open_watch(0);
    EXPECT("");
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_B " nud stale");
    EXPECT("MOVED 10.1.0.9 STALE>STALE bb was aa\n");
}

static void test_existing_is_synced_last(void **state)
{
    struct arpq_event event;
    unsigned neighs = 0, links = 0, addresses = 0;

    sh("for i in $(seq 1 200); do"
       " echo neigh add 10.1.0.$i dev v0 lladdr " MAC_A " nud permanent; done | ip -batch -");
    open_watch(ARPQ_WATCH_EXISTING | ARPQ_WATCH_INTERFACES | ARPQ_WATCH_ADDRESSES);
    while (next(&event, 0) == 1 && event.type != ARPQ_EVENT_SYNCED) {
        assert_int_equal(event.flags, ARPQ_EVENT_RESYNC);
        neighs += event.type == ARPQ_EVENT_NEIGH_ADDED;
        links += event.type == ARPQ_EVENT_INTERFACE_ADDED;
        addresses += event.type == ARPQ_EVENT_ADDRESS_ADDED;
    }
    assert_int_equal(event.type, ARPQ_EVENT_SYNCED);
    assert_int_equal(next(&event, 0), 0);
    assert_int_equal(neighs, 200);
    assert_int_equal(links, 3);
    assert_int_equal(addresses, 4); /* including those of lo */
}

/* ---- Conflicts ---- */

static void move_to(const char *mac)
{
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr %s nud permanent", mac);
}

static void test_conflict(void **state)
{
    struct arpq_watch_options options = options_of(0);

    options.damping_ms = 2000 * slowness();
    open_with(&options);
    move_to(MAC_A);
    EXPECT("ADDED 10.1.0.9 PERMANENT aa\n");
    move_to(MAC_B);
    EXPECT("MOVED 10.1.0.9 PERMANENT>PERMANENT bb was aa\n");
    move_to(MAC_A);
    EXPECT("MOVED 10.1.0.9 PERMANENT>PERMANENT aa was bb +D\nCONFLICT 10.1.0.9 aa and bb\n");
    move_to(MAC_B);
    EXPECT("MOVED 10.1.0.9 PERMANENT>PERMANENT bb was aa +D\n");
    move_to(MAC_A);
    EXPECT("MOVED 10.1.0.9 PERMANENT>PERMANENT aa was bb +D\n");
    sleep_ms(2100L * (long)slowness());
    move_to(MAC_B);
    EXPECT("MOVED 10.1.0.9 PERMANENT>PERMANENT bb was aa\n");
    /* A move to a third MAC is not a conflict. */
    move_to(MAC_C);
    EXPECT("MOVED 10.1.0.9 PERMANENT>PERMANENT cc was bb +D\n");
    move_to(MAC_A);
    EXPECT("MOVED 10.1.0.9 PERMANENT>PERMANENT aa was cc +D\nCONFLICT 10.1.0.9 aa and cc\n");
}

/* An own address is not a conflict (a fault of other libraries). */
static void test_no_conflict_with_oneself(void **state)
{
    open_watch(0);
    move_to(MAC_A);
    EXPECT("ADDED 10.1.0.9 PERMANENT aa\n");
    move_to(MAC_V0);
    EXPECT("MOVED 10.1.0.9 PERMANENT>PERMANENT a0 was aa\n");
    move_to(MAC_A);
    EXPECT("MOVED 10.1.0.9 PERMANENT>PERMANENT aa was a0 +D\n");
    move_to(MAC_V0P);
    EXPECT("MOVED 10.1.0.9 PERMANENT>PERMANENT a1 was aa +D\n");
    move_to(MAC_A);
    EXPECT("MOVED 10.1.0.9 PERMANENT>PERMANENT aa was a1 +D\n");
}

/* Opens a second listener, which proves that there were messages to ignore. */
static int open_group(void)
{
    const struct sockaddr_nl group = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_NEIGH};
    const struct timeval patience = {2, 0};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&group, sizeof group), 0);
    return fd;
}

static bool hears(int fd, unsigned short type, unsigned char family)
{
    union {
        struct nlmsghdr header;
        char bytes[8192];
    } message;

    for (;;) {
        const struct ndmsg *body = NLMSG_DATA(&message.header);

        if (recv(fd, &message, sizeof message, 0) < (ssize_t)NLMSG_LENGTH(sizeof *body))
            return false;
        if (message.header.nlmsg_type == type && body->ndm_family == family)
            return true;
    }
}

/* The kernel uses the same group to ask a daemon to resolve an address. Such a message is not an
 * event (a fault of other libraries). */
static void test_solicitations(void **state)
{
    const struct sockaddr_in absent = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(0x0a01004d)};
    int group = open_group(), fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    sh("echo 1 > /proc/sys/net/ipv4/neigh/v0/app_solicit;"
       "echo 5000 > /proc/sys/net/ipv4/neigh/v0/retrans_time_ms");
    open_watch(0);
    assert_int_equal(
        sendto(fd, "", 1, MSG_DONTWAIT, (const struct sockaddr *)&absent, sizeof absent), 1);
    assert_true(hears(group, RTM_GETNEIGH, AF_INET));
    EXPECT("");
    close(fd);
    close(group);
}

/* Entries of bridges arrive on the same group, but they are not neighbours (a fault of other
 * libraries). */
static void test_bridge_entries(void **state)
{
    struct arpq_sync_stats stats;
    int group = open_group();

    sh("ip link add br0 type bridge; ip link set br0 addrgenmode none; ip link set br0 up;"
       "ip link set v0p master br0");
    open_watch(0);
    sh("bridge fdb add " MAC_A " dev v0p master static; bridge fdb del " MAC_A " dev v0p master;"
       "bridge fdb add " MAC_B " dev v0p self");
    assert_true(hears(group, RTM_NEWNEIGH, AF_BRIDGE));
    EXPECT("");
    assert_int_equal(arpq_watch_stats(w, &stats), 0);
    assert_int_equal(stats.malformed, 0);
    close(group);
}

static void test_proxies(void **state)
{
    open_watch(0);
    sh("ip neigh add proxy 10.1.0.77 dev v0; ip neigh add proxy fd01::77 dev v0;"
       "ip neigh del proxy 10.1.0.77 dev v0");
    EXPECT("");
}

/* ---- Arguments ---- */

static void refuse(const struct arpq_watch_options *options, int want)
{
    struct arpq_watch *watch = (void *)&h;
    int code = arpq_watch_open(h, &watch, options);

    if (code != want || watch) {
        fprintf(stderr, "open: %d (%s), want %d\n", code, arpq_strerror(code), want);
        fail();
    }
}

static void test_bad_options(void **state)
{
    union {
        struct arpq_watch_options options;
        uint8_t bytes[4200];
    } big;
    struct arpq_watch_options options = options_of(0);
    struct arpq_watch *watch = (void *)&h;

    assert_int_equal(arpq_watch_open(NULL, &watch, NULL), -EINVAL);
    assert_null(watch);
    assert_int_equal(arpq_watch_open(h, NULL, NULL), -EINVAL);
    for (uint32_t size = 0; size < 8; size++) {
        options.size = size;
        refuse(&options, -EINVAL);
    }
    options = options_of(0x10);
    refuse(&options, -EINVAL);
    options = options_of(0);
    options.reserved[7] = 1;
    refuse(&options, -EINVAL);
    memset(&big, 0, sizeof big);
    big.options.size = 4097;
    refuse(&big.options, -EINVAL);
    big.options.size = 4096;
    big.bytes[4095] = 1;
    refuse(&big.options, -EINVAL);
    big.bytes[4095] = 0;
    open_with(&big.options);
    big.options.size = 8;
    big.bytes[8] = 0xff; /* the library ignores bytes after the size */
    reopen(&big.options);
}

static void test_bad_filters(void **state)
{
    struct arpq_watch_options options = options_of(0);
    struct arpq_filter *filter = &options.filter;

#define WITH(member, value, code)                                                                  \
    do {                                                                                           \
        memset(filter, 0, sizeof *filter);                                                         \
        filter->size = sizeof *filter;                                                             \
        filter->member = value;                                                                    \
        refuse(&options, code);                                                                    \
    } while (0)
    WITH(size, 23, -EINVAL);
    /* The options contain the filter, so it cannot be larger. */
    WITH(size, sizeof *filter + 1, -EINVAL);
    WITH(size, sizeof *filter + 4, -EINVAL);
    WITH(size, 4096, -EINVAL);
    WITH(size, 4097, -EINVAL);
    WITH(reserved[0], 1, -EINVAL);
    WITH(flags, ARPQ_FILTER_PROXY, -EINVAL);
    WITH(flags, 2, -EINVAL);
    WITH(ifindex, 4000000, -ENODEV);
    WITH(master, 4000000, -ENODEV);
    WITH(ifindex, 0x80000000u, -EINVAL);
    WITH(master, 0x80000000u, -EINVAL);
    WITH(states, 0x200, -EINVAL);
    WITH(neigh_flags, ARPQ_NEIGH_LOCAL, -EINVAL);
    WITH(family, 99, -EINVAL);
    WITH(prefix_length, 8, -EINVAL);
    WITH(mac.length, 33, -EINVAL);
#undef WITH
    memset(filter, 0, sizeof *filter);
    filter->size = sizeof *filter;
    filter->prefix = ip_of("10.0.0.0");
    filter->prefix_length = 33;
    refuse(&options, -EINVAL);
    filter->prefix_length = 8;
    filter->family = AF_INET6;
    refuse(&options, -EINVAL);
    /* A filter with size 0 is absent, and its members must be zero. */
    for (size_t at = sizeof filter->size; at < sizeof *filter; at++) {
        memset(filter, 0, sizeof *filter);
        ((uint8_t *)filter)[at] = 1;
        refuse(&options, -EINVAL);
    }
    memset(filter, 0, sizeof *filter);
    open_with(&options);
}

static void test_bad_calls(void **state)
{
    struct arpq_sync_stats stats;
    struct arpq_event event;

    open_watch(0);
    memset(&event, 0xa5, sizeof event);
    assert_int_equal(arpq_watch_next(NULL, &event, 0), -EINVAL);
    assert_true(is_all_zero(&event, sizeof event));
    memset(&event, 0xa5, sizeof event);
    assert_int_equal(arpq_watch_next(w, &event, -2), -EINVAL);
    assert_true(is_all_zero(&event, sizeof event));
    assert_int_equal(arpq_watch_next(w, &event, INT32_MIN), -EINVAL);
    assert_int_equal(arpq_watch_next(w, NULL, 0), -EINVAL);
    assert_int_equal(arpq_watch_fd(NULL), -EINVAL);
    assert_int_equal(arpq_watch_stats(w, NULL), -EINVAL);
    memset(&stats, 0xa5, sizeof stats);
    assert_int_equal(arpq_watch_stats(NULL, &stats), -EINVAL);
    assert_true(is_all_zero(&stats, sizeof stats));
    arpq_watch_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_life_v4),        TEST(test_life_v6),
        TEST(test_no_false_move),  TEST(test_flags_and_protocol),
        TEST(test_existing),       TEST(test_existing_is_synced_last),
        TEST(test_bad_options),    TEST(test_bad_filters),
        TEST(test_bad_calls),      TEST(test_solicitations),
        TEST(test_bridge_entries), TEST(test_proxies),
        TEST(test_conflict),       TEST(test_no_conflict_with_oneself),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
