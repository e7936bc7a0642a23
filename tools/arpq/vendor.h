/* SPDX-License-Identifier: MIT */
/* The manufacturer that a MAC address belongs to. */
#ifndef ARPQ_TOOL_VENDOR_H
#define ARPQ_TOOL_VENDOR_H

#include "tool.h"

/* Returns NULL for an unknown manufacturer. The text comes from a file and is not safe to
 * print. The first call reads the files. */
const char *vendor_name(const struct arpq_mac *mac);
/* Prints nothing if the manufacturer is unknown. */
void vendor_print(const struct arpq_mac *mac, const char *before);

#endif
