/* SPDX-License-Identifier: MIT */
/*
 * A handle opened without ARPQ_OPEN_IN_NETNS belongs to the namespace of the thread that opened it.
 * That thread and others move to another namespace and call every function there.
 *
 * Both namespaces have v0 with the same index and the same neighbours. Their MACs are MAC_A at home
 * and MAC_B in the other namespace. 10.1.0.6 and the link "there" exist only in the other one.
 */
#include "test.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/sniff.h"
#include "process.h"

static struct netns_second second;
static int home_fd;
static uint32_t v0;

static void move_to(int netns)
{
    assert_int_equal(setns(netns, CLONE_NEWNET), 0);
}

static int enter_both(void **state)
{
    if (set_up(state) != 0)
        return -1;
    v0 = ifindex_of("v0");
    home_fd = netns_fd();
    second = netns_second();
    sh("ip neigh add 10.1.0.5 lladdr " MAC_A " dev v0; ip neigh add fd01::5 lladdr " MAC_A
       " dev v0; ip link add here type veth peer name herep");
    netns_sh(&second,
             "ip link add v0 index %u address 02:00:00:00:00:b0 type veth peer name v0p;"
             "ip link set v0 up; ip link set v0p up; ip addr add 10.1.0.2/24 dev v0;"
             "ip addr add fd01::2/64 dev v0 nodad;"
             "ip neigh add 10.1.0.5 lladdr " MAC_B " dev v0;"
             "ip neigh add 10.1.0.6 lladdr " MAC_B " dev v0;"
             "ip neigh add fd01::5 lladdr " MAC_B " dev v0;"
             "ip link add there type veth peer name therep",
             v0);
    move_to(second.fd);
    return 0;
}

static void assert_home(const char *ip)
{
    const struct arpq_mac mac_a = mac_of(MAC_A);
    struct arpq_mac mac;

    assert_int_equal(arpq_lookup_text(h, ip, NULL, 0, &mac), 0);
    assert_int_equal(arpq_mac_compare(&mac, &mac_a), 0);
}

/* Changes that were made from the other namespace must be visible at home only. */
static int leave_both(void **state)
{
    struct arpq_mac mac;

    move_to(home_fd);
    assert_home("10.1.0.5");
    assert_home("fd01::5");
    assert_int_equal(arpq_lookup_text(h, "10.1.0.6", NULL, 0, &mac), -ENOENT);
    netns_second_free(&second);
    close(home_fd);
    return tear_down(state);
}

static void assert_neigh(const struct arpq_neigh *neigh)
{
    const struct arpq_mac mac = mac_of(MAC_A);

    assert_int_equal(neigh->ifindex, v0);
    assert_int_equal(arpq_mac_compare(&neigh->mac, &mac), 0);
}

static void test_lookups(void **state)
{
    const struct arpq_ip ips[] = {ip_of("10.1.0.5"), ip_of("fd01::5"), ip_of("10.1.0.6")};
    struct arpq_neigh neighs[3];
    struct arpq_mac macs[3], mac;
    int32_t codes[3];

    assert_home("10.1.0.5");
    assert_home("fd01::5");
    assert_int_equal(arpq_lookup(h, &ips[2], 0, 0, &mac), -ENOENT);
    assert_int_equal(arpq_lookup_text(h, "10.1.0.77", "here", 0, &mac), -ENOENT);
    assert_int_equal(arpq_lookup_text(h, "10.1.0.77", "there", 0, &mac), -ENODEV);
    assert_int_equal(arpq_lookup_many(h, ips, 3, 0, 0, macs, codes), 2);
    assert_int_equal(codes[2], -ENOENT);
    assert_int_equal(arpq_neigh_get(h, &ips[0], 0, 0, &neighs[0]), 0);
    assert_neigh(&neighs[0]);
    assert_int_equal(arpq_neigh_get_many(h, ips, 3, v0, 0, neighs, codes), 2);
    assert_neigh(&neighs[0]);
    assert_neigh(&neighs[1]);
}

static void test_peer(void **state)
{
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = inet_addr("10.1.0.5")};
    const struct arpq_mac mac_a = mac_of(MAC_A);
    struct arpq_mac mac;
    int fd;

    move_to(home_fd);
    fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
    move_to(second.fd);
    assert_int_equal(arpq_peer(h, fd, 0, &mac), 0);
    assert_int_equal(arpq_mac_compare(&mac, &mac_a), 0);
    close(fd);
}

static int count_foreign(const struct arpq_neigh *neigh, void *context)
{
    const struct arpq_mac mac_b = mac_of(MAC_B);

    *(int *)context += arpq_mac_compare(&neigh->mac, &mac_b) == 0;
    return 0;
}

static void test_tables(void **state)
{
    const struct arpq_mac mac_b = mac_of(MAC_B);
    struct arpq_table_stats stats;
    struct arpq_table *table;
    int foreign = 0;

    assert_int_equal(arpq_table_get(h, NULL, &table), 0);
    for (uint32_t n = 0; n < arpq_table_count(table); n++)
        count_foreign(arpq_table_at(table, n), &foreign);
    arpq_table_free(table);
    assert_int_equal(arpq_table_each(h, NULL, count_foreign, &foreign, NULL), 0);
    assert_int_equal(foreign, 0);
    assert_int_equal(arpq_table_find_mac(h, &mac_b, &table), 0);
    assert_int_equal(arpq_table_count(table), 0);
    arpq_table_free(table);
    assert_int_equal(arpq_table_stats(h, AF_INET, &stats), 0);
    assert_home("10.1.0.5"); /* the statistics need a socket too */
    assert_home("fd01::5");
}

/* The number of lines of `ip WORDS` with a word, in the current namespace. */
static int lines_with(const char *words, const char *word)
{
    char text[16];

    assert_int_equal(sh_read(text, sizeof text, "ip %s | grep -c '%s' || true", words, word), 0);
    return atoi(text);
}

/* Whether a change is visible at home and not in the other namespace. The caller is in the other
 * namespace. */
static bool is_at_home(const char *words, const char *word)
{
    int there = lines_with(words, word), here;

    move_to(home_fd);
    here = lines_with(words, word);
    move_to(second.fd);
    return here > 0 && there == 0;
}

static void test_edits(void **state)
{
    struct arpq_neigh neigh = {.ip = ip_of("10.1.0.9"), .mac = mac_of(MAC_C), .ifindex = v0};
    struct arpq_filter filter = {
        .size = sizeof filter, .ifindex = v0, .states = ARPQ_STATE_PERMANENT};
    uint32_t removed;

    assert_int_equal(arpq_neigh_set(h, &neigh, 0), 0);
    assert_true(is_at_home("neigh", "10.1.0.9 "));
    neigh.ip = ip_of("fd01::9");
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), 0);
    assert_true(is_at_home("neigh", "fd01::9 "));
    neigh.ip = ip_of("10.1.0.6");
    assert_int_equal(arpq_neigh_delete(h, &neigh.ip, v0, 0), -ENOENT);
    filter.mac = mac_of(MAC_C);
    assert_int_equal(arpq_neigh_flush(h, &filter, &removed), 0);
    assert_int_equal(removed, 2);
    assert_int_equal(lines_with("neigh show to 10.1.0.6", MAC_B), 1);
}

static void test_resolve(void **state)
{
    const struct arpq_ip ips[] = {ip_of("10.1.0.5"), ip_of("fd01::5")};
    const struct arpq_ip nobody = ip_of("10.1.0.50");
    struct arpq_resolver *resolver;
    struct arpq_resolved resolved;
    struct arpq_neigh neighs[2];
    int32_t codes[2];

    assert_int_equal(arpq_resolve(h, &ips[0], 0, 0, 100, &neighs[0]), 0);
    assert_neigh(&neighs[0]);
    assert_int_equal(arpq_resolve(h, &nobody, 0, 0, 0, &neighs[0]), -EAGAIN);
    assert_true(is_at_home("neigh show nud all", "10.1.0.50 "));
    assert_int_equal(arpq_resolve_many(h, ips, 2, 0, NULL, neighs, codes), 2);
    assert_neigh(&neighs[0]);
    assert_neigh(&neighs[1]);
    assert_int_equal(arpq_resolver_open(h, &resolver, NULL), 0);
    assert_int_equal(arpq_resolver_add(resolver, &ips[1], 0, 0), 0);
    assert_int_equal(arpq_resolver_next(resolver, &resolved, 1000), 1);
    assert_neigh(&resolved.neigh);
    arpq_resolver_close(resolver);
}

static void test_interfaces(void **state)
{
    struct arpq_interfaces *list;
    char name[ARPQ_IFNAME_SIZE];
    uint32_t ifindex;

    for (unsigned flags = 0; flags <= ARPQ_INTERFACES_READ; flags++) {
        assert_int_equal(arpq_interfaces_get(h, flags, &list), 0);
        assert_non_null(arpq_interfaces_by_name(list, "here"));
        assert_null(arpq_interfaces_by_name(list, "there"));
        arpq_interfaces_free(list);
    }
    assert_int_equal(arpq_interface_index(h, "there", &ifindex), -ENODEV);
    assert_int_equal(arpq_interface_index(h, "here", &ifindex), 0);
    assert_int_equal(arpq_interface_name(h, ifindex, name), 0);
    assert_string_equal(name, "here");
}

static void test_addresses(void **state)
{
    struct arpq_address address = {.ip = ip_of("10.9.0.1"), .ifindex = v0, .prefix_length = 24};

    assert_int_equal(arpq_address_add(h, &address, 0), 0);
    assert_true(is_at_home("address", "10.9.0.1/24"));
    assert_int_equal(arpq_address_modify(h, &address, 0), 0);
    assert_int_equal(arpq_address_remove(h, &address, 0), 0);
    address.ip = ip_of("10.1.0.2"); /* an address of the other namespace */
    assert_int_equal(arpq_address_remove(h, &address, 0), -ENOENT);
    assert_int_equal(lines_with("address", "10.1.0.2/24"), 1);
}

static void test_watch(void **state)
{
    const struct arpq_ip ours = ip_of("10.1.0.31");
    struct arpq_event event;
    struct arpq_watch *watch;

    assert_int_equal(arpq_watch_open(h, &watch, NULL), 0);
    sh("ip neigh add 10.1.0.30 lladdr " MAC_B " dev v0");
    move_to(home_fd);
    sh("ip neigh add 10.1.0.31 lladdr " MAC_A " dev v0");
    move_to(second.fd);
    assert_int_equal(arpq_watch_next(watch, &event, 3000), 1);
    assert_int_equal(arpq_ip_compare(&event.neigh.ip, &ours), 0);
    arpq_watch_close(watch);
}

static void check_mirror(uint32_t flags)
{
    const struct arpq_mirror_options options = {.size = sizeof options, .flags = flags};
    const struct arpq_ip ips[] = {ip_of("10.1.0.5"), ip_of("10.1.0.6")};
    const struct arpq_mac mac_a = mac_of(MAC_A);
    struct arpq_mirror *mirror;
    struct arpq_mac mac;
    int foreign = 0;

    assert_int_equal(arpq_mirror_open(h, &mirror, &options), 0);
    sh("ip neigh replace 10.1.0.5 lladdr " MAC_C " dev v0");
    assert_true(arpq_mirror_sync(mirror) >= 0);
    assert_int_equal(arpq_mirror_lookup(mirror, &ips[0], 0, &mac), 0);
    assert_int_equal(arpq_mac_compare(&mac, &mac_a), 0);
    assert_int_equal(arpq_mirror_lookup(mirror, &ips[1], 0, &mac), -ENOENT);
    assert_int_equal(arpq_mirror_each(mirror, count_foreign, &foreign), 0);
    assert_int_equal(foreign, 0);
    arpq_mirror_close(mirror);
}

static void test_mirrors(void **state)
{
    check_mirror(0);
    check_mirror(ARPQ_MIRROR_THREAD);
}

/* A sweep finds the own address: 10.1.0.1 at home, 10.1.0.2 in the other namespace. */
static int check_found(const struct arpq_found *found, void *context)
{
    const struct arpq_mac own = mac_of(MAC_V0);

    assert_int_equal(found->ip.bytes[3], 1);
    assert_int_equal(arpq_mac_compare(&found->mac, &own), 0);
    ++*(int *)context;
    return 0;
}

static void test_sweeps(void **state)
{
    static const uint32_t all_flags[] = {0, ARPQ_SWEEP_NO_RAW};
    const struct arpq_ip prefix = ip_of("10.1.0.0");

    for (size_t i = 0; i < LENGTH(all_flags); i++) {
        const struct arpq_sweep_options options = {
            .size = sizeof options, .flags = all_flags[i], .attempts = 1, .answer_ms = 50};
        int found = 0;

        assert_int_equal(arpq_sweep_each(h, &prefix, 30, &options, check_found, &found, NULL), 0);
        assert_int_equal(found, 1);
    }
}

static void test_ping(void **state)
{
    const struct arpq_ping_options options = {
        .size = sizeof options, .flags = ARPQ_PING_RAW, .answer_ms = 100};
    const struct arpq_ip ours = ip_of("10.1.0.1"), theirs = ip_of("10.1.0.2");
    struct arpq_ping_reply reply;

    assert_int_equal(arpq_ping(h, &ours, &options, &reply), 0);
    assert_true(arpq_ping(h, &theirs, &options, &reply) < 0);
}

static void test_sniffer(void **state)
{
    sniff(0);
    send_arp(REQUEST, 0xaa, "10.1.0.9", "10.1.0.8"); /* through a socket that was opened at home */
    EXPECT("ARP1 10.1.0.9 aa > 10.1.0.8 NEW\n");
}

/* ---- Threads in both namespaces at once ---- */

#define THREADS 8
#define ROUNDS 300

static atomic_int wrong_line;

#define CHECK(condition) ((condition) ? (void)0 : (void)(wrong_line = __LINE__))

static void *ask_always(void *context)
{
    const struct arpq_mac mac_a = mac_of(MAC_A);
    const struct arpq_ip ips[] = {ip_of("10.1.0.5"), ip_of("fd01::5")};
    bool away = context;

    CHECK(!away || setns(second.fd, CLONE_NEWNET) == 0);
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct arpq_neigh neigh;
        struct arpq_mac mac;
        int foreign = 0;

        CHECK(arpq_lookup(h, &ips[round % 2], 0, 0, &mac) == 0);
        CHECK(arpq_mac_compare(&mac, &mac_a) == 0);
        CHECK(arpq_neigh_get(h, &ips[round % 2], 0, 0, &neigh) == 0);
        CHECK(arpq_mac_compare(&neigh.mac, &mac_a) == 0);
        CHECK(round % 16 || arpq_table_each(h, NULL, count_foreign, &foreign, NULL) == 0);
        CHECK(foreign == 0);
    }
    return NULL;
}

static void test_threads(void **state)
{
    pthread_t threads[THREADS];

    wrong_line = 0;
    move_to(home_fd);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_always, i % 2 ? &wrong_line : NULL),
                         0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    move_to(second.fd);
    assert_int_equal(wrong_line, 0);
}

/* If a thread lacks the privilege to return to the handle's namespace, it gets an error when a call
 * needs a new socket. */
static int ask_as_nobody(void)
{
    const struct arpq_mac mac_a = mac_of(MAC_A);
    struct arpq_watch *watch;
    struct arpq_table *table;
    struct arpq_mac mac;
    int code, foreign = 0;

    become_nobody();
    if (arpq_watch_open(h, &watch, NULL) != -EXDEV || watch)
        return 3;
    code = arpq_lookup_text(h, "10.1.0.5", NULL, 0, &mac);
    if (code != -EXDEV && (code != 0 || arpq_mac_compare(&mac, &mac_a) != 0))
        return 4;
    code = arpq_table_get(h, NULL, &table);
    for (uint32_t n = 0; n < arpq_table_count(table); n++)
        count_foreign(arpq_table_at(table, n), &foreign);
    return foreign > 0 ? 5 : code != 0 && code != -EXDEV ? 6 : 0;
}

static void test_unprivileged(void **state)
{
    pid_t pid;

    fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(ask_as_nobody());
    assert_ended_well(pid);
}

#define TEST_AWAY(name) cmocka_unit_test_setup_teardown(name, enter_both, leave_both)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_AWAY(test_lookups),   TEST_AWAY(test_peer),         TEST_AWAY(test_tables),
        TEST_AWAY(test_edits),     TEST_AWAY(test_resolve),      TEST_AWAY(test_interfaces),
        TEST_AWAY(test_addresses), TEST_AWAY(test_watch),        TEST_AWAY(test_mirrors),
        TEST_AWAY(test_sweeps),    TEST_AWAY(test_ping),         TEST_AWAY(test_sniffer),
        TEST_AWAY(test_threads),   TEST_AWAY(test_unprivileged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
