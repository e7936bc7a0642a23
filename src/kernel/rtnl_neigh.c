/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl_neigh.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "kernel/rtnl_attr.h"
#include "kernel/rtnl_dump.h"
#include "value/ip.h"

/* nda_cacheinfo counts in USER_HZ, which is 100 on every architecture. */
#define MS_PER_USER_TICK 10u

#define STATES_WITH_MAC                                                                            \
    (ARPQ_STATE_REACHABLE | ARPQ_STATE_STALE | ARPQ_STATE_DELAY | ARPQ_STATE_PROBE |               \
     ARPQ_STATE_NOARP | ARPQ_STATE_PERMANENT)

static void parse_ages(const struct nlattr *attribute, struct arpq_neigh *neigh)
{
    struct nda_cacheinfo info;

    if (!aq_attr_copy(attribute, &info, sizeof info))
        return;
    neigh->confirmed_ms = (uint64_t)info.ndm_confirmed * MS_PER_USER_TICK;
    neigh->used_ms = (uint64_t)info.ndm_used * MS_PER_USER_TICK;
    neigh->updated_ms = (uint64_t)info.ndm_updated * MS_PER_USER_TICK;
    neigh->refcount = info.ndm_refcnt;
}

static int neigh_parse_attribute(const struct nlattr *attribute, uint16_t family,
                                 struct arpq_neigh *neigh)
{
    uint32_t extended;

    switch (aq_attr_type(attribute)) {
    case NDA_DST:
        return aq_attr_ip(attribute, family, &neigh->ip) ? 0 : -EBADMSG;
    case NDA_LLADDR:
        return aq_attr_mac(attribute, &neigh->mac) ? 0 : -EBADMSG;
    case NDA_CACHEINFO:
        parse_ages(attribute, neigh);
        return 0;
    case NDA_PROBES:
        (void)aq_attr_copy(attribute, &neigh->probes, sizeof neigh->probes);
        return 0;
    case NDA_PROTOCOL:
        (void)aq_attr_copy(attribute, &neigh->protocol, sizeof neigh->protocol);
        return 0;
    case AQ_RTNL_NEIGH_ATTR_FLAGS_EXT:
        if (aq_attr_copy(attribute, &extended, sizeof extended))
            neigh->flags |= (extended & 0xffffu) << AQ_RTNL_NEIGH_FLAGS_SHIFT;
        return 0;
    default:
        return 0;
    }
}

int aq_rtnl_neigh_parse(const struct nlmsghdr *message, struct arpq_neigh *neigh)
{
    const struct ndmsg *header = aq_rtnl_payload(message, sizeof *header);
    const struct nlattr *attribute;
    int code;

    memset(neigh, 0, sizeof *neigh);
    if (!header || header->ndm_ifindex < 0)
        return -EBADMSG;
    if (header->ndm_family != AF_INET && header->ndm_family != AF_INET6)
        return -EAFNOSUPPORT;
    neigh->ifindex = (uint32_t)header->ndm_ifindex;
    neigh->state = header->ndm_state;
    neigh->flags = header->ndm_flags;
    neigh->type = header->ndm_type;
    AQ_ATTR_EACH(attribute, message, sizeof *header)
    {
        code = neigh_parse_attribute(attribute, header->ndm_family, neigh);
        if (code < 0) {
            memset(neigh, 0, sizeof *neigh);
            return code;
        }
    }
    if (neigh->ip.family == 0) {
        memset(neigh, 0, sizeof *neigh);
        return -EBADMSG;
    }
    /* The kernel omits the address in these states anyway. */
    if (!(neigh->state & STATES_WITH_MAC))
        memset(&neigh->mac, 0, sizeof neigh->mac);
    return 0;
}

/* ---- Dumps ---- */

int aq_rtnl_neigh_dump(struct aq_rtnl *rtnl, const struct aq_neigh_dump *which,
                       aq_rtnl_handler handler, void *context, unsigned *chunks)
{
    union aq_rtnl_request request;
    struct ndmsg *header = aq_rtnl_prepare(&request, RTM_GETNEIGH, NLM_F_DUMP, sizeof *header);

    header->ndm_family = (uint8_t)which->family;
    header->ndm_flags = which->proxy ? NTF_PROXY : 0;
    /* The kernel ignores ndm_ifindex. */
    if (which->ifindex)
        aq_netlink_put_u32(&request.header, NDA_IFINDEX, which->ifindex);
    if (which->master)
        aq_netlink_put_u32(&request.header, NDA_MASTER, which->master);
    return aq_rtnl_dump(rtnl, &request, handler, context, chunks);
}

/* ---- Kernels before Linux 5.0 support dumps, but return -EOPNOTSUPP for a get request ---- */

/* A dump may miss an entry while the kernel enlarges the hash table. */
#define SCANS 2

struct scan {
    const struct aq_neigh_key *keys;
    unsigned count;
    struct arpq_neigh *neighs;
    int *codes; /* -EOPNOTSUPP: not found yet */
};

static bool scan_matches(const struct aq_neigh_key *key, const struct arpq_neigh *neigh)
{
    return key->ifindex == neigh->ifindex && key->ip.family == neigh->ip.family &&
           memcmp(key->ip.bytes, neigh->ip.bytes, aq_ip_length(&key->ip)) == 0;
}

static int scan_take(const struct nlmsghdr *message, void *context)
{
    struct scan *scan = context;
    struct arpq_neigh neigh;

    if (message->nlmsg_type != RTM_NEWNEIGH || aq_rtnl_neigh_parse(message, &neigh) < 0)
        return 0;
    for (unsigned n = 0; n < scan->count; n++)
        if (scan->codes[n] == -EOPNOTSUPP && scan_matches(&scan->keys[n], &neigh)) {
            scan->neighs[n] = neigh;
            scan->codes[n] = 0;
        }
    return 0;
}

static bool scan_is_complete(const struct scan *scan)
{
    for (unsigned n = 0; n < scan->count; n++)
        if (scan->codes[n] == -EOPNOTSUPP)
            return false;
    return true;
}

/* Finds all keys whose code is -EOPNOTSUPP, and sets their codes as a get request would. */
static void scan_run(struct aq_rtnl *rtnl, struct scan *scan, bool proxy)
{
    struct aq_neigh_dump which = {.proxy = proxy};
    int code = 0;

    if (scan_is_complete(scan))
        return;
    which.family = scan->keys[0].ip.family;
    which.ifindex = proxy ? 0 : scan->keys[0].ifindex;
    for (unsigned n = 1; n < scan->count; n++) {
        if (scan->keys[n].ip.family != which.family)
            which.family = AF_UNSPEC;
        if (scan->keys[n].ifindex != which.ifindex)
            which.ifindex = 0;
    }
    for (int i = 0; i < SCANS && code >= 0 && !scan_is_complete(scan); i++)
        code = aq_rtnl_neigh_dump(rtnl, &which, scan_take, scan, NULL);
    for (unsigned n = 0; n < scan->count; n++)
        if (scan->codes[n] == -EOPNOTSUPP)
            scan->codes[n] = code < 0 ? code : -ENOENT;
}

static int scan_one(struct aq_rtnl *rtnl, const struct arpq_ip *ip, uint32_t ifindex,
                    struct arpq_neigh *neigh)
{
    const struct aq_neigh_key key = {*ip, ifindex};
    int code = -EOPNOTSUPP;
    struct scan scan = {.keys = &key, .count = 1, .neighs = neigh, .codes = &code};

    scan_run(rtnl, &scan, false);
    return code;
}

/* ---- One entry ---- */

struct nlmsghdr *aq_rtnl_neigh_begin(void *at, uint16_t type, uint16_t how,
                                     const struct arpq_ip *ip, uint32_t ifindex, uint32_t flags,
                                     uint32_t state)
{
    size_t length = aq_ip_length(ip);
    struct start {
        struct nlmsghdr message;
        struct ndmsg header;
        struct nlattr attribute;
        uint8_t ip[16];
    } *start = at;
    struct nlmsghdr *message = at;

    /* libmnl's functions are not used here: they take more instructions than the rest of a
     * request. */
    start->message = (struct nlmsghdr){
        .nlmsg_len = (uint32_t)(offsetof(struct start, ip) + length),
        .nlmsg_type = type,
        .nlmsg_flags = NLM_F_REQUEST | how,
    };
    start->header = (struct ndmsg){
        .ndm_family = (uint8_t)ip->family,
        .ndm_ifindex = (int)ifindex,
        .ndm_flags = (uint8_t)flags,
        .ndm_state = (uint16_t)state,
    };
    start->attribute = (struct nlattr){.nla_len = (uint16_t)(sizeof start->attribute + length),
                                       .nla_type = NDA_DST};
    memcpy(start->ip, ip->bytes, length);
    if (flags >> AQ_RTNL_NEIGH_FLAGS_SHIFT)
        aq_netlink_put_u32(message, AQ_RTNL_NEIGH_ATTR_FLAGS_EXT,
                           flags >> AQ_RTNL_NEIGH_FLAGS_SHIFT);
    return message;
}

size_t aq_rtnl_neigh_get_request(void *at, const struct arpq_ip *ip, uint32_t ifindex)
{
    return aq_rtnl_neigh_begin(at, RTM_GETNEIGH, 0, ip, ifindex, 0, 0)->nlmsg_len;
}

/* The answer to a get request must be about an IPv4 or IPv6 entry. */
static int parse_answer(const struct nlmsghdr *message, struct arpq_neigh *neigh)
{
    int code = aq_rtnl_neigh_parse(message, neigh);

    return code == -EAFNOSUPPORT ? -EBADMSG : code;
}

int aq_rtnl_neigh_get(struct aq_rtnl *rtnl, const struct arpq_ip *ip, uint32_t ifindex,
                      struct arpq_neigh *neigh)
{
    union aq_rtnl_request request;
    union aq_rtnl_answer answer;
    int code;

    aq_rtnl_neigh_get_request(&request, ip, ifindex);
    code = aq_rtnl_exchange(rtnl, &request, &answer);
    if (code == 0)
        return parse_answer(&answer.header, neigh);
    memset(neigh, 0, sizeof *neigh);
    return code == -EOPNOTSUPP ? scan_one(rtnl, ip, ifindex, neigh) : code;
}

/* Tells the proxy of the interface and that of every interface apart by a dump. */
static int scan_proxies(struct aq_rtnl *rtnl, const struct arpq_ip *ip, uint32_t ifindex)
{
    const struct aq_neigh_key keys[] = {{*ip, ifindex}, {*ip, 0}};
    int codes[] = {-EOPNOTSUPP, -EOPNOTSUPP};
    struct arpq_neigh neighs[2];
    struct scan scan = {.keys = keys, .count = 2, .neighs = neighs, .codes = codes};

    scan_run(rtnl, &scan, true);
    if (codes[0] == 0)
        return AQ_RTNL_PROXY_OWN;
    if (codes[0] != -ENOENT)
        return codes[0];
    return codes[1] == 0 ? AQ_RTNL_PROXY_ALL : AQ_RTNL_PROXY_NONE;
}

int aq_rtnl_neigh_find_proxy(struct aq_rtnl *rtnl, const struct arpq_ip *ip, uint32_t ifindex)
{
    union aq_rtnl_request request;
    union aq_rtnl_answer answer;
    struct arpq_neigh neigh;
    int code;

    aq_rtnl_neigh_begin(&request, RTM_GETNEIGH, 0, ip, ifindex, NTF_PROXY, 0);
    code = aq_rtnl_exchange(rtnl, &request, &answer);
    if (code == 0)
        code = parse_answer(&answer.header, &neigh);
    if (code == 0 && neigh.ifindex == ifindex)
        return AQ_RTNL_PROXY_OWN;
    /* The kernel may answer with the proxy of every interface although there are both. */
    if (code == 0 || code == -EOPNOTSUPP)
        return scan_proxies(rtnl, ip, ifindex);
    return code == -ENOENT ? AQ_RTNL_PROXY_NONE : code;
}

/* ---- Many entries ---- */

struct answers {
    struct arpq_neigh *neighs;
    int *codes;
};

static void take_answer(unsigned n, int code, const struct nlmsghdr *message, void *context)
{
    struct answers *answers = context;

    answers->codes[n] = code < 0 ? code : parse_answer(message, &answers->neighs[n]);
}

void aq_rtnl_neigh_get_many(struct aq_rtnl *rtnl, const struct aq_neigh_key *keys, unsigned count,
                            struct arpq_neigh *neighs, int *codes)
{
    _Alignas(struct nlmsghdr) char queries[AQ_RTNL_BATCH * AQ_RTNL_NEIGH_GET_SIZE];
    struct answers answers = {.neighs = neighs, .codes = codes};
    struct scan scan = {.keys = keys, .count = count, .neighs = neighs, .codes = codes};
    size_t size = 0;
    int code;

    for (unsigned n = 0; n < count; n++) {
        size += aq_rtnl_neigh_get_request(queries + size, &keys[n].ip, keys[n].ifindex);
        codes[n] = 1; /* unanswered */
    }
    code = aq_rtnl_exchange_many(rtnl, queries, size, count, take_answer, &answers);
    for (unsigned n = 0; n < count; n++) {
        if (codes[n] > 0)
            codes[n] = code < 0 ? code : -EBADMSG;
        if (codes[n] < 0)
            memset(&neighs[n], 0, sizeof neighs[n]);
    }
    scan_run(rtnl, &scan, false);
}
