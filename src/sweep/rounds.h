/* SPDX-License-Identifier: MIT */
/*
 * The number of rounds of a sweep. Each round asks every silent target once. If a share p of
 * the requests or their answers is lost, N(1-p) of N machines answer in the first round,
 * N p (1-p) in the second, and N p^r are missing after r rounds. No system call.
 */
#ifndef AQ_SWEEP_ROUNDS_H
#define AQ_SWEEP_ROUNDS_H

#include <stdbool.h>
#include <stdint.h>

struct aq_rounds {
    uint32_t done;     /* completed rounds */
    uint64_t answered; /* machines that answered */
    uint64_t requests; /* that these machines were sent until they answered, without late ones */
    uint64_t lossy;    /* machines to which requests count as lost */
    uint64_t late;     /* machines that answered an earlier request than the last one */
    uint32_t slowest_us;
};

#define AQ_ROUNDS_MOST 32u
#define AQ_ROUNDS_USUAL 10u       /* the most by default */
#define AQ_ROUNDS_PAUSE_US 50000u /* the least time between two rounds */

/* Note a machine that answered its attempt-th request after rtt_us. */
void aq_rounds_note(struct aq_rounds *rounds, uint32_t attempt, uint32_t rtt_us);

/* Note a machine that answered one of several requests, it is not known which, wait_us after the
 * last one, the attempt-th. Returns how many requests count as lost: all but the last one if the
 * answer is quick enough to answer that one; else the machine is late, and none is lost. */
uint32_t aq_rounds_note_unclear(struct aq_rounds *rounds, uint32_t attempt, uint32_t wait_us);

/* Note that a machine was late after all, and the `lost` requests to it were not lost. */
void aq_rounds_set_late(struct aq_rounds *rounds, uint32_t lost);

/* The time to wait for answers after the last request: a multiple of the slowest answer so
 * far, within these bounds; most_us while nobody has answered. */
uint64_t aq_rounds_wait_us(const struct aq_rounds *rounds, uint64_t least_us, uint64_t most_us);

/* Estimates of p and p^r in millionths, from the machines that answered; 0 before the second
 * round. */
struct aq_rounds_guess {
    uint32_t loss_ppm;
    uint32_t missed_ppm;
};
struct aq_rounds_guess aq_rounds_guess(const struct aq_rounds *rounds);

/* Whether to do another round. Every target is asked twice; further rounds follow until the
 * expected number of missing machines is below one half and below a thousandth of them, up to
 * `most` rounds (0: AQ_ROUNDS_USUAL). */
bool aq_rounds_next(const struct aq_rounds *rounds, uint32_t most);

#endif
