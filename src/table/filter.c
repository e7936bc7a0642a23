/* SPDX-License-Identifier: MIT */
#include "table/filter.h"

#include <errno.h>
#include <string.h>

#include "handle/interfaces.h"
#include "handle/links.h"
#include "handle/options.h"
#include "value/ip.h"

#define LEAST offsetof(struct arpq_filter, prefix)
#define KNOWN offsetof(struct arpq_filter, reserved)

/* The flags that the kernel keeps (ndm_flags and NDA_FLAGS_EXT), without the library's own. */
#define NEIGH_FLAGS                                                                                \
    (ARPQ_NEIGH_PROXY | ARPQ_NEIGH_EXT_LEARNED | ARPQ_NEIGH_OFFLOADED | ARPQ_NEIGH_STICKY |        \
     ARPQ_NEIGH_ROUTER | ARPQ_NEIGH_MANAGED | ARPQ_NEIGH_EXT_VALIDATED)
#define STATES 0x1ffu

static bool is_sane(const struct arpq_filter *filter)
{
    const struct arpq_ip *prefix = &filter->prefix;

    if (filter->states & ~STATES || filter->neigh_flags & ~NEIGH_FLAGS)
        return false;
    if (filter->ifindex > INT32_MAX || filter->master > INT32_MAX ||
        filter->mac.length > ARPQ_MAC_MAX || prefix->reserved)
        return false;
    if (filter->flags & ARPQ_FILTER_PROXY && (filter->states || filter->mac.length))
        return false;
    if (filter->family && filter->family != AF_INET && filter->family != AF_INET6)
        return false;
    if (prefix->family == 0)
        return filter->prefix_length == 0;
    if (prefix->scope && prefix->scope != filter->ifindex)
        return false;
    return aq_ip_length(prefix) && filter->prefix_length <= 8 * aq_ip_length(prefix) &&
           (!filter->family || filter->family == prefix->family);
}

int aq_filter_read(const struct arpq_filter *from, struct arpq_filter *filter)
{
    int code = aq_options_read(from, LEAST, KNOWN, ARPQ_FILTER_PROXY, filter, sizeof *filter);

    if (code == 0 && !is_sane(filter))
        code = -EINVAL;
    if (code < 0)
        return code;
    if (filter->prefix.family) {
        filter->family = filter->prefix.family;
        aq_ip_mask(&filter->prefix, filter->prefix_length);
    }
    return 0;
}

int aq_filter_check_links(struct arpq_handle *h, const struct arpq_filter *filter)
{
    int code = aq_interfaces_refresh(h);

    if (code == 0 && filter->ifindex)
        code = aq_links_require(h, filter->ifindex);
    if (code == 0 && filter->master)
        code = aq_links_require(h, filter->master);
    return code;
}

static bool has_prefix(const struct arpq_ip *ip, const struct arpq_ip *prefix, unsigned length)
{
    unsigned whole = length / 8, rest = length % 8;

    return memcmp(ip->bytes, prefix->bytes, whole) == 0 &&
           (rest == 0 || (ip->bytes[whole] ^ prefix->bytes[whole]) >> (8 - rest) == 0);
}

static bool has_state(const struct arpq_neigh *neigh, uint32_t states)
{
    return neigh->state == ARPQ_STATE_NONE ? states & ARPQ_FILTER_STATE_NONE
                                           : neigh->state & states;
}

bool aq_filter_matches(const struct arpq_filter *filter, const struct arpq_neigh *neigh)
{
    if (filter->family && neigh->ip.family != filter->family)
        return false;
    if (filter->ifindex && neigh->ifindex != filter->ifindex)
        return false;
    if (filter->states && !has_state(neigh, filter->states))
        return false;
    if ((neigh->flags & filter->neigh_flags) != filter->neigh_flags)
        return false;
    if (filter->protocol && neigh->protocol != filter->protocol)
        return false;
    if (filter->mac.length && arpq_mac_compare(&neigh->mac, &filter->mac) != 0)
        return false;
    return !filter->prefix_length || has_prefix(&neigh->ip, &filter->prefix, filter->prefix_length);
}
