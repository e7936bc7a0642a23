/* SPDX-License-Identifier: MIT */
/* A sweep that sends its own ARP requests. */
#ifndef AQ_SWEEP_BY_ARP_H
#define AQ_SWEEP_BY_ARP_H

#include "sweep/engine.h"

extern const struct aq_sweep_method aq_sweep_by_arp;

#endif
