/* SPDX-License-Identifier: MIT */
/* The ioctl interface to the IPv4 neighbour table, arp(7). */
#ifndef AQ_KERNEL_ARP_IOCTL_H
#define AQ_KERNEL_ARP_IOCTL_H

#include <errno.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "arpq.h"
#include "kernel/sys.h"

/* SIOCGARP hands out at most this many bytes and silently cuts the rest. */
#define AQ_ARP_IOCTL_MAC_MAX 14

/* A kernel before the fix of CVE-2024-26733 copies up to 32 address bytes over
 * sa_data's 14 and on into what follows; the tail keeps that inside our object. */
struct aq_guarded_arpreq {
    struct arpreq request;
    uint8_t overflow[ARPQ_MAC_MAX];
};

/*
 * Ask for one entry. Inline like the system call in it, see sys.h. dev is the device's primary name; type and length are those
 * of its link-layer addresses.
 *
 * 0         *mac is the address.
 * -EAGAIN   there is an entry without a usable address: INCOMPLETE, FAILED or NONE.
 * -ENOENT   no entry that this interface shows (NOARP entries exist but hide).
 * -ESTALE   the answer is of another device than was meant: names moved.
 * -ENODEV   no device of that name.
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
    if (request->arp_ha.sa_family != type || memcmp(request->arp_dev, dev, ARPQ_IFNAME_SIZE) != 0)
        return -ESTALE;
    /* The bytes of a FAILED entry are its old address: only this flag tells. */
    if (!(request->arp_flags & ATF_COM))
        return -EAGAIN;
    memcpy(mac->bytes, request->arp_ha.sa_data, length);
    mac->type = type;
    mac->length = length;
    return 0;
}

/*
 * Make, change or remove an entry. flags are of ATF_*: of an entry ATF_COM or ATF_PERM (an
 * ioctl without either is refused, but leaves an empty entry behind), of a proxy ATF_PUBL, with
 * ATF_NETMASK for all addresses; a proxy may be without a device, "". The address is of at most
 * AQ_ARP_IOCTL_MAC_MAX bytes.
 *
 * -ENOENT   there is none to remove, or only a NOARP one (which is removed all the same).
 */
int aq_arp_ioctl_set(int fd, const char *dev, const struct arpq_ip *ip, int flags,
                     const struct arpq_mac *mac);
int aq_arp_ioctl_delete(int fd, const char *dev, const struct arpq_ip *ip, int flags);

#endif
