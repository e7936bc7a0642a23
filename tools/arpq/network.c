/* SPDX-License-Identifier: MIT */
/* Chooses the network of the default route, or the only network if there is just one. */
#include "network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "report.h"

/* Only a default route matches these destinations, because their ranges are not assigned (RFC 1112
 * section 4, RFC 4291 section 2.4). */
#define FAR_IPV4 "240.0.0.1"
#define FAR_IPV6 "4000::1"

/* Returns the source address of the default route, or family 0 if there is no default route.
 * connect(2) on a datagram socket sends nothing. */
static struct arpq_ip default_source(uint16_t family)
{
    struct sockaddr_storage far, local;
    socklen_t length = sizeof local;
    struct arpq_ip source = {0};

    arpq_ip_parse(family == AF_INET ? FAR_IPV4 : FAR_IPV6, &source, 0);
    int size = arpq_ip_to_sockaddr(&source, 9, &far);
    int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    source = (struct arpq_ip){0};
    if (fd >= 0 && size > 0 && connect(fd, (const struct sockaddr *)&far, (socklen_t)size) == 0 &&
        getsockname(fd, (struct sockaddr *)&local, &length) == 0)
        arpq_ip_from_sockaddr((const struct sockaddr *)&local, length, &source);
    if (fd >= 0)
        close(fd);
    return source;
}

static bool has_neighbours(const struct arpq_interface *link)
{
    return (link->flags & IFF_UP) != 0 &&
           (link->flags & (IFF_LOOPBACK | IFF_NOARP | IFF_POINTOPOINT)) == 0 &&
           link->mac.length != 0;
}

/* Returns the first address of the interface that is not a host address (/32, /128 or peer). An
 * address that equals preferred takes precedence. Returns NULL if there is no such address. */
static const struct arpq_address *network_of(const struct arpq_interfaces *list,
                                             const struct arpq_interface *link, uint16_t family,
                                             const struct arpq_ip *preferred)
{
    const struct arpq_address *best = NULL;

    for (uint32_t n = 0; n < link->address_count; n++) {
        const struct arpq_address *a = arpq_interfaces_address_at(list, link->address_first + n);

        if (a->ip.family != family || a->peer.family != 0 ||
            a->prefix_length >= (family == AF_INET ? 32 : 128))
            continue;
        if (!best || address_equal(&a->ip, preferred))
            best = a;
    }
    return best;
}

/* Returns the interface that has the address source; otherwise the only interface that has an
 * address of the family. Returns 0 if no interface or several interfaces have one. */
static uint32_t default_interface(const struct arpq_interfaces *list, uint16_t family,
                                  const struct arpq_ip *source)
{
    uint32_t only = 0, candidates = 0;

    for (uint32_t n = 0; n < arpq_interfaces_count(list); n++) {
        const struct arpq_interface *link = arpq_interfaces_at(list, n);
        const struct arpq_address *a = network_of(list, link, family, source);

        if (!a || !has_neighbours(link))
            continue;
        if (address_equal(&a->ip, source))
            return link->ifindex;
        only = link->ifindex;
        candidates++;
    }
    return candidates == 1 ? only : 0;
}

static enum status choose_in_list(const struct tool *t, const struct arpq_interfaces *list,
                                  uint16_t family, uint32_t *ifindex, struct prefix *prefix)
{
    const struct arpq_ip source = default_source(family);

    *ifindex = t->ifindex != 0 ? t->ifindex : default_interface(list, family, &source);
    if (*ifindex == 0 && family == AF_INET6) { /* assume the network of the IPv4 default route */
        const struct arpq_ip source4 = default_source(AF_INET);

        *ifindex = default_interface(list, AF_INET, &source4);
    }
    if (*ifindex == 0)
        return report_usage("which network? Name it, or its interface with --dev");
    prefix->ip.family = family;
    if (family == AF_INET6) /* ::/0: all hosts of the link */
        return FOUND;
    const struct arpq_interface *link = arpq_interfaces_by_ifindex(list, *ifindex);
    const struct arpq_address *a = link ? network_of(list, link, family, &source) : NULL;
    if (!a)
        return report_usage("the interface has no IPv4 network: name the addresses");
    prefix->ip = a->ip;
    prefix->length = (uint8_t)a->prefix_length;
    return FOUND;
}

enum status network_choose(const struct tool *t, uint16_t family, uint32_t *ifindex,
                           struct prefix *prefix)
{
    struct arpq_interfaces *list;
    int code = arpq_interfaces_get(t->h, 0, &list);

    *ifindex = 0;
    *prefix = (struct prefix){0};
    if (code != 0)
        return report_kernel(t, "cannot list interfaces", code);
    enum status status = choose_in_list(t, list, family, ifindex, prefix);
    arpq_interfaces_free(list);
    return status;
}

bool network_is_possible(const struct tool *t, uint32_t ifindex)
{
    struct arpq_interfaces *list;
    bool possible = true;

    if (arpq_interfaces_get(t->h, 0, &list) != 0)
        return true;
    const struct arpq_interface *link = arpq_interfaces_by_ifindex(list, ifindex);
    if (link)
        possible = (link->flags & (IFF_LOOPBACK | IFF_NOARP)) == 0 && link->mac.length != 0;
    arpq_interfaces_free(list);
    return possible;
}
