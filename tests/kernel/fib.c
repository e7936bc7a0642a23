/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/fib.h"
#include "kernel/message.h"

#define LINKS_MAX 64
#define ADDRESSES_MAX 256

static int fib_fd = -1;
static uint32_t fib_sequence;
static struct fib_link links[LINKS_MAX];
static size_t link_count;

static struct fib_address {
    uint32_t ifindex;
    struct arpq_ip ip;
} addresses[ADDRESSES_MAX];
static size_t address_count;

void fib_open(void)
{
    const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};

    if (fib_fd >= 0)
        close(fib_fd);
    fib_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    assert_true(fib_fd >= 0);
    assert_int_equal(connect(fib_fd, (const struct sockaddr *)&kernel, sizeof kernel), 0);
}

union request {
    struct nlmsghdr header;
    char bytes[256];
};

static void *request_begin(union request *request, uint16_t type, uint16_t flags, size_t size)
{
    memset(request, 0, sizeof *request);
    request->header.nlmsg_len = (uint32_t)NLMSG_LENGTH(size);
    request->header.nlmsg_type = type;
    request->header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    request->header.nlmsg_seq = ++fib_sequence;
    return NLMSG_DATA(&request->header);
}

static size_t ip_size(const struct arpq_ip *ip)
{
    return ip->family == AF_INET ? 4 : 16;
}

static struct arpq_ip ip_from(int family, const void *bytes)
{
    struct arpq_ip ip = {.family = (uint16_t)family};

    memcpy(ip.bytes, bytes, ip_size(&ip));
    return ip;
}

/* NLMSG_DATA, RTA_DATA and NLMSG_NEXT without their casts, which drop const. */
static const void *body_of(const struct nlmsghdr *message)
{
    return (const char *)message + NLMSG_HDRLEN;
}

static const void *data_of(const struct rtattr *attribute)
{
    return (const char *)attribute + RTA_LENGTH(0);
}

static const struct nlmsghdr *next_message(const struct nlmsghdr *message, uint32_t *rest)
{
    const uint32_t size = NLMSG_ALIGN(message->nlmsg_len);

    *rest = size < *rest ? *rest - size : 0;
    return (const void *)((const char *)message + size);
}

/* Call handler for each message of the answer. Returns 0 or the kernel's error. */
static int exchange(const union request *request,
                    void (*handler)(const struct nlmsghdr *message, void *context), void *context)
{
    static _Alignas(struct nlmsghdr) char buffer[65536];
    bool is_dump = request->header.nlmsg_flags & NLM_F_DUMP;

    assert_true(send(fib_fd, request, request->header.nlmsg_len, 0) > 0);
    for (;;) {
        const ssize_t size = recv(fib_fd, buffer, sizeof buffer, 0);
        const struct nlmsghdr *message = (const struct nlmsghdr *)(const void *)buffer;
        uint32_t rest = (uint32_t)size;

        assert_true(size > 0);
        for (; NLMSG_OK(message, rest); message = next_message(message, &rest)) {
            if (message->nlmsg_seq != fib_sequence)
                continue;
            if (message->nlmsg_type == NLMSG_ERROR)
                return ((const struct nlmsgerr *)body_of(message))->error;
            if (message->nlmsg_type == NLMSG_DONE)
                return 0;
            handler(message, context);
            if (!is_dump)
                return 0;
        }
    }
}

/* Find an attribute of a message whose body has this size. Returns NULL if there is none. */
static const struct rtattr *find_attribute(const struct nlmsghdr *message, size_t body_size,
                                           uint16_t type)
{
    size_t at = NLMSG_SPACE(body_size);

    while (at + sizeof(struct rtattr) <= message->nlmsg_len) {
        const struct rtattr *attribute = (const void *)((const char *)message + at);

        if ((attribute->rta_type & NLA_TYPE_MASK) == type)
            return attribute;
        at += RTA_ALIGN(attribute->rta_len);
    }
    return NULL;
}

static struct arpq_mac read_mac(const struct nlmsghdr *message, size_t body_size, uint16_t type)
{
    const struct rtattr *attribute = find_attribute(message, body_size, type);
    struct arpq_mac mac = {0};

    if (attribute) {
        mac.length = (uint8_t)RTA_PAYLOAD(attribute);
        memcpy(mac.bytes, data_of(attribute), mac.length);
    }
    return mac;
}

/* ---- Routes ---- */

static void read_route(const struct nlmsghdr *message, void *context)
{
    const struct rtmsg *body = body_of(message);
    const struct rtattr *oif = find_attribute(message, sizeof *body, RTA_OIF);
    const struct rtattr *gateway = find_attribute(message, sizeof *body, RTA_GATEWAY);
    const struct rtattr *via = find_attribute(message, sizeof *body, RTA_VIA);
    struct fib_route *route = context;

    route->type = body->rtm_type;
    if (oif)
        memcpy(&route->oif, data_of(oif), sizeof route->oif);
    if (gateway)
        route->gateway = ip_from(body->rtm_family, data_of(gateway));
    if (via) {
        const struct rtvia *other = data_of(via);

        route->gateway = ip_from(other->rtvia_family, other->rtvia_addr);
    }
}

struct fib_route fib_route(const struct fib_query *query)
{
    struct fib_route route = {0};
    union request request;
    struct rtmsg *body = request_begin(&request, RTM_GETROUTE, 0, sizeof *body);
    uint8_t bits = (uint8_t)(8 * ip_size(&query->ip));

    body->rtm_family = (uint8_t)query->ip.family;
    body->rtm_dst_len = bits;
    body->rtm_flags = query->match ? RTM_F_FIB_MATCH : 0;
    put_attribute(&request.header, RTA_DST, query->ip.bytes, ip_size(&query->ip));
    if (query->source.family) {
        body->rtm_src_len = bits;
        put_attribute(&request.header, RTA_SRC, query->source.bytes, ip_size(&query->ip));
    }
    if (query->mark)
        put_attribute(&request.header, RTA_MARK, &query->mark, sizeof query->mark);
    if (query->oif)
        put_attribute(&request.header, RTA_OIF, &query->oif, sizeof query->oif);
    route.error = exchange(&request, read_route, &route);
    return route;
}

/* ---- Neighbours ---- */

static void read_neigh(const struct nlmsghdr *message, void *context)
{
    const struct ndmsg *body = body_of(message);
    struct fib_neigh *neigh = context;

    neigh->exists = true;
    neigh->state = body->ndm_state;
    neigh->mac = read_mac(message, sizeof *body, NDA_LLADDR);
}

struct fib_neigh fib_neigh(const struct arpq_ip *ip, uint32_t ifindex)
{
    struct fib_neigh neigh = {0};
    union request request;
    struct ndmsg *body = request_begin(&request, RTM_GETNEIGH, 0, sizeof *body);

    body->ndm_family = (uint8_t)ip->family;
    body->ndm_ifindex = (int)ifindex;
    put_attribute(&request.header, NDA_DST, ip->bytes, ip_size(ip));
    if (exchange(&request, read_neigh, &neigh) < 0)
        memset(&neigh, 0, sizeof neigh);
    if (neigh.state & (NUD_INCOMPLETE | NUD_FAILED))
        memset(&neigh.mac, 0, sizeof neigh.mac);
    return neigh;
}

/* ---- Links and addresses ---- */

static void read_link(const struct nlmsghdr *message, void *context)
{
    const struct ifinfomsg *body = body_of(message);
    const struct rtattr *name = find_attribute(message, sizeof *body, IFLA_IFNAME);
    struct fib_link *link = &links[link_count++];

    assert_true(link_count < LINKS_MAX);
    memset(link, 0, sizeof *link);
    link->ifindex = (uint32_t)body->ifi_index;
    link->has_carrier = body->ifi_flags & IFF_LOWER_UP;
    link->mac = read_mac(message, sizeof *body, IFLA_ADDRESS);
    snprintf(link->name, sizeof link->name, "%s", (const char *)data_of(name));
}

static void read_address(const struct nlmsghdr *message, void *context)
{
    const struct ifaddrmsg *body = body_of(message);
    const struct rtattr *ip = find_attribute(message, sizeof *body, IFA_LOCAL);
    struct fib_address *address = &addresses[address_count++];

    assert_true(address_count < ADDRESSES_MAX);
    if (!ip)
        ip = find_attribute(message, sizeof *body, IFA_ADDRESS);
    address->ifindex = body->ifa_index;
    address->ip = ip_from(body->ifa_family, data_of(ip));
}

void fib_read_links(void)
{
    union request request;

    link_count = address_count = 0;
    request_begin(&request, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
    assert_int_equal(exchange(&request, read_link, NULL), 0);
    request_begin(&request, RTM_GETADDR, NLM_F_DUMP, sizeof(struct ifaddrmsg));
    assert_int_equal(exchange(&request, read_address, NULL), 0);
}

const struct fib_link *fib_link(uint32_t ifindex)
{
    for (size_t i = 0; i < link_count; i++)
        if (links[i].ifindex == ifindex)
            return &links[i];
    return NULL;
}

bool fib_owns(uint32_t ifindex, const struct arpq_ip *ip)
{
    for (size_t i = 0; i < address_count; i++)
        if ((!ifindex || addresses[i].ifindex == ifindex) && addresses[i].ip.family == ip->family &&
            memcmp(addresses[i].ip.bytes, ip->bytes, ip_size(ip)) == 0)
            return true;
    return false;
}
