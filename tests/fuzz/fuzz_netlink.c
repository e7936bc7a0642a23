/* SPDX-License-Identifier: MIT */
/* Walks messages and their attributes in bytes from outside: kernel/netlink.h and kernel/rtnl_attr.h
 * find what libmnl finds, at the same places. */
#include "fuzz/fuzz.h"

#include <libmnl/libmnl.h>
#include <limits.h>

#include "kernel/netlink.h"
#include "kernel/rtnl.h"
#include "kernel/rtnl_attr.h"

static void walk_attributes(const struct nlmsghdr *message, size_t fixed)
{
    const char *end = (const char *)message + message->nlmsg_len;
    const struct nlattr *theirs = mnl_nlmsg_get_payload_offset(message, fixed);
    const struct nlattr *ours;

    AQ_ATTR_EACH(ours, message, fixed)
    {
        require(mnl_attr_ok(theirs, (int)(end - (const char *)theirs)));
        require(ours == theirs);
        require(aq_attr_type(ours) == mnl_attr_get_type(theirs));
        require(aq_attr_length(ours) == mnl_attr_get_payload_len(theirs));
        require(aq_attr_payload(ours) == mnl_attr_get_payload(theirs));
        theirs = mnl_attr_next(theirs);
    }
    require(!mnl_attr_ok(theirs, (int)(end - (const char *)theirs)));
}

/* The first byte is the size of the family header. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct nlmsghdr *message;
    char *block;
    int left;

    if (size < 1 || size > 65536)
        return 0;
    block = exact_copy(data + 1, size - 1);
    left = (int)size - 1;
    message = (const struct nlmsghdr *)(void *)block;
    while (aq_rtnl_is_whole(message, left)) {
        int theirs = left;
        const struct nlmsghdr *next;

        require(mnl_nlmsg_ok(message, left));
        if (aq_rtnl_payload(message, data[0]))
            walk_attributes(message, data[0]);
        next = mnl_nlmsg_next(message, &theirs);
        message = aq_netlink_next(message, &left);
        require(message == next && left == theirs);
    }
    /* libmnl compares lengths as signed numbers. */
    require(!mnl_nlmsg_ok(message, left) || message->nlmsg_len > INT_MAX);
    free(block);
    return 0;
}
