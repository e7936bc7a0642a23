/* SPDX-License-Identifier: MIT */
#include "kernel/arp_ioctl.h"

/* Fills in the request for the entry of ip on dev. An empty dev stands for all devices. flags is a
 * set of ATF_*. */
static void arp_ioctl_begin(struct arpreq *request, const char *dev, const struct arpq_ip *ip,
                            int flags)
{
    memset(request, 0, sizeof *request);
    request->arp_pa.sa_family = AF_INET;
    memcpy(request->arp_pa.sa_data + offsetof(struct sockaddr_in, sin_addr) -
               offsetof(struct sockaddr, sa_data),
           ip->bytes, 4);
    request->arp_flags = flags;
    /* The netmask stays 0.0.0.0. Only ATF_NETMASK requests use it. */
    request->arp_netmask.sa_family = AF_INET;
    memcpy(request->arp_dev, dev, ARPQ_IFNAME_SIZE);
}

int aq_arp_ioctl_set(int fd, const char *dev, const struct arpq_ip *ip, int flags,
                     const struct arpq_mac *mac)
{
    struct arpreq request;

    arp_ioctl_begin(&request, dev, ip, flags);
    request.arp_ha.sa_family = mac->type;
    memcpy(request.arp_ha.sa_data, mac->bytes, mac->length);
    return aq_sys_ioctl(fd, SIOCSARP, &request);
}

int aq_arp_ioctl_delete(int fd, const char *dev, const struct arpq_ip *ip, int flags)
{
    struct arpreq request;
    int code;

    arp_ioctl_begin(&request, dev, ip, flags);
    code = aq_sys_ioctl(fd, SIOCDARP, &request);
    return code == -ENXIO ? -ENOENT : code;
}
