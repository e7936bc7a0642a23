/* SPDX-License-Identifier: MIT */
#include "method/topology.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "method/report.h"

/* -- requests -- */

#define BATCH_MESSAGES 200
#define MESSAGE_MAX 512
#define BUFFER_SIZE (BATCH_MESSAGES * MESSAGE_MAX)

void rtnl_open(struct rtnl *r)
{
    memset(r, 0, sizeof *r);
    r->socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
    if (!r->socket || mnl_socket_bind(r->socket, 0, MNL_SOCKET_AUTOPID))
        fail(errno, "rtnetlink socket");
    r->buffer = malloc(BUFFER_SIZE);
    if (!r->buffer)
        fail(ENOMEM, "rtnetlink buffer");
}

void rtnl_close(struct rtnl *r)
{
    rtnl_flush(r);
    free(r->buffer);
    mnl_socket_close(r->socket);
}

struct nlmsghdr *rtnl_begin(struct rtnl *r, uint16_t type, uint16_t flags, size_t header_size,
                            void **header)
{
    struct nlmsghdr *message = mnl_nlmsg_put_header(r->buffer + r->used);

    message->nlmsg_type = type;
    message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    message->nlmsg_seq = ++r->sequence;
    *header = mnl_nlmsg_put_extra_header(message, header_size);
    return message;
}

void rtnl_end(struct rtnl *r, struct nlmsghdr *message)
{
    r->used += NLMSG_ALIGN((size_t)message->nlmsg_len);
    r->last = message;
    if (++r->messages == BATCH_MESSAGES)
        rtnl_flush(r);
}

/* Only the last request asks for an acknowledgement. The kernel reports errors of all requests. */
void rtnl_flush(struct rtnl *r)
{
    char answer[8192];
    const struct nlmsghdr *header = (const void *)answer;
    const struct nlmsgerr *error;

    if (!r->messages)
        return;
    r->last->nlmsg_flags |= NLM_F_ACK;
    if (mnl_socket_sendto(r->socket, r->buffer, r->used) < 0)
        fail(errno, "rtnetlink send");
    do {
        if (mnl_socket_recvfrom(r->socket, answer, sizeof answer) < 0)
            fail(errno, "rtnetlink receive");
        error = mnl_nlmsg_get_payload(header);
        if (header->nlmsg_type != NLMSG_ERROR || error->error)
            fail(-error->error, "setting up links and neighbours");
    } while (header->nlmsg_seq != r->sequence);
    r->used = 0;
    r->messages = 0;
}

/* -- topology -- */

uint32_t topology_network(uint32_t link)
{
    return 0x0a000000u + (link << 8);
}

/* The files do not exist if IPv6 is disabled. */
void topology_disable_dad(void)
{
    static const char *const switches[] = {"/proc/sys/net/ipv6/conf/all/accept_dad",
                                           "/proc/sys/net/ipv6/conf/default/accept_dad"};

    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        int fd = open(switches[i], O_WRONLY | O_CLOEXEC);

        if (fd >= 0) {
            ssize_t written = write(fd, "0", 1);

            (void)written;
            close(fd);
        }
    }
}

static void put_link(struct nlmsghdr *message, struct ifinfomsg *end, uint32_t link)
{
    char name[IFNAMSIZ];

    end->ifi_index = (int)(LINK_IFINDEX + link);
    snprintf(name, sizeof name, "b%u", link);
    mnl_attr_put_strz(message, IFLA_IFNAME, name);
}

static void add_veth(struct rtnl *r, uint32_t first)
{
    void *header;
    struct nlmsghdr *m =
        rtnl_begin(r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg), &header);
    struct nlattr *info, *data, *peer;

    put_link(m, header, first);
    info = mnl_attr_nest_start(m, IFLA_LINKINFO);
    mnl_attr_put_strz(m, IFLA_INFO_KIND, "veth");
    data = mnl_attr_nest_start(m, IFLA_INFO_DATA);
    peer = mnl_attr_nest_start(m, VETH_INFO_PEER);
    put_link(m, mnl_nlmsg_put_extra_header(m, sizeof(struct ifinfomsg)), first + 1);
    mnl_attr_nest_end(m, peer);
    mnl_attr_nest_end(m, data);
    mnl_attr_nest_end(m, info);
    rtnl_end(r, m);
}

/* A veth device cannot be set up before its peer exists. */
void topology_set_up(struct rtnl *r, uint32_t ifindex)
{
    void *header;
    struct nlmsghdr *m = rtnl_begin(r, RTM_NEWLINK, 0, sizeof(struct ifinfomsg), &header);
    struct ifinfomsg *end = header;

    end->ifi_index = (int)ifindex;
    end->ifi_flags = IFF_UP;
    end->ifi_change = IFF_UP;
    rtnl_end(r, m);
}

void topology_add_address(struct rtnl *r, uint32_t ifindex, const struct arpq_ip *ip,
                          uint8_t prefix)
{
    void *header;
    struct nlmsghdr *m =
        rtnl_begin(r, RTM_NEWADDR, NLM_F_CREATE, sizeof(struct ifaddrmsg), &header);
    struct ifaddrmsg *address = header;

    address->ifa_family = (uint8_t)ip->family;
    address->ifa_prefixlen = prefix;
    address->ifa_index = ifindex;
    address->ifa_flags = ip->family == AF_INET6 ? IFA_F_NODAD : 0;
    mnl_attr_put(m, IFA_LOCAL, ip->family == AF_INET6 ? 16 : 4, ip->bytes);
    rtnl_end(r, m);
}

static uint8_t route_scope(const struct route *route)
{
    if (route->type == RTN_LOCAL)
        return RT_SCOPE_HOST;
    return route->gateway ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
}

static void put_route(struct rtnl *r, uint16_t type, uint16_t flags, const struct route *route)
{
    uint32_t to = htonl(route->to), gateway = htonl(route->gateway);
    void *header;
    struct nlmsghdr *m = rtnl_begin(r, type, flags, sizeof(struct rtmsg), &header);
    struct rtmsg *message = header;

    message->rtm_family = AF_INET;
    message->rtm_dst_len = route->length;
    message->rtm_table = RT_TABLE_UNSPEC;
    message->rtm_scope = route_scope(route);
    message->rtm_type = route->type;
    mnl_attr_put(m, RTA_DST, sizeof to, &to);
    mnl_attr_put_u32(m, RTA_OIF, route->ifindex);
    mnl_attr_put_u32(m, RTA_TABLE, route->table);
    if (route->gateway)
        mnl_attr_put(m, RTA_GATEWAY, sizeof gateway, &gateway);
    rtnl_end(r, m);
}

void topology_add_route(struct rtnl *r, const struct route *route)
{
    put_route(r, RTM_NEWROUTE, NLM_F_CREATE, route);
}

void topology_delete_route(struct rtnl *r, const struct route *route)
{
    put_route(r, RTM_DELROUTE, 0, route);
}

/* Every second address is IPv6. */
static void add_link_addresses(struct rtnl *r, uint32_t link, uint32_t addresses)
{
    struct arpq_ip v4 = {.family = AF_INET, .bytes = {10, (uint8_t)(link >> 8), (uint8_t)link}};
    struct arpq_ip v6 = {.family = AF_INET6,
                         .bytes = {0xfd, 1, (uint8_t)(link >> 8), (uint8_t)link}};

    for (uint32_t n = 1; n <= addresses; n++) {
        v4.bytes[3] = v6.bytes[15] = (uint8_t)n;
        topology_add_address(r, LINK_IFINDEX + link, n % 2 ? &v4 : &v6, n % 2 ? 24 : 64);
    }
}

static void add_addresses(struct rtnl *r, uint32_t links, uint32_t addresses)
{
    static const struct arpq_ip wide = {.family = AF_INET, .bytes = {10, 0, 0, 1}};
    static const struct arpq_ip far = {.family = AF_INET, .bytes = {192, 0, 2, 1}};
    static const struct arpq_ip wide_v6 = {.family = AF_INET6, .bytes = {0xfd, [15] = 1}};

    if (links == 2) {
        topology_add_address(r, LINK_IFINDEX, &wide, 8);
        topology_add_address(r, LINK_IFINDEX + 1, &far, 24);
        topology_add_address(r, LINK_IFINDEX, &wide_v6, 64);
        return;
    }
    for (uint32_t link = 0; link < links; link++)
        add_link_addresses(r, link, addresses);
}

void topology_add_links(struct rtnl *r, uint32_t links, uint32_t addresses)
{
    for (uint32_t first = 0; first < links; first += 2)
        add_veth(r, first);
    for (uint32_t link = 0; link < links; link++)
        topology_set_up(r, LINK_IFINDEX + link);
    add_addresses(r, links, addresses);
    rtnl_flush(r);
}

void topology_add_neighbour(struct rtnl *r, const struct target *t)
{
    topology_set_neighbour(r, t, 0);
}

void topology_set_neighbour(struct rtnl *r, const struct target *t, uint8_t second)
{
    void *header;
    struct nlmsghdr *m =
        rtnl_begin(r, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, sizeof(struct ndmsg), &header);
    struct ndmsg *neighbour = header;
    size_t size = t->ip.family == AF_INET6 ? 16 : 4;
    uint8_t mac[6] = {0x02, second};

    neighbour->ndm_family = (uint8_t)t->ip.family;
    neighbour->ndm_ifindex = (int)(LINK_IFINDEX + t->link);
    neighbour->ndm_state = NUD_PERMANENT;
    memcpy(mac + 2, t->ip.bytes + size - 4, 4);
    mnl_attr_put(m, NDA_DST, size, t->ip.bytes);
    mnl_attr_put(m, NDA_LLADDR, sizeof mac, mac);
    rtnl_end(r, m);
}
