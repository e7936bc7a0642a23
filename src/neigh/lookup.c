/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "handle/interfaces.h"
#include "handle/sockets.h"
#include "kernel/arp_ioctl.h"
#include "neigh/ask.h"
#include "value/ip.h"
#include "value/neigh.h"

/* The address of an entry, or which of the facts it is that there is none. */
static int mac_of(const struct arpq_neigh *neigh, struct arpq_mac *mac)
{
    if (neigh->mac.length == 0)
        return aq_neigh_without_mac(neigh->state);
    *mac = neigh->mac;
    return 0;
}

/* Whether SIOCGARP can hold the answer. */
static bool fits_ioctl(const struct arpq *h, const struct aq_target *target)
{
    return target->ip.family == AF_INET && target->mac_length <= AQ_ARP_IOCTL_MAC_MAX &&
           h->inet_fd >= 0;
}

/* One system call for an IPv4 address that is known; else what it said: -ENOENT and
 * -EAGAIN are for rtnetlink to make out. */
static inline int ask_ioctl(struct arpq *h, const struct aq_target *target, struct arpq_mac *mac)
{
    return aq_arp_ioctl_get(aq_sockets_inet(h, target->thread), target->dev, target->ip.bytes,
                            target->type, target->mac_length, mac);
}

static int ask_rtnl(struct arpq *h, const struct aq_target *target, struct arpq_mac *mac)
{
    struct arpq_neigh neigh;
    int code = aq_ask_entry(h, target, &neigh);

    return code == 0 ? mac_of(&neigh, mac) : code;
}

/* NOARP entries hide from the ioctl, INCOMPLETE and FAILED look alike to it, and it knows
 * an interface by a name that may have moved on. Where rtnetlink is refused, what the
 * ioctl said stands. */
static int lookup_by_rtnl_again(struct arpq *h, const struct aq_target *target, int said,
                                struct arpq_mac *mac)
{
    int code;

    if (said != -ENOENT && said != -EAGAIN && said != -ESTALE && said != -ENODEV)
        return said;
    code = ask_rtnl(h, target, mac);
    return code == -EOPNOTSUPP ? said : code;
}

/* The cheapest way that can hold the answer. */
static inline int ask_target(struct arpq *h, const struct aq_target *target, struct arpq_mac *mac)
{
    if (target->mac_length == 0)
        return -EOPNOTSUPP;
    if (target->answered) {
        *mac = target->mac;
        return 0;
    }
    if (fits_ioctl(h, target))
        return ask_ioctl(h, target, mac);
    return ask_rtnl(h, target, mac);
}

/* In every caller, for the reason that kernel/sys.h gives. */
static inline __attribute__((always_inline)) int
lookup_answer(struct arpq *h, const struct aq_query *query, struct arpq_mac *mac)
{
    struct aq_target target;
    unsigned generation;
    bool chosen;
    int code = aq_interfaces_refresh(h);

    if (code < 0)
        return code;
    for (int attempt = 1;; attempt++) {
        int changed = 0;

        generation = aq_interfaces_generation(h);
        code = aq_target_find(h, query, &target);
        chosen = code == 0;
        if (chosen)
            code = ask_target(h, &target, mac);
        if (aq_ask_is_doubtful(code) && attempt < AQ_ASK_ATTEMPTS)
            changed = aq_interfaces_update(h, generation);
        if (changed < 0)
            return changed;
        if (!changed)
            break;
    }
    if (chosen && code < 0 && fits_ioctl(h, &target))
        code = lookup_by_rtnl_again(h, &target, code, mac);
    return aq_ask_final(query, code);
}

int aq_lookup(struct arpq *h, const struct aq_query *query, struct arpq_mac *mac)
{
    int code = lookup_answer(h, query, mac);

    if (code < 0)
        memset(mac, 0, sizeof *mac);
    return code;
}

/* A refusal of the arguments has no words of the kernel's. */
static int lookup_refuse(int code)
{
    aq_rtnl_detail_clear();
    return code;
}

static inline __attribute__((always_inline)) int
lookup_lookup(struct arpq *h, const struct arpq_ip *ip, uint32_t ifindex, struct arpq_mac *mac)
{
    struct aq_query query;
    int code = aq_target_query(h, ip, ifindex, &query);

    if (code < 0)
        return lookup_refuse(code);
    code = lookup_answer(h, &query, mac);
    if (code < 0)
        memset(mac, 0, sizeof *mac);
    return code;
}

int arpq_lookup(struct arpq *h, const struct arpq_ip *ip, uint32_t ifindex, struct arpq_mac *mac)
{
    if (!mac)
        return lookup_refuse(-EINVAL);
    memset(mac, 0, sizeof *mac);
    if (!h || !ip)
        return lookup_refuse(-EINVAL);
    return lookup_lookup(h, ip, ifindex, mac);
}

int arpq_lookup_text(struct arpq *h, const char *ip, const char *ifname, struct arpq_mac *mac)
{
    char scope_name[ARPQ_IFNAME_SIZE];
    struct arpq_ip value;
    uint32_t ifindex = 0;
    int code;

    if (!mac)
        return lookup_refuse(-EINVAL);
    memset(mac, 0, sizeof *mac);
    if (!h || !ip)
        return lookup_refuse(-EINVAL);
    code = aq_ip_parse(ip, 0, &value, scope_name);
    if (code == 0 && scope_name[0])
        code = arpq_name_to_index(h, scope_name, &value.scope);
    if (code == 0 && ifname)
        code = arpq_name_to_index(h, ifname, &ifindex);
    return code < 0 ? lookup_refuse(code) : lookup_lookup(h, &value, ifindex, mac);
}

int arpq_lookup_many(struct arpq *h, const struct arpq_ip *ips, uint32_t count, uint32_t ifindex,
                     struct arpq_mac *macs, int32_t *codes)
{
    int found = 0;

    if (count > INT32_MAX || (count && !macs))
        return lookup_refuse(-EINVAL);
    for (uint32_t i = 0; i < count; i++) {
        int code = arpq_lookup(h, ips ? &ips[i] : NULL, ifindex, &macs[i]);

        found += code == 0;
        if (codes)
            codes[i] = code;
    }
    return h && (ips || !count) ? found : -EINVAL;
}
