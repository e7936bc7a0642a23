/* SPDX-License-Identifier: MIT */
/* The ioctl interface to the IPv4 neighbour table, arp(7). */
#ifndef AQ_KERNEL_ARP_IOCTL_H
#define AQ_KERNEL_ARP_IOCTL_H

#include <errno.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "arpq.h"
#include "kernel/sys.h"

/* SIOCGARP returns at most this many bytes of a link-layer address and truncates longer ones. */
#define AQ_ARP_IOCTL_MAC_MAX 14

/* Kernels without the fix of CVE-2024-26733 copy up to 32 address bytes into the 14 bytes of
 * sa_data. overflow receives the bytes that do not fit. */
struct aq_guarded_arpreq {
    struct arpreq request;
    uint8_t overflow[ARPQ_MAC_MAX];
};

/* Compares two names that fill ARPQ_IFNAME_SIZE bytes each. memcmp is not used, because the call
 * alone costs as much as the comparison. */
static inline bool aq_arp_is_same_name(const char *a, const char *b)
{
    uint64_t x[2], y[2];

    memcpy(x, a, sizeof x);
    memcpy(y, b, sizeof y);
    return x[0] == y[0] && x[1] == y[1];
}

/*
 * Gets one entry. Inline for the reason given in sys.h. dev is the device's primary name; type
 * and length describe its link-layer addresses.
 *
 * 0         *mac is the address.
 * -EAGAIN   the entry has no usable address: INCOMPLETE, FAILED or NONE.
 * -ENOENT   no entry is visible here (the ioctl hides NOARP entries).
 * -ESTALE   another device has that name now.
 * -ENODEV   no device has that name.
 */
static inline int aq_arp_ioctl_get(int fd, const char *dev, const uint8_t address[4], uint16_t type,
                                   uint8_t length, struct arpq_mac *mac)
{
    struct aq_guarded_arpreq guarded;
    struct arpreq *request = &guarded.request;
    int code;

    memset(request, 0, sizeof *request);
    request->arp_pa.sa_family = AF_INET;
    memcpy(request->arp_pa.sa_data + offsetof(struct sockaddr_in, sin_addr) -
               offsetof(struct sockaddr, sa_data),
           address, 4);
    memcpy(request->arp_dev, dev, ARPQ_IFNAME_SIZE);

    code = aq_sys_ioctl(fd, SIOCGARP, request);
    if (code < 0)
        return code == -ENXIO ? -ENOENT : code;
    if (request->arp_ha.sa_family != type || !aq_arp_is_same_name(request->arp_dev, dev))
        return -ESTALE;
    /* The ioctl returns the old address of a FAILED entry, but without this flag. */
    if (!(request->arp_flags & ATF_COM))
        return -EAGAIN;
    memcpy(mac->bytes, request->arp_ha.sa_data, length);
    mac->type = type;
    mac->length = length;
    return 0;
}

/*
 * Set and delete an entry. flags are ATF_COM or ATF_PERM for an entry, ATF_PUBL for a proxy, and
 * ATF_PUBL | ATF_NETMASK for a proxy of all addresses. (If flags is 0, the ioctl fails but leaves
 * an empty entry in the table.) dev may be "" for a proxy. The address has at most
 * AQ_ARP_IOCTL_MAC_MAX bytes.
 *
 * -ENOENT   the entry does not exist, or is NOARP (the kernel removes a NOARP entry anyway).
 */
int aq_arp_ioctl_set(int fd, const char *dev, const struct arpq_ip *ip, int flags,
                     const struct arpq_mac *mac);
int aq_arp_ioctl_delete(int fd, const char *dev, const struct arpq_ip *ip, int flags);

#endif
