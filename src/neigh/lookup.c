/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "handle/detail.h"
#include "handle/interfaces.h"
#include "handle/names.h"
#include "handle/sockets.h"
#include "kernel/arp_ioctl.h"
#include "neigh/any.h"
#include "neigh/ask.h"
#include "value/ip.h"
#include "value/neigh.h"

/* A call that fails before it asks the kernel leaves no error text of the kernel. */
static int lookup_refuse(struct arpq_handle *h, int code)
{
    aq_detail_begin(h);
    return code;
}

/* Gets the address of an entry. Returns an error code if it has none. */
static int mac_of(const struct arpq_neigh *neigh, struct arpq_mac *mac)
{
    if (neigh->mac.length == 0)
        return aq_neigh_without_mac(neigh->state);
    *mac = neigh->mac;
    return 0;
}

/* Returns whether SIOCGARP can return the answer. */
static bool fits_ioctl(const struct arpq_handle *h, const struct aq_target *target)
{
    return target->ip.family == AF_INET && target->mac_length <= AQ_ARP_IOCTL_MAC_MAX &&
           !target->by_index && h->inet_fd >= 0;
}

/* Asks by one system call, which is enough for a known IPv4 address. If the code is -ENOENT or
 * -EAGAIN, only rtnetlink shows the state of the entry. */
static inline int ask_ioctl(struct arpq_handle *h, const struct aq_target *target,
                            struct arpq_mac *mac)
{
    return aq_arp_ioctl_get(aq_sockets_inet(h, target->thread), target->dev, target->ip.bytes,
                            target->type, target->mac_length, mac);
}

static int ask_rtnl(struct arpq_handle *h, const struct aq_target *target, struct arpq_mac *mac)
{
    struct arpq_neigh neigh;
    int code = aq_ask_entry(h, target, &neigh);

    return code == 0 ? mac_of(&neigh, mac) : code;
}

/* The ioctl does not show NOARP entries, does not distinguish INCOMPLETE from FAILED, and takes the
 * name of an interface, which another interface may have by now. If rtnetlink is refused, the code
 * of the ioctl is returned. */
static int lookup_by_rtnl_again(struct arpq_handle *h, const struct aq_target *target,
                                int ioctl_code, struct arpq_mac *mac)
{
    int code;

    if (ioctl_code != -ENOENT && ioctl_code != -EAGAIN && ioctl_code != -ESTALE &&
        ioctl_code != -ENODEV)
        return lookup_refuse(h, ioctl_code);
    code = ask_rtnl(h, target, mac);
    return code == -EOPNOTSUPP ? ioctl_code : code;
}

/* Asks through the cheapest kernel API that can return the answer. */
static inline int ask_target(struct arpq_handle *h, const struct aq_query *query,
                             const struct aq_target *target, struct arpq_mac *mac)
{
    if (target->mac_length == 0 && !target->by_index)
        return lookup_refuse(h, -EOPNOTSUPP);
    if (aq_target_is_answer(query, target)) {
        *mac = target->mac;
        return mac->length ? 0 : lookup_refuse(h, -EOPNOTSUPP);
    }
    if (fits_ioctl(h, target))
        return ask_ioctl(h, target, mac);
    return ask_rtnl(h, target, mac);
}

struct lookup {
    struct arpq_handle *h;
    const struct aq_query *query;
    struct arpq_mac *mac;
    struct aq_target target;
    bool found; /* the last attempt found the target */
};

static inline __attribute__((always_inline)) int lookup_attempt(void *context)
{
    struct lookup *lookup = context;
    int code = aq_target_find(lookup->h, lookup->query, &lookup->target);

    lookup->found = code == 0;
    return lookup->found ? ask_target(lookup->h, lookup->query, &lookup->target, lookup->mac)
                         : code;
}

/* Inlined in every caller, for the reason that kernel/sys.h gives. */
static inline __attribute__((always_inline)) int
lookup_answer(struct arpq_handle *h, const struct aq_query *query, struct arpq_mac *mac)
{
    struct lookup lookup; /* every attempt writes the target; zeros would cost time */
    int code;

    lookup.h = h;
    lookup.query = query;
    lookup.mac = mac;
    lookup.found = false;
    code = aq_ask_retry(h, lookup_attempt, &lookup);
    if (lookup.found && code < 0 && fits_ioctl(h, &lookup.target))
        code = lookup_by_rtnl_again(h, &lookup.target, code, mac);
    if (code == 0 && lookup.target.flags)
        mac->origin = ARPQ_ORIGIN_GATEWAY;
    return aq_ask_final(query, code);
}

static int lookup_on_one(struct arpq_handle *h, const struct aq_query *query, void *mac)
{
    return lookup_answer(h, query, mac);
}

int aq_lookup(struct arpq_handle *h, const struct aq_query *query, struct arpq_mac *mac)
{
    bool any = query->flags & ARPQ_LOOKUP_ANY_INTERFACE;
    int code = any ? aq_any_ask(h, query, lookup_on_one, mac) : lookup_on_one(h, query, mac);

    if (code < 0)
        memset(mac, 0, sizeof *mac);
    return code;
}

static inline __attribute__((always_inline)) int lookup_lookup(struct arpq_handle *h,
                                                               const struct arpq_ip *ip,
                                                               uint32_t ifindex, uint32_t flags,
                                                               struct arpq_mac *mac)
{
    struct aq_query query;
    int code = aq_query_make(ip, ifindex, flags, &query);

    if (code < 0)
        return lookup_refuse(h, code);
    if (flags & ARPQ_LOOKUP_ANY_INTERFACE)
        return aq_lookup(h, &query, mac);
    code = lookup_answer(h, &query, mac);
    if (code < 0)
        memset(mac, 0, sizeof *mac);
    return code;
}

int arpq_lookup(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex, uint32_t flags,
                struct arpq_mac *mac)
{
    if (!mac)
        return lookup_refuse(h, -EINVAL);
    memset(mac, 0, sizeof *mac);
    if (!h || !ip)
        return lookup_refuse(h, -EINVAL);
    return lookup_lookup(h, ip, ifindex, flags, mac);
}

int arpq_lookup_text(struct arpq_handle *h, const char *ip, const char *ifname, uint32_t flags,
                     struct arpq_mac *mac)
{
    char scope_name[ARPQ_IFNAME_SIZE];
    struct arpq_ip value;
    uint32_t ifindex = 0;
    int code;

    if (!mac)
        return lookup_refuse(h, -EINVAL);
    memset(mac, 0, sizeof *mac);
    if (!h || !ip)
        return lookup_refuse(h, -EINVAL);
    code = aq_ip_parse(ip, 0, &value, scope_name);
    if (code == 0 && scope_name[0])
        code = aq_names_index(h, scope_name, &value.scope);
    if (code == 0 && ifname)
        code = aq_names_index(h, ifname, &ifindex);
    return code < 0 ? lookup_refuse(h, code) : lookup_lookup(h, &value, ifindex, flags, mac);
}

int arpq_lookup_many(struct arpq_handle *h, const struct arpq_ip *ips, uint32_t count,
                     uint32_t ifindex, uint32_t flags, struct arpq_mac *macs, int32_t *codes)
{
    int found = 0;

    aq_detail_begin(h);
    if (count > INT32_MAX || (count && !macs))
        return -EINVAL;
    for (uint32_t i = 0; i < count; i++) {
        int code = arpq_lookup(h, ips ? &ips[i] : NULL, ifindex, flags, &macs[i]);

        found += code == 0;
        if (codes)
            codes[i] = code;
    }
    if (!h || (count && !ips) || flags & ~AQ_LOOKUP_FLAGS)
        return -EINVAL;
    return found;
}
