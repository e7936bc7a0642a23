/* SPDX-License-Identifier: MIT */
/* Interfaces and addresses read from the kernel: complete, consistent, and by name. */
#include "test.h"

#include <net/if.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "process.h"

#define LONGEST 127 /* maximum length of an alternative name */

static struct arpq_handle *open_handle(void)
{
    struct arpq_handle *h;

    assert_int_equal(arpq_open(&h, NULL), 0);
    return h;
}

static struct arpq_interfaces *read_list(struct arpq_handle *h)
{
    struct arpq_interfaces *list;

    assert_int_equal(arpq_interfaces_get(h, ARPQ_INTERFACES_READ, &list), 0);
    return list;
}

/* ---- Many addresses at once ---- */

#define PAIRS 500u

static void make_many(void)
{
    sh("{ for i in $(seq 1 %u); do echo link add t$i type veth"
       " peer name u$i; done; } | ip -batch -",
       PAIRS);
    sh("{ for i in $(seq 1 %u); do for d in t u; do for n in 1 2 3 4 5; do"
       " echo addr add 10.$((i/250)).$((i%%250)).$n/24 dev $d$i;"
       " echo addr add fd00:$i::$n/64 dev $d$i nodad; done; done; done; } | ip -batch -",
       PAIRS);
}

/* The five IPv4 and five IPv6 addresses of an interface, in the order in which they were added. */
static void check_addresses(const struct arpq_interfaces *list, const struct arpq_interface *link)
{
    uint8_t seen[2] = {0, 0};

    assert_int_equal(link->address_count, 10);
    for (uint32_t i = 0; i < 10; i++) {
        const struct arpq_address *a = arpq_interfaces_address_at(list, link->address_first + i);
        bool v6 = a->ip.family == AF_INET6;

        assert_int_equal(a->ifindex, link->ifindex);
        assert_int_equal(a->prefix_length, v6 ? 64 : 24);
        assert_int_equal(a->valid_s, ARPQ_FOREVER);
        if (!v6)
            assert_int_equal(a->ip.bytes[3], ++seen[0]);
        else
            seen[1] |= (uint8_t)(1u << a->ip.bytes[15]);
    }
    assert_int_equal(seen[0], 5);
    assert_int_equal(seen[1], 0x3e);
}

static void test_many(void **state)
{
    struct arpq_handle *h;

    netns_enter();
    make_many();
    h = open_handle();
    for (uint32_t flags = 0; flags <= ARPQ_INTERFACES_READ; flags++) {
        struct arpq_interfaces *list;

        assert_int_equal(arpq_interfaces_get(h, flags, &list), 0);
        assert_int_equal(arpq_interfaces_flags(list), flags);
        assert_int_equal(arpq_interfaces_count(list), 2 * PAIRS + netns_links);
        assert_int_equal(arpq_interfaces_address_count(list), 2 * PAIRS * 10 + 2);
        for (uint32_t n = 0; n < arpq_interfaces_count(list); n++) {
            const struct arpq_interface *link = arpq_interfaces_at(list, n);

            assert_true(n == 0 || arpq_interfaces_at(list, n - 1)->ifindex < link->ifindex);
            assert_int_equal(!arpq_interfaces_stats_at(list, n), !flags);
            if (n < netns_links)
                continue;
            assert_string_equal(link->kind, "veth");
            check_addresses(list, link);
        }
        arpq_interfaces_free(list);
    }
    arpq_close(h);
}

/* Ten thousand addresses on one interface are added, listed and removed. */
static void test_one_interface(void **state)
{
    struct arpq_interfaces *list;
    struct arpq_handle *h;

    netns_enter();
    h = open_handle();
    sh("ip link add d0 type bridge;"
       "{ for i in $(seq 0 9999); do echo addr add 10.$((i/2500)).$((i/250%%10)).$((i%%250))/32"
       " dev d0; done; } | ip -batch -");
    assert_int_equal(arpq_interfaces_get(h, 0, &list), 0);
    assert_int_equal(arpq_interfaces_by_name(list, "d0")->address_count, 10000);
    arpq_interfaces_free(list);
    sh("ip -4 addr flush dev d0");
    assert_int_equal(arpq_interfaces_get(h, 0, &list), 0);
    assert_int_equal(arpq_interfaces_by_name(list, "d0")->address_count, 0);
    arpq_interfaces_free(list);
    arpq_close(h);
}

/* ---- Consistency ---- */

static pid_t churner;

/* A process adds and removes interfaces with two addresses each until the parent ends it, or until
 * the deadline after a failed test. */
static void start_churn(void)
{
    churner = fork();
    assert_true(churner >= 0);
    /* Both processes call setpgid, so that the group exists in any case when kill is called. */
    setpgid(churner, churner);
    if (churner > 0)
        return;
    (void)sh_status(
        "timeout --foreground 40 sh -c 'while :; do for i in 1 2 3 4; do"
        " echo link add c$i type veth peer name e$i;"
        " echo addr add 10.7.$i.1/24 dev c$i; echo addr add 10.8.$i.1/24 dev c$i;"
        " done | ip -batch -;"
        " for i in 1 2 3 4; do echo link del c$i; done | ip -batch -; sleep 0.03; done'");
    _exit(0);
}

static int stop_churn(void **state)
{
    if (churner <= 0)
        return 0;
    kill(-churner, SIGKILL);
    waitpid(churner, NULL, 0);
    churner = 0;
    return 0;
}

/* Fail unless every address has its interface. */
static void check_consistent(const struct arpq_interfaces *list)
{
    uint32_t linked = 0;

    for (uint32_t n = 0; n < arpq_interfaces_count(list); n++)
        linked += arpq_interfaces_at(list, n)->address_count;
    assert_int_equal(linked, arpq_interfaces_address_count(list));
}

/* Read for 3 s, or longer if the machine is too busy to read and to change much in that time. */
static void test_consistent(void **state)
{
    uint32_t consistent = 0, changed = 0, last = 0;
    uint64_t end, late_end;
    struct arpq_handle *h;

    netns_enter();
    sh("{ for i in $(seq 1 100); do echo link add t$i type veth peer name u$i; done; }"
       " | ip -batch -");
    h = open_handle();
    start_churn();
    end = now_ms() + 3000;
    late_end = end + 30000;
    while (now_ms() < ((consistent >= 5 && changed >= 2) ? end : late_end)) {
        struct arpq_interfaces *list = read_list(h);

        if (!(arpq_interfaces_flags(list) & ARPQ_INTERFACES_INCONSISTENT)) {
            check_consistent(list);
            consistent++;
        }
        changed += last && last != arpq_interfaces_count(list);
        last = arpq_interfaces_count(list);
        arpq_interfaces_free(list);
    }
    assert_true(consistent >= 5);
    assert_true(changed >= 2); /* changes happened */
    arpq_close(h);
}

/* ---- Names ---- */

static const char *long_name(unsigned n)
{
    static char name[LONGEST + 1];

    memset(name, 'a', LONGEST);
    snprintf(name, sizeof name, "n%03u", n);
    name[4] = '-';
    return name;
}

static void expect_index(struct arpq_handle *h, const char *name, int code, uint32_t wanted)
{
    uint32_t index = 99;

    if (arpq_interface_index(h, name, &index) != code || index != wanted)
        fail_msg("%s: index %u", name, index);
}

static void test_alternative_names(void **state)
{
    const unsigned count = 60;
    struct arpq_interfaces *list;
    const struct arpq_interface *link;
    char name[ARPQ_IFNAME_SIZE];
    struct arpq_handle *h;
    uint32_t index;

    netns_enter();
    sh("ip link add v0 type veth peer name v1; ip link property add dev v1 altname one1");
    h = open_handle();
    index = ifindex_of("v0");
    for (unsigned n = 0; n < count; n++)
        sh("ip link property add dev v0 altname %s", long_name(n));
    list = read_list(h);
    link = arpq_interfaces_by_name(list, "v0");
    assert_int_equal(link->altname_count, count);
    assert_int_equal(arpq_interfaces_altname_count(list), count + 1);
    for (unsigned n = 0; n < count; n++) {
        assert_string_equal(arpq_interfaces_altname_at(list, link->altname_first + n),
                            long_name(n));
        assert_ptr_equal(arpq_interfaces_by_name(list, long_name(n)), link);
        expect_index(h, long_name(n), 0, index);
    }
    assert_string_equal(
        arpq_interfaces_altname_at(list, arpq_interfaces_by_name(list, "v1")->altname_first),
        "one1");
    assert_null(arpq_interfaces_by_name(list, long_name(count)));
    assert_null(arpq_interfaces_altname_at(list, count + 1));
    arpq_interfaces_free(list);
    assert_int_equal(arpq_interface_name(h, index, name), 0);
    assert_string_equal(name, "v0");
    expect_index(h, "one1", 0, ifindex_of("v1"));
    expect_index(h, long_name(count), -ENODEV, 0);
    expect_index(h, "sixteen-letters-", -ENODEV, 0);
    sh("ip link set v0 up; ip link property del dev v0 altname %s", long_name(7));
    expect_index(h, long_name(7), -ENODEV, 0);
    /* The list has the number of names, but no names. */
    assert_int_equal(arpq_interfaces_get(h, 0, &list), 0);
    assert_int_equal(arpq_interfaces_by_name(list, "v0")->altname_count, count - 1);
    assert_int_equal(arpq_interfaces_altname_count(list), 0);
    arpq_interfaces_free(list);
    arpq_close(h);
}

static void test_too_long(void **state)
{
    char name[1024];
    struct arpq_handle *h;

    netns_enter();
    h = open_handle();
    memset(name, 'x', sizeof name);
    for (size_t length = ARPQ_IFNAME_SIZE - 1; length < sizeof name; length++) {
        name[length] = '\0';
        expect_index(h, name, -ENODEV, 0);
        name[length] = 'x';
    }
    arpq_close(h);
}

/* A long name works wherever a name does. */
static void test_lookup_by_long_name(void **state)
{
    struct arpq_mac mac;
    struct arpq_handle *h;

    netns_enter();
    sh("ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up;"
       "ip addr add 10.1.0.1/24 dev v0; ip link property add dev v0 altname the-uplink-to-nowhere;"
       "ip neigh add 10.1.0.2 dev v0 lladdr 02:00:00:00:00:02");
    h = open_handle();
    assert_int_equal(arpq_lookup_text(h, "10.1.0.2", "the-uplink-to-nowhere", 0, &mac), 0);
    assert_int_equal(arpq_lookup_text(h, "10.1.0.2", "the-downlink-to-nowhere", 0, &mac), -ENODEV);
    arpq_close(h);
}

/* ---- Elsewhere ---- */

static void test_other_namespace(void **state)
{
    struct netns_second second;
    struct arpq_options options = {.size = sizeof options, .flags = ARPQ_OPEN_IN_NETNS};
    struct arpq_address address = {.ip = ip_of("10.9.0.1"), .prefix_length = 24};
    struct arpq_interfaces *list;
    struct arpq_handle *h;

    netns_enter();
    second = netns_second();
    netns_sh(&second, "ip link add far0 type bridge;"
                      "ip link property add dev far0 altname the-other-end-of-the-world");
    options.netns_fd = second.fd;
    assert_int_equal(arpq_open(&h, &options), 0);
    assert_int_equal(arpq_interface_index(h, "the-other-end-of-the-world", &address.ifindex), 0);
    assert_int_equal(arpq_address_add(h, &address, 0), 0);
    netns_sh(&second, "ip addr show dev far0 | grep -q 'inet 10.9.0.1/24 '");
    list = read_list(h);
    assert_int_equal(arpq_interfaces_by_name(list, "far0")->address_count, 1);
    assert_string_equal(arpq_interfaces_by_name(list, "far0")->kind, "bridge");
    arpq_interfaces_free(list);
    assert_int_equal(arpq_address_modify(h, &address, 0), 0);
    assert_int_equal(arpq_address_remove(h, &address, 0), 0);
    arpq_close(h);
    netns_second_free(&second);
}

/* A child reads and changes interfaces with its own sockets. The parent's sockets stay usable. */
static void test_fork(void **state)
{
    struct arpq_address address = {.ip = ip_of("10.9.0.1"), .prefix_length = 24};
    struct arpq_interfaces *list;
    struct arpq_handle *h;
    pid_t pid;

    netns_enter();
    sh("ip link add d0 type bridge");
    address.ifindex = ifindex_of("d0");
    h = open_handle();
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        if (arpq_address_add(h, &address, 0) != 0 ||
            arpq_interfaces_get(h, ARPQ_INTERFACES_READ, &list) != 0)
            _exit(1);
        if (arpq_interfaces_by_name(list, "d0")->address_count != 1)
            _exit(3);
        arpq_interfaces_free(list);
        arpq_close(h);
        _exit(0);
    }
    assert_ended_well(pid);
    list = read_list(h);
    assert_int_equal(arpq_interfaces_by_name(list, "d0")->address_count, 1);
    arpq_interfaces_free(list);
    assert_int_equal(arpq_address_remove(h, &address, 0), 0);
    arpq_close(h);
}

/* ---- Privileges and wrong arguments ---- */

static void test_no_privilege(void **state)
{
    pid_t pid;

    netns_enter();
    sh("ip link add v0 type veth peer name v1;"
       "ip link property add dev v0 altname the-uplink-to-nowhere");
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct arpq_interfaces *list;
        uint32_t index;
        struct arpq_handle *h;

        become_nobody();
        if (arpq_open(&h, NULL) != 0 || arpq_interfaces_get(h, ARPQ_INTERFACES_READ, &list) != 0)
            _exit(1);
        if (arpq_interfaces_flags(list) != ARPQ_INTERFACES_READ ||
            arpq_interfaces_count(list) != netns_links + 2 ||
            !arpq_interfaces_stats_at(list, netns_links + 1) ||
            arpq_interfaces_altname_count(list) != 1)
            _exit(3);
        if (arpq_interface_index(h, "the-uplink-to-nowhere", &index) != 0)
            _exit(4);
        arpq_interfaces_free(list);
        arpq_close(h);
        _exit(0);
    }
    assert_ended_well(pid);
}

static void test_wrong(void **state)
{
    struct arpq_interfaces *list = (void *)&list;
    struct arpq_handle *h;

    netns_enter();
    h = open_handle();
    assert_int_equal(arpq_interfaces_get(h, ARPQ_INTERFACES_INCONSISTENT, &list), -EINVAL);
    assert_null(list);
    assert_int_equal(arpq_interfaces_flags(NULL), 0);
    assert_null(arpq_interfaces_stats_at(NULL, 0));
    assert_string_equal(arpq_interfaces_text_at(NULL, 0, ARPQ_INTERFACE_ALIAS), "");
    assert_int_equal(arpq_interfaces_altname_count(NULL), 0);
    assert_null(arpq_interfaces_altname_at(NULL, 0));
    list = read_list(h);
    assert_non_null(arpq_interfaces_stats_at(list, 0));
    assert_null(arpq_interfaces_stats_at(list, netns_links));
    assert_string_equal(arpq_interfaces_text_at(list, 0, ARPQ_INTERFACE_ALIAS), "");
    assert_string_equal(arpq_interfaces_text_at(list, 0, 0), "");
    assert_string_equal(arpq_interfaces_text_at(list, 0, 4), "");
    assert_string_equal(arpq_interfaces_text_at(list, netns_links, ARPQ_INTERFACE_ALIAS), "");
    arpq_interfaces_free(list);
    arpq_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_one_interface),
        cmocka_unit_test_teardown(test_consistent, stop_churn),
        cmocka_unit_test(test_alternative_names),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_lookup_by_long_name),
        cmocka_unit_test(test_other_namespace),
        cmocka_unit_test(test_fork),
        cmocka_unit_test(test_no_privilege),
        cmocka_unit_test(test_wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
