/* SPDX-License-Identifier: MIT */
/* Addresses are added, changed, removed and read back. A refused change has no effect. */
#include "test.h"

#include <sys/socket.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/netns.h"
#include "process.h"

#define COMPUTED                                                                                   \
    (ARPQ_ADDRESS_PERMANENT | ARPQ_ADDRESS_SECONDARY | ARPQ_ADDRESS_TENTATIVE |                    \
     ARPQ_ADDRESS_DEPRECATED)

static uint32_t dev;

static int set_up(void **state)
{
    netns_enter();
    sh("ip link add d0 type bridge; ip link set d0 addrgenmode none; ip link set d0 up");
    dev = ifindex_of("d0");
    return arpq_open(&h, NULL);
}

static struct arpq_address address_of(const char *text, uint32_t prefix_length)
{
    struct arpq_address address = {
        .ip = ip_of(text), .ifindex = dev, .prefix_length = prefix_length};

    return address;
}

/* Read the address from the kernel. Returns false if the kernel does not have it. */
static bool read_back(const struct arpq_address *wanted, struct arpq_address *found)
{
    struct arpq_interfaces *list;
    bool there = false;

    assert_int_equal(arpq_interfaces_get(h, ARPQ_INTERFACES_READ, &list), 0);
    for (uint32_t i = 0; i < arpq_interfaces_address_count(list); i++) {
        struct arpq_address at = *arpq_interfaces_address_at(list, i);

        at.ip.scope = 0;
        if (at.ifindex != wanted->ifindex || arpq_ip_compare(&at.ip, &wanted->ip) != 0 ||
            (at.ip.family == AF_INET && at.prefix_length != wanted->prefix_length))
            continue;
        assert_false(there);
        there = true;
        *found = at;
    }
    arpq_interfaces_free(list);
    return there;
}

static uint32_t count_addresses(void)
{
    struct arpq_interfaces *list;
    uint32_t count;

    assert_int_equal(arpq_interfaces_get(h, ARPQ_INTERFACES_READ, &list), 0);
    count = arpq_interfaces_address_count(list);
    arpq_interfaces_free(list);
    return count;
}

static void check_lifetime(uint32_t is, uint32_t wanted)
{
    if (wanted == ARPQ_FOREVER)
        assert_int_equal(is, wanted);
    else
        assert_between(is, wanted > 3 ? wanted - 3 : 0, wanted);
}

/* Fail unless all members read back are the wanted ones. */
static void check_equal(const struct arpq_address *wanted)
{
    struct arpq_address is;

    assert_true(read_back(wanted, &is));
    assert_int_equal(is.prefix_length, wanted->prefix_length);
    is.peer.scope = 0;
    assert_int_equal(arpq_ip_compare(&is.peer, &wanted->peer), 0);
    assert_int_equal(arpq_ip_compare(&is.broadcast, &wanted->broadcast), 0);
    assert_int_equal(is.anycast.family, 0);
    assert_int_equal(is.scope, wanted->scope);
    assert_int_equal(is.flags & ~COMPUTED, wanted->flags & ~COMPUTED);
    assert_int_equal((is.flags & ARPQ_ADDRESS_PERMANENT) != 0, wanted->valid_s == ARPQ_FOREVER);
    assert_int_equal((is.flags & ARPQ_ADDRESS_DEPRECATED) != 0, wanted->preferred_s == 0);
    assert_string_equal(is.label,
                        wanted->label[0] || is.ip.family == AF_INET6 ? wanted->label : "d0");
    check_lifetime(is.valid_s, wanted->valid_s);
    check_lifetime(is.preferred_s, wanted->preferred_s);
    assert_int_equal(is.metric, wanted->metric);
    assert_int_equal(is.protocol, wanted->protocol);
    assert_between(is.created_ms, 1, now_ms() % 4294967296000u + 1000);
    assert_true(is.updated_ms >= is.created_ms);
}

/* Write another protocol into *address where the kernel can change it. Where it cannot, the library
 * must refuse that and change nothing. */
static void choose_other_protocol(struct arpq_address *address)
{
    struct arpq_address refused = *address, is;

    refused.protocol = 99;
    if (!kernel_before(5, 18) && (address->ip.family == AF_INET6 || !kernel_before(6, 4))) {
        *address = refused;
        return;
    }
    report_not_runnable("the change of a protocol", "Linux before 6.4 (IPv6: 5.18) has none");
    refused.valid_s = refused.preferred_s = 77;
    assert_int_equal(arpq_address_modify(h, &refused, 0), -EOPNOTSUPP);
    assert_true(read_back(address, &is));
    check_lifetime(is.valid_s, address->valid_s);
    assert_int_equal(is.protocol, address->protocol);
}

/* The library gives the reason of a failed removal exactly if the kernel does. */
static void check_detail(const struct arpq_address *address)
{
    char ip[ARPQ_IP_STRLEN], words[512];

    sh_read(words, sizeof words, "ip addr del %s/%u dev d0",
            arpq_ip_format(&address->ip, ip, sizeof ip), address->prefix_length);
    assert_int_equal(arpq_detail(h)[0] != '\0', strstr(words, "Error: ") != NULL);
}

/* Add the address, change its lifetimes to 2000 and 300 s, remove it. */
static void go_through(struct arpq_address wanted)
{
    struct arpq_address first, second;

    if (kernel_before(5, 18)) /* addresses have no protocol */
        wanted.protocol = 0;
    assert_int_equal(arpq_address_add(h, &wanted, 0), 0);
    check_equal(&wanted);
    assert_int_equal(arpq_address_add(h, &wanted, 0), -EEXIST);
    assert_true(read_back(&wanted, &first));
    sleep_ms(30);
    choose_other_protocol(&wanted);
    wanted.valid_s = 2000;
    wanted.preferred_s = 300;
    wanted.metric += 5;
    assert_int_equal(arpq_address_modify(h, &wanted, 0), 0);
    check_equal(&wanted);
    assert_true(read_back(&wanted, &second));
    assert_int_equal(second.created_ms, first.created_ms);
    assert_between(second.updated_ms, first.updated_ms + 20, first.updated_ms + 10000);
    assert_int_equal(arpq_address_remove(h, &wanted, 0), 0);
    assert_false(read_back(&wanted, &first));
    assert_int_equal(arpq_address_remove(h, &wanted, 0), -ENOENT);
    check_detail(&wanted);
    assert_int_equal(arpq_address_modify(h, &wanted, 0), -ENOENT);
    assert_false(read_back(&wanted, &first));
    assert_int_equal(arpq_address_modify(h, &wanted, ARPQ_ADDRESS_EDIT_CREATE), 0);
    check_equal(&wanted);
    /* An address that was read can be set again. */
    assert_true(read_back(&wanted, &second));
    assert_int_equal(arpq_address_modify(h, &second, 0), 0);
    assert_int_equal(arpq_address_remove(h, &second, 0), 0);
    assert_int_equal(arpq_address_add(h, &second, 0), 0);
    assert_int_equal(arpq_address_remove(h, &second, 0), 0);
}

static struct arpq_address lasting(const char *text, uint32_t prefix_length)
{
    struct arpq_address address = address_of(text, prefix_length);

    address.valid_s = address.preferred_s = ARPQ_FOREVER;
    return address;
}

static void test_ipv4(void **state)
{
    struct arpq_address a = lasting("10.1.0.1", 24);

    go_through(a);
    a.valid_s = 60;
    a.preferred_s = 30;
    go_through(a);
    a.scope = ARPQ_SCOPE_LINK;
    go_through(a);
    a.scope = 77;
    strcpy(a.label, "d0:label-of-15c");
    go_through(a);
    strcpy(a.label, "quite.another");
    go_through(a);
    a.broadcast = ip_of("10.1.0.255");
    a.metric = 7;
    a.protocol = 3;
    go_through(a);
    a.flags = ARPQ_ADDRESS_NO_PREFIX_ROUTE;
    go_through(a);
    a.peer = ip_of("10.2.0.2");
    a.prefix_length = 30;
    go_through(a);
    a = lasting("224.1.1.7", 32);
    a.flags = ARPQ_ADDRESS_MULTICAST_JOIN;
    go_through(a);
}

static void test_ipv6(void **state)
{
    struct arpq_address a = lasting("fd00::1", 64);

    a.flags = ARPQ_ADDRESS_NO_DAD;
    go_through(a);
    a.valid_s = 60;
    a.preferred_s = 30;
    go_through(a);
    a.flags |= ARPQ_ADDRESS_HOME | ARPQ_ADDRESS_MANAGE_TEMP | ARPQ_ADDRESS_NO_PREFIX_ROUTE;
    a.metric = 9;
    a.protocol = 200;
    go_through(a);
    a.peer = ip_of("fd01::2");
    go_through(a);
    a = lasting("fe80::77", 64);
    a.flags = ARPQ_ADDRESS_NO_DAD;
    a.scope = ARPQ_SCOPE_LINK;
    go_through(a);
    a = lasting("ff05::77", 128);
    a.flags = ARPQ_ADDRESS_NO_DAD | ARPQ_ADDRESS_MULTICAST_JOIN;
    a.scope = ARPQ_SCOPE_SITE;
    go_through(a);
    a = lasting("fec0::77", 10);
    a.flags = ARPQ_ADDRESS_NO_DAD;
    a.scope = ARPQ_SCOPE_SITE;
    go_through(a);
}

/* Zeros stand for the prefix of a single address and for unlimited lifetimes. */
static void test_defaults(void **state)
{
    struct arpq_address v4 = address_of("10.1.0.1", 0), v6 = address_of("fd00::1", 0), found;

    v6.flags = ARPQ_ADDRESS_NO_DAD;
    v4.ip.bytes[9] = 77; /* bytes behind an IPv4 address are ignored */
    assert_int_equal(arpq_address_add(h, &v4, 0), 0);
    v4.peer = v4.ip;
    v4.ip.bytes[9] = 0;
    v6.ip.scope = dev;
    assert_int_equal(arpq_address_add(h, &v6, 0), 0);
    v6.ip.scope = 0;
    assert_int_equal(arpq_address_modify(h, &v4, 0), 0);
    assert_int_equal(arpq_address_modify(h, &v6, 0), 0);
    v4.prefix_length = 32;
    v6.prefix_length = 128;
    v4.valid_s = v4.preferred_s = v6.valid_s = v6.preferred_s = ARPQ_FOREVER;
    memset(&v4.peer, 0, sizeof v4.peer);
    check_equal(&v4);
    check_equal(&v6);
    v4.prefix_length = v6.prefix_length = 0;
    assert_int_equal(arpq_address_remove(h, &v4, ARPQ_ADDRESS_EDIT_PREFIX), -ENOENT);
    assert_int_equal(arpq_address_remove(h, &v4, 0), 0);
    assert_int_equal(arpq_address_remove(h, &v6, 0), 0);
    assert_int_equal(arpq_address_add(h, &v4, ARPQ_ADDRESS_EDIT_PREFIX), 0);
    check_equal(&v4);
    assert_int_equal(arpq_address_modify(h, &v4, ARPQ_ADDRESS_EDIT_PREFIX), 0);
    assert_int_equal(arpq_address_remove(h, &v4, ARPQ_ADDRESS_EDIT_PREFIX), 0);
    v4.preferred_s = 0;
    assert_int_equal(arpq_address_add(h, &v4, 0), 0); /* deprecated, but valid without a limit */
    v4.prefix_length = 32;
    assert_true(read_back(&v4, &found));
    assert_int_equal(found.flags, ARPQ_ADDRESS_PERMANENT | ARPQ_ADDRESS_DEPRECATED);
    assert_int_equal(found.preferred_s, ARPQ_FOREVER); /* the kernel reports this value */
}

/* ---- Impossible results ---- */

struct refusal {
    int code;
    const char *ip;
    uint32_t prefix_length;
    void (*spoil)(struct arpq_address *address);
    uint32_t flags;
};

#define SPOIL(name, ...)                                                                           \
    static void spoil_##name(struct arpq_address *a)                                               \
    {                                                                                              \
        __VA_ARGS__;                                                                               \
    }
SPOIL(nothing, (void)a)
SPOIL(label, memcpy(a->label, "d0:sixteen-bytes", sizeof a->label))
SPOIL(short_label, strcpy(a->label, "d0:1"))
SPOIL(preferred, a->valid_s = 10; a->preferred_s = 11)
SPOIL(time, a->valid_s = a->preferred_s = 0; a->updated_ms = 7)
SPOIL(flags, a->flags = 0x1000)
SPOIL(scope, a->scope = 256)
SPOIL(other_scope, a->scope = ARPQ_SCOPE_LINK)
SPOIL(link, a->ifindex = 0)
SPOIL(wild_link, a->ifindex = 0x80000000u)
SPOIL(no_link, a->ifindex = 4711)
SPOIL(family, a->ip.family = AF_UNIX)
SPOIL(peer, a->peer = ip_of("fd00::2"))
SPOIL(broadcast, a->broadcast = ip_of("fd00::2"))
SPOIL(broadcast4, a->broadcast = ip_of("10.1.0.255"))
SPOIL(anycast, a->anycast = ip_of("10.1.0.9"))
SPOIL(ip_scope, a->ip.scope = dev + 1)
SPOIL(join, a->flags = ARPQ_ADDRESS_MULTICAST_JOIN)

static const struct refusal refusals[] = {
    {-ENAMETOOLONG, "10.1.0.1", 24, spoil_label, 0},
    {-ENAMETOOLONG, "fd00::1", 64, spoil_label, 0},
    {-ERANGE, "10.1.0.1", 33, spoil_nothing, 0},
    {-ERANGE, "fd00::1", 129, spoil_nothing, 0},
    {-ERANGE, "10.1.0.1", UINT32_MAX, spoil_nothing, 0},
    {-ERANGE, "10.1.0.1", 24, spoil_preferred, 0},
    {-ERANGE, "fd00::1", 64, spoil_preferred, 0},
    {-ERANGE, "10.1.0.1", 24, spoil_time, 0},
    {-EINVAL, "10.1.0.1", 24, spoil_flags, 0},
    {-EINVAL, "10.1.0.1", 24, spoil_nothing, 0x80},
    {-EINVAL, "10.1.0.1", 24, spoil_scope, 0},
    {-EINVAL, "10.1.0.1", 24, spoil_link, 0},
    {-EINVAL, "10.1.0.1", 24, spoil_wild_link, 0},
    {-ENODEV, "10.1.0.1", 24, spoil_no_link, ARPQ_ADDRESS_EDIT_CREATE},
    {-ENODEV, "fd00::1", 64, spoil_no_link, ARPQ_ADDRESS_EDIT_CREATE},
    {-EAFNOSUPPORT, "10.1.0.1", 24, spoil_family, 0},
    {-EINVAL, "10.1.0.1", 24, spoil_peer, 0},
    {-EINVAL, "10.1.0.1", 24, spoil_broadcast, 0},
    {-EINVAL, "10.1.0.1", 24, spoil_ip_scope, 0},
    {-EINVAL, "0.0.0.0", 24, spoil_nothing, 0},
    {-EINVAL, "::", 64, spoil_nothing, 0},
    {-EOPNOTSUPP, "10.1.0.1", 24, spoil_anycast, 0},
    {-EOPNOTSUPP, "fd00::1", 64, spoil_anycast, 0},
    {-EOPNOTSUPP, "fd00::1", 64, spoil_short_label, 0},
    {-EOPNOTSUPP, "fd00::1", 64, spoil_broadcast4, 0},
    {-EOPNOTSUPP, "fd00::1", 64, spoil_other_scope, 0},
    {-EINVAL, "ff02::1:7", 64, spoil_nothing, ARPQ_ADDRESS_EDIT_CREATE}, /* refused by the kernel */
    {-EINVAL, "10.1.0.1", 24, spoil_join, ARPQ_ADDRESS_EDIT_CREATE},
};

static void test_refusals(void **state)
{
    uint32_t before = count_addresses();

    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const struct refusal *r = &refusals[i];
        struct arpq_address a = lasting(r->ip, r->prefix_length);
        bool asks = r->flags == ARPQ_ADDRESS_EDIT_CREATE;
        int added, changed;

        r->spoil(&a);
        added = arpq_address_add(h, &a, asks ? 0 : r->flags);
        changed = arpq_address_modify(h, &a, r->flags | ARPQ_ADDRESS_EDIT_CREATE);
        if (added != r->code || changed != r->code)
            fail_msg("refusal %zu: %d and %d, not %d", i, added, changed, r->code);
        assert_int_equal(count_addresses(), before);
    }
    assert_int_equal(arpq_address_add(h, NULL, 0), -EINVAL);
    assert_int_equal(arpq_address_modify(h, NULL, 0), -EINVAL);
    assert_int_equal(arpq_address_remove(h, NULL, 0), -EINVAL);
    assert_int_equal(arpq_address_add(NULL, &(struct arpq_address){0}, 0), -EINVAL);
    assert_int_equal(arpq_address_remove(h, &(struct arpq_address){0}, 0), -EAFNOSUPPORT);
}

/* A change that the kernel cannot make leaves the address and its lifetimes as they are. */
static void refuse_change(const struct arpq_address *is, struct arpq_address wanted)
{
    struct arpq_address before, after;

    wanted.valid_s = 500;
    wanted.preferred_s = 400;
    assert_true(read_back(is, &before));
    assert_int_equal(arpq_address_modify(h, &wanted, ARPQ_ADDRESS_EDIT_CREATE), -EOPNOTSUPP);
    assert_true(read_back(is, &after));
    assert_memory_equal(&before, &after, sizeof before);
}

static void test_unchangeable(void **state)
{
    struct arpq_address v4 = lasting("10.1.0.1", 24), v6 = lasting("fd00::1", 64), other;

    strcpy(v4.label, "d0:1");
    v4.broadcast = ip_of("10.1.0.255");
    v6.flags = ARPQ_ADDRESS_NO_DAD;
    assert_int_equal(arpq_address_add(h, &v4, 0), 0);
    assert_int_equal(arpq_address_add(h, &v6, 0), 0);
    other = v4;
    strcpy(other.label, "d0:2");
    refuse_change(&v4, other);
    other = v4;
    other.broadcast = ip_of("10.1.0.254");
    refuse_change(&v4, other);
    other = v4;
    other.scope = ARPQ_SCOPE_LINK;
    refuse_change(&v4, other);
    other = v4;
    other.flags = ARPQ_ADDRESS_NO_PREFIX_ROUTE;
    refuse_change(&v4, other);
    other = v6;
    other.prefix_length = 65;
    refuse_change(&v6, other);
    /* The call does not change the values of members that are 0. */
    other = address_of("10.1.0.1", 24);
    other.valid_s = v4.valid_s = 600;
    other.preferred_s = v4.preferred_s = 500;
    assert_int_equal(arpq_address_modify(h, &other, 0), 0);
    check_equal(&v4);
    /* The kernel can change the flags and the peer of an IPv6 address. */
    v6.flags |= ARPQ_ADDRESS_HOME | ARPQ_ADDRESS_NO_PREFIX_ROUTE;
    v6.peer = ip_of("fd01::9");
    assert_int_equal(arpq_address_modify(h, &v6, 0), 0);
    check_equal(&v6);
    v6.flags = ARPQ_ADDRESS_NO_DAD;
    assert_int_equal(arpq_address_modify(h, &v6, 0), 0);
    check_equal(&v6);
}

static void test_no_privilege(void **state)
{
    struct arpq_address a = lasting("10.1.0.1", 24);
    pid_t pid;

    assert_int_equal(arpq_address_add(h, &a, 0), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct arpq_address other = lasting("10.1.0.2", 24), found;
        struct arpq_handle *mine;

        become_nobody();
        if (arpq_open(&mine, NULL) != 0 || arpq_address_add(mine, &other, 0) != -EPERM ||
            arpq_address_remove(mine, &a, 0) != -EPERM)
            _exit(1);
        a.valid_s = a.preferred_s = 77;
        if (arpq_address_modify(mine, &a, 0) != -EPERM ||
            arpq_address_modify(mine, &other, ARPQ_ADDRESS_EDIT_CREATE) != -EPERM)
            _exit(3);
        arpq_close(h);
        h = mine; /* for read_back, which needs no privilege */
        _exit(read_back(&a, &found) && found.valid_s == ARPQ_FOREVER && !read_back(&other, &found)
                  ? 0
                  : 4);
    }
    assert_ended_well(pid);
}

/* A list from memory shows a change at once. It also shows the remaining lifetimes. */
static void test_known_list(void **state)
{
    struct arpq_address a = lasting("10.1.0.1", 24);
    struct arpq_interfaces *list;

    a.valid_s = 60;
    a.preferred_s = 30;
    assert_int_equal(arpq_address_add(h, &a, 0), 0);
    assert_int_equal(arpq_interfaces_get(h, 0, &list), 0);
    assert_int_equal(arpq_interfaces_by_name(list, "d0")->address_count, 1);
    arpq_interfaces_free(list);
    sleep_ms(3300);
    for (uint32_t flags = 0; flags <= ARPQ_INTERFACES_READ; flags++) {
        const struct arpq_address *found;

        assert_int_equal(arpq_interfaces_get(h, flags, &list), 0);
        found =
            arpq_interfaces_address_at(list, arpq_interfaces_by_name(list, "d0")->address_first);
        assert_between(found->valid_s, 45, 58);
        assert_between(found->preferred_s, 15, 28);
        arpq_interfaces_free(list);
    }
}

/* Removing the first address of a prefix removes its secondaries, as the manual says. */
static void test_secondaries(void **state)
{
    struct arpq_address first = lasting("10.1.0.1", 24), second = lasting("10.1.0.2", 24), found;

    sh("echo 0 > /proc/sys/net/ipv4/conf/d0/promote_secondaries;"
       "echo 0 > /proc/sys/net/ipv4/conf/all/promote_secondaries");
    assert_int_equal(arpq_address_add(h, &first, 0), 0);
    assert_int_equal(arpq_address_add(h, &second, 0), 0);
    assert_true(read_back(&second, &found));
    assert_true(found.flags & ARPQ_ADDRESS_SECONDARY);
    assert_int_equal(arpq_address_remove(h, &first, 0), 0);
    assert_false(read_back(&second, &found));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_FIXTURE(test_ipv4),         TEST_FIXTURE(test_ipv6),
        TEST_FIXTURE(test_defaults),     TEST_FIXTURE(test_refusals),
        TEST_FIXTURE(test_unchangeable), TEST_FIXTURE(test_no_privilege),
        TEST_FIXTURE(test_known_list),   TEST_FIXTURE(test_secondaries),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
