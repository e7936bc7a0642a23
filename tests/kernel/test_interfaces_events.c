/* SPDX-License-Identifier: MIT */
/* Interfaces appear, vanish, are renamed and change addresses under an open handle. */
#include "test.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/message.h"
#include "kernel/netns.h"
#include "kernel/tun.h"
#include "process.h"

/* A successful lookup reads events at most once in each tick of the coarse clock. Wait for the next
 * tick. */
static void let_tick(void)
{
    const struct timespec tick = {.tv_nsec = 12 * 1000 * 1000};

    nanosleep(&tick, NULL);
}

static int code_of(const char *ip, uint32_t ifindex)
{
    struct arpq_ip value = ip_of(ip);
    struct arpq_mac mac, none = {0};
    int code = arpq_lookup(h, &value, ifindex, 0, &mac);

    if (code < 0)
        assert_memory_equal(&mac, &none, sizeof mac);
    return code;
}

static void assert_mac(const char *ip, uint32_t ifindex, const char *expected)
{
    struct arpq_ip value = ip_of(ip);
    struct arpq_mac mac;
    char text[ARPQ_MAC_STRLEN];

    assert_int_equal(arpq_lookup(h, &value, ifindex, 0, &mac), 0);
    assert_string_equal(arpq_mac_format(&mac, ARPQ_MAC_COLON, text, sizeof text), expected);
    assert_int_equal(mac.type, ARPHRD_ETHER);
}

static void assert_name_mac(const char *ip, const char *name, const char *expected)
{
    struct arpq_mac mac;
    char text[ARPQ_MAC_STRLEN];

    assert_int_equal(arpq_lookup_text(h, ip, name, 0, &mac), 0);
    assert_string_equal(arpq_mac_format(&mac, ARPQ_MAC_COLON, text, sizeof text), expected);
}

static int set_up(void **state)
{
    netns_enter();
    return arpq_open(&h, NULL);
}

static void make_v0(void)
{
    sh("ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up;"
       "ip addr add 10.1.0.1/24 dev v0; ip addr add 2001:db8::1/64 dev v0 nodad;"
       "ip neigh add 10.1.0.9 lladdr " MAC_A " dev v0;"
       "ip neigh add 2001:db8::9 lladdr " MAC_B " dev v0");
}

static void test_appears(void **state)
{
    assert_int_equal(code_of("10.1.0.9", 0), -ENETUNREACH);
    assert_int_equal(code_of("2001:db8::9", 0), -ENETUNREACH);
    assert_int_equal(code_of("10.1.0.9", 77), -ENODEV);
    make_v0();
    assert_mac("10.1.0.9", 0, MAC_A);
    assert_mac("10.1.0.9", ifindex_of("v0"), MAC_A);
    assert_mac("2001:db8::9", 0, MAC_B);
    assert_name_mac("10.1.0.9", "v0", MAC_A);
}

static void test_appears_asked_by_ifindex_first(void **state)
{
    struct arpq_neigh neigh;
    struct arpq_ip ip = ip_of("2001:db8::9");

    make_v0();
    assert_mac("10.1.0.9", ifindex_of("v0"), MAC_A);
    assert_int_equal(arpq_neigh_get(h, &ip, 0, 0, &neigh), 0);
    assert_int_equal(neigh.state, ARPQ_STATE_PERMANENT);
    assert_int_equal(neigh.ifindex, ifindex_of("v0"));
}

static void test_vanishes(void **state)
{
    uint32_t v0, ifindex;
    char name[ARPQ_IFNAME_SIZE];

    make_v0();
    v0 = ifindex_of("v0");
    assert_mac("10.1.0.9", 0, MAC_A);
    assert_mac("2001:db8::9", v0, MAC_B);
    sh("ip link del v0");
    assert_int_equal(code_of("10.1.0.9", v0), -ENODEV);
    assert_int_equal(code_of("10.1.0.9", 0), -ENETUNREACH);
    assert_int_equal(code_of("2001:db8::9", v0), -ENODEV);
    assert_int_equal(code_of("2001:db8::9", 0), -ENETUNREACH);
    let_tick();
    assert_int_equal(arpq_interface_index(h, "v0", &ifindex), -ENODEV);
    assert_int_equal(ifindex, 0);
    assert_int_equal(arpq_interface_name(h, v0, name), -ENODEV);
    assert_string_equal(name, "");
}

static void test_vanishes_asked_by_choice_first(void **state)
{
    make_v0();
    assert_mac("10.1.0.9", 0, MAC_A);
    sh("ip link del v0");
    assert_int_equal(code_of("10.1.0.9", 0), -ENETUNREACH);
}

static void test_renamed(void **state)
{
    struct arpq_mac mac;
    uint32_t v0;

    if (!can_rename_up())
        SKIP_NOT_RUNNABLE(RENAMES_DOWN_ONLY);
    make_v0();
    v0 = ifindex_of("v0");
    assert_mac("10.1.0.9", v0, MAC_A);
    sh("ip link set v0 name other");
    assert_mac("10.1.0.9", v0, MAC_A);
    assert_mac("10.1.0.9", 0, MAC_A);
    assert_mac("2001:db8::9", 0, MAC_B);
    assert_name_mac("10.1.0.9", "other", MAC_A);
    assert_int_equal(arpq_lookup_text(h, "10.1.0.9", "v0", 0, &mac), -ENODEV);
}

static void test_names_swapped(void **state)
{
    uint32_t a, b;

    if (!can_rename_up())
        SKIP_NOT_RUNNABLE(RENAMES_DOWN_ONLY);
    sh("ip link add da type veth peer name da1; ip link add db type veth peer name db1;"
       "ip link set da up; ip link set db up; ip link set da1 up; ip link set db1 up;"
       "ip neigh add 10.1.0.9 lladdr " MAC_A " dev da;"
       "ip neigh add 10.1.0.9 lladdr " MAC_B " dev db");
    a = ifindex_of("da");
    b = ifindex_of("db");
    assert_mac("10.1.0.9", a, MAC_A);
    assert_mac("10.1.0.9", b, MAC_B);
    sh("ip link set da name dc; ip link set db name da; ip link set dc name db");
    let_tick();
    assert_mac("10.1.0.9", a, MAC_A);
    assert_mac("10.1.0.9", b, MAC_B);
    assert_name_mac("10.1.0.9", "da", MAC_B);
    assert_name_mac("10.1.0.9", "db", MAC_A);
}

static void test_addresses(void **state)
{
    struct arpq_ip ip = ip_of("10.2.0.9");
    struct arpq_neigh neigh;

    make_v0();
    sh("ip neigh add 10.2.0.9 lladdr " MAC_B " dev v0");
    assert_int_equal(code_of("10.2.0.9", 0), -ENETUNREACH);
    sh("ip addr add 10.2.0.1/24 dev v0");
    assert_mac("10.2.0.9", 0, MAC_B);
    sh("ip addr del 10.2.0.1/24 dev v0");
    let_tick();
    assert_int_equal(arpq_neigh_get(h, &ip, 0, 0, &neigh), -ENETUNREACH);
    /* A longer prefix excludes the neighbour. */
    sh("ip addr add 10.2.0.1/30 dev v0");
    assert_int_equal(code_of("10.2.0.9", 0), -ENETUNREACH);
    sh("ip addr add 10.2.0.1/28 dev v0");
    assert_mac("10.2.0.9", 0, MAC_B);
    /* The address becomes an own address, and ceases to be one. */
    sh("ip link set v0 address 00:00:5e:00:53:77; ip addr add 10.2.0.9/28 dev v0");
    let_tick();
    assert_mac("10.2.0.9", 0, "00:00:5e:00:53:77");
    assert_int_equal(arpq_neigh_get(h, &ip, 0, 0, &neigh), 0);
    assert_int_equal(neigh.flags, ARPQ_NEIGH_LOCAL);
    sh("ip addr del 10.2.0.9/28 dev v0");
    let_tick();
    assert_int_equal(code_of("10.2.0.9", 0), -ENOENT);
}

static void test_down_and_up(void **state)
{
    const struct arpq_interface *link;
    struct arpq_interfaces *list;
    uint32_t v0;

    make_v0();
    v0 = ifindex_of("v0");
    assert_mac("10.1.0.9", 0, MAC_A);
    sh("ip link set v0 down");
    assert_int_equal(code_of("10.1.0.9", v0), -ENOENT);
    assert_int_equal(arpq_interfaces_get(h, 0, &list), 0);
    link = arpq_interfaces_by_ifindex(list, v0);
    assert_non_null(link);
    assert_int_equal(link->flags & IFF_UP, 0);
    arpq_interfaces_free(list);
    sh("ip link set v0 up; ip neigh add 10.1.0.9 lladdr " MAC_B " dev v0");
    assert_mac("10.1.0.9", 0, MAC_B);
    assert_int_equal(arpq_interfaces_get(h, 0, &list), 0);
    assert_int_equal(arpq_interfaces_by_ifindex(list, v0)->flags & IFF_UP, IFF_UP);
    arpq_interfaces_free(list);
}

static void test_own_mac_changes(void **state)
{
    make_v0();
    for (unsigned i = 1; i < 10; i++) {
        char text[ARPQ_MAC_STRLEN];

        snprintf(text, sizeof text, "00:00:5e:00:53:%02x", i);
        sh("ip link set v0 address %s", text);
        let_tick();
        assert_mac("10.1.0.1", 0, text);
        assert_mac("2001:db8::1", 0, text);
    }
}

static void test_policy_rule(void **state)
{
    sh("ip link add da type veth peer name da1; ip link add db type veth peer name db1;"
       "ip link set da up; ip link set db up; ip link set da1 up; ip link set db1 up;"
       "ip addr add 10.1.0.1/24 dev da; ip addr add 10.9.0.1/24 dev db;"
       "ip neigh add 10.1.0.9 lladdr " MAC_A " dev da;"
       "ip neigh add 10.1.0.9 lladdr " MAC_B " dev db;"
       "ip route add 10.1.0.9/32 dev db table 77");
    assert_mac("10.1.0.9", 0, MAC_A);
    sh("ip rule add to 10.1.0.9 lookup 77 pref 100");
    let_tick();
    assert_mac("10.1.0.9", 0, MAC_B);
    sh("ip rule del pref 100");
    let_tick();
    assert_mac("10.1.0.9", 0, MAC_A);
}

static void test_policy_rule_v6(void **state)
{
    sh("ip link add da type veth peer name da1; ip link add db type veth peer name db1;"
       "ip link set da up; ip link set db up; ip link set da1 up; ip link set db1 up;"
       "ip addr add 2001:db8::1/64 dev da nodad; ip addr add 2001:db8:9::1/64 dev db nodad;"
       "ip neigh add 2001:db8::9 lladdr " MAC_A " dev da;"
       "ip neigh add 2001:db8::9 lladdr " MAC_B " dev db;"
       "ip -6 route add 2001:db8::9/128 dev db table 77");
    assert_mac("2001:db8::9", 0, MAC_A);
    sh("ip -6 rule add to 2001:db8::9 lookup 77 pref 100");
    let_tick();
    assert_mac("2001:db8::9", 0, MAC_B);
    sh("ip -6 rule del pref 100");
    let_tick();
    assert_mac("2001:db8::9", 0, MAC_A);
}

static void test_altname(void **state)
{
    struct arpq_mac mac;
    uint32_t ifindex;

    make_v0();
    assert_int_equal(arpq_lookup_text(h, "10.1.0.9", "alt", 0, &mac), -ENODEV);
    sh("ip link property add dev v0 altname alt");
    assert_name_mac("10.1.0.9", "alt", MAC_A);
    assert_int_equal(arpq_interface_index(h, "alt", &ifindex), 0);
    assert_int_equal(ifindex, ifindex_of("v0"));
    sh("ip link property del dev v0 altname alt");
    assert_int_equal(arpq_lookup_text(h, "10.1.0.9", "alt", 0, &mac), -ENODEV);
    sh("ip addr add 10.5.0.1/24 dev v0 label v0:lab");
    assert_name_mac("10.1.0.9", "v0:lab", MAC_A);
    sh("ip addr del 10.5.0.1/24 dev v0");
    let_tick();
    assert_int_equal(arpq_lookup_text(h, "10.1.0.9", "v0:lab", 0, &mac), -ENODEV);
}

static void test_recreated_with_same_index(void **state)
{
    uint32_t v0;

    make_v0();
    v0 = ifindex_of("v0");
    assert_mac("10.1.0.9", v0, MAC_A);
    sh("ip link del v0; ip link add w0 index %u address 00:00:5e:00:53:66 type veth peer name w1;"
       "ip link set w0 up; ip link set w1 up; ip addr add 10.3.0.1/24 dev w0;"
       "ip neigh add 10.1.0.9 lladdr " MAC_B " dev w0",
       v0);
    assert_int_equal(ifindex_of("w0"), v0);
    assert_mac("10.1.0.9", v0, MAC_B);
    let_tick();
    assert_int_equal(code_of("10.1.0.9", 0), -ENETUNREACH);
    assert_mac("10.3.0.1", 0, "00:00:5e:00:53:66");
    assert_name_mac("10.1.0.9", "w0", MAC_B);
}

static unsigned long drops_of_netlink(void)
{
    unsigned long total = 0, drops, dumps, locks;
    char line[512];
    FILE *file = fopen("/proc/thread-self/net/netlink", "r");

    assert_non_null(file);
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "%*s %*d %*u %*s %*d %*d %lu %lu %lu", &dumps, &locks, &drops) == 3)
            total += drops;
    fclose(file);
    return total;
}

static void test_overrun(void **state)
{
    struct arpq_interfaces *list;
    unsigned long before;

    make_v0();
    assert_mac("10.1.0.9", 0, MAC_A);
    before = drops_of_netlink();
    /* A receive buffer of 1 MiB holds about 1000 events. */
    sh("{ for i in $(seq 1 1500); do"
       "    echo addr add 172.16.$((i / 250)).$((i %% 250))/32 dev v1; done;"
       "  for i in $(seq 1 1500); do"
       "    echo addr del 172.16.$((i / 250)).$((i %% 250))/32 dev v1; done;"
       "  for i in $(seq 1 1500); do"
       "    echo addr add 172.16.$((i / 250)).$((i %% 250))/32 dev v1; done;"
       "  echo link del v0;"
       "  echo link add x0 type veth peer name x1; echo link set x0 up; echo link set x1 up;"
       "  echo addr add 10.4.0.1/24 dev x0;"
       "  echo neigh add 10.4.0.9 lladdr " MAC_B " dev x0; } | ip -force -batch -");
    assert_true(drops_of_netlink() > before);
    assert_mac("10.4.0.9", 0, MAC_B);
    assert_int_equal(code_of("10.1.0.9", 0), -ENETUNREACH);
    assert_int_equal(arpq_interfaces_get(h, 0, &list), 0);
    assert_int_equal(arpq_interfaces_count(list), netns_links + 2);
    assert_null(arpq_interfaces_by_name(list, "v0"));
    assert_non_null(arpq_interfaces_by_name(list, "x0"));
    arpq_interfaces_free(list);
    /* Events arrive again afterwards. */
    sh("ip addr add 10.6.0.1/24 dev x0; ip neigh add 10.6.0.9 lladdr " MAC_A " dev x0");
    assert_mac("10.6.0.9", 0, MAC_A);
}

static void test_link_burst(void **state)
{
    struct arpq_interfaces *list;

    make_v0();
    assert_mac("10.1.0.9", 0, MAC_A);
    sh("{ for i in $(seq 1 300); do echo link add t$i type veth peer name u$i; done;"
       "  for i in $(seq 1 150); do echo link del t$i; done; } | ip -batch -");
    assert_mac("10.1.0.9", 0, MAC_A);
    assert_int_equal(arpq_interfaces_get(h, 0, &list), 0);
    assert_int_equal(arpq_interfaces_count(list), netns_links + 2 + 300);
    assert_null(arpq_interfaces_by_name(list, "t150"));
    assert_null(arpq_interfaces_by_name(list, "u1"));
    assert_non_null(arpq_interfaces_by_name(list, "t151"));
    arpq_interfaces_free(list);
}

static void test_bridge_port_leaves(void **state)
{
    struct arpq_interfaces *list;
    uint32_t v0, br0;

    make_v0();
    sh("ip link add br0 type bridge; ip link set br0 up");
    v0 = ifindex_of("v0");
    br0 = ifindex_of("br0");
    sh("ip link set v0 master br0");
    assert_int_equal(arpq_interfaces_get(h, 0, &list), 0);
    assert_int_equal(arpq_interfaces_by_ifindex(list, v0)->master, br0);
    arpq_interfaces_free(list);
    sh("ip link set v0 nomaster");
    assert_int_equal(arpq_interfaces_get(h, 0, &list), 0);
    assert_non_null(arpq_interfaces_by_ifindex(list, v0));
    assert_int_equal(arpq_interfaces_by_ifindex(list, v0)->master, 0);
    assert_true(arpq_interfaces_by_ifindex(list, v0)->address_count >= 2);
    arpq_interfaces_free(list);
    assert_mac("10.1.0.9", 0, MAC_A);
    assert_mac("2001:db8::9", v0, MAC_B);
}

static void test_descriptors(void **state)
{
    struct arpq_interfaces *list;
    struct arpq_handle *other;
    unsigned before;

    make_v0();
    before = open_descriptors();
    assert_int_equal(arpq_open(&other, NULL), 0);
    assert_true(open_descriptors() <= before + 5);
    for (int i = 0; i < 1000; i++) {
        assert_mac("10.1.0.9", 0, MAC_A);
        assert_mac("2001:db8::9", 0, MAC_B);
        assert_int_equal(code_of("10.1.0.77", 0), -ENOENT);
        assert_int_equal(code_of("10.77.0.77", 0), -ENETUNREACH);
    }
    assert_int_equal(arpq_interfaces_get(other, 0, &list), 0);
    arpq_interfaces_free(list);
    assert_true(open_descriptors() <= before + 5);
    arpq_close(other);
    assert_int_equal(open_descriptors(), before);
}

/* ---- A forger ---- */

/* The event socket accepts the message. A request socket is connected to the kernel and refuses
 * it. */
static bool assault(int fd, uint32_t port, const struct forged *message)
{
    struct sockaddr_nl to = {.nl_family = AF_NETLINK, .nl_pid = port};
    ssize_t sent = sendto(fd, message, message->header.nlmsg_len, MSG_DONTWAIT,
                          (struct sockaddr *)&to, sizeof to);

    if (sent < 0)
        assert_int_equal(errno, ECONNREFUSED);
    else
        assert_int_equal(sent, message->header.nlmsg_len);
    return sent >= 0;
}

/* The change takes less than a clock tick. The library detects it only because it reads events
 * before it reports a failure. */
static void test_appears_within_a_tick(void **state)
{
    make_v0();
    for (int round = 0; round < 20; round++) {
        struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
        int tap = open_tun_device();
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        assert_true(fd >= 0);
        assert_mac("10.1.0.9", 0, MAC_A);
        assert_int_equal(ioctl(tap, TUNSETIFF, &request), 0);
        assert_int_equal(ioctl(fd, SIOCGIFINDEX, &request), 0);
        assert_int_equal(code_of("10.1.0.9", (uint32_t)request.ifr_ifindex), -ENOENT);
        close(fd);
        close(tap);
    }
}

static void test_forger(void **state)
{
    const uint8_t wrong[6] = {2, 6, 6, 6, 6, 6}, own[4] = {10, 66, 0, 1}, key[4] = {10, 1, 0, 9};
    struct arpq_interfaces *list;
    struct arpq_neigh neigh;
    struct arpq_ip ip = ip_of("10.1.0.9");
    uint32_t ids[16], v0;
    size_t count, taken = 0;
    int fd;

    make_v0();
    v0 = ifindex_of("v0");
    assert_mac("10.1.0.9", 0, MAC_A);
    count = port_ids(ids, LENGTH(ids));
    assert_int_equal(count, 4);
    fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    assert_true(fd >= 0);
    for (size_t i = 0; i < count; i++) {
        for (uint32_t sequence = 0; sequence < 12; sequence++) {
            struct forged message = forge(RTM_DELLINK, sizeof(struct ifinfomsg), sequence);

            message.body.link.ifi_index = (int)v0;
            put_attribute(&message.header, IFLA_IFNAME, "v0", 3);
            taken += assault(fd, ids[i], &message);

            message = forge(RTM_NEWLINK, sizeof(struct ifinfomsg), sequence);
            message.body.link.ifi_index = 4242;
            message.body.link.ifi_type = ARPHRD_ETHER;
            put_attribute(&message.header, IFLA_IFNAME, "evil", 5);
            put_attribute(&message.header, IFLA_ADDRESS, wrong, sizeof wrong);
            taken += assault(fd, ids[i], &message);

            message = forge(RTM_NEWADDR, sizeof(struct ifaddrmsg), sequence);
            message.body.address.ifa_family = AF_INET;
            message.body.address.ifa_prefixlen = 24;
            message.body.address.ifa_index = v0;
            put_attribute(&message.header, IFA_LOCAL, own, sizeof own);
            put_attribute(&message.header, IFA_ADDRESS, own, sizeof own);
            taken += assault(fd, ids[i], &message);

            message = forge(RTM_NEWNEIGH, sizeof(struct ndmsg), sequence);
            message.body.neigh.ndm_family = AF_INET;
            message.body.neigh.ndm_ifindex = (int)v0;
            message.body.neigh.ndm_state = NUD_REACHABLE;
            put_attribute(&message.header, NDA_DST, key, sizeof key);
            put_attribute(&message.header, NDA_LLADDR, wrong, sizeof wrong);
            taken += assault(fd, ids[i], &message);
        }
    }
    close(fd);
    assert_int_equal(taken, 12 * 4 * 2); /* all messages that were sent to the two event sockets */
    let_tick();
    assert_int_equal(arpq_neigh_get(h, &ip, 0, 0, &neigh), 0);
    assert_int_equal(neigh.state, ARPQ_STATE_PERMANENT);
    assert_memory_equal(neigh.mac.bytes, mac_of(MAC_A).bytes, 6);
    assert_mac("10.1.0.9", v0, MAC_A);
    assert_mac("2001:db8::9", 0, MAC_B);
    assert_int_equal(code_of("10.66.0.1", 0), -ENETUNREACH);
    assert_int_equal(code_of("10.1.0.9", 4242), -ENODEV);
    assert_int_equal(arpq_interfaces_get(h, 0, &list), 0);
    assert_non_null(arpq_interfaces_by_ifindex(list, v0));
    assert_null(arpq_interfaces_by_name(list, "evil"));
    assert_int_equal(arpq_interfaces_count(list), netns_links + 2);
    arpq_interfaces_free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_FIXTURE(test_appears),
        TEST_FIXTURE(test_appears_asked_by_ifindex_first),
        TEST_FIXTURE(test_vanishes),
        TEST_FIXTURE(test_vanishes_asked_by_choice_first),
        TEST_FIXTURE(test_renamed),
        TEST_FIXTURE(test_names_swapped),
        TEST_FIXTURE(test_addresses),
        TEST_FIXTURE(test_down_and_up),
        TEST_FIXTURE(test_own_mac_changes),
        TEST_FIXTURE(test_policy_rule),
        TEST_FIXTURE(test_policy_rule_v6),
        TEST_FIXTURE(test_altname),
        TEST_FIXTURE(test_recreated_with_same_index),
        TEST_FIXTURE(test_overrun),
        TEST_FIXTURE(test_link_burst),
        TEST_FIXTURE(test_bridge_port_leaves),
        TEST_FIXTURE(test_descriptors),
        TEST_FIXTURE(test_appears_within_a_tick),
        TEST_FIXTURE(test_forger),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
