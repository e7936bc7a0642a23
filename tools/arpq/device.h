/* SPDX-License-Identifier: MIT */
/* Interface names. */
#ifndef ARPQ_TOOL_DEVICE_H
#define ARPQ_TOOL_DEVICE_H

#include "tool.h"

/* Writes the name of the interface. Writes "if7", for example, if interface 7 no longer exists. */
void device_name(const struct tool *t, uint32_t ifindex, char name[ARPQ_IFNAME_SIZE]);
/* Stores the name of one interface, so that device_name() knows it after the interface is removed.
 * A second call replaces the stored name. */
void device_remember(uint32_t ifindex, const char *name);
void device_print(const struct tool *t, uint32_t ifindex);

#endif
