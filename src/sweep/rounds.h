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
    uint64_t requests; /* that these machines were sent until they answered */
    uint32_t slowest_us;
};

#define AQ_ROUNDS_MOST 32u
#define AQ_ROUNDS_USUAL 10u       /* the most by default */
#define AQ_ROUNDS_PAUSE_US 50000u /* the least time between two rounds */

/* Note that a machine answered its attempt-th request, rtt_us after the last one. */
void aq_rounds_note(struct aq_rounds *rounds, uint32_t attempt, uint32_t rtt_us);

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
