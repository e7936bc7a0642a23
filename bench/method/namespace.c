/* SPDX-License-Identifier: MIT */
#include "method/namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "method/clock.h"
#include "method/report.h"
#include "method/topology.h"

/* The first neighbour is 10.1.0.0, the first address without an entry 10.128.0.0. */
#define FIRST_NEIGHBOUR 0x0a010000u
#define FIRST_ABSENT 0x0a800000u

#define SETTLED_NS 200000000u
#define SETTLE_TIMEOUT_NS 10000000000u

static void put32(uint8_t *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> (24 - 8 * i));
}

static struct target target_v4(uint32_t address, uint32_t link)
{
    struct target t = {.ip = {.family = AF_INET}, .link = link};

    put32(t.ip.bytes, address);
    return t;
}

static struct target target_v6(uint32_t low)
{
    struct target t = {.ip = {.family = AF_INET6, .bytes = {0xfd}}};

    put32(t.ip.bytes + 12, low);
    return t;
}

struct target target_absent(uint32_t n)
{
    return target_v4(FIRST_ABSENT + n, 0);
}

static void create_targets(struct net_namespace *ns)
{
    const struct namespace_size *size = &ns->size;
    uint32_t step = size->neighbours ? size->links / size->neighbours : 0;

    ns->v4 = calloc(size->neighbours + 1u, sizeof *ns->v4);
    ns->v6 = calloc(size->neighbours_v6 + 1u, sizeof *ns->v6);
    if (!ns->v4 || !ns->v6)
        fail(ENOMEM, "targets");
    for (uint32_t i = 0; i < size->neighbours; i++)
        ns->v4[i] = size->links == 2 ? target_v4(FIRST_NEIGHBOUR + i, 0)
                                     : target_v4(topology_network(i * step) + 2, i * step);
    for (uint32_t i = 0; i < size->neighbours_v6; i++)
        ns->v6[i] = target_v6(0x10000 + i);
}

static void setup(const struct net_namespace *ns)
{
    struct rtnl r;

    rtnl_open(&r);
    topology_disable_dad();
    topology_add_links(&r, ns->size.links, ns->size.addresses ? ns->size.addresses : 1);
    for (uint32_t i = 0; i < ns->size.neighbours; i++)
        topology_add_neighbour(&r, &ns->v4[i]);
    for (uint32_t i = 0; i < ns->size.neighbours_v6; i++)
        topology_add_neighbour(&r, &ns->v6[i]);
    rtnl_close(&r);
}

int namespace_unshare(void)
{
    int fd;

    if (unshare(CLONE_NEWNET))
        fail(errno, "a network namespace of its own (run as root)");
    fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        fail(errno, "/proc/thread-self/ns/net");
    return fd;
}

static void enter_netns(int fd)
{
    if (setns(fd, CLONE_NEWNET))
        fail(errno, "setns");
}

void namespace_create(struct net_namespace *ns, const struct namespace_size *size)
{
    ns->size = *size;
    ns->fd = namespace_unshare();
    create_targets(ns);
    setup(ns);
}

void namespace_settle(void)
{
    uint64_t began = clock_ns(), since = began, destroyed = 0;
    struct arpq_table_stats stats;
    struct arpq_handle *h;
    int code = arpq_open(&h, NULL);

    if (code)
        fail(-code, "arpq_open");
    while (clock_ns() - since < SETTLED_NS && clock_ns() - began < SETTLE_TIMEOUT_NS) {
        code = arpq_table_stats(h, AF_INET, &stats);
        if (code)
            fail(-code, "arpq_table_stats");
        if (stats.destroys != destroyed)
            since = clock_ns();
        destroyed = stats.destroys;
        poll(NULL, 0, 10);
    }
    arpq_close(h);
}

void namespace_enter(const struct net_namespace *ns)
{
    enter_netns(ns->fd);
}

void namespace_close(struct net_namespace *ns)
{
    close(ns->fd);
    free(ns->v4);
    free(ns->v6);
    memset(ns, 0, sizeof *ns);
}

#define FAR_END (LINK_IFINDEX + 1)
#define LOOPBACK 1

/* Give the client its address, and move the other end of link 0 to the responder. */
static void setup_client(int netns)
{
    const struct target client = target_v4(RESPONDER_CLIENT, 0);
    struct rtnl r;
    void *header;
    struct nlmsghdr *m;

    rtnl_open(&r);
    topology_add_address(&r, LINK_IFINDEX, &client.ip, 16);
    m = rtnl_begin(&r, RTM_NEWLINK, 0, sizeof(struct ifinfomsg), &header);
    ((struct ifinfomsg *)header)->ifi_index = FAR_END;
    mnl_attr_put_u32(m, IFLA_NET_NS_FD, (uint32_t)netns);
    rtnl_end(&r, m);
    rtnl_flush(&r);
    rtnl_close(&r);
}

/* The kernel searches the local table first. The routes added there make the whole network local
 * except the client. */
void responder_create(struct responder *responder, const struct net_namespace *ns)
{
    const struct target own = target_v4(RESPONDER_CLIENT + 1, 0);
    struct rtnl r;

    responder->fd = namespace_unshare();
    namespace_enter(ns);
    setup_client(responder->fd);
    enter_netns(responder->fd);
    rtnl_open(&r);
    topology_set_up(&r, LOOPBACK);
    topology_set_up(&r, FAR_END);
    topology_add_address(&r, FAR_END, &own.ip, 16);
    topology_add_route(&r, &(struct route){.to = RESPONDER_NETWORK,
                                           .length = 16,
                                           .type = RTN_LOCAL,
                                           .table = RT_TABLE_LOCAL,
                                           .ifindex = LOOPBACK});
    topology_add_route(&r, &(struct route){.to = RESPONDER_CLIENT,
                                           .length = 32,
                                           .type = RTN_UNICAST,
                                           .table = RT_TABLE_LOCAL,
                                           .ifindex = FAR_END});
    rtnl_flush(&r);
    rtnl_close(&r);
    namespace_enter(ns);
}

void responder_close(struct responder *responder)
{
    close(responder->fd);
}

int responder_drop_requests(const struct responder *responder, const struct net_namespace *ns,
                            unsigned one_in)
{
    char command[320] = "nft 'delete table netdev lossy' 2>/dev/null";
    int code;

    if (one_in)
        snprintf(command, sizeof command,
                 "nft 'add table netdev lossy; add chain netdev lossy in"
                 " { type filter hook ingress device b1 priority 0; };"
                 " add rule netdev lossy in numgen random mod %u == 0 drop' 2>/dev/null",
                 one_in);
    enter_netns(responder->fd);
    code = system(command);
    namespace_enter(ns);
    return code ? -1 : 0;
}
