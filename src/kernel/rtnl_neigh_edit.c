/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl_neigh_edit.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>

int aq_rtnl_neigh_set(struct aq_rtnl *rtnl, const struct arpq_neigh *neigh, uint16_t how)
{
    union aq_rtnl_request request;
    union aq_rtnl_answer answer;
    struct nlmsghdr *message;

    memset(&request, 0, sizeof request); /* libmnl does not write the padding of attributes */
    message = aq_rtnl_neigh_begin(&request, RTM_NEWNEIGH, NLM_F_ACK | how, &neigh->ip,
                                  neigh->ifindex, neigh->flags, neigh->state);
    if (neigh->mac.length)
        mnl_attr_put(message, NDA_LLADDR, neigh->mac.length, neigh->mac.bytes);
    if (neigh->protocol)
        mnl_attr_put_u8(message, NDA_PROTOCOL, neigh->protocol);
    return aq_rtnl_exchange(rtnl, &request, &answer);
}

int aq_rtnl_neigh_has_proxy(struct aq_rtnl *rtnl, const struct arpq_ip *ip, uint32_t ifindex)
{
    union aq_rtnl_request request;
    union aq_rtnl_answer answer;
    int code;

    aq_rtnl_neigh_begin(&request, RTM_GETNEIGH, 0, ip, ifindex, NTF_PROXY, 0);
    code = aq_rtnl_exchange(rtnl, &request, &answer);
    return code == -ENOENT ? 0 : code < 0 ? code : 1;
}

void aq_rtnl_neigh_delete(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys, unsigned count,
                          bool proxy, int *codes)
{
    _Alignas(struct nlmsghdr) char requests[AQ_RTNL_BATCH * AQ_RTNL_NEIGH_GET_SIZE];
    size_t size = 0;

    for (unsigned n = 0; n < count; n++)
        size += aq_rtnl_neigh_begin(requests + size, RTM_DELNEIGH, n + 1 == count ? NLM_F_ACK : 0,
                                    &keys[n].ip, keys[n].ifindex, proxy ? NTF_PROXY : 0, 0)
                    ->nlmsg_len;
    aq_rtnl_acknowledge_many(rtnl, requests, size, count, codes);
}
