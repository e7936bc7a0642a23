/* SPDX-License-Identifier: MIT */
/* A handle in another namespace, and the options of arpq_open. */
#include "test.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/netns.h"
#include "process.h"

#define THREADS 6

static struct netns_second second;

static int set_up(void **state)
{
    netns_enter();
    second = netns_second();
    sh("ip link add here type veth peer name here1; ip link set here up; ip link set here1 up;"
       "ip addr add 10.1.0.1/24 dev here; ip neigh add 10.1.0.9 lladdr " MAC_A " dev here;"
       "ip neigh add 10.1.0.8 lladdr " MAC_A " dev here");
    netns_sh(&second,
             "ip link add index 50 name there type veth peer name there1; ip link set there up;"
             "ip link set there1 up; ip addr add 10.1.0.1/24 dev there;"
             "ip addr add 2001:db8::1/64 dev there nodad;"
             "ip neigh add 10.1.0.9 lladdr " MAC_B " dev there;"
             "ip neigh add 2001:db8::9 lladdr " MAC_C " dev there");
    return 0;
}

static int tear_down(void **state)
{
    netns_second_free(&second);
    return 0;
}

static int open_in(struct arpq_handle **handle, int fd)
{
    struct arpq_options options = {
        .size = sizeof options, .flags = ARPQ_OPEN_IN_NETNS, .netns_fd = fd};

    return arpq_open(handle, &options);
}

static void assert_mac(struct arpq_handle *handle, const char *ip, const char *expected)
{
    char text[ARPQ_MAC_STRLEN];
    struct arpq_mac mac;

    assert_int_equal(arpq_lookup_text(handle, ip, NULL, 0, &mac), 0);
    assert_string_equal(arpq_mac_format(&mac, ARPQ_MAC_COLON, text, sizeof text), expected);
}

static void current_namespace(char text[64])
{
    ssize_t length = readlink("/proc/thread-self/ns/net", text, 63);

    assert_true(length > 0);
    text[length] = '\0';
}

static void test_other_namespace(void **state)
{
    struct arpq_ip ip = ip_of("2001:db8::9");
    char before[64], after[64];
    struct arpq_interfaces *list;
    struct arpq_neigh neigh;
    struct arpq_mac mac;
    uint32_t ifindex;
    struct arpq_handle *handle, *own;

    current_namespace(before);
    assert_int_equal(open_in(&handle, second.fd), 0);
    assert_int_equal(arpq_open(&own, NULL), 0);
    assert_mac(handle, "10.1.0.9", MAC_B);
    assert_mac(own, "10.1.0.9", MAC_A);
    assert_int_equal(arpq_lookup_text(handle, "10.1.0.8", NULL, 0, &mac), -ENOENT);
    assert_int_equal(arpq_lookup_text(own, "2001:db8::9", NULL, 0, &mac), -ENETUNREACH);
    assert_int_equal(arpq_neigh_get(handle, &ip, 50, 0, &neigh), 0);
    assert_int_equal(neigh.ifindex, 50);
    assert_int_equal(arpq_interface_index(handle, "there", &ifindex), 0);
    assert_int_equal(ifindex, 50);
    assert_int_equal(arpq_interface_index(handle, "here", &ifindex), -ENODEV);
    assert_int_equal(arpq_interface_index(own, "there", &ifindex), -ENODEV);
    assert_int_equal(arpq_interfaces_get(handle, 0, &list), 0);
    assert_int_equal(arpq_interfaces_count(list), netns_links + 2);
    assert_non_null(arpq_interfaces_by_name(list, "there"));
    assert_null(arpq_interfaces_by_name(list, "here"));
    arpq_interfaces_free(list);
    current_namespace(after);
    assert_string_equal(before, after);
    arpq_close(handle);
    arpq_close(own);
    current_namespace(after);
    assert_string_equal(before, after);
}

/* The caller may close its descriptor at once. */
static void test_freshness(void **state)
{
    struct arpq_interfaces *list;
    int fd = dup(second.fd);
    struct arpq_mac mac;
    struct arpq_handle *handle;

    assert_int_equal(open_in(&handle, fd), 0);
    close(fd);
    assert_int_equal(arpq_lookup_text(handle, "10.7.0.9", NULL, 0, &mac), -ENETUNREACH);
    netns_sh(&second, "ip link add new0 type veth peer name new1; ip link set new0 up;"
                      "ip link set new1 up; ip addr add 10.7.0.1/24 dev new0;"
                      "ip neigh add 10.7.0.9 lladdr " MAC_C " dev new0");
    assert_mac(handle, "10.7.0.9", MAC_C);
    netns_sh(&second, "ip link del new0");
    assert_int_equal(arpq_lookup_text(handle, "10.7.0.9", NULL, 0, &mac), -ENETUNREACH);
    assert_int_equal(arpq_interfaces_get(handle, 0, &list), 0);
    assert_int_equal(arpq_interfaces_count(list), netns_links + 2);
    arpq_interfaces_free(list);
    arpq_close(handle);
}

static atomic_int wrong;

static void *ask_many(void *context)
{
    struct arpq_mac v4 = mac_of(MAC_B), v6 = mac_of(MAC_C);
    struct arpq_ip ip4 = ip_of("10.1.0.9"), ip6 = ip_of("2001:db8::9");
    char before[64], after[64];

    current_namespace(before);
    for (int i = 0; i < 2000; i++) {
        struct arpq_neigh neigh;
        struct arpq_mac mac;

        if (arpq_neigh_get(context, &ip4, 0, 0, &neigh) != 0 || neigh.ifindex != 50 ||
            arpq_mac_compare(&neigh.mac, &v4) != 0)
            wrong++;
        if (arpq_lookup(context, &ip6, 0, 0, &mac) != 0 || arpq_mac_compare(&mac, &v6) != 0)
            wrong++;
    }
    current_namespace(after);
    if (strcmp(before, after) != 0)
        wrong++;
    return NULL;
}

static void test_threads_ask_there(void **state)
{
    pthread_t threads[THREADS];
    struct arpq_handle *handle;

    wrong = 0;
    assert_int_equal(open_in(&handle, second.fd), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_many, handle), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(wrong, 0);
    arpq_close(handle);
}

static void test_child_of_a_fork(void **state)
{
    struct arpq_handle *handle;
    pid_t pid;

    assert_int_equal(open_in(&handle, second.fd), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct arpq_mac v4 = mac_of(MAC_B), mac;
        int code = arpq_lookup_text(handle, "10.1.0.9", NULL, 0, &mac);

        _exit(code != 0 || arpq_mac_compare(&mac, &v4) != 0);
    }
    assert_ended_well(pid);
    assert_mac(handle, "10.1.0.9", MAC_B);
    arpq_close(handle);
}

static void test_bad_descriptors(void **state)
{
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    struct arpq_handle *handle;
    char tmp[] = "/tmp/arpq-test-XXXXXX";
    int regular = mkstemp(tmp);

    assert_true(file >= 0 && regular >= 0);
    unlink(tmp);
    assert_int_equal(open_in(&handle, -1), -EBADF);
    assert_null(handle);
    assert_int_equal(open_in(&handle, 12345), -EBADF);
    assert_null(handle);
    assert_int_equal(open_in(&handle, regular), -EINVAL);
    assert_null(handle);
    assert_int_equal(open_in(&handle, file), -EINVAL);
    assert_null(handle);
    close(file);
    close(regular);
}

static void test_unprivileged(void **state)
{
    pid_t pid = fork();
    int status;

    assert_true(pid >= 0);
    if (pid == 0) {
        struct arpq_handle *handle = (void *)&status;

        become_nobody();
        _exit(open_in(&handle, second.fd) == -EPERM && !handle ? 0 : 1);
    }
    assert_ended_well(pid);
}

static int open_sized(uint32_t size, size_t dirty)
{
    unsigned char *bytes = calloc(1, 8192);
    struct arpq_handle *handle = (void *)bytes;
    int code;

    assert_non_null(bytes);
    memcpy(bytes, &size, sizeof size);
    if (dirty)
        bytes[dirty] = 1;
    code = arpq_open(&handle, (const void *)bytes);
    if (code < 0)
        assert_null(handle);
    arpq_close(handle);
    free(bytes);
    return code;
}

static void test_options(void **state)
{
    const uint32_t good[] = {12, 13, 31, 32, 33, 4095, 4096};
    const uint32_t bad[] = {0, 1, 4, 8, 11, 4097, 8192, UINT32_MAX};
    struct arpq_handle *handle;

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(open_sized(good[i], 0), 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(open_sized(bad[i], 0), -EINVAL);
    for (size_t at = 12; at < 4096; at += at < 64 ? 1 : 31)
        assert_int_equal(open_sized(4096, at), -EINVAL);
    /* The library ignores members after the size, and netns_fd if its flag is not set. */
    assert_int_equal(open_sized(12, 12), 0);
    assert_int_equal(open_sized(32, 32), 0);
    assert_int_equal(open_sized(32, 8), 0);
    for (unsigned bit = 0; bit < 32; bit++) {
        struct arpq_options options = {.size = sizeof options, .flags = 1u << bit};

        if (options.flags == ARPQ_OPEN_IN_NETNS || options.flags == ARPQ_OPEN_INTERRUPTIBLE)
            continue;
        assert_int_equal(arpq_open(&handle, &options), -EINVAL);
    }
    assert_int_equal(arpq_open(NULL, NULL), -EINVAL);
    arpq_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_other_namespace),   cmocka_unit_test(test_freshness),
        cmocka_unit_test(test_threads_ask_there), cmocka_unit_test(test_child_of_a_fork),
        cmocka_unit_test(test_bad_descriptors),   cmocka_unit_test(test_unprivileged),
        cmocka_unit_test(test_options),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
