/* SPDX-License-Identifier: MIT */
#include "handle/ifaddrs.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kernel/sys.h"
#include "value/ip.h"

/* Both glibc and musl store up to this many address bytes, starting at sll_addr. */
#define SLL_ADDRESS_MAX 24

static void copy_name(char to[ARPQ_IFNAME_SIZE], const char *name)
{
    size_t length = strnlen(name, ARPQ_IFNAME_SIZE - 1);

    memset(to, 0, ARPQ_IFNAME_SIZE);
    memcpy(to, name, length);
}

static void copy_mac(const struct sockaddr_ll *from, struct arpq_mac *mac)
{
    memset(mac, 0, sizeof *mac);
    mac->type = from->sll_hatype;
    if (from->sll_halen > SLL_ADDRESS_MAX)
        return;
    mac->length = from->sll_halen;
    memcpy(mac->bytes, (const char *)from + offsetof(struct sockaddr_ll, sll_addr), mac->length);
}

static uint32_t read_mtu(int inet_fd, const char *name)
{
    struct ifreq request = {0};

    copy_name(request.ifr_name, name);
    if (inet_fd < 0 || aq_sys_ioctl(inet_fd, SIOCGIFMTU, &request) < 0 || request.ifr_mtu < 0)
        return 0;
    return (uint32_t)request.ifr_mtu;
}

static int ifaddrs_add_link(const struct ifaddrs *from, int inet_fd, struct aq_ifmap *map)
{
    const struct sockaddr_ll *ll = (const void *)from->ifa_addr;
    struct arpq_interface link = {
        .ifindex = (uint32_t)ll->sll_ifindex,
        .flags = from->ifa_flags,
        .type = ll->sll_hatype,
        .parent_netnsid = -1,
    };

    copy_name(link.name, from->ifa_name);
    copy_mac(ll, &link.mac);
    if (from->ifa_broadaddr)
        copy_mac((const void *)from->ifa_broadaddr, &link.broadcast);
    link.mtu = read_mtu(inet_fd, link.name);
    return aq_ifmap_put_link(map, &link);
}

/* getifaddrs lists an IPv4 address under its label: "eth0:1" is on eth0. */
static const struct arpq_interface *ifaddrs_owner(const struct aq_ifmap *map, const char *label)
{
    const struct arpq_interface *link = aq_ifmap_link_named(map, label);
    const char *colon = strchr(label, ':');
    char name[ARPQ_IFNAME_SIZE] = {0};

    if (link || !colon || colon - label >= ARPQ_IFNAME_SIZE)
        return link;
    memcpy(name, label, (size_t)(colon - label));
    return aq_ifmap_link_named(map, name);
}

static uint32_t ifaddrs_prefix_length(const struct sockaddr *mask)
{
    struct arpq_ip ip;

    if (!mask || arpq_ip_from_sockaddr(mask, sizeof(struct sockaddr_storage), &ip) < 0)
        return 0;
    return aq_ip_mask_length(&ip);
}

static int ifaddrs_add_address(const struct ifaddrs *from, struct aq_ifmap *map)
{
    const struct arpq_interface *link = ifaddrs_owner(map, from->ifa_name);
    const size_t any = sizeof(struct sockaddr_storage);
    struct arpq_address address = {.valid_s = ARPQ_FOREVER, .preferred_s = ARPQ_FOREVER};

    /* Skip an address if its link was removed meanwhile, or if its family is not supported. */
    if (!link || arpq_ip_from_sockaddr(from->ifa_addr, any, &address.ip) < 0)
        return 0;
    address.ifindex = link->ifindex;
    address.prefix_length = ifaddrs_prefix_length(from->ifa_netmask);
    if (address.ip.family == AF_INET)
        copy_name(address.label, from->ifa_name);
    if (from->ifa_flags & IFF_POINTOPOINT && from->ifa_dstaddr)
        (void)arpq_ip_from_sockaddr(from->ifa_dstaddr, any, &address.peer);
    else if (from->ifa_flags & IFF_BROADCAST && from->ifa_broadaddr)
        (void)arpq_ip_from_sockaddr(from->ifa_broadaddr, any, &address.broadcast);
    return aq_ifmap_put_address(map, &address);
}

int aq_ifaddrs_read(int inet_fd, struct aq_ifmap *map)
{
    struct ifaddrs *list = NULL;
    int code = aq_sys_getifaddrs(&list);

    if (code < 0)
        return code;
    for (const struct ifaddrs *at = list; at && code == 0; at = at->ifa_next)
        if (at->ifa_addr && at->ifa_addr->sa_family == AF_PACKET)
            code = ifaddrs_add_link(at, inet_fd, map);
    for (const struct ifaddrs *at = list; at && code == 0; at = at->ifa_next)
        if (at->ifa_addr && at->ifa_addr->sa_family != AF_PACKET)
            code = ifaddrs_add_address(at, map);
    aq_sys_freeifaddrs(list);
    return code;
}
