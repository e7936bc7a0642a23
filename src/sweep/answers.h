/* SPDX-License-Identifier: MIT */
/* The targets that have answered, in eight bytes for each target: 16 million take 128 MiB at
 * most, and the pages of targets that were never asked take none. No system call. */
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
    /* Third and further machines on an address. A host that invents ever new MACs is reported
     * this often in all. */
    struct {
        uint32_t number, mark;
    } further[AQ_ANSWER_FURTHER];
    unsigned further_count;
};

/* Turn zeroed memory into count silent targets. The seed keeps hosts from choosing MACs with
 * equal marks. -ENOMEM. */
int aq_answers_make(struct aq_answers *answers, uint64_t count, uint64_t seed);
void aq_answers_free(struct aq_answers *answers);

/* Neither ask this target nor count a machine there. */
void aq_answers_exclude(struct aq_answers *answers, uint32_t number);

bool aq_answers_is_silent(const struct aq_answers *answers, uint32_t number);

/* Note that a silent target is asked now, and return how long ago that was, in microseconds (up
 * to 71 minutes). */
void aq_answers_asked(struct aq_answers *answers, uint32_t number, uint64_t now_us);
uint32_t aq_answers_waited(const struct aq_answers *answers, uint32_t number, uint64_t now_us);

/* Note that a machine with this MAC is at the target. */
enum aq_answer {
    AQ_ANSWER_FIRST,   /* the first machine there */
    AQ_ANSWER_ANOTHER, /* another machine than those before */
    AQ_ANSWER_NONE,    /* noted before, excluded, or beyond AQ_ANSWER_FURTHER */
};
enum aq_answer aq_answers_note(struct aq_answers *answers, uint32_t number,
                               const struct arpq_mac *mac);

/* Note that `lost` earlier requests (up to AQ_ANSWER_LOST) to the first machine at the target
 * count as lost. */
#define AQ_ANSWER_LOST 63u
void aq_answers_set_lost(struct aq_answers *answers, uint32_t number, uint32_t lost);

/* The number of requests that count as lost, if the MAC is that of the first machine; they count
 * as lost no longer. */
uint32_t aq_answers_take_lost(struct aq_answers *answers, uint32_t number,
                              const struct arpq_mac *mac);

#endif
