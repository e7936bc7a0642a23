/* SPDX-License-Identifier: MIT */
/* Eight threads on one handle while its interfaces change all the time. */
#include "test.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "kernel/netns.h"

#define THREADS 8
#define MAC_A "00:00:5e:aa:aa:aa"
#define MAC_B "00:00:5e:bb:bb:bb"
#define MAC_C "00:00:5e:cc:cc:cc"

static struct arpq_handle *h;
static atomic_bool stop;
static atomic_int wrong;
static atomic_int last_wrong;
static atomic_uint calls;

static int is_one_of(int code, const int *codes)
{
    for (; *codes <= 0; codes++)
        if (*codes == code)
            return 1;
    return 0;
}

static void expect(bool condition, int line)
{
    if (condition)
        return;
    wrong++;
    last_wrong = line;
}

static void ask_interfaces(void)
{
    struct arpq_interfaces *list;
    uint32_t flags = now_ms() & 1 ? ARPQ_INTERFACES_READ : 0;
    int code = arpq_interfaces_get(h, flags, &list);

    expect(code == 0, __LINE__);
    if (code < 0)
        return;
    expect(arpq_interfaces_by_name(list, "v0"), __LINE__);
    for (uint32_t i = 0; i < arpq_interfaces_count(list); i++) {
        const struct arpq_interface *link = arpq_interfaces_at(list, i);

        expect(i == 0 || arpq_interfaces_at(list, i - 1)->ifindex < link->ifindex, __LINE__);
        for (uint32_t n = 0; n < link->address_count; n++) {
            const struct arpq_address *address =
                arpq_interfaces_address_at(list, link->address_first + n);

            expect(address && address->ifindex == link->ifindex, __LINE__);
        }
    }
    arpq_interfaces_free(list);
}

static void *ask(void *context)
{
    const struct arpq_mac a = mac_of(MAC_A), b = mac_of(MAC_B), c = mac_of(MAC_C);
    const struct arpq_ip steady = ip_of("10.1.0.9"), steady6 = ip_of("2001:db8::9"),
                         flapping = ip_of("10.1.0.8"), coming = ip_of("10.2.0.9"),
                         nowhere = ip_of("192.0.2.1");
    const int flaps[] = {0, -ENOENT, -EHOSTUNREACH, 1};
    const int comes[] = {0, -ENOENT, -ENETUNREACH, 1};
    const struct arpq_mac none = {0};

    for (unsigned i = *(unsigned *)context; !stop; i++) {
        struct arpq_neigh neigh;
        struct arpq_mac mac;
        int code;

        expect(arpq_lookup(h, &steady, 0, 0, &mac) == 0 && arpq_mac_compare(&mac, &a) == 0,
               __LINE__);
        expect(arpq_lookup(h, &steady6, 0, 0, &mac) == 0 && arpq_mac_compare(&mac, &a) == 0,
               __LINE__);
        code = arpq_lookup(h, &flapping, 0, 0, &mac);
        expect(is_one_of(code, flaps), __LINE__);
        expect(code < 0 ? memcmp(&mac, &none, sizeof mac) == 0
                        : arpq_mac_compare(&mac, &b) == 0 || arpq_mac_compare(&mac, &c) == 0,
               __LINE__);
        code = arpq_neigh_get(h, &flapping, 0, 0, &neigh);
        expect(code == 0 || code == -ENOENT, __LINE__);
        expect(neigh.mac.length == 0 || arpq_mac_compare(&neigh.mac, &b) == 0 ||
                   arpq_mac_compare(&neigh.mac, &c) == 0,
               __LINE__);
        code = arpq_lookup(h, &coming, 0, 0, &mac);
        expect(is_one_of(code, comes), __LINE__);
        expect(code < 0 || arpq_mac_compare(&mac, &c) == 0, __LINE__);
        expect(arpq_lookup(h, &nowhere, 0, 0, &mac) == -ENETUNREACH, __LINE__);
        expect(arpq_detail(h) && strlen(arpq_detail(h)) < 200, __LINE__);
        if (i % 8 == 0)
            ask_interfaces();
        calls++;
    }
    return NULL;
}

/* Forks before the threads start, so that the threads need not call system(). */
static pid_t start_flapping(void)
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;)
        sh("for i in 1 2 3 4 5 6 7 8 9 10; do"
           " echo neigh replace 10.1.0.8 lladdr " MAC_B " dev v0;"
           " echo link add w0 type veth peer name w1;"
           " echo neigh replace 10.1.0.8 lladdr " MAC_C " dev v0;"
           " echo link set w0 up; echo addr add 10.2.0.1/24 dev w0;"
           " echo neigh add 10.2.0.9 lladdr " MAC_C " dev w0;"
           " echo link set w0 down; echo link set w0 name w2; echo link set w2 up; echo addr del "
           "10.2.0.1/24 dev w2;"
           " echo addr add 10.2.0.1/24 dev w2;"
           " echo neigh del 10.1.0.8 dev v0; echo link del w2;"
           "done | ip -batch -");
}

static void test_threads(void **state)
{
    unsigned first[THREADS];
    pthread_t threads[THREADS];
    pid_t pid;

    netns_enter();
    sh("ip link add v0 type veth peer name v1; ip link set v0 up; ip link set v1 up;"
       "ip addr add 10.1.0.1/24 dev v0; ip addr add 2001:db8::1/64 dev v0 nodad;"
       "ip neigh add 10.1.0.9 lladdr " MAC_A " dev v0;"
       "ip neigh add 2001:db8::9 lladdr " MAC_A " dev v0");
    assert_int_equal(arpq_open(&h, NULL), 0);
    pid = start_flapping();
    for (unsigned i = 0; i < THREADS; i++) {
        first[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, ask, &first[i]), 0);
    }
    usleep(2000 * 1000);
    stop = true;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    child_end(&pid);
    if (wrong)
        print_error("%d wrong, last at line %d\n", wrong, last_wrong);
    assert_int_equal(wrong, 0);
    assert_true(calls > THREADS * 10);
    arpq_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_threads)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
