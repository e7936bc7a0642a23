/* SPDX-License-Identifier: MIT */
#include "machines.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "rtnl.h"

#define FAR_END (WORLD_IFINDEX + 1)
#define LOOPBACK 1

static void enter(int netns)
{
    if (setns(netns, CLONE_NEWNET))
        fail(errno, "setns");
}

static void set_up(struct rtnl *r, uint32_t ifindex)
{
    void *header;
    struct nlmsghdr *m = rtnl_begin(r, RTM_NEWLINK, 0, sizeof(struct ifinfomsg), &header);
    struct ifinfomsg *link = header;

    link->ifi_index = (int)ifindex;
    link->ifi_flags = link->ifi_change = IFF_UP;
    rtnl_end(r, m);
}

static void add_address(struct rtnl *r, uint32_t ifindex, uint32_t ip)
{
    void *header;
    struct nlmsghdr *m =
        rtnl_begin(r, RTM_NEWADDR, NLM_F_CREATE, sizeof(struct ifaddrmsg), &header);
    struct ifaddrmsg *address = header;

    ip = htonl(ip);
    address->ifa_family = AF_INET;
    address->ifa_prefixlen = 16;
    address->ifa_index = ifindex;
    mnl_attr_put(m, IFA_LOCAL, sizeof(ip), &ip);
    rtnl_end(r, m);
}

/* Give the asker its address, and the other end away. */
static void set_asker(int netns)
{
    struct rtnl r;
    void *header;
    struct nlmsghdr *m;

    rtnl_open(&r);
    add_address(&r, WORLD_IFINDEX, MACHINES_ASKER);
    m = rtnl_begin(&r, RTM_NEWLINK, 0, sizeof(struct ifinfomsg), &header);
    ((struct ifinfomsg *)header)->ifi_index = FAR_END;
    mnl_attr_put_u32(m, IFLA_NET_NS_FD, (uint32_t)netns);
    rtnl_end(&r, m);
    rtnl_flush(&r);
    rtnl_close(&r);
}

/* In the table that comes first: the network is local, and the asker is not. */
static void add_route(struct rtnl *r, uint8_t type, uint32_t to, uint8_t length, uint32_t ifindex)
{
    void *header;
    struct nlmsghdr *m = rtnl_begin(r, RTM_NEWROUTE, NLM_F_CREATE, sizeof(struct rtmsg), &header);
    struct rtmsg *route = header;

    to = htonl(to);
    route->rtm_family = AF_INET;
    route->rtm_dst_len = length;
    route->rtm_table = RT_TABLE_LOCAL;
    route->rtm_scope = type == RTN_LOCAL ? RT_SCOPE_HOST : RT_SCOPE_LINK;
    route->rtm_type = type;
    mnl_attr_put(m, RTA_DST, sizeof(to), &to);
    mnl_attr_put_u32(m, RTA_OIF, ifindex);
    rtnl_end(r, m);
}

void machines_make(struct machines *machines, const struct world *w)
{
    struct rtnl r;

    if (unshare(CLONE_NEWNET))
        fail(errno, "a second network namespace");
    machines->netns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (machines->netns < 0)
        fail(errno, "/proc/thread-self/ns/net");
    world_enter(w);
    set_asker(machines->netns);
    enter(machines->netns);
    rtnl_open(&r);
    set_up(&r, LOOPBACK);
    set_up(&r, FAR_END);
    add_address(&r, FAR_END, MACHINES_ASKER + 1);
    add_route(&r, RTN_LOCAL, MACHINES_NETWORK, 16, LOOPBACK);
    add_route(&r, RTN_UNICAST, MACHINES_ASKER, 32, FAR_END);
    rtnl_flush(&r);
    rtnl_close(&r);
    world_enter(w);
}

void machines_drop(struct machines *machines)
{
    close(machines->netns);
}

int machines_lose(const struct machines *machines, const struct world *w, unsigned one_in)
{
    char command[320] = "nft 'delete table netdev lossy' 2>/dev/null";
    int code;

    if (one_in)
        snprintf(command, sizeof(command),
                 "nft 'add table netdev lossy; add chain netdev lossy in"
                 " { type filter hook ingress device b1 priority 0; };"
                 " add rule netdev lossy in numgen random mod %u == 0 drop' 2>/dev/null",
                 one_in);
    enter(machines->netns);
    code = system(command);
    world_enter(w);
    return code ? -1 : 0;
}
