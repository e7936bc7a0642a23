/* SPDX-License-Identifier: MIT */
/*
 * The targets of a sweep by ARP that are on other links than the one of the sweep, because a route
 * inside the prefix leads there. The kernel resolves them.
 */
#ifndef AQ_SWEEP_ELSEWHERE_H
#define AQ_SWEEP_ELSEWHERE_H

#include "sweep/pace.h"
#include "sweep/resolution.h"

/* Zeroed memory is an empty set of targets. */
struct aq_elsewhere {
    struct aq_resolution resolution; /* opened for the first target */
    uint64_t waiting;                /* targets that the kernel does not resolve yet */
    uint64_t cursor;                 /* none of these is below this one */
};

/* Decide about a silent target. Returns 1 if it is on the link of the sweep, 0 if it is not, or an
 * error. If it is on another link it is added to the targets elsewhere, and otherwise excluded. */
int aq_elsewhere_sort(struct arpq_sweep *sweep, struct aq_elsewhere *elsewhere,
                      struct aq_answers *answers, uint32_t number, const struct arpq_ip *ip);

/* Do a part of the work. Returns 1 if more can be done at once, 0 if not, or an error. Sets *wake_us
 * to the time at which more can be done. */
int aq_elsewhere_step(struct arpq_sweep *sweep, struct aq_elsewhere *elsewhere,
                      struct aq_answers *answers, struct aq_pace *pace, uint64_t *wake_us);

/* Whether the sweep has to wait for a target. */
bool aq_elsewhere_is_pending(const struct arpq_sweep *sweep, const struct aq_elsewhere *elsewhere);

void aq_elsewhere_free(struct aq_elsewhere *elsewhere);

#endif
