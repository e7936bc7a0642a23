/* SPDX-License-Identifier: MIT */
/* Ping: only true replies count, although the attacker knows everything of a request but its
 * random number. */
#include <errno.h>
#include <inttypes.h>

#include "attack/plan.h"
#include "attack/targets.h"

#define TIMEOUT_MS 1000
#define ABSENT_TIMEOUT_MS 100
#define SLOW_TRIES 10u

struct ping_seen {
    uint64_t calls, missed, slow, slow_missed, false_replies, false_errors, other;
    uint64_t absent, absent_errors;
    uint64_t full; /* failures while the kernel's table was full: it had no entry for a machine */
};

static void ping_once(struct lab *lab, struct ping_seen *seen, unsigned n)
{
    const uint16_t family = n % 2 ? AF_INET6 : AF_INET;
    const bool absent = n / 4 % 8 == 7;
    const bool slow = n / 4 % 2;
    const struct arpq_ip ip = lab_honest_ip(family, absent ? HONEST_COUNT
                                                    : slow ? SLOW_HOST - HONEST_FIRST
                                                           : n / 32 % HONEST_COUNT);
    const struct arpq_ping_options options = {.size = sizeof options,
                                              .flags = n % 4 < 2 ? 0 : ARPQ_PING_RAW,
                                              .answer_ms = absent ? ABSENT_TIMEOUT_MS : TIMEOUT_MS,
                                              .sequence = (uint16_t)n};
    struct arpq_ping_reply reply;
    const uint64_t began_us = now_us();
    bool is_error, in_time;
    int code;

    meter_begin(&lab->meter, (uint32_t)options.answer_ms);
    code = arpq_ping(lab->h, &ip, &options, &reply);
    meter_end(&lab->meter);
    is_error = code == -EHOSTUNREACH || code == -ETIME;
    in_time = now_us() - began_us < (uint64_t)options.answer_ms * 1000;
    if (code != 0 && !absent && !(is_error && in_time) && lab_was_full(lab)) {
        seen->full++;
        return;
    }
    seen->calls += !absent && !slow;
    seen->slow += !absent && slow;
    seen->absent += absent;
    seen->missed += !absent && !slow && code != 0;
    seen->slow_missed += !absent && slow && code != 0 && !(is_error && in_time);
    seen->false_replies += code == 0 && (absent || reply.hop_limit != HONEST_HOPS);
    seen->false_errors += !absent && is_error && in_time;
    seen->absent_errors += absent && is_error;
    seen->other += code != 0 && code != -ETIMEDOUT && !is_error;
}

/* Wait until the slow machine answers. */
static void await_slow(struct lab *lab)
{
    const struct arpq_ip ip = lab_honest_ip(AF_INET, SLOW_HOST - HONEST_FIRST);
    struct arpq_ping_reply reply;
    int code = -ETIMEDOUT;

    for (unsigned n = 0; n < SLOW_TRIES && code == -ETIMEDOUT; n++)
        code = arpq_ping(lab->h, &ip, NULL, &reply);
    expect_code(code, 0, "arpq_ping");
}

void attack_ping(struct lab *lab)
{
    struct ping_seen seen = {0};
    pid_t slow;

    sh("for ip in 10.1.0.%u fd01::%x; do"
       " ip neigh add $ip lladdr 02:00:00:00:01:%02x dev " VICTIM_LINK "; done",
       SLOW_HOST, SLOW_HOST, SLOW_HOST);
    slow = lab_start_far(lab, slow_run);
    await_slow(lab);
    lab_start_attack(lab);
    for (unsigned n = 0; lab_goes_on(lab); n++)
        ping_once(lab, &seen, n);
    lab_row_time(lab, "arpq_ping", "10 ms", 10000);
    lab_row_memory(lab, "not stated", 256);
    lab_row(lab, "honest machines that seem absent", "none", seen.missed == 0,
            "%" PRIu64 " of %" PRIu64, seen.missed, seen.calls);
    lab_row(lab, "replies of the slow machine missed, with its process waiting", "-", true,
            "%" PRIu64 " of %" PRIu64, seen.slow_missed, seen.slow);
    lab_row(lab, "forged replies that counted", "none", seen.false_replies == 0,
            "%" PRIu64 " of %" PRIu64, seen.false_replies, seen.calls + seen.slow + seen.absent);
    lab_row(lab, "forged errors that counted before a reply", "none", seen.false_errors == 0,
            "%" PRIu64 " of %" PRIu64, seen.false_errors, seen.calls + seen.slow);
    lab_row(lab, "forged errors that counted for an absent machine", "without the number", true,
            "%" PRIu64 " of %" PRIu64, seen.absent_errors, seen.absent);
    lab_row(lab, "failures while the kernel's table was full", "-", true, "%" PRIu64, seen.full);
    lab_row(lab, "other failures", "none", seen.other == 0, "%" PRIu64, seen.other);
    child_end(&slow);
}
