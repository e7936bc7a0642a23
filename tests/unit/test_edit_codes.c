/* SPDX-License-Identifier: MIT */
/* The codes that the library returns for the kernel's errors to an edit, and the messages that it
 * sends. */
#include "test.h"

#include <linux/netlink.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

#include "handle/interfaces.h"
#include "handle/readers.h"
#include "handle/sockets.h"
#include "kernel/rtnl_neigh_edit.h"
#include "neigh/target.h"

#define FD 1000
#define MAC                                                                                        \
    {                                                                                              \
        .bytes = {2, 0, 0, 0, 0, 7}, .length = 6                                                   \
    }

static struct arpq_handle *handle;
static const struct arpq_ip ip = {.family = AF_INET, .bytes = {192, 0, 2, 7}};

/* ---- The simulated kernel: the codes of messages in order, and their contents ---- */

static int codes[8];
static struct arpq_neigh messages[8];
static uint16_t hows[8];
static unsigned sent, sessions;
static bool refused;
static int ioctl_error;
static int proxy_found; /* enum aq_rtnl_proxy, or an error */
static unsigned long ioctl_number;
static struct arpreq ioctl_request;

int __wrap_aq_interfaces_refresh(struct arpq_handle *h);
int __wrap_aq_interfaces_catch_up(struct arpq_handle *h);
struct aq_view *__wrap_aq_readers_enter(struct arpq_handle *h, struct aq_reader **reader);
void __wrap_aq_readers_leave(struct aq_reader *reader);
const struct arpq_interface *__wrap_aq_view_link(const struct aq_view *view, uint32_t ifindex);
struct aq_belonging __wrap_aq_view_find(const struct aq_view *view, const struct arpq_ip *what,
                                        uint32_t ifindex);
int __wrap_aq_target_find(struct arpq_handle *h, const struct aq_query *query,
                          struct aq_target *target);
int __wrap_aq_sockets_lock(struct arpq_handle *h, struct aq_rtnl **rtnl);
void __wrap_aq_sockets_unlock(struct arpq_handle *h, struct aq_rtnl *rtnl);
int __wrap_aq_sockets_inet(struct arpq_handle *h, uint32_t thread);
int __wrap_aq_rtnl_neigh_set(struct aq_rtnl *rtnl, const struct arpq_neigh *neigh, uint16_t how);
int __wrap_aq_rtnl_neigh_find_proxy(struct aq_rtnl *rtnl, const struct arpq_ip *of,
                                    uint32_t ifindex);
int __wrap_aq_rtnl_neigh_check_support(struct aq_rtnl *rtnl, const struct arpq_neigh *neigh);
void __wrap_aq_rtnl_neigh_delete(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys,
                                 unsigned count, bool proxy, int *out);
int __wrap_arpq_table_get(struct arpq_handle *h, const struct arpq_filter *filter,
                          struct arpq_table **table);
const struct arpq_neigh *__wrap_arpq_table_at(const struct arpq_table *table, uint32_t n);
void __wrap_arpq_table_free(struct arpq_table *table);
int __wrap_ioctl(int fd, unsigned long number, void *argument);

int __wrap_aq_interfaces_refresh(struct arpq_handle *h)
{
    assert_ptr_equal(h, handle);
    return 0;
}

int __wrap_aq_interfaces_catch_up(struct arpq_handle *h)
{
    assert_ptr_equal(h, handle);
    return 0;
}

struct aq_view *__wrap_aq_readers_enter(struct arpq_handle *h, struct aq_reader **reader)
{
    *reader = NULL;
    return NULL;
}

void __wrap_aq_readers_leave(struct aq_reader *reader)
{
    assert_null(reader);
}

const struct arpq_interface *__wrap_aq_view_link(const struct aq_view *view, uint32_t ifindex)
{
    return NULL;
}

struct aq_belonging __wrap_aq_view_find(const struct aq_view *view, const struct arpq_ip *what,
                                        uint32_t ifindex)
{
    return (struct aq_belonging){.how = AQ_CONNECTED};
}

int __wrap_aq_target_find(struct arpq_handle *h, const struct aq_query *query,
                          struct aq_target *target)
{
    target->ip = query->ip;
    target->ifindex = 3;
    target->type = ARPHRD_ETHER;
    target->mac_length = 6;
    memcpy(target->dev, "eth3", 5);
    return 0;
}

int __wrap_aq_sockets_lock(struct arpq_handle *h, struct aq_rtnl **rtnl)
{
    *rtnl = NULL;
    sessions += !refused;
    return refused ? -EOPNOTSUPP : 0;
}

void __wrap_aq_sockets_unlock(struct arpq_handle *h, struct aq_rtnl *rtnl)
{
    assert_null(rtnl);
    sessions--;
}

int __wrap_aq_sockets_inet(struct arpq_handle *h, uint32_t thread)
{
    return FD;
}

int __wrap_aq_rtnl_neigh_check_support(struct aq_rtnl *rtnl, const struct arpq_neigh *neigh)
{
    return 0;
}

int __wrap_aq_rtnl_neigh_find_proxy(struct aq_rtnl *rtnl, const struct arpq_ip *of,
                                    uint32_t ifindex)
{
    assert_null(rtnl);
    assert_int_equal(ifindex, 3);
    return proxy_found;
}

int __wrap_aq_rtnl_neigh_set(struct aq_rtnl *rtnl, const struct arpq_neigh *neigh, uint16_t how)
{
    assert_null(rtnl);
    assert_true(sent < LENGTH(codes));
    messages[sent] = *neigh;
    hows[sent] = how;
    return codes[sent++];
}

int __wrap_ioctl(int fd, unsigned long number, void *argument)
{
    assert_int_equal(fd, FD);
    ioctl_number = number;
    memcpy(&ioctl_request, argument, sizeof ioctl_request);
    errno = ioctl_error;
    return ioctl_error ? -1 : 0;
}

static int set_up(void **state)
{
    static char room[sizeof(struct arpq_handle) + 64];
    static struct aq_live live;

    handle = (void *)(room + 64 - (uintptr_t)room % 64);
    handle->live = &live;
    memset(codes, 0, sizeof codes);
    sent = sessions = 0;
    refused = false;
    ioctl_error = 0;
    proxy_found = AQ_RTNL_PROXY_NONE;
    ioctl_number = 0;
    return 0;
}

/* ---- Set ---- */

static int set_on(uint32_t ifindex, uint32_t state, uint32_t neigh_flags, uint32_t flags)
{
    const struct arpq_neigh neigh = {
        .ip = ip, .ifindex = ifindex, .mac = MAC, .state = state, .flags = neigh_flags};
    int code = arpq_neigh_set(handle, &neigh, flags);

    assert_int_equal(sessions, 0);
    return code;
}

/* The errors include that of a full table. A test cannot fill the real table without harm to the
 * machine. */
static void test_codes(void **state)
{
    static const int errors[] = {ENOBUFS, EPERM,  EINVAL,    EEXIST,      ENOENT,
                                 EACCES,  ENOMEM, ETIMEDOUT, EAFNOSUPPORT};

    for (size_t i = 0; i < LENGTH(errors); i++) {
        set_up(state);
        codes[0] = -errors[i];
        assert_int_equal(set_on(3, 0, 0, 0), -errors[i]);
        assert_int_equal(sent, 1);
        assert_int_equal(ioctl_number, 0);
    }
    set_up(state);
    codes[0] = codes[1] = -ENODEV;
    assert_int_equal(set_on(3, 0, 0, 0), -ENODEV);
    assert_int_equal(set_on(0, 0, 0, 0), -ENETUNREACH); /* the caller did not name the interface */
}

/* The kernel ignores what these codes are about. */
static void test_proxy(void **state)
{
    static const struct row {
        int proxy;
        uint32_t flags;
        int code;
    } rows[] = {
        {AQ_RTNL_PROXY_NONE, 0, 0},
        {AQ_RTNL_PROXY_NONE, ARPQ_NEIGH_SET_CREATE, 0},
        {AQ_RTNL_PROXY_NONE, ARPQ_NEIGH_SET_REPLACE, -ENOENT},
        {AQ_RTNL_PROXY_OWN, 0, 0},
        {AQ_RTNL_PROXY_OWN, ARPQ_NEIGH_SET_CREATE, -EEXIST},
        {AQ_RTNL_PROXY_OWN, ARPQ_NEIGH_SET_REPLACE, 0},
        {AQ_RTNL_PROXY_ALL, 0, -EEXIST},
        {AQ_RTNL_PROXY_ALL, ARPQ_NEIGH_SET_CREATE, -EEXIST},
        {AQ_RTNL_PROXY_ALL, ARPQ_NEIGH_SET_REPLACE, -ENOENT},
        {-ENOMEM, 0, -ENOMEM},
    };

    for (size_t i = 0; i < LENGTH(rows); i++) {
        set_up(state);
        proxy_found = rows[i].proxy;
        assert_int_equal(set_on(3, 0, ARPQ_NEIGH_PROXY, rows[i].flags), rows[i].code);
        assert_int_equal(sent, rows[i].code == 0);
    }
}

static void test_how(void **state)
{
    assert_int_equal(set_on(3, 0, 0, ARPQ_NEIGH_SET_CREATE), 0);
    assert_int_equal(set_on(3, 0, 0, ARPQ_NEIGH_SET_REPLACE), 0);
    assert_int_equal(set_on(3, ARPQ_STATE_PROBE, 0, 0), 0);
    assert_int_equal(hows[0], NLM_F_CREATE | NLM_F_EXCL);
    assert_int_equal(hows[1], NLM_F_REPLACE);
    assert_int_equal(hows[2], NLM_F_CREATE | NLM_F_REPLACE);
    assert_int_equal(messages[0].state, ARPQ_STATE_PERMANENT);
    assert_int_equal(messages[0].ifindex, 3);
}

/* The library sends the second message only after the first succeeded. */
static void test_managed(void **state)
{
    const uint32_t flags = ARPQ_NEIGH_MANAGED | ARPQ_NEIGH_ROUTER;

    assert_int_equal(set_on(3, 0, flags, ARPQ_NEIGH_SET_CREATE), 0);
    assert_int_equal(sent, 2);
    assert_int_equal(hows[0], NLM_F_CREATE | NLM_F_EXCL);
    assert_int_equal(hows[1], NLM_F_REPLACE);
    assert_int_equal(messages[0].flags, ARPQ_NEIGH_ROUTER);
    assert_int_equal(messages[0].state, ARPQ_STATE_STALE);
    assert_int_equal(messages[0].mac.length, 6);
    assert_int_equal(messages[1].flags, flags);
    assert_int_equal(messages[1].state, ARPQ_STATE_NONE);
    assert_int_equal(messages[1].mac.length, 0);
    set_up(state);
    codes[0] = -EEXIST;
    assert_int_equal(set_on(3, 0, flags, ARPQ_NEIGH_SET_CREATE), -EEXIST);
    assert_int_equal(sent, 1);
}

/* ---- By ioctl ---- */

static void expect_request(unsigned long number, int flags, uint16_t type)
{
    struct arpreq want;
    struct sockaddr_in *address = (struct sockaddr_in *)(void *)&want.arp_pa;

    memset(&want, 0, sizeof want);
    address->sin_family = want.arp_netmask.sa_family = AF_INET;
    memcpy(&address->sin_addr, ip.bytes, 4);
    want.arp_flags = flags;
    want.arp_ha.sa_family = type;
    if (type)
        memcpy(want.arp_ha.sa_data, "\2\0\0\0\0\7", 6);
    memcpy(want.arp_dev, "eth3", 5);
    assert_int_equal(ioctl_number, number);
    assert_memory_equal(&ioctl_request, &want, sizeof want);
}

/* The library uses the ioctl if it has no rtnetlink socket, or if the kernel refuses the
 * message. */
static void test_fallback(void **state)
{
    for (int socket = 0; socket < 2; socket++) {
        set_up(state);
        refused = !socket;
        codes[0] = codes[1] = codes[2] = codes[3] = -EOPNOTSUPP;
        assert_int_equal(set_on(3, 0, 0, 0), 0);
        expect_request(SIOCSARP, ATF_COM | ATF_PERM, ARPHRD_ETHER);
        assert_int_equal(set_on(3, ARPQ_STATE_REACHABLE, 0, 0), 0);
        expect_request(SIOCSARP, ATF_COM, ARPHRD_ETHER);
        assert_int_equal(set_on(3, 0, ARPQ_NEIGH_PROXY, 0), 0);
        expect_request(SIOCSARP, ATF_PUBL, 0);
        ioctl_error = EPERM;
        assert_int_equal(set_on(3, 0, 0, 0), -EPERM);
        assert_int_equal(sent, socket ? 4 : 0);
    }
}

/* SIOCSARP with flags 0 would create an empty entry. */
static void test_ioctl_has_flags(void **state)
{
    refused = true;
    for (uint32_t bits = 0; bits <= ARPQ_STATE_PERMANENT; bits = bits ? bits << 1 : 1) {
        ioctl_number = 0;
        if (set_on(3, bits, 0, ARPQ_NEIGH_SET_INSIST) == 0)
            assert_true(ioctl_request.arp_flags & (ATF_COM | ATF_PUBL));
        else
            assert_int_equal(ioctl_number, 0);
    }
}

static void test_delete_by_ioctl(void **state)
{
    refused = true;
    assert_int_equal(arpq_neigh_delete(handle, &ip, 3, 0), 0);
    expect_request(SIOCDARP, 0, 0);
    assert_int_equal(arpq_neigh_delete(handle, &ip, 3, ARPQ_NEIGH_DELETE_PROXY), 0);
    expect_request(SIOCDARP, ATF_PUBL, 0);
    ioctl_error = ENXIO;
    assert_int_equal(arpq_neigh_delete(handle, &ip, 3, 0), -ENOENT);
    ioctl_error = EPERM;
    assert_int_equal(arpq_neigh_delete(handle, &ip, 3, 0), -EPERM);
}

/* ---- Flush ---- */

static struct arpq_neigh listed[300];
static unsigned listed_count, freed, batches, deleted;
static int flush_codes[300];

int __wrap_arpq_table_get(struct arpq_handle *h, const struct arpq_filter *filter,
                          struct arpq_table **table)
{
    *table = (void *)listed;
    return 0;
}

const struct arpq_neigh *__wrap_arpq_table_at(const struct arpq_table *table, uint32_t n)
{
    assert_ptr_equal(table, listed);
    return n < listed_count ? &listed[n] : NULL;
}

void __wrap_arpq_table_free(struct arpq_table *table)
{
    assert_ptr_equal(table, listed);
    freed++;
}

void __wrap_aq_rtnl_neigh_delete(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys,
                                 unsigned count, bool proxy, int *out)
{
    assert_null(rtnl);
    assert_between(count, 1, AQ_RTNL_BATCH);
    assert_false(proxy);
    batches++;
    for (unsigned n = 0; n < count; n++) {
        assert_int_equal(keys[n].ifindex, deleted + n + 1);
        out[n] = flush_codes[deleted + n];
    }
    deleted += count;
}

static uint32_t flush(unsigned count, int want)
{
    const struct arpq_filter filter = {.size = sizeof filter, .protocol = 42};
    uint32_t removed = 99;

    listed_count = count;
    for (unsigned n = 0; n < count; n++)
        listed[n] = (struct arpq_neigh){.ip = ip, .ifindex = n + 1};
    freed = batches = deleted = 0;
    assert_int_equal(arpq_neigh_flush(handle, &filter, &removed), want);
    assert_int_equal(freed, 1);
    assert_int_equal(sessions, 0);
    return removed;
}

static void test_batches(void **state)
{
    memset(flush_codes, 0, sizeof flush_codes);
    assert_int_equal(flush(0, 0), 0);
    assert_int_equal(batches, 0);
    assert_int_equal(flush(1, 0), 1);
    assert_int_equal(flush(AQ_RTNL_BATCH, 0), AQ_RTNL_BATCH);
    assert_int_equal(batches, 1);
    assert_int_equal(flush(300, 0), 300);
    assert_int_equal(batches, 3);
    /* It is not an error if an entry expired or its interface was removed. */
    flush_codes[7] = -ENOENT;
    flush_codes[200] = -ENODEV;
    assert_int_equal(flush(300, 0), 298);
    /* The first failure ends the flush and is returned. */
    flush_codes[9] = -EPERM;
    flush_codes[10] = -EINVAL;
    assert_int_equal(flush(300, -EPERM), AQ_RTNL_BATCH - 3);
    assert_int_equal(batches, 1);
    refused = true;
    assert_int_equal(flush(300, -EOPNOTSUPP), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_SET_UP(test_codes),
        TEST_SET_UP(test_proxy),
        TEST_SET_UP(test_how),
        TEST_SET_UP(test_managed),
        TEST_SET_UP(test_fallback),
        TEST_SET_UP(test_ioctl_has_flags),
        TEST_SET_UP(test_delete_by_ioctl),
        TEST_SET_UP(test_batches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
