/* SPDX-License-Identifier: MIT */
/* Interfaces and addresses against ip(8), member by member, on every kind of device that this
 * kernel can create. */
#include "test.h"

#include <inttypes.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/tun.h"
#include "process.h"

#define TEXT_SIZE (1024 * 1024)
#define LINES 8192
#define TRIES 20
#define SECONDS_BETWEEN 10

/* Print a line for each member: "IFINDEX KEY VALUE". The script omits the members of a single kind
 * of device (info_data), the generation of IPv6 addresses, and members that newer releases of ip
 * print (6.15: limits for IPv4 alone and the protocol of addresses, 7.3: netns-immutable). The test
 * fails if there is any other member that it does not know. */
#define FLATTEN                                                                                    \
    "jq -r '.[] | (.ifindex | tostring) as $i"                                                     \
    " | (del(.addr_info, .flags, .altnames, .linkinfo.info_data, .linkinfo.info_slave_data,"       \
    "        .inet6_addr_gen_mode, .gso_ipv4_max_size, .gro_ipv4_max_size,"                        \
    "        .[\"netns-immutable\"])"                                                              \
    "    | paths(scalars) as $p | \"\\($i) \\($p | join(\".\")) \\(getpath($p))\"),"               \
    " \"\\($i) flags \\(.flags | join(\",\"))\","                                                  \
    " (if .altnames then \"\\($i) altnames \\(.altnames | join(\",\"))\" else empty end),"         \
    " (.addr_info[]? | del(.protocol) | . as $a | to_entries[]"                                    \
    "    | \"\\($i) \\($a.local)/\\($a.prefixlen).\\(.key) \\(.value)\")'"

/* ---- The library's answers as lines ---- */

static char ours[TEXT_SIZE];
static size_t used;
static const struct arpq_interfaces *list;
static uint32_t current;
static bool tells_allmulti; /* Linux 5.10 does not */

static void add(const char *key, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(const char *key, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    used += (size_t)snprintf(ours + used, sizeof ours - used, "%u %s ", current, key);
    used += (size_t)vsnprintf(ours + used, sizeof ours - used, format, arguments);
    used += (size_t)snprintf(ours + used, sizeof ours - used, "\n");
    va_end(arguments);
    assert_true(used < sizeof ours);
}

/* Link types as ip(8) names them. The addresses of a tunnel are IP addresses of this family. */
static const struct link_type {
    uint16_t type;
    uint16_t family;
    const char *name;
} link_types[] = {{1, 0, "ether"},          {772, 0, "loopback"},   {0xfffe, 0, "none"},
                  {804, 0, "ieee802.15.4"}, {768, AF_INET, "ipip"}, {769, AF_INET6, "tunnel6"},
                  {776, AF_INET, "sit"},    {778, AF_INET, "gre"},  {823, AF_INET6, "gre6"}};

static const struct link_type *find_type(uint32_t type)
{
    for (size_t i = 0; i < LENGTH(link_types); i++)
        if (link_types[i].type == type)
            return &link_types[i];
    return NULL;
}

static void add_mac(const char *key, const struct arpq_mac *mac)
{
    char text[ARPQ_MAC_STRLEN];
    const struct link_type *type = find_type(mac->type);
    struct arpq_ip ip = {.family = type ? type->family : 0};

    if (ip.family && mac->length == (ip.family == AF_INET ? 4 : 16)) {
        memcpy(ip.bytes, mac->bytes, mac->length);
        add(key, "%s", arpq_ip_format(&ip, text, sizeof text));
    } else if (mac->length) {
        add(key, "%s", arpq_mac_format(mac, ARPQ_MAC_COLON, text, sizeof text));
    }
}

static const struct {
    uint32_t flag;
    const char *name;
} link_flags[] = {{IFF_LOOPBACK, "LOOPBACK"},
                  {IFF_BROADCAST, "BROADCAST"},
                  {IFF_POINTOPOINT, "POINTOPOINT"},
                  {IFF_MULTICAST, "MULTICAST"},
                  {IFF_NOARP, "NOARP"},
                  {IFF_ALLMULTI, "ALLMULTI"},
                  {IFF_PROMISC, "PROMISC"},
                  {IFF_UP, "UP"},
                  {0x10000, "LOWER_UP"}};

static void add_flags(const struct arpq_interface *link, bool parent_down)
{
    char text[256] = "";

    if (link->flags & IFF_UP && !(link->flags & IFF_RUNNING))
        strcat(text, ",NO-CARRIER");
    for (size_t i = 0; i < sizeof link_flags / sizeof link_flags[0]; i++)
        if (link->flags & link_flags[i].flag)
            strcat(strcat(text, ","), link_flags[i].name);
    if (parent_down)
        strcat(text, ",M-DOWN");
    add("flags", "%s", text[0] ? text + 1 : "");
}

static void add_parent(const struct arpq_interface *link)
{
    const struct arpq_interface *parent = arpq_interfaces_by_ifindex(list, link->parent);

    add_flags(link,
              link->parent && link->parent_netnsid < 0 && !(parent && parent->flags & IFF_UP));
    if (link->parent == 0)
        return;
    if (link->parent_netnsid >= 0) {
        add("link_index", "%u", link->parent);
        add("link_netnsid", "%d", link->parent_netnsid);
    } else {
        assert_non_null(parent);
        add("link", "%s", parent->name);
    }
}

static void add_type(const struct arpq_interface *link)
{
    const struct link_type *type = find_type(link->type);

    if (type)
        add("link_type", "%s", type->name);
    else
        add("link_type", "[%u]", link->type);
}

static void add_texts(const struct arpq_interface *link, uint32_t n)
{
    static const char *const keys[] = {"", "ifalias", "parentdev", "parentbus"};
    char names[4096] = "";

    for (uint32_t which = ARPQ_INTERFACE_ALIAS; which <= ARPQ_INTERFACE_BUS; which++)
        if (arpq_interfaces_text_at(list, n, which)[0])
            add(keys[which], "%s", arpq_interfaces_text_at(list, n, which));
    for (uint32_t i = 0; i < link->altname_count; i++)
        strcat(strcat(names, ","), arpq_interfaces_altname_at(list, link->altname_first + i));
    if (names[0])
        add("altnames", "%s", names + 1);
}

static void add_settings(const struct arpq_interface *link)
{
    add("min_mtu", "%u", link->mtu_min);
    add("max_mtu", "%u", link->mtu_max);
    if (link->kind[0])
        add("linkinfo.info_kind", "%s", link->kind);
    if (link->port_kind[0])
        add("linkinfo.info_slave_kind", "%s", link->port_kind);
    add("num_tx_queues", "%u", link->tx_queues);
    add("num_rx_queues", "%u", link->rx_queues);
    add("gso_max_size", "%u", link->gso_max_size);
    add("gso_max_segs", "%u", link->gso_max_segs);
    /* 0: this kernel does not tell, as Linux 5.10. */
    if (link->tso_max_size)
        add("tso_max_size", "%u", link->tso_max_size);
    if (link->tso_max_segs)
        add("tso_max_segs", "%u", link->tso_max_segs);
    if (link->gro_max_size)
        add("gro_max_size", "%u", link->gro_max_size);
}

static void add_link(const struct arpq_interface *link, const struct arpq_interface_stats *stats)
{
    const struct arpq_interface *master = arpq_interfaces_by_ifindex(list, link->master);

    add("ifindex", "%u", link->ifindex);
    add("ifname", "%s", link->name);
    add_parent(link);
    add("mtu", "%u", link->mtu);
    add("qdisc", "%s", stats->qdisc);
    if (link->master)
        add("master", "%s", master ? master->name : "?");
    add("operstate", "%s", arpq_name(ARPQ_NAMES_OPERSTATE, link->operstate));
    add("group", "%s", link->group ? "?" : "default");
    if (link->queue_length)
        add("txqlen", "%u", link->queue_length);
    add_type(link);
    add_mac("address", &link->mac);
    if (link->flags & IFF_POINTOPOINT && link->broadcast.length)
        add("link_pointtopoint", "true");
    add_mac("broadcast", &link->broadcast);
    if (arpq_mac_compare(&link->permanent_mac, &link->mac) != 0)
        add_mac("permaddr", &link->permanent_mac);
    add("promiscuity", "%u", stats->promiscuity);
    if (tells_allmulti)
        add("allmulti", "%u", stats->allmulti);
    add_settings(link);
}

static void add_counter(const char *key, uint64_t value)
{
    char whole[64];

    snprintf(whole, sizeof whole, "stats64.%s", key);
    add(whole, "%" PRIu64, value);
}

static void add_used(const char *key, uint64_t value)
{
    if (value)
        add_counter(key, value);
}

static void add_counters(const struct arpq_interface_stats *s)
{
    add_counter("rx.bytes", s->rx_bytes);
    add_counter("rx.packets", s->rx_packets);
    add_counter("rx.errors", s->rx_errors);
    add_counter("rx.dropped", s->rx_dropped);
    add_counter("rx.over_errors", s->rx_over_errors);
    add_counter("rx.multicast", s->multicast);
    add_used("rx.compressed", s->rx_compressed);
    add_counter("rx.length_errors", s->rx_length_errors);
    add_counter("rx.crc_errors", s->rx_crc_errors);
    add_counter("rx.frame_errors", s->rx_frame_errors);
    add_counter("rx.fifo_errors", s->rx_fifo_errors);
    add_counter("rx.missed_errors", s->rx_missed_errors);
    add_used("rx.nohandler", s->rx_nohandler);
    add_used("rx.otherhost_dropped", s->rx_otherhost_dropped);
    add_counter("tx.bytes", s->tx_bytes);
    add_counter("tx.packets", s->tx_packets);
    add_counter("tx.errors", s->tx_errors);
    add_counter("tx.dropped", s->tx_dropped);
    add_counter("tx.carrier_errors", s->tx_carrier_errors);
    add_counter("tx.collisions", s->collisions);
    add_used("tx.compressed", s->tx_compressed);
    add_counter("tx.aborted_errors", s->tx_aborted_errors);
    add_counter("tx.fifo_errors", s->tx_fifo_errors);
    add_counter("tx.window_errors", s->tx_window_errors);
    add_counter("tx.heartbeat_errors", s->tx_heartbeat_errors);
    add_counter("tx.carrier_changes", s->carrier_changes);
}

/* ---- Addresses ---- */

static char address_key[128];

static const char *key_of(const char *member)
{
    static char key[256];

    snprintf(key, sizeof key, "%s.%s", address_key, member);
    return key;
}

static const char *bare(const struct arpq_ip *ip)
{
    static char text[ARPQ_IP_STRLEN];
    struct arpq_ip copy = *ip;

    copy.scope = 0;
    return arpq_ip_format(&copy, text, sizeof text);
}

static void add_ip(const char *member, const struct arpq_ip *ip)
{
    if (ip->family)
        add(key_of(member), "%s", bare(ip));
}

static void add_address_flags(const struct arpq_address *a)
{
    static const struct {
        uint32_t flag;
        const char *name;
    } names[] = {{ARPQ_ADDRESS_NO_DAD, "nodad"},
                 {ARPQ_ADDRESS_OPTIMISTIC, "optimistic"},
                 {ARPQ_ADDRESS_DAD_FAILED, "dadfailed"},
                 {ARPQ_ADDRESS_HOME, "home"},
                 {ARPQ_ADDRESS_DEPRECATED, "deprecated"},
                 {ARPQ_ADDRESS_TENTATIVE, "tentative"},
                 {ARPQ_ADDRESS_MANAGE_TEMP, "mngtmpaddr"},
                 {ARPQ_ADDRESS_NO_PREFIX_ROUTE, "noprefixroute"},
                 {ARPQ_ADDRESS_MULTICAST_JOIN, "autojoin"},
                 {ARPQ_ADDRESS_STABLE_PRIVACY, "stable-privacy"}};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (a->flags & names[i].flag)
            add(key_of(names[i].name), "true");
    if (a->flags & ARPQ_ADDRESS_SECONDARY)
        add(key_of(a->ip.family == AF_INET6 ? "temporary" : "secondary"), "true");
    if (!(a->flags & ARPQ_ADDRESS_PERMANENT))
        add(key_of("dynamic"), "true");
}

static void add_address(const struct arpq_address *a)
{
    static const char *const words[] = {"UNIVERSE", "global", "SITE", "site",    "LINK",
                                        "link",     "HOST",   "host", "NOWHERE", "nowhere"};
    const char *scope = NULL;

    snprintf(address_key, sizeof address_key, "%s/%u", bare(&a->ip), a->prefix_length);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i += 2)
        if (strcmp(words[i], arpq_name(ARPQ_NAMES_SCOPE, a->scope)) == 0)
            scope = words[i + 1];
    add(key_of("family"), "%s", a->ip.family == AF_INET6 ? "inet6" : "inet");
    add_ip("local", &a->ip);
    add_ip("address", &a->peer);
    add_ip("broadcast", &a->broadcast);
    add_ip("anycast", &a->anycast);
    add(key_of("prefixlen"), "%u", a->prefix_length);
    if (a->metric)
        add(key_of("metric"), "%u", a->metric);
    if (scope)
        add(key_of("scope"), "%s", scope);
    else
        add(key_of("scope"), "%u", a->scope);
    add_address_flags(a);
    if (a->label[0])
        add(key_of("label"), "%s", a->label);
    add(key_of("valid_life_time"), "%u", a->valid_s);
    add(key_of("preferred_life_time"), "%u", a->preferred_s);
}

/* Describe interfaces as ip addr does, or as ip link, which prints no counters here. Returns the
 * total number of received packets. */
static uint64_t describe(struct arpq_handle *h, bool addresses)
{
    struct arpq_interfaces *now;
    uint64_t packets = 0;

    assert_int_equal(arpq_interfaces_get(h, ARPQ_INTERFACES_READ, &now), 0);
    assert_int_equal(arpq_interfaces_flags(now) & ARPQ_INTERFACES_READ, ARPQ_INTERFACES_READ);
    list = now;
    used = 0;
    for (uint32_t n = 0; n < arpq_interfaces_count(list); n++) {
        const struct arpq_interface *link = arpq_interfaces_at(list, n);

        current = link->ifindex;
        packets += arpq_interfaces_stats_at(list, n)->rx_packets;
        add_link(link, arpq_interfaces_stats_at(list, n));
        add_texts(link, n);
        if (addresses)
            add_counters(arpq_interfaces_stats_at(list, n));
        else
            add("linkmode", "%s", link->linkmode ? "?" : "DEFAULT");
        for (uint32_t i = 0; addresses && i < link->address_count; i++)
            add_address(arpq_interfaces_address_at(list, link->address_first + i));
    }
    arpq_interfaces_free(now);
    return packets;
}

/* ---- Comparison ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t cut(char *text, char **lines)
{
    size_t count = 0;

    for (char *at = strtok(text, "\n"); at; at = strtok(NULL, "\n")) {
        assert_true(count < LINES);
        lines[count++] = at;
    }
    qsort(lines, count, sizeof *lines, by_text);
    return count;
}

/* Like strcmp, but the seconds that pass between the two reads make no difference. */
static int compare_lines(const char *a, const char *b)
{
    static const char lifetime[] = "_life_time ";
    const char *in_a = strstr(a, lifetime), *in_b = strstr(b, lifetime);
    long long shorter;

    if (!in_a || !in_b || in_a - a != in_b - b || memcmp(a, b, (size_t)(in_a - a)) != 0)
        return strcmp(a, b);
    shorter = atoll(in_a + strlen(lifetime)) - atoll(in_b + strlen(lifetime));
    return shorter >= 0 && shorter <= SECONDS_BETWEEN ? 0 : strcmp(a, b);
}

/* Count the lines that only one of the two has. */
static size_t compare(char **a, size_t a_count, char **b, size_t b_count, bool print)
{
    size_t i = 0, k = 0, differences = 0;

    while (i < a_count || k < b_count) {
        int order = i == a_count ? 1 : k == b_count ? -1 : compare_lines(a[i], b[k]);

        if (order != 0 && print)
            print_error("only %s: %s\n", order < 0 ? "ip" : "libarpq", order < 0 ? a[i] : b[k]);
        differences += order != 0;
        i += order <= 0;
        k += order >= 0;
    }
    return differences;
}

/* Counters change between the two reads, so the comparison is repeated until both agree and a packet
 * was counted. */
static void assert_agreed(const char *ip_arguments, bool addresses, size_t least)
{
    static char theirs[TEXT_SIZE];
    static char *a[LINES], *b[LINES];
    char file[] = "/tmp/test_interfaces_ip.XXXXXX";
    size_t differences = 1, a_count = 0;
    uint64_t packets = 0;
    struct arpq_handle *h;
    int fd = mkstemp(file);

    assert_true(fd >= 0);
    close(fd);
    tells_allmulti = sh_status("ip -d link show dev lo | grep -qw allmulti") == 0;
    assert_int_equal(arpq_open(&h, NULL), 0);
    for (int tries = 1; (differences || !packets) && tries <= TRIES; tries++) {
        /* jq(1) takes seconds on a slow machine, and must not run between the two reads. */
        sh("ip %s >%s", ip_arguments, file);
        packets = describe(h, addresses);
        assert_int_equal(sh_read(theirs, sizeof theirs, FLATTEN " %s", file), 0);
        a_count = cut(theirs, a);
        differences = compare(a, a_count, b, cut(ours, b), tries == TRIES);
        if (differences || !packets)
            sleep_ms(150);
    }
    unlink(file);
    assert_int_equal(differences, 0);
    assert_true(packets > 0);
    assert_true(a_count >= least);
    arpq_close(h);
}

static void setup_link(struct netns_second *second)
{
    *second = netns_second();
    sh("ip link add v0 mtu 1400 txqueuelen 77 type veth peer name v1; ip link add br0 type bridge;"
       "ip link add mv0 link v0 type macvlan; ip link add mt0 link v0 type macvtap;"
       "ip link add vx0 type vxlan id 5 dstport 4789; ip link add ifb7 type ifb;"
       "ip link add p0 type veth peer name p1; ip link set p0 master br0;"
       "ip link add far0 numtxqueues 3 numrxqueues 2 type veth peer name far1;"
       "ip link set far1 netns %d; ip tuntap add tun0 mode tun; ip tuntap add tap0 mode tap;"
       "ip link set v0 alias 'the uplink of \"this\" test'; ip link set v1 promisc on allmulticast "
       "on;"
       "ip link property add dev v0 altname an-alternative-name-that-is-longer-than-any-other;"
       "ip link property add dev v0 altname short0; ip link property add dev tun0 altname t;"
       "for i in lo v0 v1 br0 mv0 p0 p1 far0 tun0; do ip link set $i up; done;"
       "ip addr add 10.1.0.1/24 brd + dev v0 label v0:one; ip addr add 10.1.0.2/24 dev v0;"
       "ip addr add 10.2.0.1/24 dev v0 scope link valid_lft 6000 preferred_lft 3000;"
       "ip addr add 10.3.0.1 peer 10.3.0.2/30 dev tun0; ip addr add 10.4.0.1/32 dev lo scope 77;"
       "ip addr add 10.5.0.1/24 dev v1 noprefixroute metric 55;"
       "ip addr add 224.1.1.1/32 dev v1 autojoin; ip addr add 10.6.0.1/24 dev far0;"
       "ip addr add fd00::1/64 dev v0 nodad home; ip addr add fd00::2/64 dev v0 nodad"
       " valid_lft 6000 preferred_lft 0; ip addr add fd00::3 peer fd00::4/64 dev tun0 nodad;"
       "echo 2 >/proc/sys/net/ipv6/conf/v1/use_tempaddr;"
       "ip addr add fd01::1/64 dev v1 nodad mngtmpaddr noprefixroute metric 9;"
       "ip addr show dev v1 | grep -q temporary",
       second->pid);
    netns_sh(second, "ip link set far1 up");
}

static void test_every_kind(void **state)
{
    static const int types[] = {804, 768, 823};
    int fds[LENGTH(types)];
    struct netns_second second;

    netns_enter();
    for (size_t i = 0; i < LENGTH(types); i++) {
        char name[IF_NAMESIZE];

        snprintf(name, sizeof name, "odd%zu", i);
        fds[i] = open_tun(name, IFF_TAP, types[i]);
    }
    setup_link(&second);
    sleep_ms(2500); /* no address is tentative any more, and its multicast reports have ended */
    assert_agreed("-d -s -s -j addr", true, 500);
    assert_agreed("-d -j link", false, 250);
    netns_second_free(&second);
    for (size_t i = 0; i < LENGTH(fds); i++)
        close(fds[i]);
}

/* A tentative address, and one that is a duplicate. */
static void test_duplicate(void **state)
{
    netns_enter();
    sh("ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up;"
       "ip addr add fd00::9/64 dev v0 nodad; ip addr add fd00::9/64 dev v1");
    assert_agreed("-d -s -s -j addr", true, 100);
    sh("until ip addr show dev v1 | grep -q dadfailed; do sleep 0.1; done");
    assert_agreed("-d -s -s -j addr", true, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kind),
        cmocka_unit_test(test_duplicate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
