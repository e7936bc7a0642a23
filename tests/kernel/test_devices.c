/* SPDX-License-Identifier: MIT */
/*
 * test_devices KIND - lookup, list, watch, mirror, resolve, sweep and sniff on one kind of network
 * device, with a second namespace at the other end of it. A kernel without the kind cannot run the
 * test: the exit status is then 77, which CTest counts as not run.
 */
#include "test.h"

#include <arpa/inet.h>
#include <net/if_arp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/neigh.h"
#include "kernel/netns.h"
#include "process.h"

#define NOT_RUNNABLE 77
#define WAIT_MS 10000
#define VLAN_ID 7
#define TYPE_IP6GRE 823 /* ARPHRD_IP6GRE */

/* What a kind does. */
#define ANSWERS 0x1u   /* the other end answers ARP and neighbour discovery */
#define ASKS 0x2u      /* the device sends requests; ANSWERS includes it */
#define NO_IPV4 0x4u   /* the device has no IPv4 neighbours */
#define ADDRESSED 0x8u /* the device has link-layer addresses */

/* v0 in this namespace and v0p in the other one are the ends of a veth pair, with 10.9.0.1 and
 * 10.9.0.2, and fd09::1 and fd09::2. The addresses of the test, 10.1.0.1 and fd01::1 here, 10.1.0.2
 * and fd01::2 there, are on `dev` and `far_dev`. */
static const struct device {
    const char *kind;
    const char *make, *then;      /* the arguments of "ip link add d0", and commands after it */
    const char *far_make;         /* those of the other namespace; NULL: none */
    const char *dev, *far_dev;    /* the interfaces with the addresses */
    const char *shown, *as_bytes; /* the address of a neighbour as ip(8) shows it, and in bytes */
    uint32_t type;                /* ARPHRD_* of dev */
    uint32_t does;
} devices[] = {
    {"vlan", "link v0 type vlan id 7", "", "link v0p type vlan id 7", "d0", "d0", MAC_A, MAC_A,
     ARPHRD_ETHER, ADDRESSED | ASKS | ANSWERS},
    {"bond", "type bond mode active-backup miimon 20", "ip link set v0 down master d0", NULL, "d0",
     "v0p", MAC_A, MAC_A, ARPHRD_ETHER, ADDRESSED | ASKS | ANSWERS},
    /* Without its daemon, a team has no mode, and sends and receives nothing. */
    {"team", "type team", "ip link set v0 down master d0", NULL, "d0", "v0p", MAC_A, MAC_A,
     ARPHRD_ETHER, ADDRESSED | ASKS},
    {"dummy", "type dummy", "ip link set d0 arp on", NULL, "d0", "v0p", MAC_A, MAC_A, ARPHRD_ETHER,
     ADDRESSED | ASKS},
    {"macvlan", "link v0 type macvlan mode bridge", "", NULL, "d0", "v0p", MAC_A, MAC_A,
     ARPHRD_ETHER, ADDRESSED | ASKS | ANSWERS},
    {"ipvlan", "link v0 type ipvlan mode l2", "", NULL, "d0", "v0p", MAC_A, MAC_A, ARPHRD_ETHER,
     ADDRESSED | ASKS | ANSWERS},
    {"vrf", "type vrf table 10", "ip link set v0 master d0", NULL, "v0", "v0p", MAC_A, MAC_A,
     ARPHRD_ETHER, ADDRESSED | ASKS | ANSWERS},
    {"vxlan", "type vxlan id 7 local 10.9.0.1 remote 10.9.0.2 dev v0 dstport 4789", "",
     "type vxlan id 7 local 10.9.0.2 remote 10.9.0.1 dev v0p dstport 4789", "d0", "d0", MAC_A,
     MAC_A, ARPHRD_ETHER, ADDRESSED | ASKS | ANSWERS},
    {"geneve", "type geneve id 7 remote 10.9.0.2", "", "type geneve id 7 remote 10.9.0.1", "d0",
     "d0", MAC_A, MAC_A, ARPHRD_ETHER, ADDRESSED | ASKS | ANSWERS},
    {"gretap", "type gretap local 10.9.0.1 remote 10.9.0.2", "",
     "type gretap local 10.9.0.2 remote 10.9.0.1", "d0", "d0", MAC_A, MAC_A, ARPHRD_ETHER,
     ADDRESSED | ASKS | ANSWERS},
    /* A tunnel to one end has the link-layer address of that end, and none for neighbours. One to
     * many ends has a neighbour entry for each. */
    {"gre", "type gre local 10.9.0.1", "", NULL, "d0", "v0p", "10.9.0.9", "0a:09:00:09",
     ARPHRD_IPGRE, ADDRESSED},
    {"ip6gre", "type ip6gre local fd09::1", "", NULL, "d0", "v0p", "fd09::9",
     "fd:09:00:00:00:00:00:00:00:00:00:00:00:00:00:09", TYPE_IP6GRE, ADDRESSED},
    {"sit", "type sit local 10.9.0.1", "", NULL, "d0", "v0p", "10.9.0.9", "0a:09:00:09", ARPHRD_SIT,
     ADDRESSED | NO_IPV4},
    /* On a point-to-point device, 0.0.0.0 is the only IPv4 neighbour. */
    {"wireguard", "type wireguard", "", NULL, "d0", "v0p", NULL, NULL, ARPHRD_NONE, NO_IPV4},
};

static const struct device *device;
static struct netns_second other;
static struct arpq_handle *far;
static uint32_t dev, far_dev, vrf; /* interface indexes; vrf: 0 or the VRF */
static struct arpq_mac far_mac;

/* ---- The devices ---- */

static _Noreturn void not_runnable(const char *words)
{
    fprintf(stderr, "NOT RUN: this kernel makes no %s device: %s\n", device->kind, words);
    fflush(NULL);
    _exit(NOT_RUNNABLE);
}

/* Make d0. Only a kernel that says that it lacks the kind is excused. */
static void make_device(void)
{
    char words[512];
    int status = sh_read(words, sizeof words, "ip link add d0 %s", device->make);

    words[strcspn(words, "\n")] = '\0';
    if (status != 0 && (strstr(words, "nknown device type") || strstr(words, "not supported")))
        not_runnable(words);
    if (status != 0)
        fail_msg("ip link add d0 %s: %s", device->make, words);
    sh("%s", device->then);
    sh("ip link set d0 addrgenmode none 2>/dev/null || :; ip link set v0 up; ip link set d0 up");
    if (device->far_make)
        netns_sh(&other, "ip link add d0 %s; ip link set d0 addrgenmode none; ip link set d0 up",
                 device->far_make);
}

static void find_indexes(void)
{
    struct arpq_interfaces *list;
    const struct arpq_interface *link;

    dev = ifindex_of(device->dev);
    vrf = strcmp(device->kind, "vrf") == 0 ? ifindex_of("d0") : 0;
    assert_int_equal(arpq_interfaces_get(far, 0, &list), 0);
    link = arpq_interfaces_by_name(list, device->far_dev);
    assert_non_null(link);
    far_dev = link->ifindex;
    far_mac = link->mac;
    arpq_interfaces_free(list);
}

static int set_up(void **state)
{
    struct arpq_options options = {.size = sizeof options, .flags = ARPQ_OPEN_IN_NETNS};

    netns_enter();
    other = netns_second();
    sh("ip link add v0 address " MAC_V0 " type veth peer name v0p address " MAC_V0P
       " netns %d; ip link set v0 addrgenmode none; ip link set v0 up;"
       "ip addr add 10.9.0.1/24 dev v0; ip addr add fd09::1/64 dev v0 nodad",
       other.pid);
    netns_sh(&other, "ip link set v0p addrgenmode none; ip link set v0p up;"
                     "ip addr add 10.9.0.2/24 dev v0p; ip addr add fd09::2/64 dev v0p nodad");
    make_device();
    /* A request that no packet causes has a link-local source. */
    sh("for a in 10.1.0.1/24 'fd01::1/64 nodad' 'fe80::1/64 nodad'; do"
       "  ip addr add $a dev %s; done;"
       "for f in ipv4 ipv6; do echo 300 > /proc/sys/net/$f/neigh/%s/retrans_time_ms; done",
       device->dev, device->dev);
    netns_sh(&other,
             "for a in 10.1.0.2/24 'fd01::2/64 nodad' 'fe80::2/64 nodad'; do"
             "  ip addr add $a dev %s; done",
             device->far_dev);
    options.netns_fd = other.fd;
    assert_int_equal(arpq_open(&far, &options), 0);
    find_indexes();
    return arpq_open(&h, NULL);
}

static int tear_down(void **state)
{
    arpq_close(far);
    arpq_close(h);
    netns_second_free(&other);
    return 0;
}

/* ---- Interface ---- */

static void test_interface(void **state)
{
    struct arpq_interfaces *list;
    const struct arpq_interface *link, *made;

    assert_int_equal(arpq_interfaces_get(h, 0, &list), 0);
    made = arpq_interfaces_by_name(list, "d0");
    link = arpq_interfaces_by_ifindex(list, dev);
    assert_non_null(made);
    assert_non_null(link);
    assert_string_equal(made->kind, device->kind);
    assert_int_equal(link->type, device->type);
    assert_int_equal(link->mac.length > 0, (device->does & ADDRESSED) != 0);
    if (strstr(device->make, "link v0 "))
        assert_int_equal(made->parent, ifindex_of("v0"));
    if (strstr(device->then, "master d0"))
        assert_int_equal(arpq_interfaces_by_name(list, "v0")->master, made->ifindex);
    arpq_interfaces_free(list);
}

/* ---- Entries: lookup, list, watch, mirror ---- */

static struct arpq_watch *watch;
static struct arpq_mirror *mirror;

/* Wait for the event of that type about the address. */
static struct arpq_event await_event(uint32_t type, const struct arpq_ip *ip)
{
    struct arpq_event event;
    uint64_t end = now_ms() + WAIT_MS;

    while (now_ms() < end && arpq_watch_next(watch, &event, WAIT_MS) == 1)
        if (event.type == type && arpq_ip_compare(&event.neigh.ip, ip) == 0)
            return event;
    fail_msg("no event %s", arpq_name(ARPQ_NAMES_EVENT, type));
    return event;
}

static void expect_mac(const struct arpq_mac *mac)
{
    char text[ARPQ_MAC_STRLEN];

    assert_string_equal(arpq_mac_format(mac, 0, text, sizeof text),
                        device->as_bytes ? device->as_bytes : "");
    if (device->as_bytes)
        assert_int_equal(mac->type, device->type);
}

/* The code of every lookup of the address, which agree. A mirror has entries only, and no entry says
 * that the device has no link-layer addresses. */
static int lookup_code(const struct arpq_ip *ip, bool present)
{
    struct arpq_mac mac, again;
    int code = arpq_lookup(h, ip, dev, 0, &mac);

    assert_int_equal(arpq_lookup(h, ip, vrf, 0, &again), code);
    assert_int_equal(arpq_mac_compare(&mac, &again), 0);
    assert_true(arpq_mirror_sync(mirror) >= 0);
    assert_int_equal(arpq_mirror_lookup(mirror, ip, dev, &again), present ? code : -ENOENT);
    assert_int_equal(arpq_mac_compare(&mac, &again), 0);
    if (code == 0)
        expect_mac(&mac);
    return code;
}

/* The number of entries of the address in the list of the device. */
static unsigned listed(const struct arpq_ip *ip)
{
    const struct arpq_filter filter = {.size = sizeof filter, .ifindex = dev};
    struct arpq_table *table;
    unsigned count = 0;

    assert_int_equal(arpq_table_get(h, &filter, &table), 0);
    for (uint32_t i = 0; i < arpq_table_count(table); i++) {
        const struct arpq_neigh *neigh = arpq_table_at(table, i);

        assert_int_equal(neigh->ifindex, dev);
        if (arpq_ip_compare(&neigh->ip, ip) == 0) {
            expect_mac(&neigh->mac);
            count++;
        }
    }
    arpq_table_free(table);
    return count;
}

static void check_entry(const char *text)
{
    const struct arpq_ip ip = ip_of(text);
    const bool addressed = device->as_bytes;
    /* ip(8) shows an IPv6 address, but reads bytes. */
    const char *lladdr = device->type == TYPE_IP6GRE ? device->as_bytes : device->shown;
    const char *const word = addressed ? "lladdr" : "", *const shown =
                                                            addressed ? device->shown : "";
    struct arpq_neigh neigh;
    struct arpq_event event;

    assert_int_equal(lookup_code(&ip, false), addressed ? -ENOENT : -EOPNOTSUPP);
    assert_int_equal(listed(&ip), 0);
    sh("ip neigh add %s dev %s %s %s nud permanent", text, device->dev, word,
       addressed ? lladdr : "");
    event = await_event(ARPQ_EVENT_NEIGH_ADDED, &ip);
    assert_int_equal(event.neigh.ifindex, dev);
    expect_mac(&event.neigh.mac);
    assert_int_equal(lookup_code(&ip, true), addressed ? 0 : -EOPNOTSUPP);
    assert_int_equal(arpq_neigh_get(h, &ip, dev, 0, &neigh), 0);
    assert_int_equal(neigh.state, ARPQ_STATE_PERMANENT);
    expect_mac(&neigh.mac);
    assert_int_equal(listed(&ip), 1);
    assert_int_equal(sh_status("ip neigh show %s dev %s | grep -q '%s %s.*PERMANENT'", text,
                               device->dev, word, shown),
                     0);
    sh("ip neigh del %s dev %s", text, device->dev);
    await_event(ARPQ_EVENT_NEIGH_REMOVED, &ip);
    assert_int_equal(lookup_code(&ip, false), addressed ? -ENOENT : -EOPNOTSUPP);
    assert_int_equal(listed(&ip), 0);
}

static void test_entries(void **state)
{
    assert_int_equal(arpq_watch_open(h, &watch, NULL), 0);
    assert_int_equal(arpq_mirror_open(h, &mirror, NULL), 0);
    if (!(device->does & NO_IPV4))
        check_entry("10.1.0.9");
    check_entry("fd01::9");
    arpq_mirror_close(mirror);
    arpq_watch_close(watch);
}

/* ---- Resolving ---- */

static void test_resolve(void **state)
{
    static const char *const present[] = {"10.1.0.2", "fd01::2"}, *const absent[] = {"10.1.0.8",
                                                                                     "fd01::8"};

    for (size_t i = 0; i < LENGTH(present); i++) {
        struct arpq_ip ip = ip_of(present[i]);
        struct arpq_neigh neigh;
        int code = arpq_resolve(h, &ip, vrf, 0, WAIT_MS, &neigh);

        if (device->does & ANSWERS) {
            assert_int_equal(code, 0);
            assert_int_equal(neigh.ifindex, dev);
            assert_int_equal(arpq_mac_compare(&neigh.mac, &far_mac), 0);
            ip = ip_of(absent[i]);
            code = arpq_resolve(h, &ip, vrf, 0, WAIT_MS, &neigh);
        }
        assert_int_equal(code, device->does & ASKS ? -EHOSTUNREACH : -EOPNOTSUPP);
    }
}

/* ---- Sweep ---- */

static unsigned local_count, far_count, other_count;

static int count_found(const struct arpq_found *found, void *context)
{
    const struct arpq_ip far_ip = ip_of("10.1.0.2");

    assert_int_equal(found->ifindex, dev);
    if (found->flags & ARPQ_FOUND_LOCAL)
        local_count++;
    else if (arpq_ip_compare(&found->ip, &far_ip) == 0 &&
             arpq_mac_compare(&found->mac, &far_mac) == 0)
        far_count++;
    else
        other_count++;
    return 0;
}

static void sweep(uint32_t flags, bool answers)
{
    const struct arpq_sweep_options options = {
        .size = sizeof options, .flags = flags, .ifindex = dev};
    const struct arpq_ip prefix = ip_of("10.1.0.0");
    struct arpq_sweep_stats stats;
    int code;

    local_count = far_count = other_count = 0;
    code = arpq_sweep_each(h, &prefix, 29, &options, count_found, NULL, &stats);
    if (!(device->does & ASKS)) {
        assert_int_equal(code, -EOPNOTSUPP);
        return;
    }
    assert_int_equal(code, 0);
    assert_int_equal(local_count, 1);
    assert_int_equal(far_count, answers);
    assert_int_equal(other_count, 0);
}

static void test_sweep(void **state)
{
    sweep(0, device->does & ANSWERS);
}

/* ---- Sniff ---- */

static struct arpq_sniffer *sniffer_on(uint32_t ifindex, uint32_t flags)
{
    const struct arpq_sniffer_options options = {
        .size = sizeof options, .flags = flags, .ifindex = ifindex};
    struct arpq_sniffer *sniffer;

    assert_int_equal(arpq_sniffer_open(h, &sniffer, &options), 0);
    return sniffer;
}

/* Wait for the ARP request for an address. */
static struct arpq_sniffed await_request(struct arpq_sniffer *sniffer, const char *target)
{
    const struct arpq_ip ip = ip_of(target);
    struct arpq_sniffed frame;
    uint64_t end = now_ms() + WAIT_MS;

    while (now_ms() < end && arpq_sniffer_next(sniffer, &frame, WAIT_MS) == 1)
        if (frame.type == ARPQ_SNIFFED_ARP && arpq_ip_compare(&frame.target, &ip) == 0)
            return frame;
    fail_msg("no request for %s", target);
    return frame;
}

/* The other end asks for an address of this one. */
static void far_asks(void)
{
    const struct arpq_ip ip = ip_of("10.1.0.1");
    struct arpq_neigh neigh;

    netns_sh(&other, "ip neigh flush dev %s", device->far_dev);
    assert_int_equal(arpq_resolve(far, &ip, far_dev, 0, WAIT_MS, &neigh), 0);
}

static void check_incoming(void)
{
    struct arpq_sniffer *sniffer = sniffer_on(dev, 0), *below = sniffer_on(ifindex_of("v0"), 0);
    const struct arpq_ip far_ip = ip_of("10.1.0.2");
    struct arpq_sniffed frame;

    far_asks();
    frame = await_request(sniffer, "10.1.0.1");
    assert_int_equal(frame.ifindex, dev);
    assert_int_equal(frame.flags & (ARPQ_SNIFFED_VLAN | ARPQ_SNIFFED_OUTGOING), 0);
    assert_int_equal(arpq_ip_compare(&frame.ip, &far_ip), 0);
    assert_int_equal(arpq_mac_compare(&frame.mac, &far_mac), 0);
    assert_int_equal(arpq_mac_compare(&frame.source, &far_mac), 0);
    if (strcmp(device->kind, "vlan") == 0) {
        frame = await_request(below, "10.1.0.1");
        assert_true(frame.flags & ARPQ_SNIFFED_VLAN);
        assert_int_equal(frame.vlan_tci & 0xfff, VLAN_ID);
    }
    arpq_sniffer_close(below);
    arpq_sniffer_close(sniffer);
}

static void check_outgoing(void)
{
    struct arpq_sniffer *sniffer = sniffer_on(dev, ARPQ_SNIFFER_OUTGOING);
    const struct arpq_ip absent = ip_of("10.1.0.7");
    struct arpq_neigh neigh;
    struct arpq_sniffed frame;

    assert_int_equal(arpq_resolve(h, &absent, dev, 0, WAIT_MS, &neigh), -EHOSTUNREACH);
    frame = await_request(sniffer, "10.1.0.7");
    assert_int_equal(frame.ifindex, dev);
    assert_true(frame.flags & ARPQ_SNIFFED_OUTGOING);
    arpq_sniffer_close(sniffer);
}

static void test_sniff(void **state)
{
    if (device->does & ANSWERS)
        check_incoming();
    if (device->does & ASKS)
        check_outgoing();
    else /* nothing to receive, but nothing wrong with the link */
        arpq_sniffer_close(sniffer_on(dev, 0));
}

/* ---- More of VLANs ---- */

/* A VLAN in a VLAN: the frames of v0 have two tags. */
static void test_two_tags(void **state)
{
    struct arpq_sniffer *sniffer;
    struct arpq_sniffed frame;
    const struct arpq_ip ip = ip_of("10.2.0.1");
    struct arpq_neigh neigh;

    if (strcmp(device->kind, "vlan") != 0)
        return;
    sh("ip link add d1 link d0 type vlan id 9; ip link set d1 addrgenmode none; ip link set d1 up;"
       "ip addr add 10.2.0.1/24 dev d1");
    netns_sh(&other,
             "ip link add d1 link d0 type vlan id 9;"
             "ip link set d1 addrgenmode none; ip link set d1 up; ip addr add 10.2.0.2/24 dev d1");
    sniffer = sniffer_on(ifindex_of("v0"), 0);
    assert_int_equal(arpq_resolve(far, &ip, 0, 0, WAIT_MS, &neigh), 0);
    frame = await_request(sniffer, "10.2.0.1");
    assert_true(frame.flags & ARPQ_SNIFFED_VLAN);
    assert_int_equal(frame.outer_tci & 0xfff, VLAN_ID);
    assert_int_equal(frame.vlan_tci & 0xfff, 9);
    arpq_sniffer_close(sniffer);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(test_interface), TEST(test_entries), TEST(test_resolve),
        TEST(test_sweep),     TEST(test_sniff),   TEST(test_two_tags),
    };

    for (size_t i = 0; argc == 2 && i < LENGTH(devices); i++)
        if (strcmp(devices[i].kind, argv[1]) == 0)
            device = &devices[i];
    if (!device) {
        fprintf(stderr, "usage: test_devices KIND\n");
        return 2;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
