/* SPDX-License-Identifier: MIT */
#include "handle/interfaces_read.h"

#include <linux/rtnetlink.h>

#include "handle/ifaddrs.h"
#include "handle/ifconf.h"
#include "handle/namespace.h"
#include "kernel/rtnl_addr.h"
#include "kernel/rtnl_link.h"
#include "kernel/sys.h"
#include "value/lifetime.h"

/* The most dumps that are made until one is consistent. If the last dump is inconsistent too,
 * events bring the missing changes, because the event socket is opened before the first dump. */
#define DUMP_ATTEMPTS 4

/* A malformed message is skipped. Only lack of memory is an error. */
static int read_link(const struct nlmsghdr *message, struct aq_ifmap *map)
{
    struct arpq_interface link;
    int code = 0;

    if (aq_rtnl_link_parse(message, &link) < 0)
        return 0;
    if (message->nlmsg_type == RTM_NEWLINK)
        code = aq_ifmap_put_link(map, &link);
    else
        aq_ifmap_remove_link(map, link.ifindex);
    return code < 0 ? code : 1;
}

/* The map keeps the end of each lifetime, from which a later copy computes the time left. */
static int interfaces_put_address(struct aq_ifmap *map, struct arpq_address *address)
{
    uint64_t now_s = aq_sys_now_ms() / 1000;

    address->valid_s = aq_lifetime_end(address->valid_s, now_s);
    address->preferred_s = aq_lifetime_end(address->preferred_s, now_s);
    return aq_ifmap_put_address(map, address);
}

static int interfaces_read_address(const struct nlmsghdr *message, struct aq_ifmap *map)
{
    struct arpq_address address;
    int code = 0;

    if (aq_rtnl_addr_parse(message, &address) < 0)
        return 0;
    if (message->nlmsg_type == RTM_NEWADDR)
        code = interfaces_put_address(map, &address);
    else
        aq_ifmap_remove_address(map, &address);
    return code < 0 ? code : 1;
}

int aq_interfaces_read_message(const struct nlmsghdr *message, struct aq_ifmap *map)
{
    switch (message->nlmsg_type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
        return read_link(message, map);
    case RTM_NEWADDR:
    case RTM_DELADDR:
        return interfaces_read_address(message, map);
    default:
        return 0;
    }
}

static int interfaces_take_message(const struct nlmsghdr *message, void *context)
{
    int code = aq_interfaces_read_message(message, context);

    return code < 0 ? code : 0;
}

static int interfaces_dump_both(struct arpq_handle *h, struct aq_ifmap *map)
{
    int code = -EOPNOTSUPP;

    for (int attempt = 0; h->has_rtnl && attempt < DUMP_ATTEMPTS; attempt++) {
        int addresses;

        aq_ifmap_clear(map);
        code = aq_rtnl_link_dump(&h->update_rtnl, interfaces_take_message, map);
        if (code < 0)
            return code;
        addresses = aq_rtnl_addr_dump(&h->update_rtnl, interfaces_take_message, map);
        if (addresses < 0)
            return addresses;
        if (code == 0 && addresses == 0)
            return 0;
        code = 0;
    }
    return code;
}

struct ifaddrs_context {
    int inet_fd;
    struct aq_ifmap *map;
};

static int read_ifaddrs(void *context)
{
    struct ifaddrs_context *to = context;

    return aq_ifaddrs_read(to->inet_fd, to->map);
}

int aq_interfaces_read_map(struct arpq_handle *h, struct aq_ifmap *map)
{
    struct ifaddrs_context to = {.inet_fd = h->inet_fd, .map = map};
    int code = interfaces_dump_both(h, map);

    if (aq_sys_is_refusal(code)) {
        aq_ifmap_clear(map);
        code = aq_namespace_run(h, read_ifaddrs, &to);
    }
    if (aq_sys_is_refusal(code) && h->inet_fd >= 0) {
        aq_ifmap_clear(map);
        code = aq_ifconf_read(h->inet_fd, map);
    }
    return code;
}
