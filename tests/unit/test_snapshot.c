/* SPDX-License-Identifier: MIT */
/* Makes lists of interfaces from dumps in any order, from dumps during which interfaces changed,
 * and from dumps that do not match each other. */
#include "test.h"

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "handle/interfaces.h"
#include "handle/sockets.h"
#include "interface/snapshot.h"
#include "kernel/rtnl_addr.h"
#include "kernel/rtnl_link.h"

static struct arpq_handle h;
static struct arpq_interfaces list;

/* The simulated dumps, and the results of each dump and of each read of the events. */
static uint32_t links[8], addresses[8];
static size_t link_count, address_count;
static int link_codes[16], changes[16], first_look;
static unsigned dumps, looks;

int __wrap_aq_sockets_lock(struct arpq_handle *handle, struct aq_rtnl **rtnl);
void __wrap_aq_sockets_unlock(struct arpq_handle *handle, struct aq_rtnl *rtnl);
int __wrap_aq_rtnl_link_dump(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context);
int __wrap_aq_rtnl_addr_dump(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context);
int __wrap_aq_interfaces_refresh(struct arpq_handle *handle);
int __wrap_aq_interfaces_update(struct arpq_handle *handle, unsigned generation);
unsigned __wrap_aq_interfaces_generation(struct arpq_handle *handle);

int __wrap_aq_sockets_lock(struct arpq_handle *handle, struct aq_rtnl **rtnl)
{
    assert_ptr_equal(handle, &h);
    *rtnl = &h.rtnl[0];
    return 0;
}

void __wrap_aq_sockets_unlock(struct arpq_handle *handle, struct aq_rtnl *rtnl)
{
    assert_ptr_equal(handle, &h);
    assert_ptr_equal(rtnl, &h.rtnl[0]);
}

int __wrap_aq_interfaces_refresh(struct arpq_handle *handle)
{
    assert_ptr_equal(handle, &h);
    return 0;
}

unsigned __wrap_aq_interfaces_generation(struct arpq_handle *handle)
{
    assert_ptr_equal(handle, &h);
    return 7;
}

/* The library reads events before and after each pair of dumps. */
int __wrap_aq_interfaces_update(struct arpq_handle *handle, unsigned generation)
{
    assert_ptr_equal(handle, &h);
    looks++;
    if (generation == 0)
        return first_look;
    assert_int_equal(generation, 7);
    return changes[dumps - 1];
}

union message {
    struct nlmsghdr header;
    char bytes[512];
};

int __wrap_aq_rtnl_link_dump(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context)
{
    static union message message;
    int code = link_codes[dumps++];

    for (size_t i = 0; i < link_count && code >= 0; i++) {
        struct ifinfomsg *header;
        struct nlattr *nest;
        char name[16];

        mnl_nlmsg_put_header(message.bytes);
        message.header.nlmsg_type = RTM_NEWLINK;
        header = mnl_nlmsg_put_extra_header(&message.header, sizeof *header);
        header->ifi_index = (int)links[i];
        snprintf(name, sizeof name, "d%u", links[i]);
        mnl_attr_put_strz(&message.header, IFLA_IFNAME, name);
        snprintf(name, sizeof name, "q%u", (unsigned)i);
        mnl_attr_put_strz(&message.header, IFLA_QDISC, name);
        mnl_attr_put_strz(&message.header, IFLA_IFALIAS, name);
        nest = mnl_attr_nest_start(&message.header, 52); /* IFLA_PROP_LIST */
        snprintf(name, sizeof name, "n%u", (unsigned)i);
        mnl_attr_put_strz(&message.header, 53, name);
        mnl_attr_nest_end(&message.header, nest);
        if (handler(&message.header, context) < 0)
            return -ENOMEM;
    }
    return code;
}

int __wrap_aq_rtnl_addr_dump(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context)
{
    static union message message;

    for (size_t i = 0; i < address_count; i++) {
        struct ifaddrmsg *header;

        mnl_nlmsg_put_header(message.bytes);
        message.header.nlmsg_type = RTM_NEWADDR;
        header = mnl_nlmsg_put_extra_header(&message.header, sizeof *header);
        header->ifa_family = AF_INET;
        header->ifa_prefixlen = 24;
        header->ifa_index = addresses[i];
        mnl_attr_put_u32(&message.header, IFA_LOCAL, addresses[i]);
        if (handler(&message.header, context) < 0)
            return -ENOMEM;
    }
    return 0;
}

static void set(const uint32_t *link, size_t count, const uint32_t *address, size_t with)
{
    memcpy(links, link, count * sizeof *link);
    memcpy(addresses, address, with * sizeof *address);
    link_count = count;
    address_count = with;
}

static int set_up(void **state)
{
    memset(&h, 0, sizeof h);
    memset(link_codes, 0, sizeof link_codes);
    memset(changes, 0, sizeof changes);
    dumps = looks = 0;
    first_look = 0;
    set((const uint32_t[]){4, 9, 2}, 3, (const uint32_t[]){9, 2, 9}, 3);
    addresses[2] = 4;
    return 0;
}

static int tear_down(void **state)
{
    aq_snapshot_clear(&list);
    return 0;
}

/* Check that the link has the attributes of message number n of the dump. */
static void check_link(uint32_t ifindex, unsigned n, unsigned address)
{
    const struct arpq_interface *link = arpq_interfaces_by_ifindex(&list, ifindex);
    uint32_t at = (uint32_t)(link - arpq_interfaces_at(&list, 0));
    char name[16];

    snprintf(name, sizeof name, "q%u", n);
    assert_string_equal(arpq_interfaces_stats_at(&list, at)->qdisc, name);
    assert_string_equal(arpq_interfaces_text_at(&list, at, ARPQ_INTERFACE_ALIAS), name);
    snprintf(name, sizeof name, "n%u", n);
    assert_int_equal(link->altname_count, 1);
    assert_string_equal(arpq_interfaces_altname_at(&list, link->altname_first), name);
    assert_ptr_equal(arpq_interfaces_by_name(&list, name), link);
    assert_int_equal(link->address_count, address);
    if (address)
        assert_int_equal(arpq_interfaces_address_at(&list, link->address_first)->ifindex, ifindex);
}

static void test_any_order(void **state)
{
    assert_int_equal(aq_snapshot_read(&h, &list), 0);
    assert_int_equal(arpq_interfaces_flags(&list), ARPQ_INTERFACES_READ);
    assert_int_equal(arpq_interfaces_count(&list), 3);
    assert_int_equal(arpq_interfaces_address_count(&list), 3);
    check_link(2, 2, 1);
    check_link(4, 0, 1);
    check_link(9, 1, 1);
    assert_int_equal(dumps, 1);
    assert_int_equal(looks, 2);
}

static void test_none(void **state)
{
    link_count = address_count = 0;
    assert_int_equal(aq_snapshot_read(&h, &list), 0);
    assert_int_equal(arpq_interfaces_count(&list), 0);
    assert_null(arpq_interfaces_stats_at(&list, 0));
}

/* After an event the library dumps again and discards the first result. */
static void test_again(void **state)
{
    changes[0] = 1;
    link_codes[1] = 1;
    assert_int_equal(aq_snapshot_read(&h, &list), 0);
    assert_int_equal(arpq_interfaces_flags(&list), ARPQ_INTERFACES_READ);
    assert_int_equal(dumps, 3);
    assert_int_equal(arpq_interfaces_count(&list), 3);
    assert_int_equal(arpq_interfaces_altname_count(&list), 3);
    check_link(9, 1, 1);
}

/* The interfaces change during every dump. A link or an address that arrived twice appears once,
 * with its last contents. An address without a link comes last. */
static void test_never_still(void **state)
{
    set((const uint32_t[]){4, 9, 2, 9}, 4, (const uint32_t[]){7, 9, 2, 9}, 4);
    for (size_t i = 0; i < 16; i++)
        link_codes[i] = 1;
    assert_int_equal(aq_snapshot_read(&h, &list), 0);
    assert_int_equal(arpq_interfaces_flags(&list),
                     ARPQ_INTERFACES_READ | ARPQ_INTERFACES_INCONSISTENT);
    assert_int_equal(dumps, 8);
    assert_int_equal(arpq_interfaces_count(&list), 3);
    assert_int_equal(arpq_interfaces_address_count(&list), 3);
    check_link(2, 2, 1);
    check_link(4, 0, 0);
    check_link(9, 3, 1);
    assert_int_equal(arpq_interfaces_address_at(&list, 2)->ifindex, 7);
}

/* Without events the library cannot know whether the list is consistent. */
static void test_no_events(void **state)
{
    h.event.fd = -1;
    link_codes[0] = 1;
    assert_int_equal(aq_snapshot_read(&h, &list), 0);
    assert_int_equal(arpq_interfaces_flags(&list),
                     ARPQ_INTERFACES_READ | ARPQ_INTERFACES_INCONSISTENT);
    assert_int_equal(dumps, 2);
    assert_int_equal(looks, 0);
}

static void test_failures(void **state)
{
    static const struct arpq_interfaces none;

    link_codes[0] = -EPERM;
    assert_int_equal(aq_snapshot_read(&h, &list), -EOPNOTSUPP);
    assert_memory_equal(&list, &none, sizeof none);
    link_codes[1] = -ENOBUFS;
    assert_int_equal(aq_snapshot_read(&h, &list), -ENOBUFS);
    changes[2] = -ENOMEM;
    assert_int_equal(aq_snapshot_read(&h, &list), -ENOMEM);
    first_look = -EMFILE;
    assert_int_equal(aq_snapshot_read(&h, &list), -EMFILE);
    assert_memory_equal(&list, &none, sizeof none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_any_order),   TEST(test_none),      TEST(test_again),
        TEST(test_never_still), TEST(test_no_events), TEST(test_failures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
