/* SPDX-License-Identifier: MIT */
/* How fast changes are applied. The bare side only receives them. */
#include <stdio.h>

#include "contestants/consumer.h"
#include "method/clock.h"
#include "method/producer.h"
#include "method/report.h"
#include "rows/rows.h"

#define QUICK_EVENTS 50000u
#define FULL_EVENTS 300000u
#define TRIALS 5u /* of each side */

/* Of one flood. */
struct flood {
    double received_per_second;
    double sent_per_second;
    double cpu_ns; /* an event, of the taker's processor time */
    double overruns;
};

static struct flood send_flood(const struct net_namespace *ns, struct producer *producer,
                               enum consumer_kind kind, uint64_t count, double per_second)
{
    struct consumer *c = consumer_start(kind);
    uint64_t began = clock_ns(), sent;
    struct flood f;

    producer_send(producer, ns, count, per_second);
    sent = clock_ns() - began;
    consumer_finish(c, count);
    f = (struct flood){.received_per_second =
                           (double)c->received * 1e9 / (double)(c->last_ns - began),
                       .sent_per_second = (double)count * 1e9 / (double)sent,
                       .cpu_ns = (double)c->cpu_ns / (double)c->received,
                       .overruns = (double)c->overruns};
    if (!c->received || (c->received < count && !c->overruns))
        fail(0, "events are missing without an overrun");
    consumer_free(c);
    return f;
}

/* As fast as one process makes them. */
static void report_full_speed(const struct net_namespace *ns, struct producer *producer,
                              uint64_t count)
{
    double rate[2][TRIALS], cpu[2][TRIALS], ratio[TRIALS], cpu_ratio[TRIALS];
    double overruns[2] = {0, 0};

    for (unsigned trial = 0; trial < TRIALS; trial++) {
        for (unsigned turn = 0; turn < 2; turn++) {
            unsigned side = (trial + turn) % 2;
            struct flood f =
                send_flood(ns, producer, side ? CONSUMER_MIRROR : CONSUMER_RAW, count, 0);

            rate[side][trial] = f.received_per_second / 1000;
            cpu[side][trial] = f.cpu_ns;
            overruns[side] += f.overruns;
        }
        ratio[trial] = rate[1][trial] / rate[0][trial];
        cpu_ratio[trial] = cpu[1][trial] / cpu[0][trial];
    }
    report_row(&(struct row){"events applied, unprivileged, full speed", "k/s",
                             median(rate[1], TRIALS), median(rate[0], TRIALS),
                             median(ratio, TRIALS), 0, 0});
    /* Where the bare loop loses events too, the machine is busy with something else. */
    report_row(&(struct row){"  overruns in all trials", "", overruns[1], overruns[0], overruns[1],
                             overruns[0] > 0 ? 0 : 0.5, 0});
    report_row(&(struct row){"  processor time of an event", "ns", median(cpu[1], TRIALS),
                             median(cpu[0], TRIALS), median(cpu_ratio, TRIALS), 0, 0});
}

/* The highest rate, of those tried, that loses nothing; 0: none. */
static double highest_lossless_rate(const struct net_namespace *ns, struct producer *producer,
                                    enum consumer_kind kind, uint64_t count)
{
    static const double rates[] = {0, 700e3, 600e3, 500e3, 400e3, 300e3, 200e3, 100e3, 50e3};

    for (unsigned i = 0; i < sizeof rates / sizeof *rates; i++) {
        /* A second is enough at the lower rates. */
        uint64_t fewer = rates[i] > 0 && rates[i] < (double)count ? (uint64_t)rates[i] : count;
        struct flood f = send_flood(ns, producer, kind, fewer, rates[i]);

        if (f.overruns < 1)
            return f.sent_per_second / 1000;
    }
    return 0;
}

void rows_events(const struct net_namespace *ns, struct producer *producer, int quick)
{
    uint64_t count = quick ? QUICK_EVENTS : FULL_EVENTS;
    double arpq, raw;

    report_full_speed(ns, producer, count);
    raw = highest_lossless_rate(ns, producer, CONSUMER_RAW, count);
    arpq = highest_lossless_rate(ns, producer, CONSUMER_MIRROR, count);
    report_row(&(struct row){"  highest rate tried without an overrun", "k/s", arpq, raw,
                             raw > 0 ? arpq / raw : 0, 0, 0});
}
