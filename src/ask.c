/* SPDX-License-Identifier: MIT */
#include "ask.h"

#include <errno.h>
#include <string.h>

#include "kernel/arp_ioctl.h"
#include "kernel/rtnl_neigh.h"

/* Not a result: the quick way cannot tell, rtnetlink must. */
#define ASK_RTNL 1

/* A question is put again when the interfaces changed underneath it; when they keep
 * changing, the last answer stands. */
#define ATTEMPTS 3

static int get_neigh(struct arpq *h, const struct aq_target *target, struct arpq_neigh *neigh)
{
    struct aq_rtnl *rtnl;
    int code = aq_query_begin(h, &rtnl);

    if (code < 0)
        return code;
    code = aq_rtnl_neigh_get(rtnl, &target->ip, target->ifindex, neigh);
    aq_query_end(h, rtnl);
    if (code < 0)
        return code;
    neigh->mac.type = target->type;
    neigh->flags |= target->flags;
    neigh->ip.scope = target->ip.scope;
    return 0;
}

static void answer_neigh(const struct aq_target *target, struct arpq_neigh *neigh)
{
    memset(neigh, 0, sizeof *neigh);
    neigh->ip = target->ip;
    neigh->mac = target->mac;
    neigh->ifindex = target->ifindex;
    neigh->state = ARPQ_STATE_NOARP;
    neigh->flags = target->answered;
}

/* The address of an entry, or which of the facts it is that there is none. */
static int mac_of(const struct arpq_neigh *neigh, struct arpq_mac *mac)
{
    switch (neigh->state) {
    case ARPQ_STATE_INCOMPLETE:
        return -EAGAIN;
    case ARPQ_STATE_FAILED:
        return -EHOSTUNREACH;
    case ARPQ_STATE_NONE:
        return -ENOENT;
    default:
        break;
    }
    if (neigh->mac.length == 0)
        return -EOPNOTSUPP;
    *mac = neigh->mac;
    return 0;
}

/* One system call for an IPv4 address that is known; ASK_RTNL for all that SIOCGARP
 * leaves open, with what it did say in *code. */
static int ask_quickly(struct arpq *h, const struct aq_target *target, struct arpq_mac *mac,
                       int *code)
{
    *code = -ENOENT;
    if (target->mac_length == 0)
        return -EOPNOTSUPP;
    if (target->answered) {
        *mac = target->mac;
        return 0;
    }
    if (target->ip.family != AF_INET || target->mac_length > AQ_ARP_IOCTL_MAC_MAX ||
        h->inet_fd < 0) {
        *code = -EOPNOTSUPP;
        return ASK_RTNL;
    }
    *code = aq_arp_ioctl_get(h->inet_fd, target->dev, target->ip.bytes, target->type,
                             target->mac_length, mac);
    switch (*code) {
    case 0:
        return 0;
    case -ENOENT:
    case -EAGAIN:
        return ASK_RTNL;
    case -ESTALE:
        return -ENODEV;
    default:
        return *code;
    }
}

static int ask_fully(struct arpq *h, const struct aq_target *target, int said,
                     struct arpq_mac *mac)
{
    struct arpq_neigh neigh;
    int code = h->has_rtnl ? get_neigh(h, target, &neigh) : said;

    return code == 0 && h->has_rtnl ? mac_of(&neigh, mac) : code;
}

/* Whether it is worth to look if the interfaces have changed before this is believed. */
static bool is_doubtful(int code)
{
    return code == ASK_RTNL || code == -ENODEV || code == -ENETUNREACH || code == -ENOENT ||
           code == -EINVAL || code == -EOPNOTSUPP;
}

/* An interface that vanished between choice and question is one the caller never named. */
static int final_code(const struct aq_question *question, int code)
{
    return code == -ENODEV && question->route.ifindex == 0 ? -ENETUNREACH : code;
}

int aq_ask_mac(struct arpq *h, const struct aq_question *question, struct arpq_mac *mac)
{
    struct aq_target target;
    int said, code = aq_fresh_check(h);

    if (code < 0)
        return code;
    for (int attempt = 1;; attempt++) {
        int changed = 0;

        said = 0;
        code = aq_choose(h, question, &target);
        if (code == 0)
            code = ask_quickly(h, &target, mac, &said);
        if (is_doubtful(code) && attempt < ATTEMPTS)
            changed = aq_fresh_now(h);
        if (changed < 0)
            return changed;
        if (!changed)
            break;
    }
    if (code == ASK_RTNL)
        code = ask_fully(h, &target, said, mac);
    return final_code(question, code);
}

static int ask_once(struct arpq *h, const struct aq_question *question, struct arpq_neigh *neigh)
{
    struct aq_target target;
    int code = aq_choose(h, question, &target);

    if (code < 0)
        return code;
    if (target.answered) {
        answer_neigh(&target, neigh);
        return 0;
    }
    return get_neigh(h, &target, neigh);
}

int aq_ask_neigh(struct arpq *h, const struct aq_question *question, struct arpq_neigh *neigh)
{
    int code = aq_fresh_check(h);

    if (code < 0)
        return code;
    for (int attempt = 1;; attempt++) {
        int changed = 0;

        code = ask_once(h, question, neigh);
        if (is_doubtful(code) && attempt < ATTEMPTS)
            changed = aq_fresh_now(h);
        if (changed < 0)
            return changed;
        if (!changed)
            return final_code(question, code);
    }
}
