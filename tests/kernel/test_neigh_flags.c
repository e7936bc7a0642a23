/* SPDX-License-Identifier: MIT */
/* Flags that other programs set in entries. The library knows only some of them. */
#include "test.h"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/resolve.h"

#define EXT_VALIDATED 0x400u
#define LOCKED 0x200u      /* the kernel knows this flag for bridge entries only */
#define FUTURE 0x00800000u /* no kernel knows this flag */
#define IP4 "10.1.0.2"
#define IP6 "fd01::2"

static struct arpq_handle *h;

static int set_up(void **state)
{
    hosts_make();
    assert_int_equal(arpq_open(&h, NULL), 0);
    return 0;
}

static int tear_down(void **state)
{
    arpq_close(h);
    netns_second_free(&hosts.far);
    return 0;
}

struct request {
    struct nlmsghdr header;
    struct ndmsg neigh;
    char attributes[64];
};

static void append(struct request *request, uint16_t type, const void *value, size_t size)
{
    struct rtattr attribute = {.rta_len = (unsigned short)RTA_LENGTH(size), .rta_type = type};
    char *at = (char *)request + NLMSG_ALIGN(request->header.nlmsg_len);

    memcpy(at, &attribute, sizeof attribute);
    memcpy(at + RTA_LENGTH(0), value, size);
    request->header.nlmsg_len =
        (uint32_t)(NLMSG_ALIGN(request->header.nlmsg_len) + RTA_ALIGN(RTA_LENGTH(size)));
}

/* Make a STALE entry with NDA_FLAGS_EXT, as another program does. `flags` are flags of the library.
 * Returns false if the kernel refuses the entry. */
static bool make_entry(const char *text, uint32_t flags)
{
    const struct arpq_ip ip = ip_of(text);
    uint32_t extended = flags >> 8;
    struct request request = {
        .header = {.nlmsg_len = NLMSG_LENGTH(sizeof request.neigh),
                   .nlmsg_type = RTM_NEWNEIGH,
                   .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE},
        .neigh = {.ndm_family = (uint8_t)ip.family,
                  .ndm_ifindex = (int)hosts.v0,
                  .ndm_state = NUD_STALE}};
    struct {
        struct nlmsghdr header;
        struct nlmsgerr error;
        char rest[512];
    } answer = {.error = {.error = 1}};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    append(&request, NDA_DST, ip.bytes, ip.family == AF_INET ? 4 : 16);
    append(&request, NDA_LLADDR, hosts.far_mac.bytes, 6);
    append(&request, 15, &extended, sizeof extended);
    assert_true(fd >= 0);
    assert_int_equal(send(fd, &request, request.header.nlmsg_len, 0), request.header.nlmsg_len);
    assert_true(recv(fd, &answer, sizeof answer, 0) > 0);
    close(fd);
    return answer.error.error == 0;
}

static struct arpq_neigh entry_of(const char *text)
{
    const struct arpq_ip ip = ip_of(text);
    struct arpq_neigh neigh;

    assert_int_equal(arpq_neigh_get(h, &ip, hosts.v0, 0, &neigh), 0);
    return neigh;
}

/* True from Linux 6.17 on. */
static bool kernel_validates(void)
{
    bool does;

    hosts_forget();
    does = make_entry(IP4, EXT_VALIDATED) && entry_of(IP4).flags & EXT_VALIDATED;
    hosts_forget();
    return does;
}

static void confirm(const char *ip)
{
    const struct arpq_resolve_options options = {
        .size = sizeof options, .answer_ms = 4000, .flags = ARPQ_RESOLVE_REVALIDATE};
    const struct query query = {.ip = ip, .options = &options};

    assert_int_equal(query_run(true, &query).code, 0);
}

/* Confirming an entry keeps its flags. */
static void test_confirm(void **state)
{
    static const char *const ips[] = {IP4, IP6};

    if (!kernel_validates())
        SKIP_NOT_RUNNABLE("Linux before 6.17 has no NTF_EXT_EXT_VALIDATED");
    for (int i = 0; i < 2; i++) {
        assert_true(make_entry(ips[i], EXT_VALIDATED));
        confirm(ips[i]);
        assert_int_equal(entry_of(ips[i]).flags & 0xffff00u, EXT_VALIDATED);
    }
}

/* An entry that was read can be set again, and a flag can be added. */
static void test_set(void **state)
{
    struct arpq_neigh neigh;

    if (!kernel_validates())
        SKIP_NOT_RUNNABLE("Linux before 6.17 has no NTF_EXT_EXT_VALIDATED");
    assert_true(make_entry(IP4, EXT_VALIDATED));
    neigh = entry_of(IP4);
    neigh.state = ARPQ_STATE_REACHABLE;
    assert_int_equal(arpq_neigh_set(h, &neigh, ARPQ_NEIGH_SET_REPLACE), 0);
    assert_int_equal(entry_of(IP4).flags, neigh.flags);
    neigh.flags = 0;
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), 0);
    assert_int_equal(entry_of(IP4).flags, 0);
    neigh.flags = ARPQ_NEIGH_EXT_VALIDATED | ARPQ_NEIGH_MANAGED;
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), 0);
    assert_int_equal(entry_of(IP4).flags, neigh.flags);
    hosts_forget();
    neigh.flags = ARPQ_NEIGH_EXT_VALIDATED;
    neigh.state = ARPQ_STATE_STALE;
    assert_int_equal(arpq_neigh_set(h, &neigh, ARPQ_NEIGH_SET_CREATE), 0);
    assert_int_equal(entry_of(IP4).flags, neigh.flags);
}

static void test_flush(void **state)
{
    struct arpq_filter filter = {.size = sizeof filter, .ifindex = hosts.v0, .family = AF_INET};
    uint32_t removed;

    if (!kernel_validates())
        SKIP_NOT_RUNNABLE("Linux before 6.17 has no NTF_EXT_EXT_VALIDATED");
    assert_true(make_entry(IP4, EXT_VALIDATED));
    assert_int_equal(arpq_neigh_flush(h, &filter, &removed), 0);
    assert_int_equal(entry_of(IP4).flags, EXT_VALIDATED);
    filter.neigh_flags = ARPQ_NEIGH_EXT_VALIDATED;
    assert_int_equal(arpq_neigh_flush(h, &filter, &removed), 0);
    assert_int_equal(removed, 1);
}

static void test_unknown(void **state)
{
    static const uint32_t unknown[] = {0x1, 0x2, 0x4, LOCKED, FUTURE, 0x10000000, 0x80000000};
    struct arpq_neigh neigh = {
        .ip = ip_of(IP4), .mac = hosts.far_mac, .ifindex = hosts.v0, .state = ARPQ_STATE_STALE};
    struct arpq_filter filter = {.size = sizeof filter};
    struct arpq_table *table;

    hosts_forget();
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        neigh.flags = unknown[i];
        assert_int_equal(arpq_neigh_set(h, &neigh, 0), -EINVAL);
        neigh.flags = unknown[i] | ARPQ_NEIGH_PROXY;
        assert_int_equal(arpq_neigh_set(h, &neigh, 0), -EINVAL);
        filter.neigh_flags = unknown[i];
        assert_int_equal(arpq_table_get(h, &filter, &table), -EINVAL);
    }
    assert_int_not_equal(sh_status("ip neigh show " IP4 " dev v0 nud all | grep -q ."), 0);
    /* The library ignores its own flags, and flags that only the kernel sets. */
    neigh.flags = ARPQ_NEIGH_OFFLOADED | ARPQ_NEIGH_STICKY | ARPQ_NEIGH_GATEWAY | ARPQ_NEIGH_LOCAL |
                  ARPQ_NEIGH_MULTICAST | ARPQ_NEIGH_BROADCAST;
    assert_int_equal(arpq_neigh_set(h, &neigh, 0), 0);
    assert_int_equal(entry_of(IP4).flags, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_confirm),
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_flush),
        cmocka_unit_test(test_unknown),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
