/* SPDX-License-Identifier: MIT */
/* The library against ip(8): for each address of a fixed list the library must answer what `ip
 * route get` and `ip neigh show` print. test_fib does the same with random topologies and netlink
 * requests. */
#include "test.h"

#include "kernel/neigh.h"
#include "kernel/netns.h"
#include "process.h"

/* ---- The topology ---- */

static const char *const lab[] = {
    "ip link add v0 address 02:00:00:00:00:a0 type veth peer name v0p",
    "ip link add w0 address 02:00:00:00:00:b0 type veth peer name w0p",
    "ip link add b1 address 02:00:00:00:00:b1 type veth peer name b1p",
    "ip link add br0 address 02:00:00:00:00:c0 type bridge",
    "ip link set b1 master br0",
    "ip link add mv0 link v0 address 02:00:00:00:00:d0 type macvlan mode bridge",
    "ip link add vx0 address 02:00:00:00:00:e0 type vxlan id 42 dev v0 dstport 4789 "
    "local 10.1.0.1",
    "for d in v0 v0p w0 w0p b1 b1p br0 mv0 vx0; do ip link set $d addrgenmode none; "
    "ip link set $d up; done",
    /* overlapping subnets */
    "ip addr add 10.0.0.1/8 brd + dev v0",
    "ip addr add 10.1.0.1/16 brd + dev w0",
    "ip addr add 10.1.2.1/24 brd + dev v0",
    "ip addr add 172.16.1.1/24 brd + dev v0 label v0:1",
    "ip addr add 172.16.2.1/24 brd + dev br0",
    "ip addr add 172.16.3.1/24 dev mv0",
    "ip addr add 172.16.4.1/24 brd + dev vx0",
    "ip addr add 172.16.5.0/31 dev w0",
    "ip addr add 172.16.6.1 peer 172.16.7.1/32 dev v0",
    "ip addr add 172.16.8.1/24 dev v0 metric 200",
    "ip addr add 172.16.8.2/24 dev w0 metric 100",
    "ip addr add 172.16.9.1/24 dev v0 noprefixroute",
    "ip addr add fd01::1/64 dev v0 nodad",
    "ip addr add fd01:0:0:1::1/64 dev w0 nodad",
    "ip addr add fd02::1/127 dev br0 nodad",
    "ip addr add fd03::1/48 dev w0 nodad",
    "ip addr add fe80::1/64 dev v0 nodad",
    "ip addr add fe80::2/64 dev w0 nodad",
    "ip route add 192.168.1.0/24 dev w0",
    "ip route add 192.168.2.0/24 via 172.16.1.254",
    "ip route add 192.168.3.0/24 via inet6 fe80::9 dev w0",
    "ip route add 192.168.4.0/24 via 172.16.1.253",
    "ip route add blackhole 192.168.5.0/24",
    "ip route add unreachable 192.168.6.0/24",
    "ip route add prohibit 192.168.7.0/24",
    "ip -6 route add fd10::/64 dev w0",
    "ip -6 route add fd11::/64 via fd01::fe",
    "ip -6 route add fd12::/64 via fe80::9 dev v0",
    "ip -6 route add unreachable fd13::/64",
    /* only the policy rules of test_with_rules use these routes */
    "ip route add 172.16.1.0/24 dev w0 table 100",
    "ip route add 10.1.2.0/24 via 172.16.2.9 table 100",
};

/* The entries of the table: an address, an interface, and the rest of `ip neigh replace`. */
static const struct {
    const char *ip;
    const char *dev;
    const char *entry;
} entries[] = {
    {"10.2.0.9", "v0", "lladdr 02:00:00:01:00:01 nud permanent"},
    {"10.1.0.9", "v0", "lladdr 02:00:00:01:00:02 nud permanent"},
    {"10.1.0.9", "w0", "lladdr 02:00:00:01:00:03 nud permanent"},
    {"10.1.2.9", "v0", "lladdr 02:00:00:01:00:04 nud permanent"},
    {"10.1.2.9", "w0", "lladdr 02:00:00:01:00:05 nud permanent"},
    {"172.16.1.9", "v0", "lladdr 02:00:00:01:00:06 nud reachable"},
    {"172.16.1.9", "w0", "lladdr 02:00:00:01:00:07 nud reachable"},
    {"172.16.1.10", "v0", "lladdr 02:00:00:01:00:08 nud stale"},
    {"172.16.1.11", "v0", "lladdr 02:00:00:01:00:09 nud delay"},
    {"172.16.1.12", "v0", "lladdr 02:00:00:01:00:0a nud probe"},
    {"172.16.1.13", "v0", "lladdr 02:00:00:01:00:0b nud permanent"},
    {"172.16.1.14", "v0", "lladdr 02:00:00:01:00:0c nud noarp"},
    {"172.16.1.15", "v0", "nud incomplete"},
    {"172.16.1.16", "v0", "nud failed"},
    {"172.16.1.17", "v0", "nud none"},
    {"172.16.1.18", "w0", "lladdr 02:00:00:01:00:0d nud permanent"},
    {"172.16.1.254", "v0", "lladdr 02:00:00:01:00:0e nud permanent"},
    {"172.16.2.9", "br0", "lladdr 02:00:00:01:00:0f nud permanent"},
    {"172.16.3.9", "mv0", "lladdr 02:00:00:01:00:10 nud stale"},
    {"172.16.4.9", "vx0", "lladdr 02:00:00:01:00:11 nud reachable"},
    {"172.16.5.1", "w0", "lladdr 02:00:00:01:00:12 nud permanent"},
    {"172.16.7.1", "v0", "lladdr 02:00:00:01:00:13 nud permanent"},
    {"172.16.8.9", "v0", "lladdr 02:00:00:01:00:14 nud permanent"},
    {"172.16.8.9", "w0", "lladdr 02:00:00:01:00:15 nud permanent"},
    {"172.16.9.9", "v0", "lladdr 02:00:00:01:00:16 nud permanent"},
    {"192.168.1.9", "w0", "lladdr 02:00:00:01:00:17 nud permanent"},
    {"fd01::9", "v0", "lladdr 02:00:00:06:00:01 nud reachable"},
    {"fd01::a", "v0", "lladdr 02:00:00:06:00:02 nud stale"},
    {"fd01::b", "v0", "lladdr 02:00:00:06:00:03 nud delay"},
    {"fd01::c", "v0", "lladdr 02:00:00:06:00:04 nud probe"},
    {"fd01::d", "v0", "lladdr 02:00:00:06:00:05 nud permanent"},
    {"fd01::e", "v0", "lladdr 02:00:00:06:00:06 nud noarp"},
    {"fd01::f", "v0", "nud incomplete"},
    {"fd01::10", "v0", "nud failed"},
    {"fd01::11", "v0", "nud none"},
    {"fd01::fe", "v0", "lladdr 02:00:00:06:00:07 nud permanent"},
    {"fd01:0:0:1::9", "w0", "lladdr 02:00:00:06:00:08 nud permanent"},
    {"fd02::", "br0", "lladdr 02:00:00:06:00:09 nud permanent"},
    {"fd03::9", "w0", "lladdr 02:00:00:06:00:0a nud permanent"},
    {"fd10::9", "w0", "lladdr 02:00:00:06:00:0b nud permanent"},
    {"fe80::9", "v0", "lladdr 02:00:00:06:00:0c nud permanent"},
    {"fe80::9", "w0", "lladdr 02:00:00:06:00:0d nud permanent"},
};

/* The addresses to look up; "%dev" names the interface, like ip's "dev". */
static const char *const queries[] = {
    /* own, loopback */
    "10.0.0.1",
    "10.1.0.1",
    "10.1.2.1",
    "172.16.1.1",
    "172.16.2.1",
    "172.16.3.1",
    "172.16.4.1",
    "172.16.5.0",
    "172.16.6.1",
    "172.16.8.1",
    "172.16.8.2",
    "172.16.9.1",
    "127.0.0.1",
    "127.1.2.3",
    "fd01::1",
    "fd01:0:0:1::1",
    "fd02::1",
    "fd03::1",
    "::1",
    /* broadcast, multicast */
    "10.255.255.255",
    "10.1.255.255",
    "10.1.2.255",
    "172.16.1.255",
    "172.16.2.255",
    "172.16.3.255",
    "172.16.4.255",
    "255.255.255.255",
    "224.0.0.1",
    "239.1.2.3",
    "ff02::1%v0",
    "ff02::1:ff00:1%w0",
    "ff05::2",
    /* neighbours in every state */
    "10.2.0.9",
    "10.1.0.9",
    "10.1.2.9",
    "10.1.0.10",
    "10.2.0.10",
    "172.16.1.9",
    "172.16.1.10",
    "172.16.1.11",
    "172.16.1.12",
    "172.16.1.13",
    "172.16.1.14",
    "172.16.1.15",
    "172.16.1.16",
    "172.16.1.17",
    "172.16.1.18",
    "172.16.1.19",
    "fd01::9",
    "fd01::a",
    "fd01::b",
    "fd01::c",
    "fd01::d",
    "fd01::e",
    "fd01::f",
    "fd01::10",
    "fd01::11",
    "fd01::12",
    "fd01:0:0:1::9",
    "fd01:0:0:1::a",
    "fd02::",
    "fd03::9",
    "fd03:0:0:ffff::1",
    /* network addresses */
    "10.0.0.0",
    "172.16.1.0",
    "172.16.2.0",
    /* other links, small prefixes, equal prefixes, no prefix route */
    "172.16.2.9",
    "172.16.2.10",
    "172.16.3.9",
    "172.16.4.9",
    "172.16.5.1",
    "172.16.5.2",
    "172.16.6.2",
    "172.16.7.1",
    "172.16.7.2",
    "172.16.8.9",
    "172.16.8.10",
    "172.16.9.9",
    /* routes */
    "192.168.1.9",
    "192.168.1.10",
    "192.168.2.1",
    "192.168.3.1",
    "192.168.4.1",
    "192.168.5.1",
    "192.168.6.1",
    "192.168.7.1",
    "192.168.8.1",
    "fd10::9",
    "fd10::a",
    "fd11::1",
    "fd12::1",
    "fd13::1",
    "2001:db8::1",
    /* link-local */
    "fe80::9%v0",
    "fe80::9%w0",
    "fe80::a%v0",
    "fe80::1%v0",
    "fe80::2%w0",
};

/* ---- The answers of ip(8) ---- */

enum kind { UNREACHABLE, LOCAL, BROADCAST, MULTICAST, UNICAST };

struct verdict {
    enum kind kind;
    char dev[32];
    char via[64]; /* "" if there is no gateway */
    char key[64];
    char mac[ARPQ_MAC_STRLEN];
    uint32_t state;
    int absent; /* the kernel has no such entry */
};

/* Copy the word that follows `word` to out, or "" if there is none. Returns out. */
static const char *word_after(const char *text, const char *word, char *out, size_t size)
{
    char copy[1024];
    char *rest = copy;
    char *token;
    int take = 0;

    snprintf(copy, sizeof copy, "%s", text);
    out[0] = '\0';
    while ((token = strtok_r(rest, " \n\\", &rest))) {
        if (take && strcmp(token, "inet6") != 0) {
            snprintf(out, size, "%s", token);
            break;
        }
        take |= strcmp(token, word) == 0;
    }
    return out;
}

static int is_multicast(const char *text)
{
    struct arpq_ip ip = ip_of(text);

    return ip.family == AF_INET ? ip.bytes[0] >> 4 == 14 : ip.bytes[0] == 0xff;
}

static void map_multicast(const char *text, char *mac, size_t size)
{
    struct arpq_ip ip = ip_of(text);
    const uint8_t *b = ip.bytes;

    if (ip.family == AF_INET)
        snprintf(mac, size, "01:00:5e:%02x:%02x:%02x", b[1] & 0x7fu, b[2], b[3]);
    else
        snprintf(mac, size, "33:33:%02x:%02x:%02x:%02x", b[12], b[13], b[14], b[15]);
}

static void link_mac(const char *dev, const char *which, char *mac, size_t size)
{
    char text[1024];

    assert_int_equal(sh_read(text, sizeof text, "ip -o link show dev %s", dev), 0);
    word_after(text, which, mac, size);
    if (mac[0] == '\0')
        word_after(text, "link/loopback", mac, size);
    assert_true(mac[0] != '\0');
}

static void read_entry(struct verdict *verdict)
{
    static const char *const states[] = {"INCOMPLETE", "REACHABLE", "STALE", "DELAY",
                                         "PROBE",      "FAILED",    "NOARP", "PERMANENT"};
    char text[1024];

    assert_int_equal(sh_read(text, sizeof text, "ip neigh show to %s dev %s nud all", verdict->key,
                             verdict->dev),
                     0);
    verdict->absent = text[0] == '\0';
    word_after(text, "lladdr", verdict->mac, sizeof verdict->mac);
    verdict->state = ARPQ_STATE_NONE;
    for (unsigned i = 0; i < 8; i++)
        if (strstr(text, states[i]))
            verdict->state = 1u << i;
    /* ip prints the MAC of a FAILED entry only if the kernel sends it. */
    if (verdict->state == ARPQ_STATE_FAILED || verdict->state == ARPQ_STATE_INCOMPLETE)
        assert_string_equal(verdict->mac, "");
}

static struct verdict query_ip(const char *address)
{
    struct verdict verdict;
    char bare[64];
    char text[1024];
    char owner[1024];
    char *scope;
    int status;

    memset(&verdict, 0, sizeof verdict);
    snprintf(bare, sizeof bare, "%s", address);
    scope = strchr(bare, '%');
    if (scope)
        *scope++ = '\0';
    status = sh_read(text, sizeof text, "ip route get %s %s%s", bare, scope ? "oif " : "",
                     scope ? scope : "");
    snprintf(verdict.key, sizeof verdict.key, "%s", bare);
    if (status == 0)
        word_after(text, "dev", verdict.dev, sizeof verdict.dev);
    if (is_multicast(bare)) {
        /* A group needs no route, because its MAC is computed from its address. */
        verdict.kind = MULTICAST;
        map_multicast(bare, verdict.mac, sizeof verdict.mac);
    } else if (strcmp(bare, "255.255.255.255") == 0 ||
               (status == 0 && strncmp(text, "broadcast ", 10) == 0)) {
        verdict.kind = BROADCAST;
        link_mac(verdict.dev[0] ? verdict.dev : "v0", "brd", verdict.mac, sizeof verdict.mac);
    } else if (status != 0) {
        verdict.kind = UNREACHABLE;
    } else if (strncmp(text, "local ", 6) == 0) {
        verdict.kind = LOCAL;
        assert_int_equal(sh_read(owner, sizeof owner,
                                 "ip -o addr show to %s | head -n 1 | "
                                 "awk '{print $2}'",
                                 bare),
                         0);
        owner[strcspn(owner, "\n")] = '\0';
        snprintf(verdict.dev, sizeof verdict.dev, "%.31s", owner[0] ? owner : "lo");
        link_mac(verdict.dev, "link/ether", verdict.mac, sizeof verdict.mac);
    } else {
        verdict.kind = UNICAST;
        word_after(text, "via", verdict.via, sizeof verdict.via);
        if (verdict.via[0])
            snprintf(verdict.key, sizeof verdict.key, "%s", verdict.via);
        read_entry(&verdict);
    }
    return verdict;
}

/* ---- The expected answers ---- */

static int code_of(const struct verdict *verdict, int via_gateway)
{
    if (verdict->kind == UNREACHABLE || (verdict->via[0] && !via_gateway))
        return -ENETUNREACH;
    if (verdict->kind != UNICAST)
        return 0;
    if (verdict->absent || verdict->state == ARPQ_STATE_NONE)
        return -ENOENT;
    if (verdict->state == ARPQ_STATE_INCOMPLETE)
        return -EAGAIN;
    return verdict->state == ARPQ_STATE_FAILED ? -EHOSTUNREACH : 0;
}

static int same_mac(const struct arpq_mac *mac, const char *want)
{
    char text[ARPQ_MAC_STRLEN];

    return strcmp(arpq_mac_format(mac, ARPQ_MAC_COLON, text, sizeof text), want) == 0;
}

static int disagree(const char *address, const char *about, const struct verdict *verdict, int code,
                    int want, const struct arpq_mac *mac)
{
    char text[ARPQ_MAC_STRLEN];

    fprintf(stderr,
            "DISAGREE %s (%s): library %d \"%s\"; ip: kind %d dev %s via %s mac \"%s\" state %s "
            "-> %d\n",
            address, about, code, arpq_mac_format(mac, 0, text, sizeof text), (int)verdict->kind,
            verdict->dev, verdict->via, verdict->mac,
            verdict->absent ? "absent" : arpq_name(ARPQ_NAMES_STATE, verdict->state), want);
    return 1;
}

static struct arpq_handle *h;

static int check_lookup(const char *address, int via_gateway, const struct verdict *verdict)
{
    struct arpq_ip ip = ip_of(address);
    struct arpq_mac mac;
    int want = code_of(verdict, via_gateway);
    int code;

    memset(&mac, 0xa5, sizeof mac);
    code = arpq_lookup(h, &ip, 0, via_gateway ? ARPQ_LOOKUP_VIA_GATEWAY : 0, &mac);
    if (code == want && (code ? is_all_zero(&mac, sizeof mac) : same_mac(&mac, verdict->mac)))
        return 0;
    return disagree(address, via_gateway ? "lookup via gateway" : "lookup", verdict, code, want,
                    &mac);
}

static uint32_t flags_of(const struct verdict *verdict)
{
    switch (verdict->kind) {
    case LOCAL:
        return ARPQ_NEIGH_LOCAL;
    case BROADCAST:
        return ARPQ_NEIGH_BROADCAST;
    case MULTICAST:
        return ARPQ_NEIGH_MULTICAST;
    case UNICAST:
        return verdict->via[0] ? ARPQ_NEIGH_GATEWAY : 0;
    case UNREACHABLE:
        break;
    }
    return 0;
}

static int check_neigh(const char *address, int via_gateway, const struct verdict *verdict)
{
    struct arpq_ip ip = ip_of(address);
    struct arpq_ip key = ip_of(verdict->key);
    struct arpq_neigh neigh;
    int want = code_of(verdict, via_gateway);
    int code;
    int agree;

    /* neigh_get returns an entry in any state. */
    if (verdict->kind == UNICAST && !verdict->absent && want != -ENETUNREACH)
        want = 0;
    memset(&neigh, 0xa5, sizeof neigh);
    code = arpq_neigh_get(h, &ip, 0, via_gateway ? ARPQ_LOOKUP_VIA_GATEWAY : 0, &neigh);
    if (code != 0) {
        agree = code == want && is_all_zero(&neigh, sizeof neigh);
    } else {
        agree = want == 0 && same_mac(&neigh.mac, verdict->mac) &&
                neigh.flags == flags_of(verdict) &&
                memcmp(neigh.ip.bytes, key.bytes, sizeof key.bytes) == 0 &&
                neigh.ip.family == key.family &&
                neigh.state == (verdict->kind == UNICAST ? verdict->state : ARPQ_STATE_NOARP) &&
                (!verdict->dev[0] || neigh.ifindex == ifindex_of(verdict->dev));
    }
    if (agree)
        return 0;
    fprintf(stderr, "neigh: ifindex %u state %#x flags %#x\n", neigh.ifindex, neigh.state,
            neigh.flags);
    return disagree(address, via_gateway ? "neigh via gateway" : "neigh", verdict, code, want,
                    &neigh.mac);
}

/* Add the entries. No timer may change their states during the comparison, which takes 15 s under
 * Valgrind. */
static void fill_table(void)
{
    sh("for f in ipv4 ipv6; do for d in v0 w0 br0 mv0 vx0; do ("
       " cd /proc/sys/net/$f/neigh/$d && echo 60000 >retrans_time_ms &&"
       " echo 600 >delay_first_probe_time && echo 3600000 >base_reachable_time_ms"
       "); done; done");
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
        sh("ip neigh replace %s dev %s %s", entries[i].ip, entries[i].dev, entries[i].entry);
}

static void compare_all(void)
{
    int disagreements = 0;

    assert_true(sizeof queries / sizeof *queries >= 60);
    assert_int_equal(arpq_open(&h, NULL), 0);
    fill_table();
    settle();
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        struct verdict verdict = query_ip(queries[i]);

        disagreements += check_lookup(queries[i], 0, &verdict);
        disagreements += check_neigh(queries[i], 0, &verdict);
        disagreements += check_lookup(queries[i], 1, &verdict);
        disagreements += check_neigh(queries[i], 1, &verdict);
    }
    arpq_close(h);
    assert_int_equal(disagreements, 0);
}

static void setup_link(void)
{
    netns_enter();
    for (size_t i = 0; i < sizeof lab / sizeof *lab; i++)
        sh("%s", lab[i]);
}

static void test_without_rules(void **state)
{
    setup_link();
    compare_all();
}

/* If there are policy rules, the library also asks the kernel for the route of on-link addresses. A
 * more specific route then takes precedence. */
static void test_with_rules(void **state)
{
    setup_link();
    sh("ip rule add to 172.16.1.0/24 lookup 100 pref 1000;"
       "ip rule add to 10.1.2.0/24 lookup 100 pref 1001;"
       "ip -6 rule add to fd01::c/128 prohibit pref 1002;"
       "ip route add 172.16.2.10/32 via 172.16.3.9; ip -6 route add fd01::12/128 dev w0");
    compare_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_rules),
        cmocka_unit_test(test_with_rules),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
