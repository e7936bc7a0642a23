/* SPDX-License-Identifier: MIT */
/* Targets whose addresses the kernel resolves. The kernel itself repeats an unanswered request once
 * a second. */
#ifndef AQ_SWEEP_RESOLUTION_H
#define AQ_SWEEP_RESOLUTION_H

#include "sweep/engine.h"

/* Zeroed memory is a closed resolution. */
struct aq_resolution {
    struct arpq_resolver *resolver;
    uint32_t lowest; /* pending targets that are the lowest address of a subnet */
    uint64_t silent; /* targets that did not answer */
};

/* The number of the kernel's requests that a sweep waits for, and the time that it waits for each
 * target in milliseconds. */
uint32_t aq_resolution_requests(const struct arpq_sweep *sweep);
uint32_t aq_resolution_answer_ms(const struct arpq_sweep *sweep);

/* Open a closed resolution and add its descriptor to the wakeup of the sweep. The caller must close
 * it even after a failure. */
int aq_resolution_open(struct arpq_sweep *sweep, struct aq_resolution *resolution);
void aq_resolution_close(struct aq_resolution *resolution);

/* Whether there is space for another target. */
bool aq_resolution_has_space(const struct aq_resolution *resolution);

/* Resolve a target on this link. */
int aq_resolution_add(struct arpq_sweep *sweep, struct aq_resolution *resolution, uint32_t number,
                      uint32_t ifindex);

/* Report resolved targets. Returns 1 if more may be ready, 0 if none is, or an error. It is an error
 * if the link of the sweep is down or gone, but not if another link is. */
int aq_resolution_fetch(struct arpq_sweep *sweep, struct aq_resolution *resolution);

/* Whether the sweep has to wait for a target. */
bool aq_resolution_is_pending(const struct arpq_sweep *sweep,
                              const struct aq_resolution *resolution);

#endif
