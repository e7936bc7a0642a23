/* SPDX-License-Identifier: MIT */
#include "device.h"

#include <stdio.h>

#include "escape.h"

void device_name(const struct tool *t, uint32_t ifindex, char name[ARPQ_IFNAME_SIZE])
{
    /* The interface may have been removed meanwhile: its index is still correct. */
    if (arpq_index_to_name(t->h, ifindex, name) != 0)
        snprintf(name, ARPQ_IFNAME_SIZE, "if%u", ifindex);
}

void device_print(const struct tool *t, uint32_t ifindex)
{
    char name[ARPQ_IFNAME_SIZE];

    device_name(t, ifindex, name);
    escape_print(name);
}
