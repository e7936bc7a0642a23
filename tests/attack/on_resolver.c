/* SPDX-License-Identifier: MIT */
/* A resolver: honest machines are found with their own MAC, while the table and its events are
 * flooded. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "attack/plan.h"
#include "attack/targets.h"

#define ABSENT_FIRST 200u
#define ABSENT_COUNT 8u
#define SILENT_EVERY 64u /* rounds; nobody answers for some addresses, which takes 3 s */
#define ROUND_MOST_MS 10000u
#define TIMEOUT_US 3500000u /* the default of the resolver */

struct resolver_seen {
    uint64_t honest, missed, wrong, full, absent, claimed, slowest_us;
};

/* So that the kernel must ask again. */
static void forget_honest(struct lab *lab)
{
    for (unsigned i = 0; i < HONEST_SPARED; i++)
        for (int v6 = 0; v6 < 2; v6++) {
            const struct arpq_ip ip = lab_honest_ip(v6 ? AF_INET6 : AF_INET, i);
            int code = arpq_neigh_delete(lab->h, &ip, lab->ifindex, 0);

            if (code != -ENOENT)
                expect_code(code, 0, "arpq_neigh_delete");
        }
}

/* Addresses that the attacker answers for, or that nobody answers for. */
static void add_absent(struct arpq_resolver *resolver, uint32_t ifindex, bool silent)
{
    for (unsigned i = 0; i < ABSENT_COUNT; i++) {
        struct arpq_ip ip = {.family = AF_INET, .bytes = {10, 1, 0, (uint8_t)(ABSENT_FIRST + i)}};

        if (silent)
            ip = lab_honest_ip(AF_INET6, ABSENT_FIRST + i);
        expect_code(arpq_resolver_add(resolver, &ip, ifindex, 0), 0, "arpq_resolver_add");
    }
}

static void add_honest(struct lab *lab, struct arpq_resolver *resolver)
{
    for (unsigned i = 0; i < HONEST_SPARED; i++)
        for (int v6 = 0; v6 < 2; v6++) {
            const struct arpq_ip ip = lab_honest_ip(v6 ? AF_INET6 : AF_INET, i);

            expect_code(arpq_resolver_add(resolver, &ip, lab->ifindex, 1 + i), 0,
                        "arpq_resolver_add");
        }
}

/* other_us is the time of the round that others took. */
static void see_resolved(struct resolver_seen *seen, const struct arpq_resolved *resolved,
                         uint64_t other_us)
{
    const uint64_t took_us = resolved->took_us > other_us ? resolved->took_us - other_us : 0;
    const struct arpq_mac mac = lab_honest_mac(resolved->token ? (unsigned)resolved->token - 1 : 0);

    if (took_us > seen->slowest_us)
        seen->slowest_us = took_us;
    seen->full += resolved->code == -ENOBUFS;
    if (!resolved->token) {
        seen->absent++;
        seen->claimed += resolved->code == 0;
        return;
    }
    seen->honest++;
    seen->missed += resolved->code != 0 && resolved->code != -ENOBUFS;
    seen->wrong += resolved->code == 0 && arpq_mac_compare(&resolved->neigh.mac, &mac) != 0;
}

/* Returns whether the round ended in time. */
static bool fetch_round(struct lab *lab, struct arpq_resolver *resolver, struct resolver_seen *seen)
{
    static const int timeouts[] = {0, 5, 20, 100};
    const struct meter_times before = meter_times(&lab->meter);
    const uint64_t until_ms = now_ms() + ROUND_MOST_MS;

    for (unsigned n = 0; arpq_resolver_pending(resolver) > 0 && now_ms() < until_ms; n++) {
        const int timeout_ms = timeouts[n % 4];
        struct arpq_resolved resolved;
        int code;

        meter_begin(&lab->meter, (uint32_t)timeout_ms);
        code = arpq_resolver_next(resolver, &resolved, timeout_ms);
        meter_end(&lab->meter);
        if (code == 1) {
            const struct meter_times after = meter_times(&lab->meter);

            see_resolved(seen, &resolved, meter_other_us(&before, &after));
            continue;
        }
        expect_code(code, 0, "arpq_resolver_next");
    }
    return arpq_resolver_pending(resolver) == 0;
}

void attack_resolver(struct lab *lab)
{
    struct resolver_seen seen = {0};
    struct arpq_resolver *resolver;
    uint64_t rounds = 0;
    bool in_time = true;

    sh("echo 1 >/proc/sys/net/ipv4/conf/" VICTIM_LINK "/arp_accept");
    expect_code(arpq_resolver_open(lab->h, &resolver, NULL), 0, "arpq_resolver_open");
    lab_start_attack(lab);
    for (; lab_goes_on(lab) && in_time; rounds++) {
        forget_honest(lab);
        add_honest(lab, resolver);
        add_absent(resolver, lab->ifindex, rounds % SILENT_EVERY == 1);
        in_time = fetch_round(lab, resolver, &seen);
    }
    lab_row_time(lab, "arpq_resolver_next", "10 ms", 10000);
    lab_row(lab, "slowest result", "3500 ms", in_time && seen.slowest_us <= TIMEOUT_US + 200000,
            "%" PRIu64 " ms in %" PRIu64 " rounds", seen.slowest_us / 1000, rounds);
    lab_row_memory(lab, "not stated", 256);
    lab_row(lab, "honest machines missed", "none", seen.missed == 0, "%" PRIu64 " of %" PRIu64,
            seen.missed, seen.honest);
    lab_row(lab, "honest machines with another MAC", "none", seen.wrong == 0, "%" PRIu64,
            seen.wrong);
    lab_row(lab, "no room in the kernel's table", "-ENOBUFS", true, "%" PRIu64, seen.full);
    lab_row(lab, "absent machines that the attacker answered for", "-", true,
            "%" PRIu64 " of %" PRIu64, seen.claimed, seen.absent);
    arpq_resolver_close(resolver);
}
