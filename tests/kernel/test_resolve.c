/* SPDX-License-Identifier: MIT */
/* One address at a time: the answer is the same with and without privileges. */
#include "test.h"

#include <pthread.h>
#include <unistd.h>

#include "kernel/neigh.h"
#include "kernel/resolve.h"
#include "process.h"

/* The tolerated delay of a call; a busy machine may exceed it now and then. */
#define LATE_MS (is_slow() ? 1000u : 50u)
#define TRIES 10

static void assert_far(const struct answer *answer, const char *ip)
{
    const struct arpq_ip wanted = ip_of(ip);

    assert_int_equal(answer->code, 0);
    assert_int_equal(arpq_mac_compare(&answer->neigh.mac, &hosts.far_mac), 0);
    assert_memory_equal(answer->neigh.ip.bytes, wanted.bytes, sizeof wanted.bytes);
    assert_int_equal(answer->neigh.ifindex, hosts.v0);
    assert_int_equal(answer->neigh.state, ARPQ_STATE_REACHABLE);
    assert_int_equal(answer->neigh.mac.type, 1);
}

static void assert_code(const struct answer *answer, int code)
{
    assert_int_equal(answer->code, code);
    if (code < 0)
        assert_true(is_all_zero(&answer->neigh, sizeof answer->neigh));
}

static void test_live(void **state)
{
    for (int privileged = 0; privileged < 2; privileged++) {
        const struct query v4 = {.ip = "10.1.0.2", .timeout_ms = 2000};
        const struct query named = {.ip = "10.1.0.3", .ifindex = hosts.v0, .timeout_ms = -1};
        const struct query v6 = {.ip = "fd01::2", .timeout_ms = 2000};
        const struct query mapped = {.ip = "::ffff:10.1.0.4", .timeout_ms = 0};
        struct answer answer;

        hosts_forget();
        answer = query_run(privileged, &v4);
        assert_far(&answer, "10.1.0.2");
        answer = query_run(privileged, &named);
        assert_far(&answer, "10.1.0.3");
        answer = query_run(privileged, &v6);
        assert_far(&answer, "fd01::2");
        /* On this link the answer has already arrived when the request has been sent, unless the
         * kernel is busy. */
        for (int i = 0; i < TRIES; i++) {
            hosts_forget();
            answer = query_run(privileged, &mapped);
            if (answer.code != -EAGAIN)
                break;
        }
        assert_far(&answer, "10.1.0.4");
    }
}

static void test_link_local(void **state)
{
    const struct query query = {.ip = "fe80::53", .ifindex = hosts.v0, .timeout_ms = 2000};

    netns_sh(&hosts.far, "ip addr add fe80::53/64 dev v1 nodad");
    sh("ip addr add fe80::99/64 dev v0 nodad");
    for (int privileged = 0; privileged < 2; privileged++) {
        struct answer answer;

        hosts_forget();
        answer = query_run(privileged, &query);
        assert_far(&answer, query.ip);
        assert_int_equal(answer.neigh.ip.scope, hosts.v0);
    }
}

static void test_answered_at_once(void **state)
{
    static const struct {
        const char *ip;
        uint32_t flag;
    } rows[] = {{"10.1.0.1", ARPQ_NEIGH_LOCAL},
                {"10.1.0.255", ARPQ_NEIGH_BROADCAST},
                {"224.0.0.9", ARPQ_NEIGH_MULTICAST},
                {"127.0.0.1", ARPQ_NEIGH_LOCAL}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct query query = {.ip = rows[i].ip, .timeout_ms = -1};
        struct answer answer = query_run(false, &query);

        assert_int_equal(answer.code, 0);
        assert_int_equal(answer.neigh.flags, rows[i].flag);
    }
}

static void test_dead(void **state)
{
    static const char *const ips[] = {DEAD, DEAD6};

    for (int at = 0; at < 4; at++) {
        const struct query query = {.ip = ips[at % 2], .timeout_ms = 150};
        uint64_t best = UINT64_MAX;

        for (int i = 0; i < TRIES && best > 150 + LATE_MS; i++) {
            struct answer answer;

            hosts_forget();
            answer = query_run(at / 2, &query);
            assert_code(&answer, -EHOSTUNREACH);
            assert_true(answer.ms >= 149);
            best = answer.ms < best ? answer.ms : best;
        }
        assert_true(best <= 150 + LATE_MS);
    }
}

static void test_verdict_of_the_kernel(void **state)
{
    static const char *const ips[] = {DEAD, DEAD6};
    struct query_process processes[4];

    hosts_forget();
    for (int at = 0; at < 4; at++) {
        const struct query query = {.ip = ips[at % 2], .timeout_ms = at / 2 ? -1 : 20000};

        processes[at] = query_start(at / 2, &query);
    }
    for (int at = 0; at < 4; at++) {
        struct answer answer = query_end(&processes[at]);

        assert_code(&answer, -EHOSTUNREACH);
        assert_between(answer.ms, VERDICT_MS / 2, VERDICT_MS + patience(1500));
    }
}

static void test_failed_before(void **state)
{
    for (int privileged = 0; privileged < 2; privileged++) {
        const struct query query = {.ip = DEAD, .timeout_ms = -1};
        struct answer answer;

        hosts_forget();
        answer = query_run(privileged, &query);
        assert_code(&answer, -EHOSTUNREACH);
        netns_sh(&hosts.far, "ip addr add " DEAD "/24 dev v1");
        answer = query_run(privileged, &query);
        netns_sh(&hosts.far, "ip addr del " DEAD "/24 dev v1");
        assert_far(&answer, DEAD);
    }
}

static void test_not_waiting(void **state)
{
    for (int privileged = 0; privileged < 2; privileged++) {
        const struct query query = {.ip = DEAD, .timeout_ms = 0};
        struct answer answer;

        hosts_forget();
        for (int i = 0; i < 2; i++) {
            answer = query_run(privileged, &query);
            assert_code(&answer, -EAGAIN);
        }
    }
}

/* The kernel goes on with the resolution that the call has started. */
static void test_started(void **state)
{
    static const uint32_t flags[] = {0, ARPQ_RESOLVE_REVALIDATE};

    hosts_set_verdict(30000);
    for (int at = 0; at < 4; at++) {
        const struct query query = {.ip = DEAD, .timeout_ms = 0, .flags = flags[at % 2]};
        struct answer answer;

        hosts_forget();
        answer = query_run(at / 2, &query);
        assert_code(&answer, -EAGAIN);
        sh("ip neigh show to " DEAD " nud all | grep -q INCOMPLETE");
    }
    hosts_set_verdict(VERDICT_MS);
}

static void test_elsewhere(void **state)
{
    for (int privileged = 0; privileged < 2; privileged++) {
        const struct query off = {.ip = "192.0.2.9", .timeout_ms = -1};
        const struct query off6 = {.ip = "2001:db8::9", .timeout_ms = -1};
        const struct query gone = {.ip = "10.1.0.2", .ifindex = 9999, .timeout_ms = -1};
        const struct query named = {.ip = "192.0.2.9", .ifindex = hosts.v0, .timeout_ms = -1};
        const struct query gateway = {
            .ip = "192.0.2.9", .timeout_ms = -1, .flags = ARPQ_RESOLVE_VIA_GATEWAY};
        struct answer answer = query_run(privileged, &off);

        assert_code(&answer, -ENETUNREACH);
        answer = query_run(privileged, &off6);
        assert_code(&answer, -ENETUNREACH);
        answer = query_run(privileged, &gone);
        assert_code(&answer, -ENODEV);
        /* The address is resolved on the link although the route leads to a gateway. */
        sh("ip route add default via 10.1.0.7");
        hosts_forget();
        answer = query_run(privileged, &named);
        assert_code(&answer, -EHOSTUNREACH);
        answer = query_run(privileged, &off);
        assert_code(&answer, -ENETUNREACH);
        answer = query_run(privileged, &gateway);
        assert_far(&answer, "10.1.0.7");
        assert_true(answer.neigh.flags & ARPQ_NEIGH_GATEWAY);
        sh("ip route del default");
    }
}

static void test_links_that_resolve_nothing(void **state)
{
    sh("ip link add n0 type veth peer name n1; ip link set n0 arp off; ip link set n0 up;"
       "ip link set n1 up; ip addr add 10.2.0.1/24 dev n0;"
       "ip link add d0 type veth peer name d1; ip addr add 10.3.0.1/24 dev d0");
    for (int privileged = 0; privileged < 2; privileged++) {
        const struct query noarp = {.ip = "10.2.0.2", .timeout_ms = -1};
        const struct query lo = {.ip = "10.1.0.2", .ifindex = ifindex_of("lo"), .timeout_ms = -1};
        const struct query down = {.ip = "10.3.0.2", .ifindex = ifindex_of("d0"), .timeout_ms = -1};
        const struct query chosen = {.ip = "10.3.0.2", .timeout_ms = -1};
        struct answer answer = query_run(privileged, &noarp);

        assert_code(&answer, -EOPNOTSUPP);
        answer = query_run(privileged, &lo);
        assert_code(&answer, -EOPNOTSUPP);
        answer = query_run(privileged, &down);
        assert_code(&answer, -ENETDOWN);
        answer = query_run(privileged, &chosen);
        assert_code(&answer, -ENETUNREACH);
    }
    sh("ip link del n0; ip link del d0");
}

/* A link on which the kernel gives up after 30 s. */
static void add_patient_link(void)
{
    sh("ip link add m0 type veth peer name m1; ip addr add 10.4.0.1/24 dev m0;"
       "echo 10000 > /proc/sys/net/ipv4/neigh/m0/retrans_time_ms;"
       "ip link set m0 up; ip link set m1 up");
}

static void await_request(const char *ip)
{
    sh("until ip neigh show to %s nud all | grep -q INCOMPLETE; do sleep 0.02; done", ip);
}

/* If the link goes down during the wait, the wait ends with an error. */
static void test_interface_down(void **state)
{
    struct query_process processes[4];

    add_patient_link();
    for (int at = 0; at < 4; at++) {
        const struct query query = {
            .ip = "10.4.0.2", .ifindex = at % 2 ? ifindex_of("m0") : 0, .timeout_ms = 20000};

        processes[at] = query_start(at / 2, &query);
    }
    await_request("10.4.0.2");
    sleep_ms((long)patience(300)); /* the request is of one process, the other three wait too */
    sh("ip link set m0 down");
    for (int at = 0; at < 4; at++) {
        struct answer answer = query_end(&processes[at]);

        assert_code(&answer, at % 2 ? -ENETDOWN : -ENETUNREACH);
        assert_true(answer.ms < 15000);
    }
    sh("ip link del m0");
}

/* The link goes down before it is removed, so either error is possible. */
static void test_interface_deleted(void **state)
{
    struct query_process process;
    struct answer answer;
    struct query query = {.ip = "10.4.0.2", .timeout_ms = 20000};

    add_patient_link();
    query.ifindex = ifindex_of("m0");
    process = query_start(false, &query);
    await_request("10.4.0.2");
    sh("ip link del m0");
    answer = query_end(&process);
    assert_true(answer.code == -ENODEV || answer.code == -ENETDOWN);
    assert_true(answer.ms < 15000);
}

/* Another process removes the entry, and the library requests it again. */
static void test_entry_removed(void **state)
{
    for (int privileged = 0; privileged < 2; privileged++) {
        const struct query query = {.ip = DEAD, .timeout_ms = 20000};
        struct answer answer;
        struct query_process process;

        hosts_forget();
        hosts_set_verdict(30000);
        process = query_start(privileged, &query);
        await_request(DEAD);
        netns_sh(&hosts.far, "ip addr add " DEAD "/24 dev v1");
        sh("ip neigh del " DEAD " dev v0");
        answer = query_end(&process);
        netns_sh(&hosts.far, "ip addr del " DEAD "/24 dev v1");
        hosts_set_verdict(VERDICT_MS);
        assert_far(&answer, DEAD);
    }
}

/* Without a link-local address the kernel asks only with the source of a packet. */
static void test_no_link_local(void **state)
{
    const struct arpq_resolve_options options = {.size = sizeof options, .answer_ms = 5000};
    struct query query = {.ip = "fd01::2", .ifindex = hosts.v0, .timeout_ms = 5000};

    sh("ip addr flush dev v0 scope link");
    for (int privileged = 0; privileged < 2; privileged++)
        for (int many = 0; many < 2; many++) {
            struct answer answer;

            hosts_forget();
            query.options = many ? &options : NULL;
            answer = query_run(privileged, &query);
            assert_far(&answer, "fd01::2");
        }
    sh("ip addr add fe80::1/64 dev v0 nodad");
}

/* Policy rules do not apply to netlink requests, but they apply to datagrams. */
static void test_prohibited(void **state)
{
    const struct query query = {.ip = "fd01::2", .ifindex = hosts.v0, .timeout_ms = 2000};
    struct answer answer;

    hosts_forget();
    sh("ip -6 rule add to fd01::2 prohibit prio 1");
    answer = query_run(false, &query);
    assert_code(&answer, -EPERM);
    answer = query_run(true, &query);
    assert_far(&answer, "fd01::2");
    sh("ip -6 rule del prio 1");
}

static void test_other_namespace(void **state)
{
    const struct arpq_options options = {
        .size = sizeof options, .flags = ARPQ_OPEN_IN_NETNS, .netns_fd = hosts.far.fd};
    const struct arpq_ip live = ip_of("10.1.0.1"), dead = ip_of(DEAD);
    struct arpq_neigh neigh;
    struct arpq_handle *h;

    netns_sh(&hosts.far, "ip neigh flush dev v1");
    assert_int_equal(arpq_open(&h, &options), 0);
    assert_int_equal(arpq_resolve(h, &live, 0, 0, 2000, &neigh), 0);
    assert_int_equal(neigh.mac.length, 6);
    assert_int_equal(arpq_resolve(h, &dead, 0, 0, 100, &neigh), -EHOSTUNREACH);
    arpq_close(h);
}

static void test_bad_arguments(void **state)
{
    const struct arpq_ip ip = ip_of("10.1.0.2");
    struct arpq_ip none = {0};
    struct arpq_neigh neigh;
    struct arpq_handle *h;

    assert_int_equal(arpq_open(&h, NULL), 0);
    assert_int_equal(arpq_resolve(NULL, &ip, 0, 0, 0, &neigh), -EINVAL);
    assert_int_equal(arpq_resolve(h, NULL, 0, 0, 0, &neigh), -EINVAL);
    assert_int_equal(arpq_resolve(h, &ip, 0, 0, 0, NULL), -EINVAL);
    assert_int_equal(arpq_resolve(h, &ip, 0, 0, -2, &neigh), -EINVAL);
    assert_int_equal(arpq_resolve(h, &ip, UINT32_MAX, 0, 0, &neigh), -EINVAL);
    assert_int_equal(arpq_resolve(h, &none, 0, 0, 0, &neigh), -EAFNOSUPPORT);
    assert_true(is_all_zero(&neigh, sizeof neigh));
    arpq_close(h);
}

/* ---- One handle ---- */

static struct arpq_handle *shared;

static void *resolve_some(void *context)
{
    const char *const *ips = context;
    struct arpq_neigh neigh;

    for (int i = 0; i < 2; i++) {
        const struct arpq_ip ip = ip_of(ips[i]);
        int code = arpq_resolve(shared, &ip, 0, 0, 100, &neigh);

        if (code != (i ? -EHOSTUNREACH : 0))
            return context;
    }
    return NULL;
}

#define THREADS 8

static void test_threads(void **state)
{
    char texts[THREADS][2][24];
    const char *ips[THREADS][2];
    pthread_t threads[THREADS];
    unsigned descriptors;
    void *wrong;

    hosts_forget();
    descriptors = open_descriptors();
    assert_int_equal(arpq_open(&shared, NULL), 0);
    for (int i = 0; i < THREADS; i++) {
        snprintf(texts[i][0], sizeof texts[i][0], "10.1.0.%d", 10 + i);
        snprintf(texts[i][1], sizeof texts[i][1], "10.1.0.%d", 210 + i / 2);
        ips[i][0] = texts[i][0];
        ips[i][1] = texts[i][1];
        assert_int_equal(pthread_create(&threads[i], NULL, resolve_some, ips[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
    arpq_close(shared);
    assert_int_equal(open_descriptors(), descriptors);
}

static int resolve_two(void)
{
    const struct arpq_ip live = ip_of("10.1.0.20"), dead = ip_of(DEAD);
    struct arpq_neigh neigh;
    int code = arpq_resolve(shared, &live, 0, 0, 1000, &neigh);

    return code == 0 ? arpq_resolve(shared, &dead, 0, 0, 100, &neigh) : code;
}

static void test_fork(void **state)
{
    assert_int_equal(arpq_open(&shared, NULL), 0);
    for (int i = 0; i < 3; i++) {
        pid_t pid;

        hosts_forget();
        pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            int code;

            deadline(20);
            if (i == 1)
                become_nobody();
            code = resolve_two();
            arpq_close(shared);
            _exit(code == -EHOSTUNREACH ? 0 : 1);
        }
        assert_int_equal(resolve_two(), -EHOSTUNREACH);
        assert_ended_well(pid);
    }
    arpq_close(shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_live),
        cmocka_unit_test(test_link_local),
        cmocka_unit_test(test_answered_at_once),
        cmocka_unit_test(test_dead),
        cmocka_unit_test(test_verdict_of_the_kernel),
        cmocka_unit_test(test_failed_before),
        cmocka_unit_test(test_not_waiting),
        cmocka_unit_test(test_started),
        cmocka_unit_test(test_elsewhere),
        cmocka_unit_test(test_links_that_resolve_nothing),
        cmocka_unit_test(test_interface_down),
        cmocka_unit_test(test_interface_deleted),
        cmocka_unit_test(test_entry_removed),
        cmocka_unit_test(test_no_link_local),
        cmocka_unit_test(test_prohibited),
        cmocka_unit_test(test_other_namespace),
        cmocka_unit_test(test_bad_arguments),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_fork),
    };

    return cmocka_run_group_tests(tests, hosts_set_up, hosts_tear_down);
}
