/* SPDX-License-Identifier: MIT */
/* TUN and TAP devices with a chosen hardware type. */
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "kernel/netns.h"
#include "kernel/tun.h"

int open_tun_device(void)
{
    int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

    if (fd < 0)
        not_run("/dev/net/tun cannot be opened");
    return fd;
}

int open_tun(const char *name, int mode, int type)
{
    struct ifreq request;
    int fd = open_tun_device();

    memset(&request, 0, sizeof request);
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    request.ifr_flags = (short)(mode | IFF_NO_PI);
    if (ioctl(fd, TUNSETIFF, &request) != 0)
        not_run("a tun device cannot be made");
    if (type != TUN_KEEPS_TYPE && ioctl(fd, TUNSETLINK, (unsigned long)type) != 0)
        not_run("TUNSETLINK is refused");
    return fd;
}
