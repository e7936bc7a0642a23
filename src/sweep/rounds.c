/* SPDX-License-Identifier: MIT */
#include "sweep/rounds.h"

#define LEAST_ROUNDS 2u
#define STEPS 24 /* steps of the bisection, more than enough for a millionth */
#define MILLION 1e6

#define MISSED_SHARE 0.001
#define MISSED_MACHINES 0.5

/* An answer within this time after a request most likely answers that request. With a shorter
 * time the answers of a busy machine would count as late. */
#define PROMPT_MOST_US 50000u

/* Wait this many times as long as the slowest answer took. */
#define WAIT_FACTOR 4u

void aq_rounds_note(struct aq_rounds *rounds, uint32_t attempt, uint32_t rtt_us)
{
    rounds->answered++;
    rounds->requests += attempt;
    rounds->lossy += attempt > 1;
    if (rtt_us > rounds->slowest_us)
        rounds->slowest_us = rtt_us;
}

uint32_t aq_rounds_note_unclear(struct aq_rounds *rounds, uint32_t attempt, uint32_t wait_us)
{
    uint32_t lost = wait_us <= PROMPT_MOST_US ? attempt - 1 : 0;

    rounds->answered++;
    rounds->requests += 1 + lost;
    rounds->lossy += lost > 0;
    rounds->late += lost == 0;
    return lost;
}

void aq_rounds_set_late(struct aq_rounds *rounds, uint32_t lost)
{
    rounds->requests -= lost;
    rounds->lossy--;
    rounds->late++;
}

uint64_t aq_rounds_wait_us(const struct aq_rounds *rounds, uint64_t least_us, uint64_t most_us)
{
    uint64_t us = (uint64_t)WAIT_FACTOR * rounds->slowest_us;

    if (!rounds->answered || us > most_us)
        return most_us;
    us = us < least_us ? least_us : us;
    return us < most_us ? us : most_us;
}

/* The mean number of requests to a machine that answers within r rounds, if the share p is lost. */
static double mean_requests(double p, uint32_t r)
{
    double weight = 1, weights = 0, sum = 0;

    for (uint32_t k = 1; k <= r; k++) {
        sum += k * weight;
        weights += weight;
        weight *= p;
    }
    return sum / weights;
}

/* The maximum-likelihood estimate of p: the p whose mean equals the observed mean. The mean
 * grows with p, so bisection finds it. By chance the answer of a late machine may arrive just
 * after its last request, so that the machine counts as lossy. Therefore p is 0 unless there are
 * more lossy machines than late ones. */
static double likeliest_loss(const struct aq_rounds *rounds)
{
    double low = 0, high = 1, mean;

    if (rounds->done < LEAST_ROUNDS || rounds->lossy <= rounds->late)
        return 0;
    mean = (double)rounds->requests / (double)rounds->answered;
    for (int step = 0; step < STEPS; step++) {
        double middle = (low + high) / 2;

        if (mean_requests(middle, rounds->done) < mean)
            low = middle;
        else
            high = middle;
    }
    return high;
}

static double rounds_power(double p, uint32_t r)
{
    double result = 1;

    while (r-- > 0)
        result *= p;
    return result;
}

struct aq_rounds_guess aq_rounds_guess(const struct aq_rounds *rounds)
{
    double loss = likeliest_loss(rounds);

    return (struct aq_rounds_guess){
        .loss_ppm = (uint32_t)(loss * MILLION + 0.5),
        .missed_ppm = (uint32_t)(rounds_power(loss, rounds->done) * MILLION + 0.5),
    };
}

bool aq_rounds_next(const struct aq_rounds *rounds, uint32_t most)
{
    double missed;

    if (rounds->done >= (most ? most : AQ_ROUNDS_USUAL))
        return false;
    if (rounds->done < LEAST_ROUNDS)
        return true;
    missed = rounds_power(likeliest_loss(rounds), rounds->done);
    /* N(1 - missed) of N machines have answered. */
    return missed >= MISSED_SHARE ||
           (double)rounds->answered * missed >= MISSED_MACHINES * (1 - missed);
}
