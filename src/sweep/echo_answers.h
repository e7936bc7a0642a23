/* SPDX-License-Identifier: MIT */
/* The machines that answered an echo request, in the order of their answers, and the resolution of
 * their MACs by the kernel. */
#ifndef AQ_SWEEP_ECHO_ANSWERS_H
#define AQ_SWEEP_ECHO_ANSWERS_H

#include "sweep/engine.h"
#include "sweep/ip_set.h"

struct aq_echo_answer {
    struct arpq_ip ip;
    uint32_t round; /* the round that the machine answered, from 1 */
    uint32_t rtt_us;
};

/* To make an empty list, zero the memory, then set the resolver and the seed of `seen`. */
struct aq_echo_answers {
    struct arpq_resolver *resolver;
    struct aq_ip_set seen; /* the addresses in the list */
    struct aq_echo_answer *list;
    size_t count, capacity;
    size_t taken; /* the first `taken` answers were given to the resolver or reported */
};

void aq_echo_answers_free(struct aq_echo_answers *answers);

/* Returns 1 if the answer was added, 0 if its address is already in the list, -ENOMEM, or
 * -ENOBUFS if the list is full. */
int aq_echo_answers_add(struct aq_echo_answers *answers, const struct aq_echo_answer *answer);

/* Each of the next three functions does a part of the work. Each returns 1 if work is left, 0 if
 * none is left, or an error. */

/* Report machines whose MAC is resolved. */
int aq_echo_answers_fetch(struct aq_echo_answers *answers, struct arpq_sweep *sweep);

/* Give answers to the resolver, as far as it has space. */
int aq_echo_answers_submit(struct aq_echo_answers *answers, struct arpq_sweep *sweep);

/* Report the machines that were not given to the resolver, without their MACs. */
int aq_echo_answers_report(struct aq_echo_answers *answers, struct arpq_sweep *sweep);

/* Whether any machine is still to be resolved or reported. */
bool aq_echo_answers_left(const struct aq_echo_answers *answers);

#endif
