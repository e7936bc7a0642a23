/* SPDX-License-Identifier: MIT */
#include "kernel/link_ioctl.h"

#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kernel/sys.h"

uint8_t aq_link_ioctl_mac_length(uint16_t type)
{
    switch (type) {
    case ARPHRD_ETHER:
    case ARPHRD_LOOPBACK:
    case ARPHRD_IEEE80211:
        return 6;
    case ARPHRD_IEEE802154:
    case ARPHRD_EUI64:
        return 8;
    default:
        return 0;
    }
}

int aq_link_ioctl_read(int fd, uint32_t ifindex, char name[ARPQ_IFNAME_SIZE], struct arpq_mac *mac)
{
    struct ifreq request = {.ifr_ifindex = (int)ifindex};
    int code = aq_sys_ioctl(fd, SIOCGIFNAME, &request);

    memset(mac, 0, sizeof *mac);
    memset(name, 0, ARPQ_IFNAME_SIZE);
    if (code < 0)
        return code == -ENXIO ? -ENODEV : code;
    memcpy(name, request.ifr_name, ARPQ_IFNAME_SIZE - 1);
    code = aq_sys_ioctl(fd, SIOCGIFHWADDR, &request);
    if (code < 0)
        return code;
    mac->type = request.ifr_hwaddr.sa_family;
    mac->length = aq_link_ioctl_mac_length(mac->type);
    memcpy(mac->bytes, request.ifr_hwaddr.sa_data, mac->length);
    return 0;
}
