/* SPDX-License-Identifier: MIT */
/* Messages that the kernel did not send. A process with CAP_NET_ADMIN can send any message to the
 * library's sockets. It sends thousands while real changes happen, and the library must apply only
 * the real changes. */
#include "test.h"

#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/message.h"
#include "kernel/netns.h"
#include "process.h"

#define PORTS 16
#define ROUNDS 400
#define REAL_CHANGES 20
#define ENTRIES 250

static struct arpq_watch *w;
static struct arpq_mirror *m;
static uint32_t v0;

static int set_up(void **state)
{
    const struct arpq_watch_options all = {.size = sizeof all,
                                           .flags = ARPQ_WATCH_INTERFACES | ARPQ_WATCH_ADDRESSES};

    fixture_enter(16);
    sh("for i in $(seq 1 %d); do echo neigh add 10.1.1.$i dev v0 lladdr " MAC_A "; done"
       " | ip -batch -; ip neigh add 10.1.0.9 dev v0 lladdr " MAC_A
       "; ip neigh add fd01::9 dev v0 lladdr " MAC_A,
       ENTRIES);
    v0 = ifindex_of("v0");
    if (arpq_open(&h, NULL) != 0 || arpq_watch_open(h, &w, &all) != 0)
        return 1;
    return 0;
}

static int tear_down(void **state)
{
    arpq_watch_close(w);
    w = NULL;
    arpq_mirror_close(m);
    m = NULL;
    return fixture_tear_down(state);
}

static void open_mirror(uint32_t flags)
{
    const struct arpq_mirror_options options = {.size = sizeof options, .flags = flags};

    assert_int_equal(arpq_mirror_open(h, &m, &options), 0);
}

/* ---- The forger ---- */

static struct forged forge_neigh(unsigned short type, uint32_t number)
{
    const uint8_t wrong[6] = {2, 6, 6, 6, 6, 6};
    const uint8_t key[4] = {10, 1, (uint8_t)(number % 3), (uint8_t)(number % 251)};
    struct forged message = forge(type, sizeof(struct ndmsg), number % 7);

    message.body.neigh.ndm_family = AF_INET;
    message.body.neigh.ndm_ifindex = (int)v0;
    message.body.neigh.ndm_state = NUD_REACHABLE;
    put_attribute(&message.header, NDA_DST, key, sizeof key);
    put_attribute(&message.header, NDA_LLADDR, wrong, sizeof wrong);
    return message;
}

static struct forged forge_link(unsigned short type, uint32_t number)
{
    const uint8_t wrong[6] = {2, 6, 6, 6, 6, 6};
    struct forged message = forge(type, sizeof(struct ifinfomsg), number % 7);

    message.body.link.ifi_index = number % 2 ? (int)v0 : 4242;
    message.body.link.ifi_type = ARPHRD_ETHER;
    message.body.link.ifi_flags = IFF_UP;
    message.body.link.ifi_change = ~0u;
    put_attribute(&message.header, IFLA_IFNAME, "evil", 5);
    put_attribute(&message.header, IFLA_ADDRESS, wrong, sizeof wrong);
    return message;
}

static struct forged forge_address(unsigned short type, uint32_t number)
{
    const uint8_t own[4] = {10, 66, 0, 1};
    struct forged message = forge(type, sizeof(struct ifaddrmsg), number % 7);

    message.body.address.ifa_family = AF_INET;
    message.body.address.ifa_prefixlen = 24;
    message.body.address.ifa_index = v0;
    put_attribute(&message.header, IFA_LOCAL, own, sizeof own);
    put_attribute(&message.header, IFA_ADDRESS, own, sizeof own);
    return message;
}

static struct forged forge_error(unsigned short type, uint32_t number)
{
    struct forged message = forge(type, sizeof(struct nlmsgerr), number % 7);

    message.body.error.error = -(int)(number % 120);
    return message;
}

static struct forged forge_any(uint32_t number)
{
    switch (number % 8) {
    case 0:
        return forge_neigh(RTM_NEWNEIGH, number / 8);
    case 1:
        return forge_neigh(RTM_DELNEIGH, number / 8);
    case 2:
        return forge_link(RTM_NEWLINK, number / 8);
    case 3:
        return forge_link(RTM_DELLINK, number / 8);
    case 4:
        return forge_address(RTM_NEWADDR, number / 8);
    case 5:
        return forge_address(RTM_DELADDR, number / 8);
    case 6:
        return forge_error(NLMSG_DONE, number / 8);
    default:
        return forge_error(NLMSG_ERROR, number / 8);
    }
}

struct forger {
    uint32_t ids[PORTS];
    size_t count;
    atomic_ulong delivered[PORTS];
    atomic_bool stop;
};

static struct forger forger;

/* A request socket is connected to the kernel and refuses the message. An event socket refuses it
 * if its queue is full. */
static void send_forged(int fd, size_t port, const struct forged *message)
{
    const struct sockaddr_nl to = {.nl_family = AF_NETLINK, .nl_pid = forger.ids[port]};

    if (sendto(fd, message, message->header.nlmsg_len, MSG_DONTWAIT, (const struct sockaddr *)&to,
               sizeof to) == (ssize_t)message->header.nlmsg_len)
        forger.delivered[port]++;
}

static void send_round(int fd, uint32_t round)
{
    for (uint32_t kind = 0; kind < 8; kind++) {
        struct forged message = forge_any(round * 8 + kind);

        for (size_t port = 0; port < forger.count; port++)
            send_forged(fd, port, &message);
    }
}

static int open_forger(void)
{
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    assert_true(fd >= 0);
    memset(&forger, 0, sizeof forger);
    forger.count = port_ids(forger.ids, PORTS);
    assert_true(forger.count >= 3);
    return fd;
}

static unsigned long delivered(void)
{
    unsigned long sum = 0;

    for (size_t port = 0; port < forger.count; port++)
        sum += forger.delivered[port];
    return sum;
}

/* ---- Invariants ---- */

static uint8_t last_byte(const char *text, uint32_t ifindex)
{
    struct arpq_ip ip = ip_of(text);
    struct arpq_mac mac;

    assert_int_equal(arpq_lookup(h, &ip, ifindex, 0, &mac), 0);
    return mac.bytes[5];
}

static uint8_t mirrored(const char *text)
{
    struct arpq_ip ip = ip_of(text);
    struct arpq_mac mac;

    assert_int_equal(arpq_mirror_lookup(m, &ip, 0, &mac), 0);
    return mac.bytes[5];
}

static void check_interfaces(void)
{
    struct arpq_interfaces *list;

    assert_int_equal(arpq_interfaces_get(h, 0, &list), 0);
    assert_int_equal(arpq_interfaces_count(list), netns_links + 2);
    assert_non_null(arpq_interfaces_by_name(list, "v0"));
    assert_null(arpq_interfaces_by_name(list, "evil"));
    assert_null(arpq_interfaces_by_ifindex(list, 4242));
    assert_int_equal(arpq_interfaces_by_ifindex(list, v0)->mac.bytes[5], 0xa0);
    assert_int_equal(arpq_interfaces_address_count(list), 4);
    arpq_interfaces_free(list);
}

static void check_answers(void)
{
    struct arpq_ip foreign = ip_of("10.66.0.1"), ip = ip_of("10.1.0.9");
    struct arpq_table *table;
    struct arpq_mac mac;

    assert_int_equal(last_byte("10.1.1.7", 0), 0xaa);
    assert_int_equal(last_byte("fd01::9", v0), 0xaa);
    assert_int_equal(arpq_lookup(h, &foreign, 0, 0, &mac), -ENETUNREACH);
    assert_int_equal(arpq_lookup(h, &ip, 4242, 0, &mac), -ENODEV);
    assert_int_equal(arpq_table_get(h, NULL, &table), 0);
    assert_true(arpq_table_count(table) >= ENTRIES + 2);
    for (uint32_t i = 0; i < arpq_table_count(table); i++)
        assert_int_not_equal(arpq_table_at(table, i)->mac.bytes[1], 6);
    arpq_table_free(table);
    assert_int_equal(mirrored("10.1.1.7"), 0xaa);
    assert_int_equal(mirrored("fd01::9"), 0xaa);
    check_interfaces();
}

static int check_mirrored(const struct arpq_neigh *neigh, void *context)
{
    struct arpq_neigh kernel;
    int *count = context;

    if (neigh->ip.family == AF_INET6 && neigh->ip.bytes[0] == 0xff)
        return 0;
    ++*count;
    if (arpq_neigh_get(h, &neigh->ip, neigh->ifindex, 0, &kernel) != 0 ||
        arpq_mac_compare(&kernel.mac, &neigh->mac) != 0 || kernel.state != neigh->state)
        return 1;
    return 0;
}

static void check_mirror(void)
{
    int count = 0;

    assert_int_equal(arpq_mirror_each(m, check_mirrored, &count), 0);
    assert_int_equal(count, ENTRIES + 2);
}

static void change(int number)
{
    sh("ip neigh replace 10.1.0.9 dev v0 lladdr %s", number % 2 ? MAC_A : MAC_B);
}

static bool has_more(void)
{
    struct pollfd fd = {.fd = arpq_watch_fd(w), .events = POLLIN};

    return poll(&fd, 1, 20 * (int)slowness()) > 0;
}

/* The watch reports each real move once, and nothing else. A call may return nothing although real
 * messages are waiting behind the forged ones. */
static void check_watch(int moves)
{
    struct arpq_event event;
    int moved = 0;

    while (arpq_watch_next(w, &event, 0) == 1 || has_more()) {
        if (event.type == 0 || event.type == ARPQ_EVENT_CONFLICT)
            continue;
        assert_int_equal(event.type, ARPQ_EVENT_NEIGH_MOVED);
        assert_int_equal(event.neigh.ip.bytes[3], 9);
        assert_int_equal(event.neigh.mac.bytes[5], moved % 2 ? 0xaa : 0xbb);
        moved++;
    }
    assert_int_equal(moved, moves);
}

static void check_counters(void)
{
    struct arpq_sync_stats mirror, watch;
    struct arpq_table_stats table;

    assert_int_equal(arpq_mirror_stats(m, &mirror), 0);
    assert_int_equal(arpq_watch_stats(w, &watch), 0);
    assert_int_equal(arpq_table_stats(h, AF_INET, &table), 0);
    assert_int_equal(mirror.overruns, 0);
    assert_int_equal(watch.overruns, 0);
    assert_int_equal(mirror.malformed, 0);
    assert_int_equal(watch.malformed, 0);
    assert_true(mirror.forged >= ROUNDS * 8);
    assert_true(watch.forged >= ROUNDS * 8);
    /* Each delivered message was dropped and counted by the mirror, the watch or the table. */
    assert_int_equal(mirror.forged + watch.forged + table.forged, delivered());
}

/* ---- The tests ---- */

/* The forger sends one message at a time, so that the test can account for each one. */
static void test_nothing_is_believed(void **state)
{
    int fd = open_forger(), moves = 0;

    close(fd);
    open_mirror(0);
    fd = open_forger();
    for (uint32_t round = 0; round < ROUNDS; round++) {
        send_round(fd, round);
        if (round % 20 == 10)
            change(moves++);
        if (round % 4)
            continue;
        assert_true(arpq_mirror_sync(m) >= 0);
        if (round % 40 == 0)
            check_answers();
    }
    while (arpq_mirror_sync(m) > 0)
        continue;
    check_answers();
    assert_int_equal(mirrored("10.1.0.9"), moves % 2 ? 0xbb : 0xaa);
    assert_int_equal(last_byte("10.1.0.9", 0), moves % 2 ? 0xbb : 0xaa);
    check_mirror();
    check_watch(moves);
    check_counters();
    close(fd);
}

static void *forge_on(void *context)
{
    int fd = *(int *)context;

    for (uint32_t round = 0; !forger.stop; round++)
        send_round(fd, round);
    return NULL;
}

static int caught_up(void *context)
{
    return mirrored("10.1.0.9") == *(uint8_t *)context;
}

/* Another thread sends messages at full speed and may fill the queues, so that real events are
 * lost. The library then reads the table again, and its reports stay true. */
static void test_under_fire(void **state)
{
    struct arpq_sync_stats stats;
    struct arpq_event event;
    pthread_t thread;
    uint8_t want;
    int fd;

    open_mirror(ARPQ_MIRROR_THREAD);
    fd = open_forger();
    assert_int_equal(pthread_create(&thread, NULL, forge_on, &fd), 0);
    for (int i = 0; i < REAL_CHANGES; i++) {
        change(i);
        want = i % 2 ? 0xaa : 0xbb;
        assert_int_equal(last_byte("10.1.0.9", 0), want);
        assert_true(wait_until(caught_up, &want, 2000));
        check_answers();
    }
    forger.stop = true;
    pthread_join(thread, NULL);
    check_mirror();
    while (arpq_watch_next(w, &event, 150) == 1)
        if (event.type <= ARPQ_EVENT_NEIGH_REMOVED)
            assert_true(event.type == ARPQ_EVENT_NEIGH_MOVED && event.neigh.ip.bytes[3] == 9 &&
                        event.neigh.mac.bytes[1] == 0);
        else
            assert_true(event.type <= ARPQ_EVENT_SYNCED);
    assert_int_equal(arpq_mirror_stats(m, &stats), 0);
    assert_true(stats.forged > 1000);
    assert_int_equal(stats.malformed, 0);
    check_answers();
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_is_believed),
        TEST(test_under_fire),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
