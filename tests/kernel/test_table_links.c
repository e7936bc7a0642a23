/* SPDX-License-Identifier: MIT */
/* Tables of unusual links, read by an unprivileged process, by children and by threads. */
#include "test.h"

#include <linux/if_tun.h>
#include <net/if.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/table.h"
#include "kernel/table_names.h"
#include "kernel/tun.h"
#include "process.h"

/* ---- Links ---- */

/* The address length that TUNSETLINK sets for each type. 65534 is ARPHRD_NONE. */
static const struct {
    uint16_t type;
    uint8_t length;
    bool may_lack; /* some kernels have no such length for the type */
} lengths[] = {
    {65534, 0, false}, {32, 0, true}, {773, 1, true},  {768, 4, true},   {270, 5, true},
    {1, 6, false},     {0, 7, true},  {804, 8, false}, {823, 16, false}, {769, 16, true},
};
#define LENGTHS (sizeof lengths / sizeof *lengths)

static struct arpq_mac mac_of_length(size_t i)
{
    struct arpq_mac mac = {.type = lengths[i].type, .length = lengths[i].length};

    for (uint8_t at = 0; at < mac.length; at++)
        mac.bytes[at] = (uint8_t)(2 * at + 16 * i + 2);
    return mac;
}

/* Returns 1 if the kernel accepted the entry. */
static int add_of_length(size_t i, const char *ip)
{
    struct arpq_mac mac = mac_of_length(i);
    char text[ARPQ_MAC_STRLEN];

    arpq_mac_format(&mac, 0, text, sizeof text);
    return sh_status("ip neigh add %s dev tap%zu %s %s nud permanent", ip, i,
                     mac.length ? "lladdr" : "", text) == 0;
}

static void check_of_length(const struct arpq_table *table, size_t i, const char *text)
{
    struct arpq_mac want = mac_of_length(i);
    struct arpq_ip ip = ip_of(text);
    char dev[IF_NAMESIZE];
    unsigned found = 0;

    snprintf(dev, sizeof dev, "tap%zu", i);
    for (uint32_t n = 0; n < arpq_table_count(table); n++) {
        const struct arpq_neigh *neigh = arpq_table_at(table, n);

        if (arpq_ip_compare(&neigh->ip, &ip) != 0)
            continue;
        assert_int_equal(neigh->ifindex, ifindex_of(dev));
        assert_int_equal(neigh->state, ARPQ_STATE_PERMANENT);
        assert_memory_equal(&neigh->mac, &want, sizeof want);
        found++;
    }
    if (found != 1)
        fail_msg("%s with %u bytes: listed %u times", text, want.length, found);
}

static void test_address_lengths(void **state)
{
    char ips[LENGTHS][2][32];
    bool there[LENGTHS][2];
    int fds[LENGTHS];
    struct arpq_table *table;

    for (size_t i = 0; i < LENGTHS; i++) {
        char dev[IF_NAMESIZE];

        snprintf(dev, sizeof dev, "tap%zu", i);
        snprintf(ips[i][0], sizeof ips[i][0], "10.2.0.%zu", i);
        snprintf(ips[i][1], sizeof ips[i][1], "fd02::%zu", i);
        fds[i] = open_tun(dev, IFF_TAP, lengths[i].type);
        sh("ip link set %s addrgenmode none || :; ip link set %s up", dev, dev);
        for (int v6 = 0; v6 < 2; v6++)
            there[i][v6] = add_of_length(i, ips[i][v6]);
        if (!lengths[i].may_lack)
            assert_true(there[i][0] && there[i][1]);
    }
    change_numbered("add", 0, 100);
    table = list(NULL);
    for (size_t i = 0; i < LENGTHS; i++)
        for (int v6 = 0; v6 < 2; v6++)
            if (there[i][v6])
                check_of_length(table, i, ips[i][v6]);
    /* No entry hides another. */
    assert_true(is_right(&(struct tally[]){tally_table(table, 100)}[0]));
    arpq_table_free(table);
    for (size_t i = 0; i < LENGTHS; i++)
        close(fds[i]);
}

static void test_one_address_on_two_links(void **state)
{
    static const char *const macs[] = {MAC_A, MAC_B};
    uint32_t links[] = {ifindex_of("v0"), ifindex_of("v0p")};
    struct arpq_filter filter = {
        .size = sizeof filter, .prefix = ip_of("fe80::"), .prefix_length = 10};

    sh("for key in fe80::1 10.1.0.9 fd01::9; do"
       " ip neigh add $key dev v0 lladdr " MAC_A " nud permanent;"
       " ip neigh add $key dev v0p lladdr " MAC_B " nud permanent; done");
    for (size_t i = 0; i < 2; i++) {
        struct arpq_mac mac = mac_of(macs[i]);
        struct arpq_table *table;

        filter.ifindex = links[i];
        filter.prefix.scope = links[i];
        table = list(&filter);
        assert_int_equal(arpq_table_count(table), 1);
        assert_int_equal(arpq_table_at(table, 0)->ip.scope, links[i]);
        assert_int_equal(arpq_table_at(table, 0)->ifindex, links[i]);
        assert_int_equal(arpq_mac_compare(&arpq_table_at(table, 0)->mac, &mac), 0);
        arpq_table_free(table);
    }
    filter.ifindex = filter.prefix.scope = 0;
    check_row(&(struct row){
        .what = "fe80::/10", .prefix = "fe80::", .length = 10, .want = "fe80::1@v0 fe80::1@v0p"});
    check_row(&(struct row){.what = "all",
                            .want = "fe80::1@v0 fe80::1@v0p 10.1.0.9@v0 10.1.0.9@v0p fd01::9@v0"
                                    " fd01::9@v0p"});
}

static void test_odd_names(void **state)
{
    static const char *const names[] = {"fifteen-letters", "$a\"b'c\\d`e{f}g", "-\x01\xff\xfe"};
    char before[IF_NAMESIZE] = "br0", name[ARPQ_IFNAME_SIZE];
    uint32_t index;

    make_filter_table();
    index = ifindex_of("br0");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        rename_link(before, names[i]);
        snprintf(before, sizeof before, "%s", names[i]);
        check_row(&(struct row){.what = before, .master = before, .want = PORTS_4 " " PORTS_6});
        check_row(&(struct row){.what = before, .dev = before, .want = ""});
        settle();
        assert_int_equal(arpq_interface_name(h, index, name), 0);
        assert_string_equal(name, before);
    }
}

/* ---- Callers ---- */

/* Returns 0 if every way of reading finds the first `count` entries, otherwise the number of the
 * way that failed. */
static int ask_all(struct arpq_handle *handle, uint32_t count)
{
    struct tally tally = {.count = count, .ifindex = ifindex_of("v0")};
    struct arpq_ip ips[] = {numbered_ip(0), numbered_ip(1), ip_of("10.1.0.99")};
    struct arpq_mac mac = numbered_mac(1);
    struct arpq_table_stats stats;
    struct arpq_neigh neighs[3];
    struct arpq_table *table;

    if (arpq_table_get(handle, NULL, &table) != 0)
        return 1;
    tally = tally_table(table, count);
    arpq_table_free(table);
    if (!is_right(&tally))
        return 2;
    tally = (struct tally){.count = count, .ifindex = ifindex_of("v0")};
    if (arpq_table_each(handle, NULL, tally_entry, &tally, NULL) != 0 || !is_right(&tally))
        return 3;
    if (arpq_table_stats(handle, AF_INET, &stats) != 0 || stats.entries < count / 2)
        return 4;
    if (arpq_neigh_get_many(handle, ips, 3, 0, 0, neighs, NULL) != 2 ||
        !is_numbered(&neighs[1], 1, tally.ifindex))
        return 5;
    if (arpq_table_find_mac(handle, &mac, &table) != 0)
        return 6;
    count = arpq_table_count(table);
    arpq_table_free(table);
    return count == 1 ? 0 : 7;
}

static void test_unprivileged(void **state)
{
    pid_t pid;

    change_numbered("add", 0, 500);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct arpq_handle *own;
        int code;

        become_nobody();
        code = arpq_open(&own, NULL) == 0 ? ask_all(own, 500) : 8;
        arpq_close(own);
        _exit(code);
    }
    assert_ended_well(pid);
}

static void test_after_fork(void **state)
{
    change_numbered("add", 0, 500);
    assert_int_equal(ask_all(h, 500), 0);
    for (int round = 0; round < 10; round++) {
        pid_t pid = fork();

        if (pid == 0) {
            int code = ask_all(h, 500);

            arpq_close(h);
            _exit(code);
        }
        assert_int_equal(ask_all(h, 500), 0);
        assert_ended_well(pid);
    }
}

/* During a callback the handle's socket is in the middle of a dump. */
static int fork_inside(const struct arpq_neigh *neigh, void *context)
{
    bool *forked = context;
    pid_t pid;

    if (*forked)
        return 0;
    *forked = true;
    pid = fork();
    if (pid == 0) {
        /* At _exit, valgrind takes the buffer of the list for lost, depending on the compiler. */
        if (ask_all(h, 1000) == 0)
            execlp("true", "true", (char *)NULL);
        _exit(1);
    }
    assert_int_equal(ask_all(h, 1000), 0);
    assert_ended_well(pid);
    return 0;
}

static void test_fork_inside_each(void **state)
{
    bool forked = false;

    change_numbered("add", 0, 1000);
    assert_int_equal(arpq_table_each(h, NULL, fork_inside, &forked, NULL), 0);
    assert_int_equal(ask_all(h, 1000), 0);
}

struct lister {
    pthread_t thread;
    const atomic_bool *done;
    unsigned lists, wrong;
};

static void *keep_listing(void *context)
{
    struct lister *lister = context;

    while (!atomic_load(lister->done)) {
        struct arpq_table *table;
        struct tally tally;

        if (arpq_table_get(h, NULL, &table) != 0) {
            lister->wrong++;
            continue;
        }
        /* Any number of the changing entries (600 to 2600) may appear. */
        tally = tally_table(table, 600);
        lister->wrong += !is_right(&tally) && !arpq_table_flags(table);
        lister->lists++;
        arpq_table_free(table);
    }
    return NULL;
}

static void test_threads(void **state)
{
    static atomic_bool done;
    struct lister listers[2] = {{.done = &done}, {.done = &done}};

    change_numbered("add", 0, 600);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&listers[i].thread, NULL, keep_listing, &listers[i]), 0);
    for (int round = 0; round < 6; round++) {
        change_numbered("add", 600, 2600);
        change_numbered("del", 600, 2600);
    }
    atomic_store(&done, true);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(listers[i].thread, NULL), 0);
        assert_true(listers[i].lists > 5);
        assert_int_equal(listers[i].wrong, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_address_lengths), TEST(test_one_address_on_two_links),
        TEST(test_odd_names),       TEST(test_unprivileged),
        TEST(test_after_fork),      TEST(test_fork_inside_each),
        TEST(test_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
