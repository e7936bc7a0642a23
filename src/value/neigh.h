/* SPDX-License-Identifier: MIT */
/* States of neighbour entries. */
#ifndef AQ_VALUE_NEIGH_H
#define AQ_VALUE_NEIGH_H

#include <stdint.h>

/* The code for an entry of that state that has no link-layer address (RFC 4861 section
 * 7.3.2): which of three facts it is. */
int aq_neigh_without_mac(uint32_t state);

#endif
