/* SPDX-License-Identifier: MIT */
#include "sweep/rounds.h"

#define LEAST_ROUNDS 2u
#define STEPS 24 /* of halving an interval: to a millionth, with room */
#define MILLION 1e6

#define MISSED_SHARE 0.001
#define MISSED_MACHINES 0.5

/* So many times the slowest answer is waited for the next. */
#define PATIENCE 4u

void aq_rounds_note(struct aq_rounds *rounds, uint32_t attempt, uint32_t rtt_us)
{
    rounds->answered++;
    rounds->queries += attempt;
    if (rtt_us > rounds->slowest_us)
        rounds->slowest_us = rtt_us;
}

uint64_t aq_rounds_wait_us(const struct aq_rounds *rounds, uint64_t least_us, uint64_t most_us)
{
    uint64_t us = (uint64_t)PATIENCE * rounds->slowest_us;

    if (!rounds->answered || us > most_us)
        return most_us;
    us = us < least_us ? least_us : us;
    return us < most_us ? us : most_us;
}

/* How many questions a machine that answers within r rounds takes, on average. */
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

/* The p under which what was seen is likeliest: the one whose mean is the mean seen. That
 * grows with p, so halving the interval finds it. */
static double likeliest_loss(const struct aq_rounds *rounds)
{
    double low = 0, high = 1, seen;

    if (rounds->done < LEAST_ROUNDS || rounds->queries <= rounds->answered)
        return 0;
    seen = (double)rounds->queries / (double)rounds->answered;
    for (int step = 0; step < STEPS; step++) {
        double middle = (low + high) / 2;

        if (mean_requests(middle, rounds->done) < seen)
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
    /* Of N machines N(1 - missed) have answered. */
    return missed >= MISSED_SHARE ||
           (double)rounds->answered * missed >= MISSED_MACHINES * (1 - missed);
}
