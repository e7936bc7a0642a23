/* SPDX-License-Identifier: MIT */
/*
 * The number of rounds of a sweep. Each round asks every silent target once. If a share p of the
 * requests or their answers is lost, N(1-p) of N machines answer in the first round, N p (1-p)
 * in the second, and N p^r are missing after r rounds. The functions make no system calls.
 */
#ifndef AQ_SWEEP_ROUNDS_H
#define AQ_SWEEP_ROUNDS_H

#include <stdbool.h>
#include <stdint.h>

struct aq_rounds {
    uint32_t done;     /* completed rounds */
    uint64_t answered; /* machines that answered */
    uint64_t requests; /* sent to these machines until they answered; late ones are excluded */
    uint64_t lossy;    /* machines to which requests count as lost */
    uint64_t late;     /* machines that answered an earlier request than the last one */
    uint32_t slowest_us;
};

#define AQ_ROUNDS_MOST 32u
#define AQ_ROUNDS_USUAL 10u       /* the most rounds by default */
#define AQ_ROUNDS_PAUSE_US 50000u /* the least time between two rounds */

/* Note a machine that answered its attempt-th request after rtt_us. */
void aq_rounds_note(struct aq_rounds *rounds, uint32_t attempt, uint32_t rtt_us);

/* Note a machine that answered one of `attempt` requests; it is unknown which one. The answer
 * arrived wait_us after the last request. If it is quick enough to answer that request, all
 * earlier requests count as lost, and the function returns their number. Otherwise the machine
 * is late, no request counts as lost, and the function returns 0. */
uint32_t aq_rounds_note_unclear(struct aq_rounds *rounds, uint32_t attempt, uint32_t wait_us);

/* Correct the record of a machine whose first answer was late: the `lost` requests that were
 * counted as lost had been delivered. */
void aq_rounds_set_late(struct aq_rounds *rounds, uint32_t lost);

/* Returns the time to wait for answers after the last request: a multiple of the time of the
 * slowest answer so far, between least_us and most_us. Returns most_us if no machine has
 * answered. */
uint64_t aq_rounds_wait_us(const struct aq_rounds *rounds, uint64_t least_us, uint64_t most_us);

/* Estimates of p and p^r in millionths, from the machines that answered; 0 before the second
 * round. */
struct aq_rounds_guess {
    uint32_t loss_ppm;
    uint32_t missed_ppm;
};
struct aq_rounds_guess aq_rounds_guess(const struct aq_rounds *rounds);

/* Whether to do another round. A sweep does at least two rounds. Further rounds follow until the
 * expected number of missing machines is below one half and below a thousandth of all machines,
 * up to `most` rounds (0: AQ_ROUNDS_USUAL). */
bool aq_rounds_next(const struct aq_rounds *rounds, uint32_t most);

#endif
