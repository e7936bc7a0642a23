/* SPDX-License-Identifier: MIT */
/* The library on systems that refuse rtnetlink, privileges or descriptors. */
#include "test.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/netns.h"
#include "kernel/sandbox.h"
#include "process.h"

/* For child processes: exits if the condition is false. */
#define CHECK(condition) check(condition, #condition, __LINE__)

static void check(bool condition, const char *text, int line)
{
    if (condition)
        return;
    print_error("line %d: %s\n", line, text);
    _exit(1);
}

static uint32_t v0;

static int set_up(void **state)
{
    netns_enter();
    sh("ip link add v0 address " MAC_V0 " type veth peer name v1; ip link set v0 up;"
       "ip link set v1 up; ip addr add 10.1.0.1/24 dev v0;"
       "ip addr add 2001:db8::1/64 dev v0 nodad;"
       "ip neigh add 10.1.0.9 lladdr " MAC_A " dev v0;"
       "ip neigh add 10.8.0.9 lladdr " MAC_A " dev v0;"
       "ip neigh add 10.1.0.7 dev v0 nud failed;"
       "ip neigh add 10.1.0.6 dev v0 nud incomplete;"
       "ip neigh add 2001:db8::9 lladdr " MAC_A " dev v0");
    v0 = ifindex_of("v0");
    return 0;
}

static void in_child(void (*work)(int error), int error)
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        deadline(30);
        work(error);
        _exit(0);
    }
    assert_ended_well(pid);
}

static int code_of(struct arpq_handle *handle, const char *ip, uint32_t ifindex)
{
    struct arpq_ip value = ip_of(ip);
    struct arpq_mac mac, none = {0};
    int code = arpq_lookup(handle, &value, ifindex, 0, &mac);

    if (code < 0)
        CHECK(memcmp(&mac, &none, sizeof mac) == 0);
    return code;
}

static int answers(struct arpq_handle *handle, const char *ip, uint32_t ifindex,
                   const char *expected)
{
    struct arpq_ip value = ip_of(ip);
    struct arpq_mac mac, wanted = mac_of(expected);

    return arpq_lookup(handle, &value, ifindex, 0, &mac) == 0 &&
           arpq_mac_compare(&mac, &wanted) == 0;
}

/* A helper process outside the filter changes the namespace for the child. */
static int commands[2], done[2];

static void serve(void)
{
    char which;

    close(commands[1]);
    while (read(commands[0], &which, 1) == 1) {
        if (which == 'a')
            sh("ip addr add 10.8.0.1/24 dev v0");
        else
            sh("ip addr del 10.8.0.1/24 dev v0");
        CHECK(write(done[1], "", 1) == 1);
    }
    _exit(0);
}

static void command(char which)
{
    CHECK(write(commands[1], &which, 1) == 1);
    CHECK(read(done[0], &which, 1) == 1);
}

/* Functions that need rtnetlink return an error. A list still works and is not marked as
 * complete. */
static void interfaces_without_rtnetlink(struct arpq_handle *handle)
{
    struct arpq_address address = {.ip = ip_of("10.1.0.77"), .ifindex = v0};
    struct arpq_interfaces *list;
    uint32_t index = 7;

    CHECK(arpq_interfaces_get(handle, ARPQ_INTERFACES_READ, &list) == 0);
    CHECK(arpq_interfaces_flags(list) == 0 && !arpq_interfaces_stats_at(list, 0));
    CHECK(arpq_interfaces_by_name(list, "v0")->parent_netnsid == -1);
    CHECK(arpq_interfaces_address_at(list, 0)->valid_s == ARPQ_FOREVER);
    arpq_interfaces_free(list);
    CHECK(arpq_interface_index(handle, "a-name-of-more-than-15", &index) == -ENODEV && index == 0);
    CHECK(arpq_address_add(handle, &address, 0) == -EOPNOTSUPP);
    CHECK(arpq_address_modify(handle, &address, ARPQ_ADDRESS_EDIT_CREATE) == -EOPNOTSUPP);
    CHECK(arpq_address_remove(handle, &address, 0) == -EOPNOTSUPP);
}

static void without_rtnetlink(int error)
{
    const struct arpq_interface *link;
    const struct arpq_address *address;
    struct arpq_interfaces *list;
    struct arpq_neigh neigh, none = {0};
    struct arpq_ip ip = ip_of("10.1.0.9"), own = ip_of("10.1.0.1");
    struct arpq_mac mac;
    struct arpq_handle *handle;
    pid_t helper;

    CHECK(pipe(commands) == 0 && pipe(done) == 0);
    helper = fork();
    CHECK(helper >= 0);
    if (helper == 0)
        serve();
    close(commands[0]);
    close(done[1]);
    CHECK(refuse_netlink(error));

    CHECK(arpq_open(&handle, NULL) == 0);
    CHECK(answers(handle, "10.1.0.9", 0, MAC_A));
    CHECK(answers(handle, "10.1.0.9", v0, MAC_A));
    CHECK(answers(handle, "::ffff:10.1.0.9", 0, MAC_A));
    CHECK(answers(handle, "10.1.0.1", 0, MAC_V0));
    CHECK(answers(handle, "10.1.0.255", 0, "ff:ff:ff:ff:ff:ff"));
    CHECK(arpq_lookup_text(handle, "10.1.0.9", "v0", 0, &mac) == 0);
    CHECK(code_of(handle, "10.1.0.8", 0) == -ENOENT);
    CHECK(code_of(handle, "10.1.0.8", v0) == -ENOENT);
    CHECK(code_of(handle, "10.1.0.7", 0) == -EAGAIN);
    CHECK(code_of(handle, "10.1.0.6", 0) == -EAGAIN);
    CHECK(code_of(handle, "10.1.0.6", v0) == -EAGAIN);
    CHECK(code_of(handle, "10.1.0.9", 4242) == -ENODEV);
    CHECK(code_of(handle, "2001:db8::9", 0) == -EOPNOTSUPP);
    CHECK(code_of(handle, "2001:db8::9", v0) == -EOPNOTSUPP);
    memset(&neigh, 0xaa, sizeof neigh);
    CHECK(arpq_neigh_get(handle, &ip, 0, 0, &neigh) == -EOPNOTSUPP);
    CHECK(memcmp(&neigh, &none, sizeof neigh) == 0);

    CHECK(arpq_interfaces_get(handle, 0, &list) == 0);
    link = arpq_interfaces_by_name(list, "v0");
    CHECK(link && link->ifindex == v0 && link->mtu == 1500 && link->address_count == 1);
    CHECK(link && link->mac.length == 6 && link->mac.bytes[5] == 0xa0);
    address = arpq_interfaces_address_at(list, link ? link->address_first : 0);
    CHECK(address && arpq_ip_compare(&address->ip, &own) == 0 && address->prefix_length == 24);
    CHECK(arpq_interfaces_by_name(list, "lo"));
    arpq_interfaces_free(list);
    interfaces_without_rtnetlink(handle);

    CHECK(code_of(handle, "10.8.0.9", 0) < 0);
    command('a');
    CHECK(answers(handle, "10.8.0.9", 0, MAC_A));
    command('d');
    CHECK(arpq_interfaces_get(handle, 0, &list) == 0);
    CHECK(arpq_interfaces_by_name(list, "v0")->address_count == 1);
    arpq_interfaces_free(list);
    CHECK(code_of(handle, "10.8.0.9", 0) < 0);
    arpq_close(handle);
    close(commands[1]);
    CHECK(waitpid(helper, NULL, 0) == helper);
}

static void test_rtnetlink_refused(void **state)
{
    in_child(without_rtnetlink, EPERM);
    in_child(without_rtnetlink, EACCES);
    in_child(without_rtnetlink, EAFNOSUPPORT);
}

static void unprivileged(int unused)
{
    struct arpq_ip ip = ip_of("2001:db8::9"), failed = ip_of("10.1.0.7");
    struct arpq_interfaces *list;
    struct arpq_neigh neigh;
    struct arpq_handle *handle;

    become_nobody();
    CHECK(arpq_open(&handle, NULL) == 0);
    CHECK(answers(handle, "10.1.0.9", 0, MAC_A));
    CHECK(answers(handle, "10.1.0.9", v0, MAC_A));
    CHECK(answers(handle, "10.1.0.1", 0, MAC_V0));
    CHECK(answers(handle, "2001:db8::9", 0, MAC_A));
    CHECK(answers(handle, "2001:db8::1", 0, MAC_V0));
    CHECK(answers(handle, "255.255.255.255", 0, "ff:ff:ff:ff:ff:ff"));
    CHECK(answers(handle, "224.0.0.251", 0, "01:00:5e:00:00:fb"));
    CHECK(code_of(handle, "10.1.0.8", 0) == -ENOENT);
    CHECK(code_of(handle, "10.1.0.7", 0) == -EHOSTUNREACH);
    CHECK(code_of(handle, "192.0.2.1", 0) == -ENETUNREACH);
    CHECK(arpq_neigh_get(handle, &ip, 0, 0, &neigh) == 0 && neigh.state == ARPQ_STATE_PERMANENT);
    CHECK(arpq_neigh_get(handle, &failed, 0, 0, &neigh) == 0 && neigh.state == ARPQ_STATE_FAILED);
    CHECK(neigh.mac.length == 0);
    CHECK(arpq_interfaces_get(handle, 0, &list) == 0 &&
          arpq_interfaces_count(list) == netns_links + 2);
    arpq_interfaces_free(list);
    arpq_close(handle);
}

static void test_unprivileged(void **state)
{
    in_child(unprivileged, 0);
}

static int lowest_free(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

    close(fd);
    return fd;
}

static void short_of_descriptors(int unused)
{
    struct rlimit before, limit;
    struct arpq_handle *handle;
    int floor = lowest_free();

    CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
    for (int spare = 0; spare < 5; spare++) {
        limit = before;
        limit.rlim_cur = (rlim_t)(floor + spare);
        CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
        handle = (void *)&limit;
        CHECK(arpq_open(&handle, NULL) == -EMFILE && !handle);
        CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
        CHECK(lowest_free() == floor);
    }
    limit.rlim_cur = (rlim_t)floor + 5;
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(arpq_open(&handle, NULL) == 0);
    CHECK(answers(handle, "10.1.0.9", 0, MAC_A));
    CHECK(answers(handle, "2001:db8::9", 0, MAC_A));
    arpq_close(handle);
    CHECK(lowest_free() == floor);
}

static void test_short_of_descriptors(void **state)
{
    in_child(short_of_descriptors, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rtnetlink_refused),
        cmocka_unit_test(test_unprivileged),
        cmocka_unit_test(test_short_of_descriptors),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
