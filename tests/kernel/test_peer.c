/* SPDX-License-Identifier: MIT */
/* The MAC of the peer of a connected socket. */
#include "test.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/netns.h"
#include "process.h"

#define PORT 4242

static struct netns_second second;

static struct sockaddr_in6 v6(const char *text, uint32_t scope)
{
    struct sockaddr_in6 sa = {
        .sin6_family = AF_INET6, .sin6_port = htons(PORT), .sin6_scope_id = scope};

    assert_int_equal(inet_pton(AF_INET6, text, &sa.sin6_addr), 1);
    return sa;
}

static struct sockaddr_in v4(const char *text)
{
    struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(PORT)};

    assert_int_equal(inet_pton(AF_INET, text, &sa.sin_addr), 1);
    return sa;
}

/* Open a dual-stack listener in the current namespace. */
static int listen_here(void)
{
    struct sockaddr_in6 any = v6("::", 0);
    const int off = 0;
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&any, sizeof any), 0);
    assert_int_equal(listen(fd, 16), 0);
    return fd;
}

static int listener_there, listener_here;

static int set_up(void **state)
{
    int home;

    netns_enter();
    second = netns_second();
    sh("ip link add p0 address 00:00:5e:00:53:01 type veth peer name p1 address " MAC_A " netns %d;"
       "ip link add q0 address 00:00:5e:00:53:02 type veth peer name q1 address " MAC_B " netns %d;"
       "ip link set p0 up; ip link set q0 up;"
       "ip addr add 10.1.0.1/24 dev p0; ip addr add 10.1.0.3/24 dev q0;"
       "ip addr add 2001:db8::1/64 dev p0 nodad; ip addr add fe80::1/64 dev p0 nodad",
       second.pid, second.pid);
    netns_sh(&second,
             "ip link set p1 up; ip link set q1 up; ip addr add 10.1.0.2/24 dev p1;"
             "ip addr add 2001:db8::2/64 dev p1 nodad; ip addr add fe80::2/64 dev p1 nodad");
    home = netns_fd();
    assert_int_equal(setns(second.fd, CLONE_NEWNET), 0);
    listener_there = listen_here();
    assert_int_equal(setns(home, CLONE_NEWNET), 0);
    close(home);
    listener_here = listen_here();
    return arpq_open(&h, NULL);
}

static int tear_down(void **state)
{
    close(listener_there);
    close(listener_here);
    netns_second_free(&second);
    return fixture_tear_down(state);
}

static int connected(int type, const void *sa, socklen_t size)
{
    int fd = socket(((const struct sockaddr *)sa)->sa_family, type | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(connect(fd, sa, size), 0);
    return fd;
}

static void assert_peer(int fd, const char *expected)
{
    char text[ARPQ_MAC_STRLEN];
    struct arpq_mac mac;

    assert_int_equal(arpq_peer(h, fd, 0, &mac), 0);
    assert_string_equal(arpq_mac_format(&mac, ARPQ_MAC_COLON, text, sizeof text), expected);
}

static void assert_peer_of(int type, const void *sa, socklen_t size, const char *expected)
{
    int fd = connected(type, sa, size);

    if (type == SOCK_DGRAM)
        assert_int_equal(send(fd, "", 1, 0), 1);
    assert_peer(fd, expected);
    close(fd);
}

static void test_tcp_and_udp(void **state)
{
    struct sockaddr_in four = v4("10.1.0.2");
    struct sockaddr_in6 six = v6("2001:db8::2", 0), mapped = v6("::ffff:10.1.0.2", 0);

    assert_peer_of(SOCK_STREAM, &four, sizeof four, MAC_A);
    assert_peer_of(SOCK_STREAM, &six, sizeof six, MAC_A);
    assert_peer_of(SOCK_STREAM, &mapped, sizeof mapped, MAC_A);
    assert_peer_of(SOCK_DGRAM, &four, sizeof four, MAC_A);
    assert_peer_of(SOCK_DGRAM, &six, sizeof six, MAC_A);
    assert_peer_of(SOCK_DGRAM, &mapped, sizeof mapped, MAC_A);
}

/* The server's side of a connection, as in a captive portal. */
static void test_accepted(void **state)
{
    int home = netns_fd(), client, server;
    struct sockaddr_in four = v4("10.1.0.1");

    assert_int_equal(setns(second.fd, CLONE_NEWNET), 0);
    client = connected(SOCK_STREAM, &four, sizeof four);
    assert_int_equal(setns(home, CLONE_NEWNET), 0);
    server = accept4(listener_here, NULL, NULL, SOCK_CLOEXEC);
    assert_true(server >= 0);
    assert_peer(server, MAC_A);
    close(server);
    close(client);
    close(home);
}

static void test_loopback(void **state)
{
    struct sockaddr_in four = v4("127.0.0.1");
    struct sockaddr_in6 six = v6("::1", 0);

    assert_peer_of(SOCK_STREAM, &four, sizeof four, "00:00:00:00:00:00");
    assert_peer_of(SOCK_STREAM, &six, sizeof six, "00:00:00:00:00:00");
}

static void test_link_local(void **state)
{
    struct sockaddr_in6 six = v6("fe80::2", ifindex_of("p0"));

    assert_peer_of(SOCK_STREAM, &six, sizeof six, MAC_A);
    assert_peer_of(SOCK_DGRAM, &six, sizeof six, MAC_A);
}

static int peer_code(int fd)
{
    struct arpq_mac mac, none = {0};
    int code;

    memset(&mac, 0xaa, sizeof mac);
    code = arpq_peer(h, fd, 0, &mac);
    if (code < 0)
        assert_memory_equal(&mac, &none, sizeof mac);
    return code;
}

static void test_refusals(void **state)
{
    int fd, pair[2];
    struct arpq_mac mac;

    for (int type = SOCK_STREAM; type <= SOCK_DGRAM; type++) {
        fd = socket(AF_INET, type, 0);
        assert_int_equal(peer_code(fd), -ENOTCONN);
        close(fd);
        fd = socket(AF_INET6, type, 0);
        assert_int_equal(peer_code(fd), -ENOTCONN);
        close(fd);
    }
    assert_int_equal(peer_code(listener_here), -ENOTCONN);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(peer_code(pair[0]), -EAFNOSUPPORT);
    assert_int_equal(arpq_peer(NULL, pair[0], 0, &mac), -EINVAL);
    assert_int_equal(arpq_peer(h, pair[0], 0, NULL), -EINVAL);
    close(pair[0]);
    close(pair[1]);
    assert_int_equal(peer_code(-1), -EBADF);
    assert_int_equal(peer_code(12345), -EBADF);
    assert_int_equal(pipe(pair), 0);
    assert_int_equal(peer_code(pair[0]), -ENOTSOCK);
    close(pair[0]);
    close(pair[1]);
}

/* If two interfaces are in one subnet, the interface that the socket is bound to decides. */
static void assert_bound_decides(void)
{
    struct sockaddr_in four = v4("10.1.0.77");
    const char *const names[] = {"p0", "q0"}, *const macs[] = {MAC_A, MAC_B};

    for (int i = 0; i < 2; i++) {
        int fd = socket(AF_INET, SOCK_DGRAM, 0);

        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, names[i], 3), 0);
        assert_int_equal(connect(fd, (struct sockaddr *)&four, sizeof four), 0);
        assert_peer(fd, macs[i]);
        close(fd);
    }
}

static void test_bound_device(void **state)
{
    sh("ip neigh add 10.1.0.77 lladdr " MAC_A " dev p0;"
       "ip neigh add 10.1.0.77 lladdr " MAC_B " dev q0");
    assert_bound_decides();
}

/* Policy rules use the local address and the mark of the socket. */
static void test_source_and_mark(void **state)
{
    struct sockaddr_in four = v4("10.1.0.77"), source = v4("10.1.0.3");
    const int mark = 7;
    int fd;

    sh("ip neigh replace 10.1.0.77 lladdr " MAC_A " dev p0;"
       "ip neigh replace 10.1.0.77 lladdr " MAC_B " dev q0;"
       "ip route add 10.1.0.0/24 dev q0 table 88;"
       "ip rule add from 10.1.0.3 lookup 88 pref 88; ip rule add fwmark 7 lookup 88 pref 89");
    fd = socket(AF_INET, SOCK_DGRAM, 0);
    source.sin_port = 0;
    assert_int_equal(bind(fd, (struct sockaddr *)&source, sizeof source), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&four, sizeof four), 0);
    assert_peer(fd, MAC_B);
    close(fd);
    fd = socket(AF_INET, SOCK_DGRAM, 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof mark), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&four, sizeof four), 0);
    assert_peer(fd, MAC_B);
    close(fd);
    fd = connected(SOCK_DGRAM, &four, sizeof four);
    assert_peer(fd, MAC_A);
    close(fd);
    sh("ip rule del pref 88; ip rule del pref 89");
}

/* A transparent socket has an address of another machine as its source. The kernel refuses to look
 * up a route for packets of this machine with such a source. */
static void test_transparent(void **state)
{
    static const char *const rules[] = {"true", "ip rule add to 203.0.113.0/24 lookup 88 pref 88"};
    struct sockaddr_in four = v4("10.1.0.77"), foreign = v4("198.51.100.7");
    const int on = 1;

    foreign.sin_port = 0;
    sh("ip neigh replace 10.1.0.77 lladdr " MAC_A " dev p0;"
       "ip neigh replace 10.1.0.77 lladdr " MAC_B " dev q0");
    for (size_t i = 0; i < LENGTH(rules); i++) {
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        sh("%s", rules[i]);
        assert_int_equal(setsockopt(fd, IPPROTO_IP, IP_TRANSPARENT, &on, sizeof on), 0);
        assert_int_equal(bind(fd, (struct sockaddr *)&foreign, sizeof foreign), 0);
        assert_int_equal(connect(fd, (struct sockaddr *)&four, sizeof four), 0);
        assert_peer(fd, MAC_A);
        close(fd);
    }
    sh("ip rule del pref 88");
}

static void test_unprivileged(void **state)
{
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid == 0) {
        struct arpq_handle *inherited = h;

        become_nobody();
        if (arpq_open(&h, NULL) != 0)
            _exit(9);
        test_tcp_and_udp(state);
        test_loopback(state);
        test_link_local(state);
        test_refusals(state);
        assert_bound_decides();
        arpq_close(h);
        arpq_close(inherited);
        _exit(0);
    }
    assert_ended_well(pid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tcp_and_udp),  cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_loopback),     cmocka_unit_test(test_link_local),
        cmocka_unit_test(test_refusals),     cmocka_unit_test(test_bound_device),
        cmocka_unit_test(test_unprivileged), cmocka_unit_test(test_source_and_mark),
        cmocka_unit_test(test_transparent),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
