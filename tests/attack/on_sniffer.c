/* SPDX-License-Identifier: MIT */
/* A sniffer: invented addresses must not push out real ones, nor hide their moves and conflicts. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "attack/plan.h"
#include "attack/targets.h"

#define CLAIMS_MAX 65536u
#define CLAIM_SIZE 132u

/* A short flood does not fill more. */
#define SHORT_CLAIMS_MAX 1024u

struct sniffer_seen {
    unsigned moves[MOVER_COUNT]; /* the last that was reported */
    uint64_t moves_total, moves_missed;
    unsigned conflicts[CONTESTED_COUNT]; /* the last that was reported */
    uint64_t conflicts_total, conflicts_missed;
    uint64_t wrong;       /* a known machine was reported as new */
    uint64_t quiet_moves; /* machines that were silent during the attack */
};

static void see_mover(struct sniffer_seen *seen, const struct arpq_sniffed *frame)
{
    const unsigned number = frame->ip.bytes[3];
    const unsigned moves = honest_moves_of(number, frame->mac.bytes);

    if (number >= MOVER_COUNT || !(frame->flags & ARPQ_SNIFFED_MOVED))
        return;
    if (moves > seen->moves[number]) {
        seen->moves_missed += moves - seen->moves[number] - 1;
        seen->moves[number] = moves;
        seen->moves_total++;
    }
}

static void see_contested(struct sniffer_seen *seen, const struct arpq_sniffed *frame)
{
    const unsigned number = frame->ip.bytes[3];
    unsigned begun;

    if (number >= CONTESTED_COUNT || !(frame->flags & ARPQ_SNIFFED_CONFLICT))
        return;
    begun = honest_contest_of(number, frame->mac.bytes, frame->old_mac.bytes);
    if (begun > seen->conflicts[number]) {
        seen->conflicts_missed += begun - seen->conflicts[number] - 1;
        seen->conflicts[number] = begun;
        seen->conflicts_total++;
    }
}

static void see_frame(const struct lab *lab, struct sniffer_seen *seen,
                      const struct arpq_sniffed *frame)
{
    if (frame->ip.family != AF_INET || frame->ip.bytes[0] != 10 || frame->ip.bytes[1] != 1)
        return;
    seen->quiet_moves +=
        frame->ip.bytes[2] == QUIET_NET && frame->flags & ARPQ_SNIFFED_MOVED ? 1 : 0;
    if (frame->ip.bytes[2] >= MOVER_NET && frame->ip.bytes[2] <= QUIET_NET)
        seen->wrong += (frame->flags & ARPQ_SNIFFED_NEW) != 0 && lab->attacker != 0;
    if (frame->ip.bytes[2] == MOVER_NET)
        see_mover(seen, frame);
    if (frame->ip.bytes[2] == CONTESTED_NET)
        see_contested(seen, frame);
}

static int sniff_once(struct lab *lab, struct arpq_sniffer *sniffer, struct sniffer_seen *seen,
                      int timeout_ms)
{
    struct arpq_sniffed frame;
    int code;

    meter_begin(&lab->meter, (uint32_t)timeout_ms);
    code = arpq_sniffer_next(sniffer, &frame, timeout_ms);
    meter_end(&lab->meter);
    if (code == 1)
        see_frame(lab, seen, &frame);
    else
        expect_code(code, 0, "arpq_sniffer_next");
    return code;
}

static void sniff_for(struct lab *lab, struct arpq_sniffer *sniffer, struct sniffer_seen *seen)
{
    static const int timeouts[] = {0, 20, 0, 100};

    for (unsigned n = 0; lab_goes_on(lab); n++)
        sniff_once(lab, sniffer, seen, timeouts[n % 4]);
}

/* The last moves and conflicts, which happened just before the end, do not count. */
static uint64_t unseen(const atomic_uint *done, const unsigned *seen, unsigned count)
{
    uint64_t missed = 0;

    for (unsigned i = 0; i < count; i++)
        missed += done[i] > seen[i] + 1 ? done[i] - seen[i] - 1 : 0;
    return missed;
}

static void sniffer_rows(struct lab *lab, struct arpq_sniffer *sniffer, struct sniffer_seen *seen)
{
    struct arpq_sniffer_stats stats;
    bool may_miss;

    expect_code(arpq_sniffer_stats(sniffer, &stats), 0, "arpq_sniffer_stats");
    may_miss = lab_is_short(lab) && stats.dropped > 0;
    seen->moves_missed += unseen(lab->shared->moves, seen->moves, MOVER_COUNT);
    seen->conflicts_missed += unseen(lab->shared->conflicts, seen->conflicts, CONTESTED_COUNT);
    lab_row_time(lab, "arpq_sniffer_next", "10 ms", 10000);
    lab_row_memory(lab, "65 536 claims of 132 bytes: 8448 KiB", CLAIMS_MAX * CLAIM_SIZE / 1024);
    lab_row(lab, "claims remembered", "65 536", stats.claims <= CLAIMS_MAX,
            "%" PRIu64 ", %" PRIu64 " forgotten", stats.claims, stats.forgotten);
    lab_row(lab, "moves of known machines missed", "none", seen->moves_missed == 0 || may_miss,
            "%" PRIu64 " of %" PRIu64, seen->moves_missed, seen->moves_missed + seen->moves_total);
    lab_row(lab, "conflicts of known addresses missed", "none",
            seen->conflicts_missed == 0 || may_miss, "%" PRIu64 " of %" PRIu64,
            seen->conflicts_missed, seen->conflicts_missed + seen->conflicts_total);
    lab_row(lab, "silent machines whose move is missed", "none", seen->quiet_moves == QUIET_COUNT,
            "%" PRIu64 " of %u", QUIET_COUNT - seen->quiet_moves, QUIET_COUNT);
    lab_row(lab, "known machines reported as new", "none", seen->wrong == 0, "%" PRIu64,
            seen->wrong);
    lab_row(lab, "frames dropped by the kernel", "counted", true,
            "%" PRIu64 " of %" PRIu64 ", %" PRIu64 " malformed", stats.dropped,
            stats.dropped + stats.frames, stats.malformed);
}

void attack_sniffer(struct lab *lab)
{
    const struct arpq_sniffer_options options = {.size = sizeof options,
                                                 .flags = ARPQ_SNIFFER_CLAIMS,
                                                 .ifindex = lab->ifindex,
                                                 .damping_ms = lab->damping_ms,
                                                 .claims_max =
                                                     lab_is_short(lab) ? SHORT_CLAIMS_MAX : 0};
    struct sniffer_seen seen = {0};
    struct arpq_sniffer *sniffer;

    expect_code(arpq_sniffer_open(lab->h, &sniffer, &options), 0, "arpq_sniffer_open");
    lab_run_far(lab, honest_announce_quiet, false);
    lab_start_honest(lab);
    while (now_ms() < lab->honest_ms)
        sniff_once(lab, sniffer, &seen, 10);
    lab_start_attack(lab);
    sniff_for(lab, sniffer, &seen);
    lab_pause(lab);
    child_end(&lab->honest);
    while (sniff_once(lab, sniffer, &seen, 0) == 1) /* what is waiting */
        continue;
    lab_run_far(lab, honest_announce_quiet, true);
    while (sniff_once(lab, sniffer, &seen, 100) == 1)
        continue;
    sniffer_rows(lab, sniffer, &seen);
    arpq_sniffer_close(sniffer);
}
