/* SPDX-License-Identifier: MIT */
#include "kernel/solicit.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>

#include "kernel/rtnl_neigh.h"
#include "kernel/sys.h"
#include "value/ip.h"

/* ---- Orders ---- */

/* The kernel clears these flags of an entry if a request does not contain them, and newer kernels
 * may have more such flags. */
#define KEPT (ARPQ_NEIGH_ROUTER | ARPQ_NEIGH_EXT_LEARNED | AQ_RTNL_NEIGH_FLAGS_EXT)

static const struct method {
    uint16_t flags, state;
    uint8_t neigh_flags;
} methods[AQ_SOLICIT_MOST] = {
    [AQ_SOLICIT_NEW] = {NLM_F_CREATE | NLM_F_EXCL, 0, NTF_USE},
    [AQ_SOLICIT_AGAIN] = {NLM_F_CREATE, 0, NTF_USE},
    [AQ_SOLICIT_PROBE] = {NLM_F_REPLACE, NUD_PROBE, 0},
};

static size_t solicit_put(void *at, uint16_t flags, const struct aq_solicit *solicit)
{
    const struct method *method = &methods[solicit->how];

    return aq_rtnl_neigh_begin(at, RTM_NEWNEIGH, flags | method->flags, &solicit->ip,
                               solicit->ifindex, method->neigh_flags | (solicit->flags & KEPT),
                               method->state)
        ->nlmsg_len;
}

void aq_solicit_many(struct aq_rtnl *rtnl, const struct aq_solicit *solicits, unsigned count,
                     int *codes)
{
    _Alignas(struct nlmsghdr) char bytes[AQ_RTNL_BATCH * AQ_RTNL_NEIGH_SIZE];
    size_t size = 0;

    for (unsigned n = 0; n < count; n++)
        size += solicit_put(bytes + size, n + 1 == count ? NLM_F_ACK : 0, &solicits[n]);
    aq_rtnl_acknowledge_many(rtnl, bytes, size, count, codes);
}

/* Tells whether the answer acknowledges a change. */
static bool is_done(const struct nlmsghdr *message)
{
    const int *error = aq_rtnl_payload(message, sizeof *error);

    return message->nlmsg_type == NLMSG_ERROR && error && *error == 0;
}

struct look {
    int code, get_code;
    struct arpq_neigh *neigh;
};

static void take_answer_of_get(unsigned n, int code, const struct nlmsghdr *message, void *context)
{
    struct look *look = context;

    if (n == 0)
        look->code = is_done(message) ? 0 : code;
    else if (message->nlmsg_type == RTM_NEWNEIGH)
        look->get_code = aq_rtnl_neigh_parse(message, look->neigh);
    else
        look->get_code = code;
}

int aq_solicit_and_get(struct aq_rtnl *rtnl, const struct aq_solicit *solicit, int *get_code,
                       struct arpq_neigh *neigh)
{
    _Alignas(struct nlmsghdr) char bytes[AQ_RTNL_NEIGH_SIZE + AQ_RTNL_NEIGH_GET_SIZE];
    struct look look = {.code = -EBADMSG, .get_code = -EBADMSG, .neigh = neigh};
    size_t size = solicit_put(bytes, NLM_F_ACK, solicit);
    int code;

    memset(neigh, 0, sizeof *neigh);
    size += aq_rtnl_neigh_get_request(bytes + size, &solicit->ip, solicit->ifindex);
    code = aq_rtnl_exchange_many(rtnl, bytes, size, 2, take_answer_of_get, &look);
    *get_code = code < 0 ? code : look.get_code;
    if (*get_code == -EOPNOTSUPP) /* before Linux 5.0 */
        *get_code = aq_rtnl_neigh_get(rtnl, &solicit->ip, solicit->ifindex, neigh);
    return code < 0 ? code : look.code;
}

/* ---- Datagrams ---- */

#define DISCARD_PORT 9

int aq_solicit_socket(uint16_t family)
{
    int fd = aq_sys_socket(family, SOCK_DGRAM, 0);

    if (fd < 0)
        return fd;
    /* Set the hop limit to 1, so that routers do not forward the datagram, and the receive
     * buffer to its minimum, because replies are not read. Failures are ignored. */
    if (family == AF_INET)
        (void)aq_sys_set_int(fd, IPPROTO_IP, IP_TTL, 1);
    else
        (void)aq_sys_set_int(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 1);
    (void)aq_sys_set_int(fd, SOL_SOCKET, SO_RCVBUF, 0);
    return fd;
}

/* Selects the outgoing interface regardless of routes, without binding the socket to it. */
union solicit_control {
    struct cmsghdr header;
    char v4[CMSG_SPACE(sizeof(struct in_pktinfo))];
    char v6[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

static void put_control(struct msghdr *message, int level, int type, const void *data, size_t size)
{
    struct cmsghdr *header = message->msg_control;

    header->cmsg_level = level;
    header->cmsg_type = type;
    header->cmsg_len = (socklen_t)CMSG_LEN(size); /* of this type in musl */
    memcpy(CMSG_DATA(header), data, size);
    message->msg_controllen = (socklen_t)CMSG_SPACE(size);
}

int aq_solicit_datagram(int fd, const struct arpq_ip *ip, uint32_t ifindex)
{
    const struct in_pktinfo v4 = {.ipi_ifindex = (int)ifindex};
    const struct in6_pktinfo v6 = {.ipi6_ifindex = ifindex};
    struct sockaddr_storage address;
    union solicit_control control = {0};
    struct msghdr message = {.msg_name = &address, .msg_control = &control};
    struct arpq_ip to = *ip;
    ssize_t sent;
    int code;

    to.scope = aq_ip_is_link_local(ip) ? ifindex : 0;
    code = arpq_ip_to_sockaddr(&to, DISCARD_PORT, &address);
    if (code < 0)
        return code;
    message.msg_namelen = (socklen_t)code;
    if (ip->family == AF_INET)
        put_control(&message, IPPROTO_IP, IP_PKTINFO, &v4, sizeof v4);
    else
        put_control(&message, IPPROTO_IPV6, IPV6_PKTINFO, &v6, sizeof v6);
    sent = aq_sys_sendmsg(fd, &message, MSG_DONTWAIT | MSG_DONTROUTE | MSG_NOSIGNAL);
    return sent < 0 ? (int)sent : 0;
}
