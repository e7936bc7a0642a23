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
        aq_netlink_put(message, NDA_LLADDR, neigh->mac.length, neigh->mac.bytes);
    if (neigh->protocol)
        aq_netlink_put_u8(message, NDA_PROTOCOL, neigh->protocol);
    return aq_rtnl_exchange(rtnl, &request, &answer);
}

/* Returns the kernel's error for a request with this attribute on an interface that does not exist:
 * -ENODEV, unless the kernel knows the attribute and the value is invalid. */
static int neigh_edit_probe(struct aq_rtnl *rtnl, const struct arpq_ip *ip, uint16_t type,
                            const void *value, size_t size)
{
    union aq_rtnl_request request;
    union aq_rtnl_answer answer;

    memset(&request, 0, sizeof request);
    aq_rtnl_neigh_begin(&request, RTM_NEWNEIGH, NLM_F_ACK, ip, INT32_MAX, 0, ARPQ_STATE_FAILED);
    aq_netlink_put(&request.header, type, size, value);
    return aq_rtnl_exchange(rtnl, &request, &answer);
}

/* Linux 5.16 added the attribute, and later versions added flags. A kernel that knows the attribute
 * refuses unknown flags. */
static int neigh_edit_check_flags(struct aq_rtnl *rtnl, const struct arpq_ip *ip, uint32_t flags)
{
    const uint32_t all = UINT32_MAX, extended = flags >> AQ_RTNL_NEIGH_FLAGS_SHIFT;
    int code;

    if (!extended)
        return 0;
    code = neigh_edit_probe(rtnl, ip, AQ_RTNL_NEIGH_ATTR_FLAGS_EXT, &all, sizeof all);
    if (code == -ENODEV)
        return -EOPNOTSUPP;
    if (code != -EINVAL)
        return code;
    code = neigh_edit_probe(rtnl, ip, AQ_RTNL_NEIGH_ATTR_FLAGS_EXT, &extended, sizeof extended);
    if (code == -ENODEV)
        return 0;
    return code == -EINVAL ? -EOPNOTSUPP : code;
}

int aq_rtnl_neigh_check_support(struct aq_rtnl *rtnl, const struct arpq_neigh *neigh)
{
    int code = neigh_edit_check_flags(rtnl, &neigh->ip, neigh->flags);

    if (code < 0 || !neigh->protocol)
        return code;
    /* Linux 5.0 added the attribute. A kernel that knows the attribute refuses an empty one with
     * -ERANGE. */
    code = neigh_edit_probe(rtnl, &neigh->ip, NDA_PROTOCOL, NULL, 0);
    if (code == -ERANGE)
        return 0;
    return code == -ENODEV ? -EOPNOTSUPP : code;
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
