/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl_neigh_edit.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "value/value.h"

/* NDA_FLAGS_EXT came in Linux 5.16: headers of the build machine may be older. */
#define ATTR_FLAGS_EXT 15
#define FLAGS_EXT_SHIFT 8

/* A header, an ndmsg and an IPv6 address with its attribute header: 16 + 12 + 20. */
#define QUESTION_SIZE 48

/* A message about the entry of ip on ifindex, at `at`, zeroed or not. */
static struct nlmsghdr *neigh_edit_begin(void *at, uint16_t type, uint16_t how,
                                         const struct arpq_ip *ip, uint32_t ifindex, uint8_t flags,
                                         uint16_t state)
{
    struct nlmsghdr *message = mnl_nlmsg_put_header(at);
    struct ndmsg *header = mnl_nlmsg_put_extra_header(message, sizeof *header);

    message->nlmsg_type = type;
    message->nlmsg_flags = NLM_F_REQUEST | how;
    header->ndm_family = (uint8_t)ip->family;
    header->ndm_ifindex = (int)ifindex;
    header->ndm_flags = flags;
    header->ndm_state = state;
    mnl_attr_put(message, NDA_DST, aq_ip_length(ip), ip->bytes);
    return message;
}

int aq_rtnl_neigh_set(struct aq_rtnl *rtnl, const struct arpq_neigh *neigh, uint16_t how)
{
    union aq_rtnl_request request;
    union aq_rtnl_answer answer;
    uint32_t extended = neigh->flags >> FLAGS_EXT_SHIFT;
    struct nlmsghdr *message;

    memset(&request, 0, sizeof request); /* libmnl leaves what pads an attribute as it was */
    message = neigh_edit_begin(&request, RTM_NEWNEIGH, NLM_F_ACK | how, &neigh->ip, neigh->ifindex,
                               (uint8_t)neigh->flags, (uint16_t)neigh->state);

    if (neigh->mac.length)
        mnl_attr_put(message, NDA_LLADDR, neigh->mac.length, neigh->mac.bytes);
    if (neigh->protocol)
        mnl_attr_put_u8(message, NDA_PROTOCOL, neigh->protocol);
    if (extended)
        mnl_attr_put_u32(message, ATTR_FLAGS_EXT, extended);
    return aq_rtnl_exchange(rtnl, &request, &answer);
}

int aq_rtnl_neigh_has_proxy(struct aq_rtnl *rtnl, const struct arpq_ip *ip, uint32_t ifindex)
{
    union aq_rtnl_request request;
    union aq_rtnl_answer answer;
    int code;

    neigh_edit_begin(&request, RTM_GETNEIGH, 0, ip, ifindex, NTF_PROXY, 0);
    code = aq_rtnl_exchange(rtnl, &request, &answer);
    return code == -ENOENT ? 0 : code < 0 ? code : 1;
}

void aq_rtnl_neigh_delete(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys, unsigned count,
                          bool proxy, int *codes)
{
    _Alignas(struct nlmsghdr) char orders[AQ_RTNL_BATCH * QUESTION_SIZE];
    size_t size = 0;

    for (unsigned n = 0; n < count; n++)
        size += neigh_edit_begin(orders + size, RTM_DELNEIGH, n + 1 == count ? NLM_F_ACK : 0,
                                 &keys[n].ip, keys[n].ifindex, proxy ? NTF_PROXY : 0, 0)
                    ->nlmsg_len;
    aq_rtnl_acknowledge_many(rtnl, orders, size, count, codes);
}
