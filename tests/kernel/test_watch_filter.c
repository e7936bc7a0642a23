/* SPDX-License-Identifier: MIT */
/* The events that a watch with a filter reports, and those that the filter hides. */
#include "test.h"

#include <sys/socket.h>

#include "kernel/netns.h"
#include "kernel/watch.h"
#include "process.h"

static void test_filter_link(void **state)
{
    struct arpq_watch_options options = options_of(0);

    sh("ip link add br0 type bridge; ip link set br0 up; ip link set v0p master br0");
    options.filter.size = sizeof options.filter;
    options.filter.ifindex = ifindex_of("v0");
    open_with(&options);
    sh("ip neigh add 10.1.0.9 dev v0p lladdr " MAC_A " nud stale;"
       "ip neigh add 10.1.0.8 dev v0 lladdr " MAC_B " nud stale");
    EXPECT("ADDED 10.1.0.8 STALE bb\n");
    options.filter.ifindex = 0;
    options.filter.master = ifindex_of("br0");
    reopen(&options);
    sh("ip neigh replace 10.1.0.8 dev v0 lladdr " MAC_A " nud stale;"
       "ip neigh replace 10.1.0.9 dev v0p lladdr " MAC_B " nud stale");
    EXPECT("MOVED 10.1.0.9 STALE>STALE bb was aa\n");
    sh("ip link set v0p nomaster; ip neigh replace 10.1.0.9 dev v0p lladdr " MAC_A " nud stale");
    settle();
    EXPECT("");
}

/* The port no longer has a master when the kernel removes the entries of a deleted port. */
static void test_filter_master_of_a_deleted_port(void **state)
{
    struct arpq_watch_options options = options_of(0);

    sh("ip link add br0 type bridge; ip link set br0 up; ip link set v0p master br0;"
       "ip neigh add 10.1.0.8 dev v0p lladdr " MAC_A " nud permanent;"
       "ip neigh add fd01::8 dev v0p lladdr " MAC_B " nud stale");
    options.filter.size = sizeof options.filter;
    options.filter.master = ifindex_of("br0");
    open_with(&options);
    sh("ip link del v0p");
    EXPECT_SORTED("REMOVED 10.1.0.8 PERMANENT was aa\nREMOVED fd01::8 STALE was bb\n");
}

static void test_filter_prefix(void **state)
{
    struct arpq_watch_options options = options_of(0);

    options.filter.size = sizeof options.filter;
    options.filter.prefix = ip_of("10.1.0.18");
    options.filter.prefix_length = 28;
    open_with(&options);
    sh("ip neigh add 10.1.0.15 dev v0 lladdr " MAC_A " nud stale;"
       "ip neigh add 10.1.0.16 dev v0 lladdr " MAC_A " nud stale;"
       "ip neigh add fd01::10 dev v0 lladdr " MAC_A " nud stale;"
       "ip neigh add 10.1.0.31 dev v0 lladdr " MAC_A " nud stale;"
       "ip neigh add 10.1.0.32 dev v0 lladdr " MAC_A " nud stale");
    EXPECT("ADDED 10.1.0.16 STALE aa\nADDED 10.1.0.31 STALE aa\n");
    memset(&options.filter.prefix, 0, sizeof options.filter.prefix);
    options.filter.prefix_length = 0;
    options.filter.family = AF_INET6;
    reopen(&options);
    sh("ip neigh replace 10.1.0.15 dev v0 lladdr " MAC_B " nud stale;"
       "ip neigh replace fd01::10 dev v0 lladdr " MAC_B " nud stale");
    EXPECT("MOVED fd01::10 STALE>STALE bb was aa\n");
}

static void test_filter_mac(void **state)
{
    struct arpq_watch_options options = options_of(ARPQ_WATCH_EXISTING);

    sh("ip neigh add 10.1.0.8 dev v0 lladdr " MAC_A " nud stale;"
       "ip neigh add 10.1.0.9 dev v0 lladdr " MAC_B " nud stale");
    options.filter.size = sizeof options.filter;
    options.filter.mac = mac_of(MAC_A);
    open_with(&options);
    EXPECT("ADDED 10.1.0.8 STALE aa +R\nSYNCED\n");
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_A " nud stale");
    EXPECT("MOVED 10.1.0.9 STALE>STALE aa was bb\n");
    /* When an entry stops matching, the watch reports that and then ignores the entry. */
    sh("ip neigh replace 10.1.0.8 dev v0 lladdr " MAC_C " nud stale");
    EXPECT("MOVED 10.1.0.8 STALE>STALE cc was aa\n");
    sh("ip neigh replace 10.1.0.8 dev v0 lladdr " MAC_C " nud permanent;"
       "ip neigh del 10.1.0.8 dev v0");
    EXPECT("");
    sh("ip neigh del 10.1.0.9 dev v0");
    EXPECT("CHANGED 10.1.0.9 STALE>FAILED - was aa\nREMOVED 10.1.0.9 FAILED was aa\n");
}

static void test_filter_states(void **state)
{
    struct arpq_watch_options options = options_of(0);

    options.filter.size = sizeof options.filter;
    options.filter.states = ARPQ_STATE_REACHABLE;
    open_with(&options);
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A " nud stale");
    EXPECT("");
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_A " nud reachable");
    EXPECT("CHANGED 10.1.0.9 STALE>REACHABLE aa was aa\n");
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_A " nud permanent");
    EXPECT("CHANGED 10.1.0.9 REACHABLE>PERMANENT aa was aa\n");
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_A " nud stale; ip neigh del 10.1.0.9 dev v0");
    EXPECT("");
}

/* "An event is passed on when the entry matches the filter now or did before." */
static void test_filter_flags(void **state)
{
    struct arpq_watch_options options = options_of(0);

    options.filter.size = sizeof options.filter;
    options.filter.neigh_flags = ARPQ_NEIGH_ROUTER;
    open_with(&options);
    sh("ip neigh add fd01::9 dev v0 lladdr " MAC_A " nud stale");
    EXPECT("");
    sh("ip neigh replace fd01::9 dev v0 lladdr " MAC_A " nud stale router");
    EXPECT("CHANGED fd01::9 STALE>STALE aa was aa\n");
    sh("ip neigh replace fd01::9 dev v0 lladdr " MAC_A " nud stale");
    EXPECT("CHANGED fd01::9 STALE>STALE aa was aa\n");
    sh("ip neigh replace fd01::9 dev v0 lladdr " MAC_B " nud stale");
    EXPECT("");
}

static void test_filter_protocol(void **state)
{
    struct arpq_watch_options options = options_of(0);

    options.filter.size = sizeof options.filter;
    options.filter.protocol = 186;
    open_with(&options);
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A " nud permanent protocol 17");
    EXPECT("");
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_B " nud permanent protocol 186");
    EXPECT("MOVED 10.1.0.9 PERMANENT>PERMANENT bb was aa\n");
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_A " nud permanent protocol 17");
    EXPECT("MOVED 10.1.0.9 PERMANENT>PERMANENT aa was bb +D\n"
           "CONFLICT 10.1.0.9 aa and bb\n");
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_C " nud permanent protocol 17");
    EXPECT("");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_filter_link),     TEST(test_filter_master_of_a_deleted_port),
        TEST(test_filter_prefix),   TEST(test_filter_mac),
        TEST(test_filter_states),   TEST(test_filter_flags),
        TEST(test_filter_protocol),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
