/* SPDX-License-Identifier: MIT */
/* States of neighbour entries. */
#ifndef AQ_VALUE_NEIGH_H
#define AQ_VALUE_NEIGH_H

#include <stdint.h>

/* Returns the error code for an entry in this state that has no link-layer address. */
int aq_neigh_without_mac(uint32_t state);

#endif
