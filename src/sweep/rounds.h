/* SPDX-License-Identifier: MIT */
/*
 * How often must be asked? In a round everybody who was silent so far is asked once. If a
 * share p of the questions or their answers is lost, of N machines N(1-p) answer in the
 * first round, N p (1-p) in the second, and after r rounds N p^r are missing. No system
 * call.
 */
#ifndef AQ_SWEEP_ROUNDS_H
#define AQ_SWEEP_ROUNDS_H

#include <stdbool.h>
#include <stdint.h>

struct aq_rounds {
    uint32_t done;     /* whole ones */
    uint64_t answered; /* machines */
    uint64_t queries;  /* which it took until they did */
    uint32_t slowest_us;
};

#define AQ_ROUNDS_MOST 32u
#define AQ_ROUNDS_USUAL 10u       /* at most, where nobody says */
#define AQ_ROUNDS_PAUSE_US 50000u /* between rounds, at least */

/* A machine answered its attempt-th question, so long after the last one. */
void aq_rounds_note(struct aq_rounds *rounds, uint32_t attempt, uint32_t rtt_us);

/* How long to wait for the answers to what was asked last: some times the slowest one so
 * far, within these bounds; while there was none, all the time that there is. */
uint64_t aq_rounds_wait_us(const struct aq_rounds *rounds, uint64_t least_us, uint64_t most_us);

/* What the machines that answered say about p, and what that makes of p^r, in millionths.
 * One round says nothing. */
struct aq_rounds_guess {
    uint32_t loss_ppm;
    uint32_t missed_ppm;
};
struct aq_rounds_guess aq_rounds_guess(const struct aq_rounds *rounds);

/* Whether another round is worth it: everybody is asked twice, and from then on until less
 * than half a machine, and less than a thousandth of them, is still to be expected; most
 * rounds at most (0: as usual). */
bool aq_rounds_next(const struct aq_rounds *rounds, uint32_t most);

#endif
