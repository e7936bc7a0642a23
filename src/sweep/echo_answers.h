/* SPDX-License-Identifier: MIT */
/* The machines that answered an echo request, in the order of their answers, and the resolution of
 * their MACs by the kernel. */
#ifndef AQ_SWEEP_ECHO_ANSWERS_H
#define AQ_SWEEP_ECHO_ANSWERS_H

#include "sweep/engine.h"
#include "sweep/ip_set.h"

struct aq_echo_answer {
    struct arpq_ip ip;
    uint32_t round; /* that was answered, from 1 */
    uint32_t rtt_us;
};

/* Zeroed memory with a seed in seen, and a resolver, is an empty list. */
struct aq_echo_answers {
    struct arpq_resolver *resolver;
    struct aq_ip_set seen; /* the addresses in the list */
    struct aq_echo_answer *list;
    size_t count, capacity;
    size_t taken; /* answers given to the resolver or reported, from the first on */
};

void aq_echo_answers_free(struct aq_echo_answers *answers);

/* 1: it was added; 0: the address is in the list already; -ENOMEM; -ENOBUFS: the list is full. */
int aq_echo_answers_add(struct aq_echo_answers *answers, const struct aq_echo_answer *answer);

/* Each does a part of the work and returns 1 if more is left, 0 if not, or an error. */

/* Report machines whose MAC is resolved. */
int aq_echo_answers_fetch(struct aq_echo_answers *answers, struct arpq_sweep *sweep);

/* Give answers to the resolver, as far as it has space. */
int aq_echo_answers_submit(struct aq_echo_answers *answers, struct arpq_sweep *sweep);

/* Report the machines that were not given to the resolver, without their MACs. */
int aq_echo_answers_report(struct aq_echo_answers *answers, struct arpq_sweep *sweep);

/* Whether any machine is still to be resolved or reported. */
bool aq_echo_answers_left(const struct aq_echo_answers *answers);

#endif
