/* SPDX-License-Identifier: MIT */
/* Many addresses, addresses that need confirmation, and resolvers in an event loop. */
#include "test.h"

#include <poll.h>

#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "kernel/neigh.h"
#include "kernel/resolve.h"
#include "process.h"

#define ALL 254
#define OTHER_MAC "02:00:5e:00:53:99"

static struct arpq_ip ips[ALL];

static int set_up(void **state)
{
    hosts_make();
    for (unsigned i = 0; i < ALL; i++) {
        char text[16];

        snprintf(text, sizeof text, "10.1.0.%u", i + 1);
        ips[i] = ip_of(text);
    }
    return 0;
}

static bool is_live(unsigned i)
{
    return i + 1 <= LIVE;
}

/* Returns 0 if the result is right, otherwise the line number of the failed check. */
static int check(unsigned i, int code, const struct arpq_neigh *neigh)
{
    if (code != (is_live(i) ? 0 : -EHOSTUNREACH))
        return __LINE__;
    if (!is_live(i))
        return is_all_zero(neigh, sizeof *neigh) ? 0 : __LINE__;
    if (memcmp(neigh->ip.bytes, ips[i].bytes, 4) != 0 || neigh->ifindex != hosts.v0)
        return __LINE__;
    if (i > 0 && arpq_mac_compare(&neigh->mac, &hosts.far_mac) != 0)
        return __LINE__;
    return 0;
}

/* Runs in a child, which cannot use assertions. */
static int resolve_all(uint32_t window)
{
    const struct arpq_resolve_options options = {
        .size = sizeof options, .window = window, .answer_ms = ARPQ_FOREVER};
    static struct arpq_neigh neighs[ALL];
    static int32_t codes[ALL];
    struct arpq_handle *h;
    int found, line = 0;

    if (arpq_open(&h, NULL) != 0)
        return __LINE__;
    found = arpq_resolve_many(h, ips, ALL, 0, &options, neighs, codes);
    arpq_close(h);
    for (unsigned i = 0; i < ALL && line == 0; i++)
        line = check(i, codes[i], &neighs[i]);
    return line == 0 && found != LIVE ? __LINE__ : line;
}

static void resolve_all_as(bool privileged, uint32_t window)
{
    uint64_t start = now_ms();
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        int line;

        deadline(30);
        if (!privileged)
            become_nobody();
        line = resolve_all(window);
        if (line)
            fprintf(stderr, "line %d\n", line);
        _exit(line != 0);
    }
    assert_ended_well(pid);
    assert_true(now_ms() - start < patience(8000));
}

static unsigned entries(void)
{
    char text[16];

    assert_int_equal(sh_read(text, sizeof text,
                             "ip neigh show dev v0 nud all | "
                             "grep -c '^10\\.1\\.' || true"),
                     0);
    return (unsigned)strtoul(text, NULL, 10);
}

/* Resolve live and dead addresses together. If the library may remove entries, it removes those of
 * the dead addresses, on a slow machine too. */
static void test_all_at_once(void **state)
{
    for (int privileged = 0; privileged < 2; privileged++) {
        hosts_forget();
        resolve_all_as(privileged, 0);
    }
    assert_int_equal(entries(), LIVE - 1);
}

static void test_small_window(void **state)
{
    for (int privileged = 0; privileged < 2; privileged++) {
        hosts_forget();
        resolve_all_as(privileged, 40);
    }
}

/* The library keeps entries of other programs, whether or not a machine answers. */
static void test_entries_of_others(void **state)
{
    const struct arpq_ip dead[] = {ip_of("10.1.0.201"), ip_of("10.1.0.202"), ip_of("10.1.0.203")};
    struct arpq_neigh neighs[3];
    int32_t codes[3];
    struct arpq_handle *h;

    hosts_forget();
    sh("ip neigh add 10.1.0.201 dev v0 use nud none; ip neigh add 10.1.0.203 dev v0 nud failed");
    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_int_equal(arpq_resolve_many(h, dead, 3, 0, NULL, neighs, codes), 0);
    arpq_close(h);
    assert_int_equal(codes[0], -EHOSTUNREACH);
    assert_int_equal(codes[1], -EHOSTUNREACH);
    assert_int_equal(codes[2], -EHOSTUNREACH);
    assert_int_equal(sh_status("ip neigh get 10.1.0.201 dev v0"), 0);
    assert_int_equal(sh_status("ip neigh get 10.1.0.203 dev v0"), 0);
    assert_int_not_equal(sh_status("ip neigh get 10.1.0.202 dev v0"), 0);
}

static void test_odd_ones_among_them(void **state)
{
    const struct arpq_ip mixed[] = {ip_of("10.1.0.5"),  {.family = AF_UNIX}, ip_of("192.0.2.1"),
                                    ip_of("10.1.0.5"),  ip_of("fd01::2"),    ip_of("0.0.0.0"),
                                    ip_of("10.1.0.255")};
    const int wanted[] = {0, -EAFNOSUPPORT, -ENETUNREACH, 0, 0, -EINVAL, 0};
    struct arpq_neigh neighs[7];
    int32_t codes[7];
    struct arpq_handle *h;

    hosts_forget();
    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_int_equal(arpq_resolve_many(h, mixed, 7, 0, NULL, neighs, codes), 4);
    for (int i = 0; i < 7; i++) {
        assert_int_equal(codes[i], wanted[i]);
        assert_int_equal(is_all_zero(&neighs[i], sizeof neighs[i]), wanted[i] != 0);
    }
    assert_int_equal(arpq_resolve_many(h, mixed, 7, 0, NULL, neighs, NULL), 4);
    assert_int_equal(arpq_resolve_many(h, NULL, 0, 0, NULL, NULL, NULL), 0);
    assert_int_equal(arpq_resolve_many(h, NULL, 1, 0, NULL, neighs, codes), -EINVAL);
    assert_int_equal(arpq_resolve_many(h, mixed, 1, 0, NULL, NULL, codes), -EINVAL);
    assert_int_equal(arpq_resolve_many(NULL, mixed, 1, 0, NULL, neighs, codes), -EINVAL);
    assert_int_equal(codes[0], -EINVAL);
    arpq_close(h);
}

static void test_bad_options(void **state)
{
    const struct arpq_resolve_options bad[] = {
        {.size = 4},
        {.size = sizeof bad[0], .flags = 0x80},
        {.size = sizeof bad[0], .window = 65537},
        {.size = sizeof bad[0], .reserved = {0, 0, 1}},
    };
    struct arpq_resolver *resolver;
    struct arpq_handle *h;

    assert_int_equal(arpq_open(&h, NULL), 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        resolver = (void *)h;
        assert_int_equal(arpq_resolver_open(h, &resolver, &bad[i]), -EINVAL);
        assert_null(resolver);
    }
    assert_int_equal(arpq_resolver_open(NULL, &resolver, NULL), -EINVAL);
    assert_int_equal(arpq_resolver_open(h, NULL, NULL), -EINVAL);
    arpq_resolver_close(NULL);
    assert_int_equal(arpq_resolver_fd(NULL), -EINVAL);
    assert_int_equal(arpq_resolver_pending(NULL), 0);
    arpq_close(h);
}

/* ---- Confirming ---- */

static const struct arpq_resolve_options revalidate = {.size = sizeof revalidate,
                                                       .flags = ARPQ_RESOLVE_REVALIDATE};

/* STALE entries of a machine that still has its MAC, of one that has another MAC now, and of one
 * that is gone. The queries run at the same time, because unprivileged callers have to wait for the
 * kernel. */
static void test_stale(void **state)
{
    static const char *const rows[] = {"10.1.0.31", "10.1.0.32", "10.1.0.231"};
    const struct arpq_mac other = mac_of(OTHER_MAC);

    for (int privileged = 0; privileged < 2; privileged++) {
        struct query query = {.options = &revalidate, .timeout_ms = 0};
        struct query_process processes[3];
        struct answer answer;

        hosts_forget();
        sh("ip neigh replace 10.1.0.31 lladdr 02:00:5e:00:53:02 dev v0 nud stale;"
           "ip neigh replace 10.1.0.32 lladdr " OTHER_MAC " dev v0 nud stale;"
           "ip neigh replace 10.1.0.231 lladdr " OTHER_MAC " dev v0 nud stale;"
           "ip neigh replace 10.1.0.33 lladdr " OTHER_MAC " dev v0 nud permanent");
        for (int i = 0; i < 3; i++) {
            query.ip = rows[i];
            processes[i] = query_start(privileged, &query);
        }
        for (int i = 0; i < 3; i++) {
            answer = query_end(&processes[i]);
            assert_int_equal(answer.code, i == 2 ? -EHOSTUNREACH : 0);
            if (i < 2)
                assert_int_equal(arpq_mac_compare(&answer.neigh.mac, &hosts.far_mac), 0);
            if (i < 2)
                assert_int_equal(answer.neigh.state, ARPQ_STATE_REACHABLE);
            assert_true(answer.ms < DELAY_MS + 3 * VERDICT_MS + patience(2500));
            if (privileged && i == 0)
                assert_true(answer.ms < patience(500));
        }
        query.ip = "10.1.0.33";
        answer = query_run(privileged, &query);
        assert_int_equal(answer.code, 0);
        assert_int_equal(arpq_mac_compare(&answer.neigh.mac, &other), 0);
    }
}

/* The time ends before the kernel has an answer: without privilege it has sent no request yet. */
static void test_not_confirmed(void **state)
{
    struct arpq_resolve_options options = revalidate;
    const struct query query = {.ip = "10.1.0.231", .options = &options};

    options.answer_ms = 300;
    sh("echo 20000 >/proc/sys/net/ipv4/neigh/v0/retrans_time_ms"); /* the verdict comes later */
    for (int privileged = 0; privileged < 2; privileged++) {
        struct answer answer;

        hosts_forget();
        sh("ip neigh replace 10.1.0.231 lladdr " OTHER_MAC " dev v0 nud stale");
        answer = query_run(privileged, &query);
        assert_int_equal(answer.code, -EAGAIN);
        assert_between(answer.ms, 299, patience(2000));
        assert_int_equal(sh_status("ip neigh show 10.1.0.231 dev v0 | grep 'DELAY\\|PROBE'"), 0);
    }
    sh("echo %u >/proc/sys/net/ipv4/neigh/v0/retrans_time_ms", VERDICT_MS / 3);
}

/* Without REVALIDATE the MAC of a STALE entry is an answer. Confirmation keeps the flags of an
 * entry. */
static void test_stale_believed(void **state)
{
    const struct query query = {.ip = "10.1.0.32", .timeout_ms = 1000};
    const struct query router = {.ip = "fd01::2", .options = &revalidate};
    const struct arpq_mac other = mac_of(OTHER_MAC);
    struct answer answer;

    hosts_forget();
    sh("ip neigh replace 10.1.0.32 lladdr " OTHER_MAC " dev v0 nud stale;"
       "ip neigh replace fd01::2 lladdr 02:00:5e:00:53:02 dev v0 nud stale router extern_learn");
    answer = query_run(true, &query);
    assert_int_equal(answer.code, 0);
    assert_int_equal(arpq_mac_compare(&answer.neigh.mac, &other), 0);
    answer = query_run(true, &router);
    assert_int_equal(answer.code, 0);
    assert_int_equal(answer.neigh.state, ARPQ_STATE_REACHABLE);
    assert_true(answer.neigh.flags & ARPQ_NEIGH_EXT_LEARNED);
}

static void test_age(void **state)
{
    const struct arpq_resolve_options young = {.size = sizeof young, .max_age_ms = 100};
    const struct query query = {.ip = "10.1.0.34", .options = &young};
    const struct query known = {.ip = "10.1.0.34", .timeout_ms = 1000};
    struct answer answer;

    hosts_forget();
    answer = query_run(true, &known);
    assert_int_equal(answer.code, 0);
    sleep_ms(300);
    answer = query_run(false, &query);
    assert_int_equal(answer.code, 0);
    answer = query_run(true, &known);
    assert_between(answer.neigh.confirmed_ms, 200, 60000);
    answer = query_run(true, &query);
    assert_int_equal(answer.code, 0);
    assert_int_equal(answer.neigh.state, ARPQ_STATE_REACHABLE);
    assert_true(answer.neigh.confirmed_ms <= 100);
}

/* ---- Resolvers ---- */

static void test_event_loop(void **state)
{
    const struct arpq_resolve_options options = {.size = sizeof options, .answer_ms = 3000};
    const struct arpq_ip own = ip_of("10.1.0.1");
    struct arpq_resolver *resolver;
    struct arpq_resolved resolved;
    bool done[ALL] = {false};
    unsigned count = 0;
    struct pollfd fd;
    struct arpq_handle *h;

    hosts_forget();
    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_int_equal(arpq_resolver_open(h, &resolver, &options), 0);
    fd = (struct pollfd){.fd = arpq_resolver_fd(resolver), .events = POLLIN};
    assert_int_equal(poll(&fd, 1, 0), 0);
    assert_int_equal(arpq_resolver_next(resolver, &resolved, -1), -ENODATA);
    for (unsigned i = 0; i < ALL; i++)
        assert_int_equal(arpq_resolver_add(resolver, &ips[i], 0, i), 0);
    assert_int_equal(arpq_resolver_pending(resolver), ALL);
    while (count < ALL) {
        assert_int_equal(poll(&fd, 1, 2000), 1);
        while (arpq_resolver_next(resolver, &resolved, 0) == 1) {
            assert_true(resolved.token < ALL);
            assert_false(done[resolved.token]);
            done[resolved.token] = true;
            assert_int_equal(check((unsigned)resolved.token, resolved.code, &resolved.neigh), 0);
            assert_memory_equal(&resolved.ip, &ips[resolved.token], sizeof resolved.ip);
            assert_true(resolved.took_us < 3100000);
            assert_true(resolved.code == 0 || resolved.took_us >= VERDICT_MS * 500);
            count++;
        }
        assert_true(is_all_zero(&resolved, sizeof resolved));
    }
    assert_int_equal(arpq_resolver_pending(resolver), 0);
    /* The resolver is idle and can be used again. */
    assert_int_equal(poll(&fd, 1, 20), 0);
    assert_int_equal(arpq_resolver_add(resolver, &own, hosts.v0, 7), 0);
    assert_int_equal(poll(&fd, 1, 1000), 1);
    assert_int_equal(arpq_resolver_next(resolver, &resolved, 0), 1);
    assert_int_equal(resolved.token, 7);
    assert_int_equal(resolved.neigh.flags, ARPQ_NEIGH_LOCAL);
    assert_int_equal(resolved.ifindex, hosts.v0);
    assert_int_equal(arpq_resolver_add(resolver, NULL, 0, 7), -EINVAL);
    assert_int_equal(arpq_resolver_next(resolver, NULL, 0), -EINVAL);
    assert_int_equal(arpq_resolver_next(resolver, &resolved, -2), -EINVAL);
    arpq_resolver_close(resolver);
    arpq_close(h);
}

/* A resolver that is closed early removes the entries that it created. In a child, closing only
 * frees memory. */
static void test_close(void **state)
{
    unsigned descriptors = open_descriptors();
    /* ip(8) is called until all entries are there, and none may be given up meanwhile. */
    const struct arpq_resolve_options options = {.size = sizeof options,
                                                 .answer_ms = patience(5000)};
    struct arpq_resolver *resolver;
    struct arpq_resolved resolved;
    struct arpq_handle *h;
    pid_t pid;

    hosts_forget();
    sh("echo 20000 >/proc/sys/net/ipv4/neigh/v0/retrans_time_ms");
    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_int_equal(arpq_resolver_open(h, &resolver, &options), 0);
    for (unsigned i = LIVE; i < ALL; i++)
        assert_int_equal(arpq_resolver_add(resolver, &ips[i], 0, i), 0);
    for (int i = 0; i < 100 && entries() < ALL - LIVE; i++)
        assert_int_equal(arpq_resolver_next(resolver, &resolved, i), 0);
    assert_int_equal(entries(), ALL - LIVE);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        arpq_resolver_close(resolver);
        arpq_close(h);
        _exit(0);
    }
    assert_ended_well(pid);
    assert_int_equal(entries(), ALL - LIVE);
    arpq_resolver_close(resolver);
    assert_int_equal(entries(), 0);
    arpq_close(h);
    sh("echo %u >/proc/sys/net/ipv4/neigh/v0/retrans_time_ms", VERDICT_MS / 3);
    assert_int_equal(open_descriptors(), descriptors);
}

/* Several resolvers for the same address, and an address that is added twice. */
static void test_same_address(void **state)
{
    struct arpq_resolver *resolver;
    struct arpq_resolved resolved;
    const struct arpq_ip dead = ip_of(DEAD);
    unsigned seen = 0;
    struct arpq_handle *h;

    hosts_forget();
    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_int_equal(arpq_resolver_open(h, &resolver, NULL), 0);
    for (int round = 0; round < 2; round++) {
        for (unsigned i = 0; i < 3; i++)
            assert_int_equal(arpq_resolver_add(resolver, &dead, 0, i), 0);
        for (seen = 0; arpq_resolver_next(resolver, &resolved, -1) == 1;) {
            assert_int_equal(resolved.code, -EHOSTUNREACH);
            assert_between(resolved.took_us, VERDICT_MS * 500, patience(3000000));
            seen |= 1u << resolved.token;
        }
        assert_int_equal(seen, 7);
    }
    arpq_resolver_close(resolver);
    arpq_close(h);
}

/* ---- Lost events ---- */

/* Find the event socket among the sockets of this process. */
static int event_socket(void)
{
    for (int fd = 255; fd > 2; fd--) {
        struct sockaddr_nl address = {0};
        socklen_t size = sizeof address;

        if (getsockname(fd, (struct sockaddr *)&address, &size) == 0 &&
            address.nl_family == AF_NETLINK && address.nl_groups == 4)
            return fd;
    }
    fail();
    return -1;
}

/* With a small buffer most events are lost. The resolver still returns every answer. */
static void test_overrun(void **state)
{
    struct arpq_resolver *resolver;
    struct arpq_resolved resolved;
    unsigned count = 0;
    struct arpq_handle *h;
    int small = 1;

    hosts_forget();
    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_int_equal(arpq_resolver_open(h, &resolver, NULL), 0);
    assert_int_equal(setsockopt(event_socket(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    for (unsigned i = 0; i < ALL; i++)
        assert_int_equal(arpq_resolver_add(resolver, &ips[i], 0, i), 0);
    while (arpq_resolver_next(resolver, &resolved, -1) == 1) {
        assert_int_equal(check((unsigned)resolved.token, resolved.code, &resolved.neigh), 0);
        assert_true(resolved.took_us < (VERDICT_MS + patience(1500)) * 1000);
        count++;
    }
    assert_int_equal(count, ALL);
    arpq_resolver_close(resolver);
    arpq_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_at_once),
        cmocka_unit_test(test_small_window),
        cmocka_unit_test(test_entries_of_others),
        cmocka_unit_test(test_odd_ones_among_them),
        cmocka_unit_test(test_bad_options),
        cmocka_unit_test(test_stale),
        cmocka_unit_test(test_not_confirmed),
        cmocka_unit_test(test_stale_believed),
        cmocka_unit_test(test_age),
        cmocka_unit_test(test_event_loop),
        cmocka_unit_test(test_close),
        cmocka_unit_test(test_same_address),
        cmocka_unit_test(test_overrun),
    };

    return cmocka_run_group_tests(tests, set_up, hosts_tear_down);
}
