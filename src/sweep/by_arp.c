/* SPDX-License-Identifier: MIT */
/*
 * A sweep that sends its own ARP requests. It sends a batch without waiting for the answers. It
 * reads all waiting packets before the next batch, so the socket's buffer has to hold only the
 * answers to one batch.
 */
#include "sweep/by_arp.h"

#include <errno.h>
#include <stdlib.h>

#include "kernel/packet_socket.h"
#include "kernel/sys.h"
#include "sweep/arp_receive.h"
#include "sweep/arp_state.h"
#include "sweep/reach.h"
#include "sweep/setup.h"

/* The time before the sweep sends again after the link accepted no packet. It doubles up to 16
 * ms as long as the link accepts none; after about a second the sweep fails. */
#define BACKOFF_US 1000u
#define BACKOFF_DOUBLINGS 4u
#define BACKOFFS_MOST 64u

/* After every target has answered, the sweep waits at least this long for second machines. */
#define GRACE_LEAST_US 5000u

/* The most targets that one step scans for silent ones. */
#define SCAN_MOST 65536u

/* ---- Asking ---- */

/* Returns whether a silent target is to be asked, or an error. In the first round the routes decide
 * about it. */
static int by_arp_sort(struct arpq_sweep *sweep, uint32_t number, const struct arpq_ip *ip)
{
    struct aq_arp_state *arp = sweep->state;

    if (arp->rounds.done > 0)
        return 1;
    return aq_elsewhere_sort(sweep, &arp->elsewhere, &arp->answers, number, ip);
}

/* Write requests for the next silent targets. Returns their number or an error. */
static int write_batch(struct arpq_sweep *sweep, unsigned most)
{
    struct aq_arp_state *arp = sweep->state;
    uint64_t end =
        arp->answers.count - arp->cursor > SCAN_MOST ? arp->cursor + SCAN_MOST : arp->answers.count;
    unsigned count = 0, tried = 0;

    for (arp->ahead = arp->cursor; arp->ahead < end && count < most; arp->ahead++) {
        uint32_t number = (uint32_t)arp->ahead;
        struct arpq_ip ip;
        int code;

        if (!aq_answers_is_silent(&arp->answers, number))
            continue;
        if (tried++ == AQ_REACH_MOST)
            break;
        aq_plan_ip(&sweep->plan, number, &ip);
        code = by_arp_sort(sweep, number, &ip);
        if (code < 0)
            return count > 0 ? (int)count : code;
        if (code == 0)
            continue;
        aq_arp_socket_write(&arp->socket, count, aq_sweep_source(sweep, &ip), &ip);
        arp->asked[count++] = number;
    }
    return (int)count;
}

static bool is_full(int code)
{
    return code == -EAGAIN || code == -ENOBUFS || code == -ENOMEM;
}

static int by_arp_backoff(struct arpq_sweep *sweep, uint64_t now_us)
{
    struct aq_arp_state *arp = sweep->state;
    unsigned doublings = arp->backoffs < BACKOFF_DOUBLINGS ? arp->backoffs : BACKOFF_DOUBLINGS;

    aq_pace_backoff(&arp->pace, now_us, (uint64_t)BACKOFF_US << doublings);
    sweep->stats.deferred++;
    sweep->wake_us = aq_pace_due_us(&arp->pace);
    arp->backoffs = (arp->backoffs + 1) % BACKOFFS_MOST;
    return arp->backoffs ? 0 : -ENOBUFS;
}

static int send_batch(struct arpq_sweep *sweep, unsigned count, uint64_t now_us)
{
    struct aq_arp_state *arp = sweep->state;
    int sent = aq_sys_sendmmsg(arp->socket.fd, arp->socket.out, count, MSG_DONTWAIT);

    if (is_full(sent))
        return by_arp_backoff(sweep, now_us);
    if (sent < 0)
        return sent;
    arp->backoffs = 0;
    arp->sent_us = now_us;
    sweep->stats.sent += (unsigned)sent;
    for (int i = 0; i < sent; i++)
        aq_answers_asked(&arp->answers, arp->asked[i], now_us);
    aq_pace_spend(&arp->pace, now_us, (unsigned)sent);
    /* The next batch begins with the first target whose request was not sent. */
    arp->cursor = (unsigned)sent < count ? arp->asked[sent] : arp->ahead;
    return 1;
}

static int by_arp_ask(struct arpq_sweep *sweep, uint64_t now_us)
{
    struct aq_arp_state *arp = sweep->state;
    unsigned most = aq_pace_allows(&arp->pace, now_us, AQ_SWEEP_BATCH);
    int count;

    if (most == 0) {
        sweep->wake_us = aq_pace_due_us(&arp->pace);
        return 0;
    }
    count = arp->rounds.done == 0 ? aq_reach_begin(sweep) : 0;
    if (count == 0)
        count = write_batch(sweep, most);
    if (count > 0)
        return send_batch(sweep, (unsigned)count, now_us);
    if (count == 0)
        arp->cursor = arp->ahead;
    return count == 0 ? 1 : count;
}

/* ---- Rounds ---- */

static void by_arp_enter(struct aq_arp_state *arp, enum aq_arp_phase phase, uint64_t ends_us)
{
    arp->phase = phase;
    arp->ends_us = ends_us;
}

/* Every silent target has been asked. Wait for a time that depends on the slowest answer so far,
 * or for the whole timeout if there is no answer yet. */
static void end_round(struct arpq_sweep *sweep)
{
    struct aq_arp_state *arp = sweep->state;
    uint64_t us = aq_rounds_wait_us(&arp->rounds, AQ_ROUNDS_PAUSE_US, aq_sweep_timeout_us(sweep));

    if (arp->rounds.done++ == 0)
        arp->round_us = arp->sent_us;
    by_arp_enter(arp, AQ_ARP_PAUSING, arp->sent_us + us);
}

/* The pause is over: begin another round, or wait for the rest of the timeout for machines that
 * answer later than the others. */
static int by_arp_next_round(struct arpq_sweep *sweep)
{
    struct aq_arp_state *arp = sweep->state;

    if (arp->answers.silent > 0 && aq_rounds_next(&arp->rounds, sweep->options.attempts)) {
        arp->cursor = 0;
        sweep->stats.attempts++;
        by_arp_enter(arp, AQ_ARP_ASKING, 0);
        return 1;
    }
    if (arp->phase == AQ_ARP_PAUSING && arp->answers.silent > 0) {
        by_arp_enter(arp, AQ_ARP_LINGERING, aq_sweep_end_us(sweep, arp->round_us, arp->sent_us));
        return 1;
    }
    sweep->over = !aq_elsewhere_is_pending(sweep, &arp->elsewhere);
    sweep->wake_us = AQ_WAKEUP_NEVER; /* wait until the resolver's descriptor is readable */
    return 0;
}

/* Whether any target that the sweep waits for is silent. */
static bool has_silent(const struct arpq_sweep *sweep)
{
    const struct aq_arp_state *arp = sweep->state;

    return arp->answers.silent > sweep->lowest_count ||
           arp->answers.silent > aq_sweep_optional(sweep, &arp->answers);
}

/* Every target has answered: wait only for second machines. */
static void finish_early(struct arpq_sweep *sweep, uint64_t now_us)
{
    struct aq_arp_state *arp = sweep->state;
    uint64_t us = aq_rounds_wait_us(&arp->rounds, GRACE_LEAST_US, aq_sweep_timeout_us(sweep));

    if (arp->phase == AQ_ARP_ASKING)
        arp->rounds.done++;
    if (sweep->stats.targets == 0)
        us = 0;
    by_arp_enter(arp, AQ_ARP_COMPLETE, now_us + us);
}

/* Do a part of the work on the link itself. Returns as a step does. */
static int by_arp_go_on(struct arpq_sweep *sweep)
{
    struct aq_arp_state *arp = sweep->state;
    uint64_t now_us = aq_sys_now_us();

    if (arp->phase != AQ_ARP_COMPLETE && !has_silent(sweep))
        finish_early(sweep, now_us);
    if (arp->phase == AQ_ARP_ASKING) {
        if (arp->cursor < arp->answers.count)
            return by_arp_ask(sweep, now_us);
        end_round(sweep);
    }
    if (now_us >= arp->ends_us)
        return by_arp_next_round(sweep);
    sweep->wake_us = arp->ends_us;
    return 0;
}

static int by_arp_step(struct arpq_sweep *sweep)
{
    struct aq_arp_state *arp = sweep->state;
    int code = aq_arp_receive(sweep), elsewhere_code;
    uint64_t elsewhere_us;

    if (code < 0 || aq_sweep_receives_again(sweep, code == 1))
        return code;
    elsewhere_code =
        aq_elsewhere_step(sweep, &arp->elsewhere, &arp->answers, &arp->pace, &elsewhere_us);
    if (elsewhere_code < 0)
        return elsewhere_code;
    code = by_arp_go_on(sweep);
    if (sweep->wake_us > elsewhere_us)
        sweep->wake_us = elsewhere_us;
    return code == 0 ? elsewhere_code : code;
}

/* ---- Start and stop ---- */

static int by_arp_start(struct arpq_sweep *sweep)
{
    struct aq_arp_state *arp = calloc(1, sizeof *arp);
    int code;

    if (!arp)
        return -ENOMEM;
    sweep->state = arp;
    arp->socket.fd = -1;
    code = aq_arp_socket_open(sweep, &arp->socket);
    if (code == 0)
        code = aq_answers_make(&arp->answers, sweep->plan.count, aq_sys_random());
    if (code < 0)
        return code;
    aq_sweep_exclude(sweep, &arp->answers);
    sweep->stats.targets = arp->answers.silent;
    sweep->stats.attempts = arp->answers.silent > 0;
    aq_pace_start(&arp->pace, sweep->options.rate, aq_sys_now_us());
    return aq_wakeup_add(&sweep->wakeup, arp->socket.fd);
}

/* Returns the least time that the sweep has waited for the answer of a silent target, or 0. */
static uint32_t by_arp_waited_ms(const struct arpq_sweep *sweep)
{
    const struct aq_arp_state *arp = sweep->state;
    uint32_t ms = 0, elsewhere_ms = aq_resolution_answer_ms(sweep);

    if (arp->phase == AQ_ARP_LINGERING)
        ms = (uint32_t)((arp->ends_us - arp->round_us) / 1000);
    if (arp->elsewhere.resolution.silent > 0 && (ms == 0 || elsewhere_ms < ms))
        ms = elsewhere_ms;
    return ms;
}

static void by_arp_count(struct arpq_sweep *sweep)
{
    const struct aq_arp_state *arp = sweep->state;

    sweep->stats.dropped += aq_packet_socket_dropped(arp->socket.fd);
    sweep->stats.waited_ms = by_arp_waited_ms(sweep);
    aq_sweep_count_losses(sweep, &arp->rounds, has_silent(sweep));
}

static void by_arp_stop(struct arpq_sweep *sweep)
{
    struct aq_arp_state *arp = sweep->state;

    if (!arp)
        return;
    aq_sys_close(arp->socket.fd);
    aq_elsewhere_free(&arp->elsewhere);
    aq_answers_free(&arp->answers);
    free(arp);
    sweep->state = NULL;
}

const struct aq_sweep_method aq_sweep_by_arp = {.number = ARPQ_SWEEP_BY_ARP,
                                                .start = by_arp_start,
                                                .step = by_arp_step,
                                                .count = by_arp_count,
                                                .stop = by_arp_stop};
