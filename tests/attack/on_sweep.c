/* SPDX-License-Identifier: MIT */
/* Sweeps: answers for every address, late, twice and from several machines must neither hold a
 * sweep nor hide the honest machines. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "attack/plan.h"
#include "attack/targets.h"

/* IPv4: up to 10 rounds of 256 requests at 2000 a second, each with a wait of 300 ms, and then the
 * time for machines that sleep. IPv6 by echo: the same waits, and 3 s after the last round. By
 * the kernel: each of 255 addresses twice, with the time that the kernel needs for it. */
#define SWEEP4_MOST_MS (10u * (128 + 300) + 1750)
#define SWEEP6_MOST_MS (10u * 300 + 1750 + 3000)
#define SWEEP6_RESOLVE_MOST_MS 30000u

#define NEXT_US 10000u

#define DURATION "%" PRIu64 " ms (%" PRIu64 " ms by the clock)"

#define FURTHER_MOST 64u
#define LISTED_MOST 65536u

struct sweep_seen {
    uint64_t sweeps;
    uint64_t longest_ms, net_ms;     /* the second without the time of other threads and machines */
    uint64_t table_us;               /* the longest reading of the table after a long call */
    uint64_t full;                   /* honest machines missed while the kernel's table was full */
    uint64_t honest, missed, hidden; /* spared addresses; and those with a wrong MAC only */
    uint64_t claimed_missed;         /* honest addresses that the attacker claims too */
    uint64_t most_found, most_further;
    uint64_t dropped, deferred, failures;
    uint32_t most_loss_ppm;
};

/* What one sweep has found. */
struct sweep_result {
    bool address[HONEST_COUNT], mac[HONEST_COUNT];
    unsigned machines[256]; /* by the last byte of the address */
    uint64_t found, further;
};

static void sweep_note(struct sweep_result *result, const struct arpq_found *found)
{
    const unsigned number = lab_honest_number(&found->ip);
    unsigned *machines = &result->machines[found->ip.bytes[3]];

    result->found++;
    if (found->ip.family == AF_INET) {
        result->further += *machines >= 2;
        ++*machines;
    }
    if (number < HONEST_COUNT) {
        const struct arpq_mac mac = lab_honest_mac(number);

        result->address[number] = true;
        result->mac[number] |= arpq_mac_compare(&found->mac, &mac) == 0;
    }
}

/* By echo a machine that answered may come without a MAC. */
static void sweep_judge(struct sweep_seen *seen, const struct sweep_result *result, bool was_full)
{
    for (unsigned i = 0; i < HONEST_SPARED; i++) {
        seen->honest++;
        seen->missed += !was_full && !result->address[i];
        seen->full += was_full && !result->address[i];
        seen->hidden += result->address[i] && !result->mac[i];
    }
    for (unsigned i = HONEST_SPARED; i < HONEST_COUNT; i++)
        seen->claimed_missed += !was_full && !result->address[i];
    if (result->found > seen->most_found)
        seen->most_found = result->found;
    if (result->further > seen->most_further)
        seen->most_further = result->further;
}

static void sweep_stats(struct sweep_seen *seen, struct arpq_sweep *sweep)
{
    struct arpq_sweep_stats stats;

    expect_code(arpq_sweep_stats(sweep, &stats), 0, "arpq_sweep_stats");
    seen->dropped += stats.dropped;
    seen->deferred += stats.deferred;
    if (stats.loss_ppm > seen->most_loss_ppm)
        seen->most_loss_ppm = stats.loss_ppm;
}

/* Returns how much time has passed, without the time that other programs took. */
static uint64_t net_ms_since(const struct lab *lab, uint64_t began_us,
                             const struct meter_times *before)
{
    const struct meter_times after = meter_times(&lab->meter);
    const uint64_t took_us = now_us() - began_us, other_us = meter_other_us(before, &after);

    return took_us > other_us ? (took_us - other_us) / 1000 : 0;
}

static void sweep_duration(const struct lab *lab, struct sweep_seen *seen, uint64_t began_us,
                           const struct meter_times *before)
{
    const uint64_t took_ms = (now_us() - began_us) / 1000,
                   net_ms = net_ms_since(lab, began_us, before);

    if (took_ms > seen->longest_ms)
        seen->longest_ms = took_ms;
    if (net_ms > seen->net_ms)
        seen->net_ms = net_ms;
}

/* Whether a sweep has taken that long by both measures of time. */
static bool sweep_is_late(const struct lab *lab, uint64_t began_us,
                          const struct meter_times *before, uint64_t most_ms)
{
    return now_us() - began_us >= most_ms * 1000 && net_ms_since(lab, began_us, before) >= most_ms;
}

/* A sweep by echo reads the kernel's table in one call. */
static void note_table(struct lab *lab, struct sweep_seen *seen)
{
    const struct arpq_filter filter = {
        .size = sizeof filter, .family = AF_INET6, .ifindex = lab->ifindex};
    const struct meter_times before = meter_times(&lab->meter);
    const uint64_t began_us = now_us();
    struct arpq_table *table;
    struct meter_times after;
    uint64_t took_us;

    expect_code(arpq_table_get(lab->h, &filter, &table), 0, "arpq_table_get");
    arpq_table_free(table);
    after = meter_times(&lab->meter);
    took_us = now_us() - began_us;
    took_us -=
        took_us < meter_other_us(&before, &after) ? took_us : meter_other_us(&before, &after);
    if (took_us > seen->table_us)
        seen->table_us = took_us;
}

static void sweep_once(struct lab *lab, struct sweep_seen *seen, const struct arpq_ip *prefix,
                       uint32_t length, uint32_t most_ms)
{
    static const int timeouts[] = {0, 5, 20, 100};
    const struct arpq_sweep_options options = {.size = sizeof options, .ifindex = lab->ifindex};
    const uint64_t began_us = now_us();
    const uint64_t full = lab_times_full(lab);
    const struct meter_times before = meter_times(&lab->meter);
    struct sweep_result result = {0};
    struct arpq_sweep *sweep;
    struct arpq_found found;
    int code = 0;

    expect_code(arpq_sweep_open(lab->h, &sweep, prefix, length, &options), 0, "arpq_sweep_open");
    for (unsigned n = 0; code != -ENODATA && !sweep_is_late(lab, began_us, &before, 4ull * most_ms);
         n++) {
        const int timeout_ms = timeouts[n % 4];

        meter_begin(&lab->meter, (uint32_t)timeout_ms);
        code = arpq_sweep_next(sweep, &found, timeout_ms);
        meter_end(&lab->meter);
        if (lab->meter.last_us > (uint64_t)timeout_ms * 1000 + NEXT_US &&
            prefix->family == AF_INET6)
            note_table(lab, seen);
        if (code == 1)
            sweep_note(&result, &found);
        else if (code != 0 && code != -ENODATA)
            seen->failures++;
    }
    sweep_stats(seen, sweep);
    sweep_judge(seen, &result, lab_times_full(lab) != full);
    sweep_duration(lab, seen, began_us, &before);
    seen->sweeps++;
    seen->failures += code != -ENODATA;
    arpq_sweep_close(sweep);
}

static void sweep_rows(struct lab *lab, const struct sweep_seen *seen, const char *found_bound,
                       uint64_t found_most)
{
    lab_row(lab, "honest machines missed", "none", seen->missed == 0,
            "%" PRIu64 " of %" PRIu64 " in %" PRIu64 " sweeps", seen->missed, seen->honest,
            seen->sweeps);
    lab_row(lab, "honest machines missed while the kernel's table was full", "-", true, "%" PRIu64,
            seen->full);
    lab_row(lab, "machines listed by a sweep, most", found_bound, seen->most_found <= found_most,
            "%" PRIu64, seen->most_found);
    lab_row(lab, "failed calls and sweeps", "none", seen->failures == 0, "%" PRIu64,
            seen->failures);
    lab_row(lab, "dropped by the kernel, or not listed", "counted", true, "%" PRIu64,
            seen->dropped);
    lab_row(lab, "loss that a sweep estimated, most", "-", true, "%.1f %%",
            (double)seen->most_loss_ppm / 10000);
}

void attack_sweep4(struct lab *lab)
{
    struct arpq_ip prefix = {.family = AF_INET, .bytes = {10, 1, 0, 0}};
    struct sweep_seen seen = {0};

    lab_start_attack(lab);
    for (unsigned n = 0; lab_goes_on(lab); n++) {
        prefix.bytes[2] = n % 2 ? SPARSE_NET : 0;
        sweep_once(lab, &seen, &prefix, 24, SWEEP4_MOST_MS);
    }
    lab_row_time(lab, "arpq_sweep_next", "10 ms", NEXT_US);
    lab_row_memory(lab, "8 bytes for each address, and 256 KiB", 258);
    lab_row(lab, "longest sweep of a /24", "10 rounds and 1750 ms: 6030 ms",
            seen.net_ms <= SWEEP4_MOST_MS, DURATION, seen.net_ms, seen.longest_ms);
    /* Each address with two machines, and 64 further machines. */
    sweep_rows(lab, &seen, "256 with two machines each, and 64", 256 * 2 + FURTHER_MOST);
    lab_row(lab, "third and further machines, most", "64", seen.most_further <= FURTHER_MOST,
            "%" PRIu64, seen.most_further);
    lab_row(lab, "honest machines without their MAC", "none", seen.hidden == 0, "%" PRIu64,
            seen.hidden);
    lab_row(lab, "addresses of honest machines that the attacker claims too, missed", "none",
            seen.claimed_missed == 0, "%" PRIu64, seen.claimed_missed);
}

void attack_sweep6(struct lab *lab)
{
    const struct arpq_ip everyone = {.family = AF_INET6};
    const struct arpq_ip prefix = {.family = AF_INET6, .bytes = {0xfd, 1}};
    struct sweep_seen echo = {0}, resolve = {0};
    char bound[96];

    lab_start_attack(lab);
    while (lab_goes_on(lab)) {
        sweep_once(lab, &echo, &everyone, 0, SWEEP6_MOST_MS);
        if (lab_goes_on(lab))
            sweep_once(lab, &resolve, &prefix, 120, SWEEP6_RESOLVE_MOST_MS);
    }
    snprintf(bound, sizeof bound, "10 ms, and once as long as the table takes to be read: %.1f ms",
             (double)echo.table_us / 1000);
    lab_row_time(lab, "arpq_sweep_next", bound, NEXT_US + echo.table_us);
    lab_row_memory(lab, "65 536 addresses: 16 MiB", 16 * 1024);
    lab_row(lab, "longest sweep by echo", "10 rounds of 300 ms, 1750 ms, 3 s: 7750 ms",
            echo.net_ms <= SWEEP6_MOST_MS, DURATION, echo.net_ms, echo.longest_ms);
    sweep_rows(lab, &echo, "65 536, and the table", LISTED_MOST + 2048);
    lab_row(lab, "honest machines without a MAC", "-", true, "%" PRIu64 " of %" PRIu64, echo.hidden,
            echo.honest);
    lab_row(lab, "longest sweep of a /120 by the kernel", "not stated",
            resolve.net_ms <= SWEEP6_RESOLVE_MOST_MS, DURATION, resolve.net_ms, resolve.longest_ms);
    sweep_rows(lab, &resolve, "256", 256);
}
