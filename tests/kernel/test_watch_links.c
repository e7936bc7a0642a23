/* SPDX-License-Identifier: MIT */
/* The events that a watch reports about interfaces and addresses, and about entries when a link
 * goes down or is deleted. */
#include "test.h"

#include "kernel/netns.h"
#include "kernel/watch.h"
#include "process.h"

/* ---- Interfaces and addresses ---- */

/* The carrier state changes some time after the interface state, so any number of events equal
 * to `ignored` may precede the expected one. */
static void await_past(int line, const char *ignored, const char *want)
{
    struct arpq_event event;
    char text[LINE] = "(nothing)";

    while (next(&event, ASYNC_MS) == 1) {
        write_event(&event, text, sizeof text);
        if (strcmp(text, ignored) != 0)
            break;
    }
    compare_log(__FILE__, line, text, want);
}

static void test_interfaces(void **state)
{
    open_watch(ARPQ_WATCH_INTERFACES);
    sh("ip link add d0 type bridge; ip link set d0 addrgenmode none");
    EXPECT("INTERFACE_ADDED d0 down\n");
    sh("ip link set d0 mtu 1400");
    EXPECT("INTERFACE_CHANGED d0 down>down\n");
    sh("ip link set d0 address " MAC_C);
    EXPECT("INTERFACE_CHANGED d0 down>down\n");
    sh("ip link set d0 name e0");
    EXPECT("INTERFACE_CHANGED e0 down>down\n");
    sh("ip link set e0 up");
    AWAIT("INTERFACE_CHANGED e0 down>up");
    sh("ip link set e0 down");
    await_past(__LINE__, "INTERFACE_CHANGED e0 up>up", "INTERFACE_CHANGED e0 up>down");
    sh("ip link del e0");
    EXPECT("INTERFACE_REMOVED e0 down\n");
}

/* A bridge sends messages of its own family about its ports: a port that leaves is not a removed
 * interface. */
static void test_bridge_port_leaves(void **state)
{
    struct arpq_event event;
    unsigned joined = 0, left = 0;

    sh("ip link add br0 type bridge; ip link set br0 up");
    open_watch(ARPQ_WATCH_INTERFACES);
    sh("ip link set v0p master br0; ip link set v0p nomaster");
    while (next(&event, 50) == 1) {
        assert_int_equal(event.type, ARPQ_EVENT_INTERFACE_CHANGED);
        if (strcmp(event.interface.name, "v0p") != 0)
            continue;
        joined += event.interface.master == ifindex_of("br0");
        left += joined && event.interface.master == 0;
    }
    assert_true(joined > 0);
    assert_true(left > 0);
}

/* The addresses and entries of an interface are removed with it. */
static void test_all_of_a_device(void **state)
{
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A "; ip link set v0 down; ip link set v0p down;"
       "ip addr flush dev v0; ip addr add 10.1.0.1/24 dev v0");
    open_watch(ARPQ_WATCH_INTERFACES | ARPQ_WATCH_ADDRESSES);
    sh("ip link del v0");
    EXPECT_SORTED("ADDRESS_REMOVED 10.1.0.1/24 0x80\n"
                  "INTERFACE_REMOVED v0 down\nINTERFACE_REMOVED v0p down\n");
}

static void test_no_neighbours(void **state)
{
    open_watch(ARPQ_WATCH_INTERFACES | ARPQ_WATCH_NO_NEIGHBOURS | ARPQ_WATCH_EXISTING);
    EXPECT_SORTED("INTERFACE_ADDED lo up +R\nINTERFACE_ADDED v0 up +R\n"
                  "INTERFACE_ADDED v0p up +R\nSYNCED\n");
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A ";"
       "ip neigh replace 10.1.0.9 dev v0 lladdr " MAC_B);
    EXPECT("");
    sh("ip link add d0 type bridge");
    EXPECT("INTERFACE_ADDED d0 down\n");
}

/* A watch without any kind of event is refused. */
static void test_no_neighbours_alone(void **state)
{
    const struct arpq_watch_options options = options_of(ARPQ_WATCH_NO_NEIGHBOURS);

    assert_int_equal(arpq_watch_open(h, &w, &options), -EINVAL);
    assert_null(w);
}

static void test_addresses(void **state)
{
    open_watch(ARPQ_WATCH_ADDRESSES);
    sh("ip addr add 10.9.0.1/24 dev v0");
    EXPECT("ADDRESS_ADDED 10.9.0.1/24 0x80\n");
    sh("ip addr change 10.9.0.1/24 dev v0 valid_lft 100 preferred_lft 50");
    EXPECT("ADDRESS_CHANGED 10.9.0.1/24 0\n");
    sh("ip addr del 10.9.0.1/24 dev v0");
    EXPECT("ADDRESS_REMOVED 10.9.0.1/24 0\n");
    sh("ip addr add fd09::1/64 dev v0 nodad");
    AWAIT("ADDRESS_ADDED fd09::1/64 0x82");
    sh("ip addr del fd09::1/64 dev v0");
    AWAIT("ADDRESS_REMOVED fd09::1/64 0x82");
}

/* Duplicate address detection ends some time after the address is added. */
static void test_tentative_address(void **state)
{
    sh("echo 0 > /proc/sys/net/ipv6/conf/v0/router_solicitation_delay;"
       "echo 100 > /proc/sys/net/ipv6/neigh/v0/retrans_time_ms");
    open_watch(ARPQ_WATCH_ADDRESSES);
    sh("ip addr add fd09::1/64 dev v0");
    AWAIT("ADDRESS_ADDED fd09::1/64 0xc0");
    AWAIT("ADDRESS_CHANGED fd09::1/64 0x80");
    sh("ip addr del fd09::1/64 dev v0");
    AWAIT("ADDRESS_REMOVED fd09::1/64 0x80");
}

static const struct arpq_address *next_address(struct arpq_event *event, uint32_t type)
{
    assert_int_equal(next(event, 1000), 1);
    assert_int_equal(event->type, type);
    return &event->address;
}

/* Address events contain the same members as a list. A changed lifetime is a change, but the
 * passage of time is not. */
static void test_address_detail(void **state)
{
    const struct arpq_address *a;
    struct arpq_event event;

    open_watch(ARPQ_WATCH_ADDRESSES);
    sh("ip addr add 10.9.0.1/24 brd + dev v0 label v0:one metric 7 scope link"
       " valid_lft 60 preferred_lft 30");
    a = next_address(&event, ARPQ_EVENT_ADDRESS_ADDED);
    assert_string_equal(a->label, "v0:one");
    assert_int_equal(a->broadcast.bytes[3], 255);
    assert_int_equal(a->metric, 7);
    assert_int_equal(a->scope, ARPQ_SCOPE_LINK);
    assert_int_equal(a->valid_s, 60);
    assert_int_equal(a->preferred_s, 30);
    assert_true(a->created_ms > 0 && a->created_ms == a->updated_ms);
    sleep_ms(20);
    sh("ip addr change 10.9.0.1/24 dev v0 valid_lft 2000 preferred_lft 300");
    a = next_address(&event, ARPQ_EVENT_ADDRESS_CHANGED);
    assert_int_equal(a->valid_s, 2000);
    assert_int_equal(a->preferred_s, 300);
    assert_true(a->updated_ms > a->created_ms);
    assert_int_equal(event.old_flags, 0);
    sh("ip addr change 10.9.0.1/24 dev v0");
    (void)next_address(&event, ARPQ_EVENT_ADDRESS_CHANGED);
    sh("ip addr change 10.9.0.1/24 dev v0 valid_lft 1 preferred_lft 1");
    (void)next_address(&event, ARPQ_EVENT_ADDRESS_CHANGED);
    assert_int_equal(event.old_flags, ARPQ_ADDRESS_PERMANENT);
    sleep_ms(2500);
    do
        assert_int_equal(next(&event, 5000), 1);
    while (event.type == ARPQ_EVENT_ADDRESS_CHANGED); /* this may be the event of the deprecation */
    assert_int_equal(event.type, ARPQ_EVENT_ADDRESS_REMOVED);
}

static void test_interface_detail(void **state)
{
    const struct arpq_interface *link;
    struct arpq_event event;

    sh("ip link set v0 up");
    open_watch(ARPQ_WATCH_INTERFACES | ARPQ_WATCH_NO_NEIGHBOURS);
    sh("ip link property add dev v0 altname this-name-is-longer-than-fifteen");
    link = &event.interface;
    do /* the event of the carrier may arrive first */
        assert_int_equal(next(&event, 1000), 1);
    while (strcmp(link->name, "v0") != 0 || link->altname_count == 0);
    assert_int_equal(event.type, ARPQ_EVENT_INTERFACE_CHANGED);
    assert_string_equal(link->kind, "veth");
    assert_int_equal(link->altname_count, 1);
    assert_int_equal(link->mtu_max, 65535);
    sh("ip link set v0 txqueuelen 77");
    do
        assert_int_equal(next(&event, 1000), 1);
    while (link->queue_length != 77);
    while (strcmp(link->name, "v0") != 0 ||
           strcmp(arpq_name(ARPQ_NAMES_OPERSTATE, link->operstate), "UP") != 0)
        assert_int_equal(next(&event, 3000), 1);
    sh("ip link add d0 type bridge; ip link set v0 master d0");
    while (next(&event, 1000) == 1 && !(event.interface.port_kind[0]))
        ;
    assert_string_equal(event.interface.port_kind, "bridge");
}

/* ---- Links ---- */

#define FOUR_ENTRIES                                                                               \
    "ip neigh add 10.1.0.8 dev v0 lladdr " MAC_A " nud stale;"                                     \
    "ip neigh add 10.1.0.9 dev v0 lladdr " MAC_B " nud permanent;"                                 \
    "ip neigh add fd01::8 dev v0 lladdr " MAC_A " nud stale;"                                      \
    "ip neigh add fd01::9 dev v0 lladdr " MAC_B " nud permanent"

#define FOUR_REMOVED                                                                               \
    "REMOVED 10.1.0.8 STALE was aa\n"                                                              \
    "REMOVED 10.1.0.9 PERMANENT was bb\n"                                                          \
    "REMOVED fd01::8 STALE was aa\n"                                                               \
    "REMOVED fd01::9 PERMANENT was bb\n"

/* When a link goes down, its entries are removed (other libraries kept them). */
static void test_link_down(void **state)
{
    sh(FOUR_ENTRIES);
    open_watch(0);
    sh("ip link set v0 down");
    EXPECT_SORTED(FOUR_REMOVED);
}

static void test_device_deleted(void **state)
{
    sh(FOUR_ENTRIES);
    open_watch(0);
    sh("ip link del v0");
    EXPECT_SORTED(FOUR_REMOVED);
}

static void test_device_moved_away(void **state)
{
    struct netns_second second = netns_second();

    sh(FOUR_ENTRIES);
    open_watch(0);
    sh("ip link set v0 netns %d", second.pid);
    EXPECT_SORTED(FOUR_REMOVED);
    netns_sh(&second, "ip link set v0 up;"
                      "ip neigh add 10.1.0.9 dev v0 lladdr " MAC_C " nud permanent");
    EXPECT("");
    netns_second_free(&second);
}

static void test_own_mac_changes(void **state)
{
    sh(FOUR_ENTRIES);
    open_watch(0);
    sh("ip link set v0 address " MAC_C);
    EXPECT_SORTED(FOUR_REMOVED);
}

static void test_renamed(void **state)
{
    if (!can_rename_up())
        SKIP_NOT_RUNNABLE(RENAMES_DOWN_ONLY);
    sh(FOUR_ENTRIES);
    open_watch(0);
    sh("ip link set v0 name w0 || { ip link set v0 down; exit 1; }");
    EXPECT("");
    sh("ip neigh replace 10.1.0.9 dev w0 lladdr " MAC_C " nud permanent");
    EXPECT("MOVED 10.1.0.9 PERMANENT>PERMANENT cc was bb\n");
}

static void test_other_namespace(void **state)
{
    struct netns_second second = netns_second();
    const struct arpq_options options = {
        .size = sizeof options, .flags = ARPQ_OPEN_IN_NETNS, .netns_fd = second.fd};

    arpq_close(h);
    h = NULL;
    assert_int_equal(arpq_open(&h, &options), 0);
    netns_sh(&second, "ip link add x0 type bridge; ip link set x0 up;"
                      "ip neigh add 10.7.0.9 dev x0 lladdr " MAC_A " nud permanent");
    open_watch(ARPQ_WATCH_EXISTING);
    EXPECT("ADDED 10.7.0.9 PERMANENT aa +R\nSYNCED\n");
    sh("ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A " nud stale");
    EXPECT("");
    netns_sh(&second, "ip neigh replace 10.7.0.9 dev x0 lladdr " MAC_B " nud permanent");
    EXPECT("MOVED 10.7.0.9 PERMANENT>PERMANENT bb was aa\n");
    netns_second_free(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_interfaces),        TEST(test_bridge_port_leaves),  TEST(test_all_of_a_device),
        TEST(test_no_neighbours),     TEST(test_no_neighbours_alone), TEST(test_addresses),
        TEST(test_tentative_address), TEST(test_link_down),           TEST(test_device_deleted),
        TEST(test_device_moved_away), TEST(test_own_mac_changes),     TEST(test_renamed),
        TEST(test_other_namespace),   TEST(test_address_detail),      TEST(test_interface_detail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
