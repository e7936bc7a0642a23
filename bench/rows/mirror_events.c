/* SPDX-License-Identifier: MIT */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>

#include "contestants/arpq.h"
#include "contestants/cacheline.h"
#include "contestants/consumer.h"
#include "method/clock.h"
#include "method/producer.h"
#include "method/report.h"
#include "rows/rows.h"

/* -- readers that run at the same time as a writer -- */

/* The two readers, the writer and the producer cannot all run at once on two processors. A reader's
 * lookups are therefore divided by its own processor time. The rows show whether the readers and
 * the writer slow each other down. */

#define EVENTS_PER_SECOND 100000.0
#define PHASE_MS 60
#define IDLE_PHASES 5u
#define STRIDE 512u /* lookups between two checks of the flag */

struct reader {
    pthread_t thread;
    run_fn run;
    void *self;
    const struct keys *keys;
    unsigned number;
    int *stop;
    double per_cpu_ns;
};

static void *reader_main(void *argument)
{
    struct reader *r = argument;
    size_t at = r->number * (r->keys->mask + 1) / 2;
    size_t wrong = 0, done = 0;
    uint64_t began;

    cpu_pin(r->number);
    began = clock_cpu_ns();
    do {
        wrong += r->run(r->self, r->keys, at + done, STRIDE);
        done += STRIDE;
    } while (!__atomic_load_n(r->stop, __ATOMIC_RELAXED));
    r->per_cpu_ns = (double)done / (double)(clock_cpu_ns() - began);
    if (wrong)
        fail(0, "a wrong answer while events are applied");
    return NULL;
}

/* Returns the sum of the readers' lookups per nanosecond of their own processor time. `first` is
 * the processor of the first reader. */
static double run_readers(run_fn run, void *self, const struct keys *keys, unsigned first,
                          unsigned readers)
{
    struct reader r[2];
    int stop = 0, code;
    double sum = 0;

    for (unsigned i = 0; i < readers; i++) {
        r[i] = (struct reader){
            .run = run, .self = self, .keys = keys, .number = (first + i) % 2, .stop = &stop};
        code = pthread_create(&r[i].thread, NULL, reader_main, &r[i]);
        if (code)
            fail(code, "pthread_create");
    }
    poll(NULL, 0, PHASE_MS);
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < readers; i++) {
        pthread_join(r[i].thread, NULL);
        sum += r[i].per_cpu_ns;
    }
    return sum;
}

struct writer {
    pthread_t thread;
    struct bench_mirror *mirror;
    int stop;
};

static void *writer_main(void *argument)
{
    struct writer *writer = argument;
    struct pollfd wait = {.fd = arpq_mirror_fd(writer->mirror->mirror), .events = POLLIN};

    while (!__atomic_load_n(&writer->stop, __ATOMIC_RELAXED)) {
        poll(&wait, 1, 100);
        bench_mirror_sync(writer->mirror);
    }
    return NULL;
}

struct scaling {
    double mirror;     /* throughput of two readers divided by the throughput of one reader */
    double raw;        /* the same for readers of plain memory */
    double mirror_ns;  /* time of a lookup with one reader */
    double idle_ns;    /* time of a lookup with one reader and without events */
    double per_second; /* events applied during the measurement */
    double overruns;
};

static void measure_scaling(struct bench_mirror *mirror, struct cachelines *lines,
                            const struct keys *keys, unsigned rounds, struct scaling *s)
{
    double mirror_ratio[ROUNDS_MAX], raw_ratio[ROUNDS_MAX], ns[ROUNDS_MAX];

    for (unsigned i = 0; i < rounds; i++) {
        double one = run_readers(bench_mirror_hits, mirror, keys, i % 2, 1);
        double raw_one = run_readers(cacheline_read, lines, keys, i % 2, 1);

        mirror_ratio[i] = run_readers(bench_mirror_hits, mirror, keys, 0, 2) / one;
        raw_ratio[i] = run_readers(cacheline_read, lines, keys, 0, 2) / raw_one;
        ns[i] = 1 / one;
    }
    s->mirror = median(mirror_ratio, rounds);
    s->raw = median(raw_ratio, rounds);
    s->mirror_ns = median(ns, rounds);
}

static void measure_readers(const struct net_namespace *ns, struct producer *producer,
                            unsigned rounds, struct scaling *s)
{
    struct writer writer = {.stop = 0};
    struct bench_mirror mirror;
    struct cachelines lines;
    struct keys keys;
    struct arpq_sync_stats before, after;
    double idle[IDLE_PHASES];
    uint64_t began;
    pid_t child;
    int code;

    bench_mirror_open(&mirror, 0);
    keys_create(&keys, ns->v4, ns->size.neighbours);
    cacheline_open(&lines, ns, &keys);
    for (unsigned i = 0; i < IDLE_PHASES; i++)
        idle[i] = 1 / run_readers(bench_mirror_hits, &mirror, &keys, i % 2, 1);
    s->idle_ns = median(idle, IDLE_PHASES);
    child = producer_start(producer, ns, EVENTS_PER_SECOND);
    writer.mirror = &mirror;
    code = pthread_create(&writer.thread, NULL, writer_main, &writer);
    if (code)
        fail(code, "pthread_create");
    began = clock_ns();
    before = bench_mirror_stats(&mirror);
    measure_scaling(&mirror, &lines, &keys, rounds, s);
    after = bench_mirror_stats(&mirror);
    s->per_second = (double)(after.events - before.events) * 1e9 / (double)(clock_ns() - began);
    s->overruns = (double)after.overruns;
    producer_stop(producer, child);
    __atomic_store_n(&writer.stop, 1, __ATOMIC_RELAXED);
    pthread_join(writer.thread, NULL);
    cacheline_close(&lines);
    keys_free(&keys);
    bench_mirror_close(&mirror);
}

void rows_readers(const struct net_namespace *ns, struct producer *producer,
                  const struct timing *timing)
{
    struct scaling s;

    if (cpu_count() < 2) {
        report_row(&(struct row){"readers: skipped, one processor only", "", 0, 0, 0, 0, 0});
        return;
    }
    cpu_unpin();
    measure_readers(ns, producer, timing->rounds / 3, &s);
    cpu_pin(0);
    report_row(&(struct row){"2 mirror readers / 1, per CPU second, events", "x", s.mirror, s.raw,
                             s.mirror, 0, 1.8});
    report_row(&(struct row){"  1 reader, events (raw: no events)", "ns", s.mirror_ns, s.idle_ns,
                             s.mirror_ns / s.idle_ns, 0, 0});
    report_row(&(struct row){"  events applied meanwhile", "k/s", s.per_second / 1000, 0,
                             s.per_second / 1000, 0, 0});
    report_row(&(struct row){"  overruns meanwhile", "", s.overruns, 0, s.overruns, 0, 0});
}

/* -- a mirror that applies events, compared with a loop that only receives them -- */

#define QUICK_EVENTS 50000u
#define FULL_EVENTS 300000u
#define LOSSLESS_GOAL 500.0 /* thousand events per second */
#define TRIALS 5u           /* trials of the mirror, and of the loop */

/* The result of one flood. */
struct flood {
    double received_per_second;
    double sent_per_second;
    double cpu_ns; /* the consumer's processor time per event */
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

/* One process makes events as fast as it can. */
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
    /* If the raw loop loses events as well, the machine is too busy for a verdict. */
    report_row(&(struct row){"  overruns in all trials", "", overruns[1], overruns[0], overruns[1],
                             overruns[0] > 0 ? 0 : 0.5, 0});
    report_row(&(struct row){"  processor time of an event", "ns", median(cpu[1], TRIALS),
                             median(cpu[0], TRIALS), median(cpu_ratio, TRIALS), 1.3, 0});
}

/* Tries some rates. Returns the highest rate at which no event is lost, or 0 if events are lost at
 * every rate. */
static double highest_lossless_rate(const struct net_namespace *ns, struct producer *producer,
                                    enum consumer_kind kind, uint64_t count)
{
    static const double rates[] = {0, 700e3, 600e3, 500e3, 400e3, 300e3, 200e3, 100e3, 50e3};

    for (unsigned i = 0; i < sizeof rates / sizeof *rates; i++) {
        /* At the lower rates, the events of one second are enough. */
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
    /* There is no verdict on a machine that is too slow for the raw loop. */
    report_row(&(struct row){"  highest rate tried without an overrun", "k/s", arpq, raw,
                             raw > 0 ? arpq / raw : 0, 0,
                             raw >= LOSSLESS_GOAL ? LOSSLESS_GOAL / raw : 0});
}
