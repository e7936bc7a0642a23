/* SPDX-License-Identifier: MIT */
/* Records which targets have answered, in eight bytes for each target. 16 million targets take
 * at most 128 MiB, and targets that were never asked take no memory pages. The functions make no
 * system calls. */
#ifndef AQ_SWEEP_ANSWERS_H
#define AQ_SWEEP_ANSWERS_H

#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"

#define AQ_ANSWER_FURTHER 64u

struct aq_answers {
    struct aq_answers_cell *cells;
    uint64_t count;
    uint64_t silent; /* targets that have not answered and are not excluded */
    uint64_t seed;
    /* Third and further machines with one address. A sweep reports at most AQ_ANSWER_FURTHER of
     * them in all, even if a host keeps inventing MACs. */
    struct {
        uint32_t number, mark;
    } further[AQ_ANSWER_FURTHER];
    unsigned further_count;
};

/* Turn zeroed memory into `count` silent targets. The seed prevents hosts from choosing MACs
 * with equal marks. Returns 0 or -ENOMEM. */
int aq_answers_make(struct aq_answers *answers, uint64_t count, uint64_t seed);
void aq_answers_free(struct aq_answers *answers);

/* Exclude a target: the sweep neither asks it nor counts a machine there. */
void aq_answers_exclude(struct aq_answers *answers, uint32_t number);

/* aq_answers_set_elsewhere excludes a target and stores the link that it is on instead.
 * aq_answers_elsewhere returns the link of such a target, or 0 for other targets. */
void aq_answers_set_elsewhere(struct aq_answers *answers, uint32_t number, uint32_t ifindex);
uint32_t aq_answers_elsewhere(const struct aq_answers *answers, uint32_t number);

bool aq_answers_is_silent(const struct aq_answers *answers, uint32_t number);

/* aq_answers_asked records that a silent target is asked now. aq_answers_waited returns how many
 * microseconds ago that was (up to 71 minutes). */
void aq_answers_asked(struct aq_answers *answers, uint32_t number, uint64_t now_us);
uint32_t aq_answers_waited(const struct aq_answers *answers, uint32_t number, uint64_t now_us);

/* Record a machine with this MAC at the target. Returns whether it is the first one there: */
enum aq_answer {
    AQ_ANSWER_FIRST,   /* the first machine there */
    AQ_ANSWER_ANOTHER, /* it differs from the machines recorded before */
    AQ_ANSWER_NONE,    /* recorded before, excluded, or beyond AQ_ANSWER_FURTHER */
};
enum aq_answer aq_answers_note(struct aq_answers *answers, uint32_t number,
                               const struct arpq_mac *mac);

/* Record that `lost` earlier requests (up to AQ_ANSWER_LOST) to the first machine at the target
 * count as lost. */
#define AQ_ANSWER_LOST 63u
void aq_answers_set_lost(struct aq_answers *answers, uint32_t number, uint32_t lost);

/* Returns the number of requests that count as lost if the MAC is that of the first machine,
 * else 0. Afterwards these requests no longer count as lost. */
uint32_t aq_answers_take_lost(struct aq_answers *answers, uint32_t number,
                              const struct arpq_mac *mac);

#endif
