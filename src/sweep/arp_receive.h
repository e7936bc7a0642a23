/* SPDX-License-Identifier: MIT */
/* The packets that a sweep by ARP receives. */
#ifndef AQ_SWEEP_ARP_RECEIVE_H
#define AQ_SWEEP_ARP_RECEIVE_H

#include "sweep/engine.h"

/* Read one batch of packets, and report the machines that they show. Returns 1 if more packets may
 * be waiting, 0 if none is, or an error. */
int aq_arp_receive(struct arpq_sweep *sweep);

#endif
