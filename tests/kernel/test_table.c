/* SPDX-License-Identifier: MIT */
/* Compares the whole table with the kernel's: every entry once, in every state, on every link, as a
 * list and by callback. Also checks the kernel's statistics. */
#include "test.h"

#include <net/if.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/neigh.h"
#include "kernel/netns.h"
#include "kernel/table.h"
#include "process.h"

/* All entries are one array, with the stride that the library tells. */
static void check_entries(const struct arpq_table *table)
{
    uint32_t count, stride;
    const char *first = (const char *)arpq_table_entries(table, &count, &stride);

    assert_int_equal(count, arpq_table_count(table));
    assert_int_equal(stride, count ? sizeof(struct arpq_neigh) : 0);
    for (uint32_t n = 0; n < count; n++)
        assert_ptr_equal(first + (size_t)n * stride, arpq_table_at(table, n));
    assert_ptr_equal(arpq_table_entries(table, NULL, NULL), first);
}

static void test_sizes(void **state)
{
    static const uint32_t sizes[] = {0, 1, 2, 40, 1000, 5000};
    uint32_t there = 0;

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct arpq_table *table;

        change_numbered("add", there, sizes[i]);
        there = sizes[i];
        table = list(NULL);
        arpq_close(h); /* the list stays valid */
        h = NULL;
        check_numbered(table, there);
        check_entries(table);
        arpq_table_free(table);
        assert_int_equal(arpq_open(&h, NULL), 0);
    }
}

static void test_empty(void **state)
{
    struct arpq_table *table;

    arpq_close(h);
    h = NULL;
    netns_enter();
    assert_int_equal(arpq_open(&h, NULL), 0);
    table = list(NULL);
    assert_int_equal(arpq_table_count(table), 0);
    assert_int_equal(arpq_table_flags(table), 0);
    assert_null(arpq_table_at(table, 0));
    assert_null(arpq_table_entries(table, NULL, NULL));
    check_entries(table);
    check_entries(NULL);
    arpq_table_free(table);
}

static void test_null(void **state)
{
    struct arpq_table_stats stats = {.entries = 7};
    struct arpq_table *table = (void *)&stats;
    struct arpq_mac mac = mac_of(MAC_A);

    assert_int_equal(arpq_table_get(NULL, NULL, &table), -EINVAL);
    assert_null(table);
    assert_int_equal(arpq_table_get(h, NULL, NULL), -EINVAL);
    table = (void *)&stats;
    assert_int_equal(arpq_table_find_mac(NULL, &mac, &table), -EINVAL);
    assert_null(table);
    assert_int_equal(arpq_table_find_mac(h, &mac, NULL), -EINVAL);
    assert_int_equal(arpq_table_each(NULL, NULL, never, NULL, NULL), -EINVAL);
    assert_int_equal(arpq_table_each(h, NULL, NULL, NULL, NULL), -EINVAL);
    assert_int_equal(arpq_table_stats(NULL, AF_INET, &stats), -EINVAL);
    assert_true(is_all_zero(&stats, sizeof stats));
    assert_int_equal(arpq_table_stats(h, AF_INET, NULL), -EINVAL);
    assert_int_equal(arpq_table_count(NULL), 0);
    assert_int_equal(arpq_table_flags(NULL), 0);
    assert_int_equal(arpq_table_malformed(NULL), 0);
    assert_null(arpq_table_at(NULL, 0));
    arpq_table_free(NULL);
}

/* ---- Agreement with ip(8) ---- */

#define TEXT_MAX 16384

/* Print an entry as `ip -N -o neigh show nud all` does, except for spaces. */
static void print_entry(const struct arpq_neigh *neigh, char *line, size_t size)
{
    char ip[ARPQ_IP_STRLEN], mac[ARPQ_MAC_STRLEN], dev[IF_NAMESIZE], protocol[16] = "";
    struct arpq_ip bare = neigh->ip;

    bare.scope = 0;
    if (neigh->protocol)
        snprintf(protocol, sizeof protocol, " proto %u", neigh->protocol);
    assert_non_null(if_indextoname(neigh->ifindex, dev));
    snprintf(line, size, "%s dev %s%s%s%s%s%s%s%s%s\n", arpq_ip_format(&bare, ip, sizeof ip), dev,
             neigh->mac.length ? " lladdr " : "", arpq_mac_format(&neigh->mac, 0, mac, sizeof mac),
             neigh->flags & ARPQ_NEIGH_ROUTER ? " router" : "",
             neigh->flags & ARPQ_NEIGH_MANAGED ? " managed" : "",
             neigh->flags & ARPQ_NEIGH_EXT_LEARNED ? " extern_learn" : "", neigh->state ? " " : "",
             arpq_name(ARPQ_NAMES_STATE, neigh->state & (0u - !!neigh->state)), protocol);
    if (!neigh->state) { /* arpq_name returns NONE where ip prints nothing */
        char *none = strstr(line, "NONE");

        if (none)
            memmove(none, none + 4, strlen(none + 4) + 1);
    }
}

/* Reduce runs of spaces to one, and remove spaces at the ends of lines. */
static void squeeze(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++)
        if (*from != ' ' || (from[1] != ' ' && from[1] != '\n' && from[1] != '\0'))
            *to++ = *from;
    *to = '\0';
}

struct agreement {
    char ours[TEXT_MAX], theirs[TEXT_MAX];
    uint32_t states, flags, count;
};

static int agrees(void *context)
{
    struct agreement *agreement = context;
    struct arpq_table *table = list(NULL);
    uint32_t lines = 0;

    *agreement->ours = '\0';
    agreement->states = agreement->flags = 0;
    agreement->count = arpq_table_count(table);
    assert_int_equal(sh_read(agreement->theirs, TEXT_MAX, "ip -N -o neigh show nud all"), 0);
    squeeze(agreement->theirs);
    for (const char *at = agreement->theirs; (at = strchr(at, '\n')); at++)
        lines++;
    for (uint32_t i = 0; i < agreement->count; i++) {
        const struct arpq_neigh *neigh = arpq_table_at(table, i);
        char line[256];

        agreement->states |= neigh->state ? neigh->state : ARPQ_FILTER_STATE_NONE;
        agreement->flags |= neigh->flags;
        print_entry(neigh, line, sizeof line);
        lines -= strstr(agreement->theirs, line) ? 1 : 0;
        strncat(agreement->ours, line, TEXT_MAX - strlen(agreement->ours) - 1);
    }
    lines += agreement->count * 1000; /* `lines` was 0 if ip prints exactly the library's entries */
    arpq_table_free(table);
    return lines == agreement->count * 1000;
}

/* A packet moves a STALE entry to DELAY for five seconds. */
static void send_to(const char *text)
{
    struct arpq_ip ip = ip_of(text);
    struct sockaddr_storage to;
    int length = arpq_ip_to_sockaddr(&ip, 9, &to);
    int fd = socket(ip.family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    assert_int_equal(sendto(fd, "", 1, 0, (struct sockaddr *)&to, (socklen_t)length), 1);
    close(fd);
}

static void test_agreement(void **state)
{
    static const char *const nuds[] = {"permanent", "reachable", "stale", "probe", "noarp"};
    static struct agreement agreement;

    if (!can_manage())
        SKIP_NOT_RUNNABLE(MANAGES_NOTHING);
    /* No timer may end DELAY, PROBE or INCOMPLETE before all entries are there. */
    sh("for f in ipv4 ipv6; do cd /proc/sys/net/$f/neigh/v0;"
       " echo 60000 >retrans_time_ms; echo 60 >delay_first_probe_time; done");
    for (unsigned i = 0; i < sizeof nuds / sizeof *nuds; i++)
        sh("ip neigh add 10.1.1.%u dev v0 lladdr " MAC_A " nud %s;"
           "ip neigh add fd01::1%u dev v0 lladdr " MAC_B " nud %s",
           i, nuds[i], i, nuds[i]);
    sh("for nud in none incomplete failed; do i=$((i+1));"
       " ip neigh add 10.1.2.$i dev v0 nud $nud; ip neigh add fd01::2$i dev v0 nud $nud; done;"
       "ip neigh add 10.1.3.1 dev v0 lladdr " MAC_A " nud stale;"
       "ip neigh add fd01::31 dev v0 lladdr " MAC_A " nud stale;"
       "ip neigh add 10.1.3.2 dev v0 lladdr " MAC_A " extern_learn;"
       "ip neigh add fd01::32 dev v0 lladdr " MAC_A " nud stale router protocol 42;"
       "ip neigh add 10.1.3.3 dev v0 managed; ip neigh add 10.1.3.4 dev v0p managed extern_learn;"
       "ip neigh add 10.1.3.5 dev v0p lladdr " MAC_B " protocol 255;"
       "ip neigh add fe80::1 dev v0p lladdr " MAC_B " nud stale;"
       "ip neigh add 10.1.3.6 dev lo lladdr " MAC_B " nud permanent");
    send_to("10.1.3.1");
    send_to("fd01::31");
    /* The kernel's timers may change entries between the two lists. */
    if (!wait_until(agrees, &agreement, 3000))
        fail_msg("ours:\n%s\ntheirs:\n%s", agreement.ours, agreement.theirs);
    assert_int_equal(agreement.states, 0x1ff);
    assert_int_equal(agreement.flags,
                     ARPQ_NEIGH_ROUTER | ARPQ_NEIGH_EXT_LEARNED | ARPQ_NEIGH_MANAGED);
    assert_between(agreement.count, 24, 40);
}

/* ---- Statistics ---- */

/* The limits of the machine, read before the program leaves its namespace. The first index is 1 for
 * IPv6. The second index selects gc_thresh1 to gc_thresh3, then gc_interval. */
static unsigned long thresholds[2][4];

static void read_thresholds(void)
{
    static const char *const names[] = {"gc_thresh1", "gc_thresh2", "gc_thresh3", "gc_interval"};

    for (int v6 = 0; v6 < 2; v6++)
        for (int i = 0; i < 4; i++) {
            char path[96];
            FILE *file;

            snprintf(path, sizeof path, "/proc/sys/net/ipv%d/neigh/default/%s", v6 ? 6 : 4,
                     names[i]);
            file = fopen(path, "re");
            if (!file || fscanf(file, "%lu", &thresholds[v6][i]) != 1)
                not_run("the limits of the neighbour table are shown in the first network "
                        "namespace only, and this is another");
            fclose(file);
        }
}

struct wanted {
    uint16_t family;
    uint64_t destroys;
};

static int has_destroyed(void *context)
{
    const struct wanted *wanted = context;
    struct arpq_table_stats stats;

    assert_int_equal(arpq_table_stats(h, wanted->family, &stats), 0);
    return stats.destroys >= wanted->destroys;
}

static void check_stats(uint16_t family)
{
    const unsigned long *want = thresholds[family == AF_INET6];
    struct arpq_table_stats before, after;
    struct wanted wanted = {.family = family};

    assert_int_equal(arpq_table_stats(h, family, &before), 0);
    change_numbered("add", 0, 200); /* 100 of each family */
    memset(&after, 0xa5, sizeof after);
    assert_int_equal(arpq_table_stats(h, family, &after), 0);
    assert_int_equal(after.gc_thresh1, want[0]);
    assert_int_equal(after.gc_thresh2, want[1]);
    assert_int_equal(after.gc_thresh3, want[2]);
    assert_int_equal(after.gc_interval_ms, want[3] * 1000);
    assert_true(after.hash_size >= 2 && (after.hash_size & (after.hash_size - 1)) == 0);
    assert_true(after.entries >= 100);
    assert_true(after.allocs >= before.allocs + 100);
    assert_true(after.hash_grows >= before.hash_grows);
    assert_int_equal(after.forged, 0);
    assert_int_equal(after.reserved32, 0);
    assert_true(is_all_zero(after.reserved, sizeof after.reserved));
    wanted.destroys = after.destroys + 100;
    change_numbered("del", 0, 200);
    assert_true(wait_until(has_destroyed, &wanted, 2000));
}

static void test_stats(void **state)
{
    static const uint16_t bad[] = {0, AF_UNIX, 7, 0xffff};
    struct arpq_table_stats stats;

    check_stats(AF_INET);
    check_stats(AF_INET6);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        memset(&stats, 0xa5, sizeof stats);
        assert_int_equal(arpq_table_stats(h, bad[i], &stats), -EAFNOSUPPORT);
        assert_true(is_all_zero(&stats, sizeof stats));
    }
}

/* ---- One by one ---- */

struct stop {
    unsigned calls, after;
    int value;
};

static int stop_after(const struct arpq_neigh *neigh, void *context)
{
    struct stop *stop = context;

    return ++stop->calls == stop->after ? stop->value : 0;
}

static void test_each(void **state)
{
    static const int values[] = {1, 2, INT32_MAX, -1, -EINTR, -ECANCELED, -ENOBUFS, INT32_MIN};
    static const unsigned after[] = {1, 2, 500, 1999};
    struct tally tally = {.count = 2000, .ifindex = ifindex_of("v0")};
    struct arpq_table *table;

    change_numbered("add", 0, 2000);
    assert_int_equal(arpq_table_each(h, NULL, tally_entry, &tally, NULL), 0);
    assert_true(is_right(&tally));
    assert_int_equal(tally.wrong, 0);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (size_t j = 0; j < sizeof after / sizeof *after; j++) {
            struct stop stop = {.after = after[j], .value = values[i]};

            assert_int_equal(arpq_table_each(h, NULL, stop_after, &stop, NULL), values[i]);
            assert_int_equal(stop.calls, after[j]);
        }
    table = list(NULL); /* no entry of the aborted dumps appears in it */
    check_numbered(table, 2000);
    arpq_table_free(table);
}

struct nest {
    unsigned depth, calls;
};

static int nested(const struct arpq_neigh *neigh, void *context)
{
    struct nest *nest = context;
    struct arpq_table_stats stats;
    struct arpq_neigh again;
    struct arpq_table *table;
    struct arpq_mac mac;

    if (is_noise(neigh) || nest->calls++ % 500)
        return 0;
    assert_int_equal(arpq_lookup(h, &neigh->ip, neigh->ifindex, 0, &mac), 0);
    assert_memory_equal(&mac, &neigh->mac, sizeof mac);
    assert_int_equal(arpq_neigh_get(h, &neigh->ip, 0, 0, &again), 0);
    assert_memory_equal(&again.mac, &neigh->mac, sizeof mac);
    assert_int_equal(arpq_table_stats(h, AF_INET6, &stats), 0);
    table = list(NULL);
    check_numbered(table, 1000);
    arpq_table_free(table);
    if (nest->depth < 2) {
        struct nest inner = {.depth = nest->depth + 1, .calls = 1};

        assert_int_equal(arpq_table_each(h, NULL, nested, &inner, NULL), 0);
        assert_int_equal(inner.calls, 1001);
    }
    return 0;
}

static void test_nested_each(void **state)
{
    struct nest nest = {0};

    change_numbered("add", 0, 1000);
    assert_int_equal(arpq_table_each(h, NULL, nested, &nest, NULL), 0);
    assert_int_equal(nest.calls, 1000);
}

/* The number of nested calls, which is larger than the number of sockets of a handle. */
#define DEEP 10

struct deep {
    unsigned depth, calls;
    int codes[DEEP]; /* the code of the call on each level */
};

static int descend(const struct arpq_neigh *neigh, void *context)
{
    struct deep *deep = context, inner = {.depth = deep->depth + 1};

    if (is_noise(neigh) || deep->calls++ || inner.depth == DEEP)
        return 0;
    memcpy(inner.codes, deep->codes, sizeof inner.codes);
    inner.codes[inner.depth] = arpq_table_each(h, NULL, descend, &inner, NULL);
    memcpy(deep->codes, inner.codes, sizeof inner.codes);
    if (inner.codes[inner.depth] == 0)
        assert_int_equal(inner.calls, 1000);
    return 0;
}

static void test_deeply_nested_each(void **state)
{
    struct arpq_table *table;

    change_numbered("add", 0, 1000);
    for (int times = 0; times < 2; times++) {
        struct deep deep = {0};

        deadline(10); /* a nested call must not wait for the sockets of the calls around it */
        deep.codes[0] = arpq_table_each(h, NULL, descend, &deep, NULL);
        deadline(NETNS_DEADLINE);
        assert_int_equal(deep.codes[0], 0);
        assert_int_equal(deep.calls, 1000);
        for (int i = 1; i < DEEP; i++)
            if (deep.codes[i] != -EMFILE && deep.codes[i] != -ENOBUFS)
                assert_int_equal(deep.codes[i], 0);
        assert_int_equal(deep.codes[4], 0);
    }
    table = list(NULL);
    check_numbered(table, 1000);
    arpq_table_free(table);
}

/* The result of a nested call that gets no socket. */
struct starved {
    unsigned calls;
    int code;
};

static int ask_starved(const struct arpq_neigh *neigh, void *context)
{
    struct starved *starved = context;
    struct stop stop = {0};

    if (starved->calls++ == 0)
        starved->code = arpq_table_each(h, NULL, stop_after, &stop, NULL);
    return 0;
}

static void test_nested_each_without_descriptors(void **state)
{
    struct starved starved = {0};
    struct rlimit before, now;
    int lowest = dup(0);

    change_numbered("add", 0, 1000);
    close(lowest);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    now = before;
    now.rlim_cur = (rlim_t)lowest;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &now), 0);
    deadline(10); /* the nested call must not wait for the socket of the call around it */
    assert_int_equal(arpq_table_each(h, NULL, ask_starved, &starved, NULL), 0);
    deadline(NETNS_DEADLINE);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_between(starved.calls, 1000, 1020);
    assert_int_equal(starved.code, 0); /* the list is complete before the callbacks */
    starved.calls = 0;
    assert_int_equal(arpq_table_each(h, NULL, ask_starved, &starved, NULL), 0);
    assert_int_equal(starved.code, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_sizes),
        TEST(test_empty),
        TEST(test_null),
        TEST(test_agreement),
        TEST(test_stats),
        TEST(test_each),
        TEST(test_nested_each),
        TEST(test_deeply_nested_each),
        TEST(test_nested_each_without_descriptors),
    };

    read_thresholds();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
