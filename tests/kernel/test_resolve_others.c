/* SPDX-License-Identifier: MIT */
/* Other processes change the entries of a resolver, and the resolver does not remove entries that
 * they need. */
#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/resolve.h"
#include "process.h"

#define DEAD_OF_MANY "10.1.0.201"
#define FLOOD_US 100u
#define FLOOD_MS 10000u
#define GIVES_UP_MS 500      /* a query that gives up before the kernel does */
#define LATE_VERDICT_MS 6000 /* of the kernel */

static bool has_entry(const char *how)
{
    return sh_status("ip neigh show dev v0 nud all | grep -q '^%s.*%s'", DEAD_OF_MANY, how) == 0;
}

static void send_datagram(const char *to)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = 9};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    assert_true(fd >= 0);
    assert_int_equal(inet_pton(AF_INET, to, &address.sin_addr), 1);
    assert_int_equal(sendto(fd, "", 1, 0, (struct sockaddr *)&address, sizeof address), 1);
    close(fd);
}

/* Another process has set the entry, and the resolver is closed before it reads the event. The
 * entry stays. */
static void test_known_when_closed(void **state)
{
    const struct arpq_ip ip = ip_of(DEAD_OF_MANY);
    struct arpq_resolver *resolver;
    struct arpq_resolved resolved;
    struct arpq_handle *h;

    hosts_set_verdict(LATE_VERDICT_MS);
    hosts_forget();
    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_int_equal(arpq_resolver_open(h, &resolver, NULL), 0);
    assert_int_equal(arpq_resolver_add(resolver, &ip, 0, 0), 0);
    assert_int_equal(arpq_resolver_next(resolver, &resolved, 0), 0);
    assert_true(has_entry("INCOMPLETE"));
    sh("ip neigh replace %s lladdr 02:00:5e:00:53:99 dev v0 nud permanent", DEAD_OF_MANY);
    arpq_resolver_close(resolver);
    assert_true(has_entry("PERMANENT"));
    sh("ip neigh del %s dev v0", DEAD_OF_MANY);
    arpq_close(h);
}

/* A packet of another program waits for the address to be resolved, so the entry stays and the
 * kernel keeps sending requests. */
static void test_used_by_others(void **state)
{
    const struct arpq_resolve_options options = {.size = sizeof options, .answer_ms = GIVES_UP_MS};
    const struct arpq_ip ip = ip_of(DEAD_OF_MANY);
    struct arpq_resolver *resolver;
    struct arpq_resolved resolved;
    struct arpq_handle *h;

    hosts_set_verdict(LATE_VERDICT_MS);
    for (int used = 0; used < 2; used++) {
        hosts_forget();
        assert_int_equal(arpq_open(&h, NULL), 0);
        assert_int_equal(arpq_resolver_open(h, &resolver, &options), 0);
        assert_int_equal(arpq_resolver_add(resolver, &ip, 0, 0), 0);
        assert_int_equal(arpq_resolver_next(resolver, &resolved, 60), 0);
        if (used)
            send_datagram(DEAD_OF_MANY);
        assert_int_equal(arpq_resolver_next(resolver, &resolved, -1), 1);
        assert_int_equal(resolved.code, -EHOSTUNREACH);
        assert_int_equal(has_entry("INCOMPLETE"), used);
        arpq_resolver_close(resolver);
        arpq_close(h);
    }
}

/* The query that gives up first leaves the entry to the second query, which removes the entry. */
static void test_one_after_another(void **state)
{
    const struct arpq_resolve_options options = {.size = sizeof options,
                                                 .answer_ms = 2 * GIVES_UP_MS};
    const struct arpq_ip ip = ip_of(DEAD_OF_MANY);
    struct arpq_resolver *resolver;
    struct arpq_resolved resolved;
    struct arpq_handle *h;

    hosts_set_verdict(LATE_VERDICT_MS);
    hosts_forget();
    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_int_equal(arpq_resolver_open(h, &resolver, &options), 0);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(arpq_resolver_add(resolver, &ip, 0, i), 0);
        assert_int_equal(arpq_resolver_next(resolver, &resolved, i == 0 ? GIVES_UP_MS : 0), 0);
    }
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(arpq_resolver_next(resolver, &resolved, -1), 1);
        assert_int_equal(resolved.token, i);
        assert_int_equal(resolved.code, -EHOSTUNREACH);
        assert_int_equal(has_entry("INCOMPLETE"), i == 0);
    }
    assert_false(has_entry(""));
    arpq_resolver_close(resolver);
    arpq_close(h);
}

/* An entry is removed during its resolution, and another address takes its place in the window.
 * When the timeout of the first address has passed, its result is not "no room in the table". */
static void test_place_lost(void **state)
{
    const struct arpq_resolve_options options = {
        .size = sizeof options, .answer_ms = GIVES_UP_MS, .window = 1};
    const struct arpq_ip ips[] = {ip_of(DEAD_OF_MANY), ip_of(DEAD)};
    struct arpq_resolver *resolver;
    struct arpq_resolved resolved;
    unsigned seen = 0; /* a machine that stops for long lets both time out at once */
    struct arpq_handle *h;

    hosts_set_verdict(LATE_VERDICT_MS);
    hosts_forget();
    sh("ip neigh add %s dev v0 use nud none; ip neigh add %s dev v0 nud failed", DEAD_OF_MANY,
       DEAD);
    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_int_equal(arpq_resolver_open(h, &resolver, &options), 0);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(arpq_resolver_add(resolver, &ips[i], 0, i), 0);
    assert_int_equal(arpq_resolver_next(resolver, &resolved, 20), 0);
    sh("ip neigh del %s dev v0", DEAD_OF_MANY);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(arpq_resolver_next(resolver, &resolved, -1), 1);
        assert_int_equal(resolved.code, -EHOSTUNREACH);
        seen |= 1u << resolved.token;
    }
    assert_int_equal(seen, 3);
    arpq_resolver_close(resolver);
    arpq_close(h);
}

/* A process that keeps sending to an address without a machine. */
static pid_t flood(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        const struct arpq_ip ip = ip_of(DEAD_OF_MANY);
        int fd = socket(AF_INET, SOCK_DGRAM, 0);
        uint64_t end = now_ms() + FLOOD_MS;
        struct sockaddr_storage to;
        socklen_t size = (socklen_t)arpq_ip_to_sockaddr(&ip, 9, &to);

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        while (now_ms() < end) {
            (void)sendto(fd, "", 0, MSG_DONTWAIT, (struct sockaddr *)&to, size);
            usleep(FLOOD_US);
        }
        _exit(0);
    }
    assert_true(pid > 0);
    return pid;
}

/* Whenever the kernel gives up, the process makes it try again at once. The library handles this as
 * if the kernel did not try again. */
static void test_tried_again_and_again(void **state)
{
    const struct query query = {.ip = DEAD_OF_MANY, .timeout_ms = -1};

    hosts_set_verdict(VERDICT_MS);
    for (int privileged = 0; privileged < 2; privileged++) {
        struct answer answer;
        pid_t pid;

        hosts_forget();
        pid = flood();
        answer = query_run(privileged, &query);
        child_end(&pid);
        assert_int_equal(answer.code, -EHOSTUNREACH);
        assert_true(answer.ms < VERDICT_MS + patience(1500));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_when_closed),     cmocka_unit_test(test_used_by_others),
        cmocka_unit_test(test_one_after_another),     cmocka_unit_test(test_place_lost),
        cmocka_unit_test(test_tried_again_and_again),
    };

    return cmocka_run_group_tests(tests, hosts_set_up, hosts_tear_down);
}
