/* SPDX-License-Identifier: MIT */
/* The flags of lookups, and the origin of an answer. Each test has v0 (10.1.0.1/24, fd01::1/64) and
 * w0 (10.1.0.2/16 and fe80::b/64), whose prefix contains that of v0. */
#include "test.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/neigh.h"
#include "kernel/netns.h"
#include "process.h"

#define MAC_W0 "02:00:00:00:00:b0"

static int set_up(void **state)
{
    fixture_enter(24);
    fixture_add_veth("w0", MAC_W0);
    sh("ip addr add 10.1.0.2/16 dev w0; ip addr add fe80::b/64 dev w0 nodad");
    settle();
    return arpq_open(&h, NULL);
}

static void add_neigh(const char *ip, const char *dev, const char *mac)
{
    sh("ip neigh replace %s dev %s lladdr %s nud permanent", ip, dev, mac);
}

/* Every lookup gives this answer with these flags. mac is NULL if the code is not 0. */
static void expect(const char *text, uint32_t flags, int code, const char *mac, uint8_t origin)
{
    const struct arpq_ip ip = ip_of(text);
    const struct arpq_mac want = mac ? mac_of(mac) : (struct arpq_mac){0};
    struct arpq_mac got[3];
    struct arpq_neigh neighs[2];
    int32_t codes[2];

    memset(got, 0xa5, sizeof got);
    memset(neighs, 0xa5, sizeof neighs);
    assert_int_equal(arpq_lookup(h, &ip, 0, flags, &got[0]), code);
    assert_int_equal(arpq_lookup_text(h, text, NULL, flags, &got[1]), code);
    assert_int_equal(arpq_lookup_many(h, &ip, 1, 0, flags, &got[2], &codes[0]), code == 0);
    assert_int_equal(codes[0], code);
    for (unsigned n = 0; n < 3; n++) {
        assert_int_equal(arpq_mac_compare(&got[n], &want), 0);
        assert_int_equal(got[n].origin, origin);
    }
    if (code == -EAGAIN || code == -EHOSTUNREACH)
        code = 0;
    assert_int_equal(arpq_neigh_get(h, &ip, 0, flags, &neighs[0]), code);
    assert_int_equal(arpq_neigh_get_many(h, &ip, 1, 0, flags, &neighs[1], &codes[1]), code == 0);
    assert_int_equal(codes[1], code);
    for (unsigned n = 0; n < 2; n++) {
        assert_int_equal(arpq_mac_compare(&neighs[n].mac, &want), 0);
        assert_int_equal(neighs[n].mac.origin, origin);
    }
}

#define IS(ip, flags, mac, origin) expect(ip, flags, 0, mac, ARPQ_ORIGIN_##origin)
#define FAILS(ip, flags, code) expect(ip, flags, code, NULL, 0)

static void test_origin(void **state)
{
    add_neigh("10.1.0.9", "v0", MAC_A);
    add_neigh("fd01::9", "v0", MAC_A);
    add_neigh("10.1.0.254", "v0", MAC_B);
    sh("ip route add default via 10.1.0.254");
    settle();
    IS("10.1.0.9", 0, MAC_A, TABLE);
    IS("fd01::9", 0, MAC_A, TABLE);
    IS("10.1.0.1", 0, MAC_V0, LOCAL);
    IS("10.1.0.255", 0, "ff:ff:ff:ff:ff:ff", BROADCAST);
    IS("224.0.0.9", 0, "01:00:5e:00:00:09", MULTICAST);
    IS("192.0.2.1", ARPQ_LOOKUP_VIA_GATEWAY, MAC_B, GATEWAY);
    IS("10.1.0.9", ARPQ_LOOKUP_VIA_GATEWAY, MAC_A, TABLE);
}

static void test_table_only(void **state)
{
    const char *const synthesised[] = {"10.1.0.1", "fd01::1", "10.1.0.255", "224.0.0.9",
                                       "ff02::1:3"};

    for (size_t i = 0; i < sizeof synthesised / sizeof *synthesised; i++)
        FAILS(synthesised[i], ARPQ_LOOKUP_TABLE_ONLY, -ENOENT);
    add_neigh("10.1.0.9", "v0", MAC_A);
    add_neigh("10.1.0.1", "v0", MAC_C); /* the kernel does not use it, but its table has it */
    settle();
    IS("10.1.0.9", ARPQ_LOOKUP_TABLE_ONLY, MAC_A, TABLE);
    IS("10.1.0.1", ARPQ_LOOKUP_TABLE_ONLY, MAC_C, TABLE);
    IS("10.1.0.1", 0, MAC_V0, LOCAL);
    FAILS("10.1.0.8", ARPQ_LOOKUP_TABLE_ONLY, -ENOENT);
    FAILS("192.0.2.1", ARPQ_LOOKUP_TABLE_ONLY, -ENETUNREACH);
}

static void test_any_interface(void **state)
{
    const uint32_t any = ARPQ_LOOKUP_ANY_INTERFACE;
    const struct arpq_ip ip = ip_of("10.1.0.9");
    struct arpq_neigh neigh;

    FAILS("10.1.0.9", any, -ENOENT);
    FAILS("192.0.2.1", any, -ENETUNREACH);
    /* The routes lead to v0, the entry is on w0. */
    add_neigh("10.1.0.9", "w0", MAC_B);
    settle();
    FAILS("10.1.0.9", 0, -ENOENT);
    IS("10.1.0.9", any, MAC_B, TABLE);
    /* v0 has the lower ifindex. */
    add_neigh("10.1.0.9", "v0", MAC_A);
    IS("10.1.0.9", any, MAC_A, TABLE);
    /* An entry without an address tells more than no entry. */
    sh("ip neigh replace 10.1.0.9 dev v0 nud failed; ip neigh del 10.1.0.9 dev w0");
    FAILS("10.1.0.9", any | ARPQ_LOOKUP_TABLE_ONLY, -EHOSTUNREACH);
    sh("ip neigh replace 10.1.0.9 dev w0 nud incomplete");
    assert_int_equal(arpq_lookup_text(h, "10.1.0.9", NULL, any, &(struct arpq_mac){0}), -EAGAIN);
    sh("ip neigh flush all nud all; ip neigh add 10.1.0.9 dev w0 nud none extern_learn");
    assert_int_equal(arpq_neigh_get(h, &ip, 0, any, &neigh), 0);
    assert_int_equal(neigh.state, ARPQ_STATE_NONE);
    sh("ip neigh del 10.1.0.9 dev w0; ip neigh add 10.1.0.9 dev v0 nud failed");
    /* The routes do not matter. */
    add_neigh("10.1.0.9", "w0", MAC_B);
    sh("ip route add blackhole 10.1.0.9");
    settle();
    FAILS("10.1.0.9", 0, -ENETUNREACH);
    IS("10.1.0.9", any, MAC_B, TABLE);
    sh("ip link set w0 down");
    settle();
    assert_int_equal(arpq_lookup_text(h, "10.1.0.9", NULL, any, &(struct arpq_mac){0}),
                     -EHOSTUNREACH);
}

static void test_any_link_local(void **state)
{
    sh("ip addr add fe80::a/64 dev v0 nodad");
    add_neigh("fe80::9", "w0", MAC_B);
    settle();
    FAILS("fe80::9", 0, -EINVAL);
    IS("fe80::9", ARPQ_LOOKUP_ANY_INTERFACE, MAC_B, TABLE);
    IS("fe80::a", ARPQ_LOOKUP_ANY_INTERFACE, MAC_V0, LOCAL);
    FAILS("fe80::a", ARPQ_LOOKUP_ANY_INTERFACE | ARPQ_LOOKUP_TABLE_ONLY, -ENOENT);
}

static void test_refusals(void **state)
{
    const uint32_t any = ARPQ_LOOKUP_ANY_INTERFACE;
    const struct arpq_ip ip = ip_of("10.1.0.9");
    struct arpq_mac mac;
    int32_t code;

    FAILS("10.1.0.9", any | ARPQ_LOOKUP_VIA_GATEWAY, -EINVAL);
    assert_int_equal(arpq_lookup(h, &ip, ifindex_of("v0"), any, &mac), -EINVAL);
    assert_int_equal(arpq_lookup_text(h, "fe80::9%w0", NULL, any, &mac), -EINVAL);
    for (uint32_t flag = 8; flag; flag <<= 1) {
        assert_int_equal(arpq_lookup(h, &ip, 0, flag, &mac), -EINVAL);
        mac.length = 6;
        code = 0;
        assert_int_equal(arpq_lookup_many(h, &ip, 1, 0, flag, &mac, &code), -EINVAL);
        assert_int_equal(code, -EINVAL);
        assert_int_equal(mac.length, 0);
        assert_int_equal(arpq_peer(h, 0, flag, &mac), -ENOTSOCK);
    }
}

static void test_peer(void **state)
{
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = inet_addr("10.1.0.9")};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct arpq_mac mac, want = mac_of(MAC_B);

    add_neigh("10.1.0.9", "w0", MAC_B);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(arpq_peer(h, fd, 0, &mac), -ENOENT);
    assert_int_equal(arpq_peer(h, fd, ARPQ_LOOKUP_ANY_INTERFACE, &mac), 0);
    assert_int_equal(arpq_mac_compare(&mac, &want), 0);
    assert_int_equal(arpq_peer(h, fd, 0x80, &mac), -EINVAL);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "w0", 2), 0);
    assert_int_equal(arpq_peer(h, fd, ARPQ_LOOKUP_ANY_INTERFACE, &mac), -EINVAL);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_FIXTURE(test_origin),        TEST_FIXTURE(test_table_only),
        TEST_FIXTURE(test_any_interface), TEST_FIXTURE(test_any_link_local),
        TEST_FIXTURE(test_refusals),      TEST_FIXTURE(test_peer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
