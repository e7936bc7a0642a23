/* SPDX-License-Identifier: MIT */
#include "responder.h"

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

#include "method/report.h"
#include "rtnl.h"

#define FAR_END (LINK_IFINDEX + 1)
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
    mnl_attr_put(m, IFA_LOCAL, sizeof ip, &ip);
    rtnl_end(r, m);
}

/* Give the asker its address, and the other end away. */
static void setup_client(int netns)
{
    struct rtnl r;
    void *header;
    struct nlmsghdr *m;

    rtnl_open(&r);
    add_address(&r, LINK_IFINDEX, RESPONDER_CLIENT);
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
    mnl_attr_put(m, RTA_DST, sizeof to, &to);
    mnl_attr_put_u32(m, RTA_OIF, ifindex);
    rtnl_end(r, m);
}

void responder_create(struct responder *responder, const struct net_namespace *ns)
{
    struct rtnl r;

    if (unshare(CLONE_NEWNET))
        fail(errno, "a second network namespace");
    responder->netns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (responder->netns < 0)
        fail(errno, "/proc/thread-self/ns/net");
    namespace_enter(ns);
    setup_client(responder->netns);
    enter(responder->netns);
    rtnl_open(&r);
    set_up(&r, LOOPBACK);
    set_up(&r, FAR_END);
    add_address(&r, FAR_END, RESPONDER_CLIENT + 1);
    add_route(&r, RTN_LOCAL, RESPONDER_NETWORK, 16, LOOPBACK);
    add_route(&r, RTN_UNICAST, RESPONDER_CLIENT, 32, FAR_END);
    rtnl_flush(&r);
    rtnl_close(&r);
    namespace_enter(ns);
}

void responder_close(struct responder *responder)
{
    close(responder->netns);
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
    enter(responder->netns);
    code = system(command);
    namespace_enter(ns);
    return code ? -1 : 0;
}
