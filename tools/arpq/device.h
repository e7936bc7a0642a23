/* SPDX-License-Identifier: MIT */
/* Interface names. */
#ifndef ARPQ_TOOL_DEVICE_H
#define ARPQ_TOOL_DEVICE_H

#include "tool.h"

/* Writes the name of the interface; "if7" when the interface 7 no longer exists. */
void device_name(const struct tool *t, uint32_t ifindex, char name[ARPQ_IFNAME_SIZE]);
/* Remembers the name of an interface, for when it no longer exists. There is one at a time. */
void device_remember(uint32_t ifindex, const char *name);
void device_print(const struct tool *t, uint32_t ifindex);

#endif
