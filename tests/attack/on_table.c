/* SPDX-License-Identifier: MIT */
/* Watch and mirror: hosts on the link change the kernel's table as fast as they can. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attack/plan.h"
#include "attack/table_check.h"
#include "attack/targets.h"
#include "process.h"

/* The table for the moves of 65 536 addresses. */
#define DAMPER_KIB (19u * 1024)

#define SYNC_US 5000u

#define CHECK_EVERY_MS 20000u
#define LOOKUPS 64u

/* Too small for the events of a flood, so that the polled mirror must recover from losses. */
#define SMALL_BUFFER 65536u

/* Let the kernel make entries of what it hears, and keep them. */
static void accept_everything(void)
{
    sh("echo 1 >/proc/sys/net/ipv4/conf/" VICTIM_LINK "/arp_accept;"
       "f=/proc/sys/net/ipv6/conf/" VICTIM_LINK "/accept_untracked_na;"
       "[ ! -e $f ] || echo 1 >$f;"
       "for f in ipv4 ipv6; do"
       " echo 3600 >/proc/sys/net/$f/neigh/" VICTIM_LINK "/gc_stale_time; done");
}

static void rows_of_seen(struct lab *lab, struct table_seen *seen)
{
    const bool lost = seen->overruns > 0;

    table_seen_finish(seen);
    lab_row(lab, "moves of machines missed", "none, unless events are lost",
            seen->moves_missed == 0 || lost, "%" PRIu64 " of %" PRIu64, seen->moves_missed,
            seen->moves_missed + seen->moves_full + seen->moves_total);
    lab_row(lab, "conflicts missed", "none, unless events are lost",
            seen->conflicts_missed == 0 || lost, "%" PRIu64 " of %" PRIu64, seen->conflicts_missed,
            seen->conflicts_missed + seen->conflicts_full + seen->conflicts_total);
    lab_row(lab, "moves and conflicts missed while the kernel's table was full", "-", true,
            "%" PRIu64, seen->moves_full + seen->conflicts_full);
}

static void rows_of_stats(struct lab *lab, const struct arpq_sync_stats *stats)
{
    lab_row(lab, "events", "-", true,
            "%" PRIu64 "; %" PRIu64 " overruns, %" PRIu64 " dumps of up to %" PRIu64
            " us; memory %" PRIu64 " KiB for %" PRIu64 " entries",
            stats->events, stats->overruns, stats->dumps, stats->last_dump_us, stats->memory / 1024,
            stats->entries);
}

/* ---- Watch ---- */

static int watch_once(struct lab *lab, struct arpq_watch *watch, struct table_seen *seen,
                      int timeout_ms)
{
    struct arpq_event event;
    int code;

    meter_begin(&lab->meter, (uint32_t)timeout_ms);
    code = arpq_watch_next(watch, &event, timeout_ms);
    meter_end(&lab->meter);
    if (code == 1)
        table_see(seen, &event);
    else
        expect_code(code, 0, "arpq_watch_next");
    return code;
}

static bool watch_equals(struct lab *lab, struct arpq_watch *watch, struct table_seen *seen)
{
    for (unsigned n = 0; n < TABLE_TRIES; n++) {
        while (watch_once(lab, watch, seen, 100) == 1)
            continue;
        if (table_equals(lab, &seen->played, n + 1 == TABLE_TRIES))
            return true;
    }
    return false;
}

void attack_watch(struct lab *lab)
{
    static const int timeouts[] = {0, 20, 0, 100};
    const struct arpq_watch_options options = {
        .size = sizeof options, .flags = ARPQ_WATCH_EXISTING, .damping_ms = lab->damping_ms};
    struct table_seen *seen = table_seen_new(lab);
    struct arpq_sync_stats stats;
    struct arpq_watch *watch;
    bool equal;

    accept_everything();
    expect_code(arpq_watch_open(lab->h, &watch, &options), 0, "arpq_watch_open");
    lab_start_honest(lab);
    sleep_ms((long)(2 * lab->shared->times.announce_ms));
    lab_start_attack(lab);
    for (unsigned n = 0; lab_goes_on(lab); n++)
        watch_once(lab, watch, seen, timeouts[n % 4]);
    lab_row_memory(lab, "moves: 19 MiB", DAMPER_KIB);
    lab_pause(lab);
    child_end(&lab->honest);
    equal = watch_equals(lab, watch, seen);
    rows_of_seen(lab, seen);
    lab_row_time(lab, "arpq_watch_next", "5 ms", 5000);
    lab_row(lab, "the events played onto an empty table", "equal to the kernel's table", equal,
            "%s, %u entries", equal ? "equal" : "different", seen->played.count);
    lab_row(lab, "events that contradict earlier ones", "none", seen->played.wrong == 0, "%llu%s%s",
            seen->played.wrong, seen->played.wrong ? ", first: " : "",
            seen->played.wrong ? seen->played.first_wrong : "");
    expect_code(arpq_watch_stats(watch, &stats), 0, "arpq_watch_stats");
    rows_of_stats(lab, &stats);
    arpq_watch_close(watch);
    free(seen);
}

/* ---- Mirror ---- */

struct mirrors {
    struct arpq_mirror *polled;
    struct arpq_mirror *threaded;
    struct meter lookups;
    uint64_t dump_us; /* the longest reading of the table in a long call */
    uint64_t wrong, checks, unequal;
};

static void on_polled(const struct arpq_event *event, void *context)
{
    table_see(context, event);
}

static void open_mirrors(struct lab *lab, struct mirrors *mirrors, struct table_seen *seen)
{
    struct arpq_mirror_options options = {.size = sizeof options,
                                          .receive_buffer = SMALL_BUFFER,
                                          .damping_ms = lab->damping_ms,
                                          .on_event = on_polled,
                                          .context = seen};

    expect_code(arpq_mirror_open(lab->h, &mirrors->polled, &options), 0, "arpq_mirror_open");
    options.on_event = NULL;
    options.receive_buffer = 0;
    options.flags = ARPQ_MIRROR_THREAD;
    expect_code(arpq_mirror_open(lab->h, &mirrors->threaded, &options), 0, "arpq_mirror_open");
    meter_open(&mirrors->lookups, NULL);
}

/* The honest machines have permanent entries, which must be found at all times. */
static void look_up(struct lab *lab, struct mirrors *mirrors)
{
    for (unsigned n = 0; n < LOOKUPS; n++) {
        const struct arpq_ip ip = lab_honest_ip(AF_INET, n % HONEST_COUNT);
        const struct arpq_mac wanted = lab_honest_mac(n % HONEST_COUNT);
        struct arpq_mac mac;

        meter_begin(&mirrors->lookups, 0);
        (void)arpq_mirror_lookup(n % 2 ? mirrors->polled : mirrors->threaded, &ip, lab->ifindex,
                                 &mac);
        meter_end(&mirrors->lookups);
        mirrors->wrong += arpq_mac_compare(&mac, &wanted) != 0;
    }
}

/* A sync that follows an overrun takes as long as the table takes to be read. */
static void note_dump(struct mirrors *mirrors)
{
    struct arpq_sync_stats stats;

    expect_code(arpq_mirror_stats(mirrors->polled, &stats), 0, "arpq_mirror_stats");
    if (stats.last_dump_us > mirrors->dump_us)
        mirrors->dump_us = stats.last_dump_us;
}

static int sync_once(struct lab *lab, struct mirrors *mirrors)
{
    int code;

    meter_begin(&lab->meter, 0);
    code = arpq_mirror_sync(mirrors->polled);
    meter_end(&lab->meter);
    if (code < 0)
        expect_code(code, 0, "arpq_mirror_sync");
    if (lab->meter.last_us > SYNC_US)
        note_dump(mirrors);
    return code;
}

static bool is_readable(int fd, int timeout_ms)
{
    struct pollfd waiting = {.fd = fd, .events = POLLIN};

    return poll(&waiting, 1, timeout_ms) == 1;
}

/* While the attacker pauses, both mirrors must become equal to the kernel's table. */
static void check_mirrors(struct lab *lab, struct mirrors *mirrors)
{
    bool equal = false;

    lab_pause(lab);
    for (unsigned n = 0; n < TABLE_TRIES && !equal; n++) {
        const bool last = n + 1 == TABLE_TRIES;

        while (is_readable(arpq_mirror_fd(mirrors->polled), 100))
            sync_once(lab, mirrors);
        equal = table_equals_mirror(lab, mirrors->polled, last) &&
                table_equals_mirror(lab, mirrors->threaded, last);
    }
    mirrors->checks++;
    mirrors->unequal += !equal;
    lab_resume(lab);
}

static void mirror_rows(struct lab *lab, struct mirrors *mirrors, struct table_seen *seen)
{
    struct arpq_sync_stats stats;
    char bound[96];

    snprintf(bound, sizeof bound, "5 ms, and as long as the table takes to be read: %.1f ms",
             (double)mirrors->dump_us / 1000);
    lab_row_time(lab, "arpq_mirror_sync", bound, SYNC_US + mirrors->dump_us);
    lab->meter = mirrors->lookups;
    lab_row_time(lab, "arpq_mirror_lookup", "no system call", 0);
    rows_of_seen(lab, seen);
    lab_row(lab, "wrong answers about permanent entries", "none", mirrors->wrong == 0, "%" PRIu64,
            mirrors->wrong);
    lab_row(lab, "pauses after which a mirror differs from the kernel's table", "none",
            mirrors->unequal == 0, "%" PRIu64 " of %" PRIu64, mirrors->unequal, mirrors->checks);
    expect_code(arpq_mirror_stats(mirrors->polled, &stats), 0, "arpq_mirror_stats");
    rows_of_stats(lab, &stats);
    expect_code(arpq_mirror_stats(mirrors->threaded, &stats), 0, "arpq_mirror_stats");
    rows_of_stats(lab, &stats);
}

void attack_mirror(struct lab *lab)
{
    struct table_seen *seen = table_seen_new(lab);
    struct mirrors mirrors = {0};
    uint64_t check_ms;

    accept_everything();
    for (unsigned n = HONEST_FIRST; n < HONEST_FIRST + HONEST_COUNT; n++)
        sh("ip neigh add 10.1.0.%u lladdr 02:00:00:00:01:%02x dev " VICTIM_LINK, n, n);
    open_mirrors(lab, &mirrors, seen);
    lab_start_honest(lab);
    sleep_ms((long)(2 * lab->shared->times.announce_ms));
    lab_start_attack(lab);
    check_ms = now_ms() + CHECK_EVERY_MS;
    while (lab_goes_on(lab)) {
        if (is_readable(arpq_mirror_fd(mirrors.polled), 10))
            sync_once(lab, &mirrors);
        look_up(lab, &mirrors);
        if (now_ms() >= check_ms) {
            check_mirrors(lab, &mirrors);
            check_ms = now_ms() + CHECK_EVERY_MS;
        }
    }
    lab_row_memory(lab, "moves: 19 MiB each", 2 * DAMPER_KIB);
    child_end(&lab->honest);
    check_mirrors(lab, &mirrors);
    mirror_rows(lab, &mirrors, seen);
    meter_close(&mirrors.lookups);
    arpq_mirror_close(mirrors.polled);
    arpq_mirror_close(mirrors.threaded);
    free(seen);
}
