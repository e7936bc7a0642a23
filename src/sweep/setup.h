/* SPDX-License-Identifier: MIT */
/* Where a sweep takes place. */
#ifndef AQ_SWEEP_SETUP_H
#define AQ_SWEEP_SETUP_H

#include "sweep/engine.h"

/* The interface, and the own addresses in the prefix, for sweep->plan and
 * sweep->options. The codes are those of arpq_sweep_open. */
int aq_sweep_setup(struct arpq_sweep *sweep);

/* Of the same family. */
bool aq_sweep_is_own(const struct arpq_sweep *sweep, const struct arpq_ip *ip);

/* Not to be asked: those, and the own addresses, which are known to be there. */
void aq_sweep_exclude(const struct arpq_sweep *sweep, struct aq_answers *answers);

#endif
