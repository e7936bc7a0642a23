/* SPDX-License-Identifier: MIT */
/* Interface names. */
#ifndef ARPQ_TOOL_DEVICE_H
#define ARPQ_TOOL_DEVICE_H

#include "tool.h"

/* Writes the name of the interface; "if7" when the interface 7 no longer exists. */
void device_name(const struct tool *t, uint32_t ifindex, char name[ARPQ_IFNAME_SIZE]);
void device_print(const struct tool *t, uint32_t ifindex);

#endif
