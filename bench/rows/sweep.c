/* SPDX-License-Identifier: MIT */
/* Measures the sweep of a /24 at the default rate and of a /16 at the full rate. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "contestants/raw_link.h"
#include "method/clock.h"
#include "method/compare.h"
#include "method/namespace.h"
#include "method/report.h"
#include "rows/rows.h"

#define ROUNDS 5u
#define ROUNDS_QUICK 1u
#define LOSS_ROUNDS 3u

#define SMALL_LENGTH 24u
#define LARGE_LENGTH 16u
#define SMALL 254u

#define GOAL_SMALL_MS 300.0
#define GOAL_RAW 2.0
#define GOAL_SCANNER 0.25
#define GOAL_FOUND 0.999
#define LOST_ONE_IN 20u

#define NS_PER_MS 1e6

struct sweeper {
    struct arpq_handle *handle;
    struct raw_sweep raw;
    struct responder responder;
    uint32_t found; /* addresses found by the last sweep */
};

static int count_found(const struct arpq_found *found, void *context)
{
    *(uint32_t *)context += !(found->flags & (ARPQ_FOUND_DUPLICATE | ARPQ_FOUND_LOCAL));
    return 0;
}

static uint64_t sweep(struct sweeper *s, uint32_t length, uint32_t rate)
{
    const struct arpq_ip prefix = {.family = AF_INET, .bytes = {10, 77}};
    const struct arpq_sweep_options options = {.size = sizeof options, .rate = rate};
    uint64_t began = clock_ns(), took;
    int code;

    s->found = 0;
    code = arpq_sweep_each(s->handle, &prefix, length, &options, count_found, &s->found, NULL);
    took = clock_ns() - began;
    if (code)
        fail(-code, "arpq_sweep_each");
    return took;
}

static uint64_t sweep_by_arpq(void *self)
{
    struct sweeper *s = self;
    uint64_t took = sweep(s, LARGE_LENGTH, UINT32_MAX);

    if (s->found < RESPONDER_ADDRESSES)
        fail(0, "the library missed an address");
    return took;
}

static uint64_t sweep_raw(void *self)
{
    struct sweeper *s = self;
    uint64_t began = clock_ns(), took;
    size_t found = raw_sweep_run(&s->raw, RESPONDER_ADDRESSES);

    took = clock_ns() - began;
    if (found < RESPONDER_ADDRESSES)
        fail(0, "the raw sweep missed an address");
    return took;
}

/* Returns the number of addresses that arp-scan(1) finds, or 0 if arp-scan is not installed. */
static unsigned run_arp_scan(void)
{
    FILE *output = popen("arp-scan -q -B 400M -I b0 10.77.0.0/16 2>/dev/null | tail -n 1", "r");
    unsigned found = 0;
    char line[256];

    if (!output)
        return 0;
    while (fgets(line, sizeof line, output)) {
        const char *counted = strstr(line, "). ");

        if (counted && sscanf(counted, "). %u responded", &found) != 1)
            found = 0;
    }
    return pclose(output) ? 0 : found;
}

static uint64_t sweep_by_arp_scan(void *self)
{
    uint64_t began = clock_ns();

    (void)self;
    if (run_arp_scan() == 0)
        fail(0, "arp-scan finds no address");
    return clock_ns() - began;
}

static void report_small(struct sweeper *s)
{
    double ms[ROUNDS], took;

    for (unsigned i = 0; i < ROUNDS; i++) {
        ms[i] = (double)sweep(s, SMALL_LENGTH, 0) / NS_PER_MS;
        if (s->found < SMALL)
            fail(0, "the library missed an address of the /24");
    }
    took = median(ms, ROUNDS);
    report_row(
        &(struct row){"sweep, /24 all alive, default pace", "ms", took, 0, took, GOAL_SMALL_MS, 0});
}

static void report_large(struct sweeper *s, unsigned rounds)
{
    const struct timed_run contestants[] = {
        {sweep_raw, s}, {sweep_by_arpq, s}, {sweep_by_arp_scan, s}};
    int has_arp_scan = run_arp_scan() > 0;
    struct score score[3];

    repeat(contestants, has_arp_scan ? 3 : 2, rounds, score);
    report_row(&(struct row){"sweep, /16 all alive, full rate", "ms", score[1].ns / NS_PER_MS,
                             score[0].ns / NS_PER_MS, score[1].ratio, GOAL_RAW, 0});
    if (has_arp_scan)
        report_row(&(struct row){"  against arp-scan at 400 Mbit/s", "ms", score[1].ns / NS_PER_MS,
                                 score[2].ns / NS_PER_MS, score[1].ns / score[2].ns, GOAL_SCANNER,
                                 0});
}

/* Prints no row if nft(8) is missing. */
static void report_lossy(struct sweeper *s, const struct net_namespace *ns)
{
    double took;

    if (responder_drop_requests(&s->responder, ns, LOST_ONE_IN) < 0)
        return;
    took = (double)sweep(s, LARGE_LENGTH, UINT32_MAX) / NS_PER_MS;
    responder_drop_requests(&s->responder, ns, 0);
    report_row(&(struct row){"sweep, /16, 5 % lost: share found", "ms", took, 0,
                             (double)s->found / RESPONDER_ADDRESSES, 0, GOAL_FOUND});
}

static void sweeper_open(struct sweeper *s, struct net_namespace *ns)
{
    int code;

    namespace_create(ns, &(struct namespace_size){.links = 2});
    responder_create(&s->responder, ns);
    code = arpq_open(&s->handle, NULL);
    if (code)
        fail(-code, "arpq_open");
}

static void sweeper_close(struct sweeper *s, struct net_namespace *ns)
{
    arpq_close(s->handle);
    responder_close(&s->responder);
    namespace_close(ns);
}

void rows_sweep(int quick)
{
    static struct sweeper s;
    struct net_namespace ns;

    sweeper_open(&s, &ns);
    raw_sweep_open(&s.raw, "b0", RESPONDER_CLIENT, RESPONDER_NETWORK);
    report_small(&s);
    report_large(&s, quick ? ROUNDS_QUICK : ROUNDS);
    report_lossy(&s, &ns);
    raw_sweep_close(&s.raw);
    sweeper_close(&s, &ns);
}

/* Returns the number of addresses found, and sets *ms to the time. */
static unsigned sweep_lossy(struct sweeper *s, bool by_arp_scan, double *ms)
{
    uint64_t began = clock_ns();
    unsigned found;

    if (by_arp_scan) {
        found = run_arp_scan();
    } else {
        sweep(s, LARGE_LENGTH, UINT32_MAX);
        found = s->found;
    }
    *ms = (double)(clock_ns() - began) / NS_PER_MS;
    return found;
}

/* Reports the median of the times and the mean of the addresses missed. */
static void report_loss(struct sweeper *s, bool by_arp_scan, double percent)
{
    const char *const series = by_arp_scan ? "arp-scan" : "libarpq";
    double ms[LOSS_ROUNDS], missed = 0;

    for (unsigned i = 0; i < LOSS_ROUNDS; i++) {
        unsigned found = sweep_lossy(s, by_arp_scan, &ms[i]);

        if (by_arp_scan && found == 0)
            return;                      /* it is not installed */
        if (found < RESPONDER_ADDRESSES) /* the network address may answer too */
            missed += RESPONDER_ADDRESSES - found;
    }
    report_point("sweep time", series, percent, "ms", median(ms, LOSS_ROUNDS));
    report_point("sweep missed", series, percent, "", missed / LOSS_ROUNDS);
}

/* Sweeps the /16 by both programs while the responder's namespace drops requests at random. Stops
 * after the sweeps without a loss if nft(8) is missing. */
void rows_sweep_losses(void)
{
    static const unsigned one_in[] = {0, 100, 50, 20, 10, 5};
    static struct sweeper s;
    struct net_namespace ns;

    sweeper_open(&s, &ns);
    for (unsigned i = 0; i < sizeof one_in / sizeof *one_in; i++) {
        double percent = one_in[i] ? 100.0 / one_in[i] : 0;

        if (one_in[i] && responder_drop_requests(&s.responder, &ns, one_in[i]) < 0)
            break;
        report_loss(&s, false, percent);
        report_loss(&s, true, percent);
    }
    sweeper_close(&s, &ns);
}
