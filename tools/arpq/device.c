/* SPDX-License-Identifier: MIT */
#include "device.h"

#include <stdio.h>
#include <string.h>

#include "escape.h"

static struct {
    uint32_t ifindex;
    char name[ARPQ_IFNAME_SIZE];
} remembered;

void device_remember(uint32_t ifindex, const char *name)
{
    remembered.ifindex = ifindex;
    snprintf(remembered.name, sizeof remembered.name, "%s", name);
}

void device_name(const struct tool *t, uint32_t ifindex, char name[ARPQ_IFNAME_SIZE])
{
    if (arpq_interface_name(t->h, ifindex, name) == 0)
        return;
    /* The kernel may have removed the interface in the meantime. Its index is still correct. */
    if (ifindex != 0 && ifindex == remembered.ifindex)
        memcpy(name, remembered.name, ARPQ_IFNAME_SIZE);
    else
        snprintf(name, ARPQ_IFNAME_SIZE, "if%u", ifindex);
}

void device_print(const struct tool *t, uint32_t ifindex)
{
    char name[ARPQ_IFNAME_SIZE];

    device_name(t, ifindex, name);
    escape_print(name);
}
