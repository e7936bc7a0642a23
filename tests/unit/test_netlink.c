/* SPDX-License-Identifier: MIT */
/* Messages built by kernel/netlink.h have the bytes that libmnl writes. */
#include "test.h"

#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "kernel/netlink.h"

union message {
    struct nlmsghdr header;
    char bytes[4096];
};

static void expect_equal(const union message *ours, const union message *theirs)
{
    assert_int_equal(ours->header.nlmsg_len, theirs->header.nlmsg_len);
    assert_memory_equal(ours, theirs, sizeof *ours);
}

static void test_begin(void **state)
{
    for (size_t fixed = 0; fixed <= 64; fixed++) {
        union message ours, theirs;
        void *family;

        memset(&ours, 0xa5, sizeof ours);
        theirs = ours;
        family = aq_netlink_begin(&ours, fixed);
        mnl_nlmsg_put_extra_header(mnl_nlmsg_put_header(&theirs), fixed);
        assert_ptr_equal(family, ours.bytes + sizeof ours.header);
        expect_equal(&ours, &theirs);
    }
}

/* Attributes of every padding follow each other. */
static void test_put(void **state)
{
    static const char data[64] = "0123456789012345678901234567890123456789012345678901234567890";
    union message ours = {0}, theirs = {0};

    aq_netlink_begin(&ours, sizeof(struct ndmsg));
    mnl_nlmsg_put_extra_header(mnl_nlmsg_put_header(&theirs), sizeof(struct ndmsg));
    for (uint16_t size = 0; size <= sizeof data; size++) {
        aq_netlink_put(&ours.header, size, size, data);
        mnl_attr_put(&theirs.header, size, size, data);
        expect_equal(&ours, &theirs);
    }
    aq_netlink_put(&ours.header, 0x8001, 0, NULL);
    mnl_attr_put(&theirs.header, 0x8001, 0, NULL);
    aq_netlink_put_u8(&ours.header, NDA_PROTOCOL, 7);
    mnl_attr_put_u8(&theirs.header, NDA_PROTOCOL, 7);
    aq_netlink_put_u32(&ours.header, NDA_IFINDEX, 0x01020304);
    mnl_attr_put_u32(&theirs.header, NDA_IFINDEX, 0x01020304);
    for (size_t length = 0; length < 16; length++) {
        aq_netlink_put_text(&ours.header, IFLA_IFNAME, data + sizeof data - 2 - length);
        mnl_attr_put_strz(&theirs.header, IFLA_IFNAME, data + sizeof data - 2 - length);
        expect_equal(&ours, &theirs);
    }
}

static void test_next(void **state)
{
    for (uint32_t length = 16; length < 64; length++) {
        union message message = {.header.nlmsg_len = length};
        int ours = 100, theirs = 100;
        const struct nlmsghdr *next = aq_netlink_next(&message.header, &ours);

        assert_ptr_equal(next, mnl_nlmsg_next(&message.header, &theirs));
        assert_int_equal(ours, theirs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_begin),
        cmocka_unit_test(test_put),
        cmocka_unit_test(test_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
