/* SPDX-License-Identifier: MIT */
/* Who has answered: eight bytes for each target, so that many million are no burden, and
 * memory that nothing was written to takes none. No system call. */
#ifndef AQ_SWEEP_ANSWERS_H
#define AQ_SWEEP_ANSWERS_H

#include <stdbool.h>
#include <stdint.h>

#include "arpq.h"

#define AQ_ANSWER_FURTHER 64u

struct aq_answers {
    struct aq_answers_cell *cells;
    uint64_t count;
    uint64_t silent; /* targets that have not answered and are to be asked */
    uint64_t seed;
    /* Third and further machines on an address: a host that plays ever new ones is told so
     * often, and no more. */
    struct {
        uint32_t number, mark;
    } further[AQ_ANSWER_FURTHER];
    unsigned further_count;
};

/* Zeroed memory becomes count silent targets. -ENOMEM. The seed keeps neighbours from
 * choosing MACs that are taken for one another. */
int aq_answers_make(struct aq_answers *answers, uint64_t count, uint64_t seed);
void aq_answers_free(struct aq_answers *answers);

/* This target is not to be asked, and whoever is there does not count. */
void aq_answers_exclude(struct aq_answers *answers, uint32_t number);

bool aq_answers_is_silent(const struct aq_answers *answers, uint32_t number);

/* A silent target is asked now; and how long ago that was, in microseconds (to 71 minutes). */
void aq_answers_asked(struct aq_answers *answers, uint32_t number, uint64_t now_us);
uint32_t aq_answers_waited(const struct aq_answers *answers, uint32_t number, uint64_t now_us);

/* A machine is at this target. */
enum aq_answer {
    AQ_ANSWER_FIRST,   /* it was silent so far */
    AQ_ANSWER_ANOTHER, /* another machine than those before */
    AQ_ANSWER_NONE,    /* known, left out, or one too many */
};
enum aq_answer aq_answers_note(struct aq_answers *answers, uint32_t number,
                               const struct arpq_mac *mac);

#endif
