/* SPDX-License-Identifier: MIT */
#include "kernel/arp_ioctl.h"

#include <errno.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kernel/sys.h"

/* A kernel before the fix of CVE-2024-26733 copies up to 32 address bytes over
 * sa_data's 14 and on into what follows; the tail keeps that inside our object. */
struct guarded_arpreq {
    struct arpreq request;
    uint8_t overflow[ARPQ_MAC_MAX];
};

int aq_arp_ioctl_get(int fd, const char *dev, const uint8_t address[4], uint16_t type,
                     uint8_t length, struct arpq_mac *mac)
{
    struct guarded_arpreq guarded;
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
    if (request->arp_ha.sa_family != type ||
        strncmp(request->arp_dev, dev, ARPQ_IFNAME_SIZE) != 0)
        return -ESTALE;
    /* The bytes of a FAILED entry are its old address: only this flag tells. */
    if (!(request->arp_flags & ATF_COM))
        return -EAGAIN;
    memcpy(mac->bytes, request->arp_ha.sa_data, length);
    mac->type = type;
    mac->length = length;
    return 0;
}
