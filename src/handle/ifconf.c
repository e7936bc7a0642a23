/* SPDX-License-Identifier: MIT */
#include "handle/ifconf.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kernel/link_ioctl.h"
#include "kernel/sys.h"
#include "value/ip.h"

/* Attempts to get a list that does not grow while it is read. */
#define ATTEMPTS 8

/* Asks for one property of an entry. If several addresses have the same label, the kernel uses the
 * address in the request. */
static int ifconf_ask(int fd, unsigned long request, const struct ifreq *entry,
                      struct ifreq *answer)
{
    *answer = *entry;
    answer->ifr_name[ARPQ_IFNAME_SIZE - 1] = '\0';
    return aq_sys_ioctl(fd, request, answer);
}

static struct arpq_ip ip_of(const struct sockaddr *sa)
{
    struct arpq_ip ip;

    (void)arpq_ip_from_sockaddr(sa, sizeof(struct sockaddr_in), &ip);
    return ip;
}

static int ifconf_add_link(int fd, const struct ifreq *entry, struct aq_ifmap *map,
                           uint32_t *ifindex)
{
    struct arpq_interface link = {.parent_netnsid = -1};
    struct ifreq answer;
    int code = ifconf_ask(fd, SIOCGIFINDEX, entry, &answer);

    if (code < 0)
        return code;
    link.ifindex = *ifindex = (uint32_t)answer.ifr_ifindex;
    memcpy(link.name, answer.ifr_name, strcspn(answer.ifr_name, ":"));
    code = ifconf_ask(fd, SIOCGIFFLAGS, entry, &answer);
    if (code < 0)
        return code;
    link.flags = (uint16_t)answer.ifr_flags;
    if (ifconf_ask(fd, SIOCGIFMTU, entry, &answer) == 0)
        link.mtu = (uint32_t)answer.ifr_mtu;
    if (ifconf_ask(fd, SIOCGIFHWADDR, entry, &answer) == 0) {
        link.type = answer.ifr_hwaddr.sa_family;
        link.mac.type = link.broadcast.type = (uint16_t)link.type;
        link.mac.length = link.broadcast.length = aq_link_ioctl_mac_length((uint16_t)link.type);
        memcpy(link.mac.bytes, answer.ifr_hwaddr.sa_data, link.mac.length);
        memset(link.broadcast.bytes, link.flags & IFF_LOOPBACK ? 0 : 0xff, link.broadcast.length);
    }
    return aq_ifmap_put_link(map, &link);
}

static int ifconf_add_address(int fd, const struct ifreq *entry, struct aq_ifmap *map)
{
    struct arpq_address address = {
        .ip = ip_of(&entry->ifr_addr), .valid_s = ARPQ_FOREVER, .preferred_s = ARPQ_FOREVER};
    struct arpq_ip other;
    struct ifreq answer;
    int code = ifconf_add_link(fd, entry, map, &address.ifindex);

    /* It is not an error if the device was removed after the list was read. */
    if (code < 0)
        return code == -ENODEV ? 0 : code;
    memcpy(address.label, entry->ifr_name, strnlen(entry->ifr_name, ARPQ_IFNAME_SIZE - 1));
    if (ifconf_ask(fd, SIOCGIFNETMASK, entry, &answer) == 0) {
        other = ip_of(&answer.ifr_netmask);
        address.prefix_length = aq_ip_mask_length(&other);
    }
    if (ifconf_ask(fd, SIOCGIFDSTADDR, entry, &answer) == 0) {
        other = ip_of(&answer.ifr_dstaddr);
        if (arpq_ip_compare(&other, &address.ip) != 0)
            address.peer = other;
    }
    return aq_ifmap_put_address(map, &address);
}

/* Reads all entries into memory that the caller frees. */
static int ifconf_list(int fd, struct ifconf *config)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        int size, code;

        memset(config, 0, sizeof *config);
        code = aq_sys_ioctl(fd, SIOCGIFCONF, config);
        if (code < 0)
            return code;
        size = config->ifc_len + (int)sizeof(struct ifreq);
        config->ifc_buf = calloc(1, (size_t)size);
        if (!config->ifc_buf)
            return -ENOMEM;
        config->ifc_len = size;
        code = aq_sys_ioctl(fd, SIOCGIFCONF, config);
        if (code == 0 && config->ifc_len < size)
            return 0;
        free(config->ifc_buf);
        if (code < 0)
            return code;
    }
    return -EAGAIN;
}

int aq_ifconf_read(int inet_fd, struct aq_ifmap *map)
{
    struct ifconf config;
    int code = ifconf_list(inet_fd, &config);

    if (code < 0)
        return code;
    for (size_t i = 0; i < (size_t)config.ifc_len / sizeof(struct ifreq) && code == 0; i++)
        code = ifconf_add_address(inet_fd, &config.ifc_req[i], map);
    free(config.ifc_buf);
    return code;
}
