/* SPDX-License-Identifier: MIT */
/* arpq sniff: prints ARP and neighbour discovery packets seen on the link. */
#include "cmd_sniff.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "clock.h"
#include "frame.h"
#include "json.h"
#include "loop.h"
#include "options.h"
#include "report.h"
#include "usage.h"

struct sniff_run {
    const struct tool *t;
    struct loop loop;
    struct arpq_sniffer *sniffer;
    int64_t deadline; /* in clock_ms(); INT64_MAX: none */
    uint64_t printed;
    bool down; /* the interface is down: its removal raises no event, so it is polled */
};

#define LOOK_AGAIN_MS 1000 /* how often an interface that is down is polled */

/* -ENETDOWN is no failure: the interface may come up again. */
static enum loop_state take_frame(struct sniff_run *r)
{
    struct arpq_frame frame;
    int code = arpq_sniffer_next(r->sniffer, &frame, 0);

    if (code == -ENETDOWN) {
        report_kernel(r->t, "nothing to hear for now", code);
        r->down = true;
        return LOOP_CONTINUE;
    }
    if (code < 0) {
        report_kernel(r->t, "cannot listen any longer", code);
        return LOOP_FAILED;
    }
    if (code == 0)
        return LOOP_TIMEOUT;
    r->down = false;
    frame_print(r->t, &frame);
    enum loop_state state = loop_write(&r->loop);
    if (state == LOOP_CONTINUE && ++r->printed == r->t->count)
        return LOOP_STOP;
    return state;
}

static void print_json_sniff_statistics(const struct arpq_sniffer_stats *s)
{
    struct json_object *line = json_new(), *object = json_member(line, "statistics");

    json_number(object, "frames", s->frames);
    json_number(object, "dropped", s->dropped);
    json_number(object, "malformed", s->malformed);
    json_number(object, "claims", s->claims);
    json_number(object, "forgotten", s->forgotten);
    json_number(object, "moved", s->moved);
    json_number(object, "conflicts", s->conflicts);
    json_print(line);
}

static void print_text_sniff_statistics(const struct arpq_sniffer_stats *s)
{
    fprintf(stderr,
            "%" PRIu64 " frames heard, %" PRIu64 " addresses claimed, %" PRIu64 " moved, %" PRIu64
            " conflicts",
            s->frames, s->claims, s->moved, s->conflicts);
    if (s->dropped != 0)
        fprintf(stderr, ", %" PRIu64 " dropped by the kernel", s->dropped);
    if (s->malformed != 0)
        fprintf(stderr, ", %" PRIu64 " malformed", s->malformed);
    if (s->forgotten != 0)
        fprintf(stderr, ", %" PRIu64 " forgotten", s->forgotten);
    fputc('\n', stderr);
}

static void print_sniff_statistics(const struct sniff_run *r)
{
    struct arpq_sniffer_stats stats;

    if (arpq_sniffer_stats(r->sniffer, &stats) != 0)
        return;
    if (r->t->json)
        print_json_sniff_statistics(&stats);
    else
        print_text_sniff_statistics(&stats);
}

static enum loop_state wait_for_frame(struct sniff_run *r)
{
    int64_t until = r->deadline;

    if (r->down && until - LOOK_AGAIN_MS > clock_ms())
        until = clock_ms() + LOOK_AGAIN_MS;
    return loop_wait(&r->loop, arpq_sniffer_fd(r->sniffer), until);
}

static enum status run_sniff(struct sniff_run *r)
{
    enum loop_state state;

    if (!loop_begin(&r->loop))
        return ERROR;
    do {
        state = take_frame(r);
        if (state == LOOP_TIMEOUT)
            state = wait_for_frame(r);
    } while ((state == LOOP_CONTINUE || state == LOOP_TIMEOUT) && clock_ms() < r->deadline);
    loop_end(&r->loop);
    if (!r->loop.unread)
        print_sniff_statistics(r);
    return state == LOOP_FAILED ? ERROR : FOUND;
}

enum status cmd_sniff(const struct tool *t, int count, char **args)
{
    struct arpq_sniffer_options options = {.size = sizeof options, .flags = t->sniff_flags};
    struct sniff_run r = {.t = t, .deadline = INT64_MAX};

    (void)count;
    (void)args;
    if (options_given(t, OPTION_PROMISCUOUS) && t->ifindex == 0)
        return usage_error("--promiscuous needs --dev");
    options.ifindex = t->ifindex;
    if (t->timeout_ms >= 0)
        r.deadline = clock_ms() + t->timeout_ms;
    int code = arpq_sniffer_open(t->h, &r.sniffer, &options);
    if (code != 0)
        return report_kernel(
            t, code == -EPERM ? "cannot listen without CAP_NET_RAW" : "cannot listen", code);
    enum status status = run_sniff(&r);
    arpq_sniffer_close(r.sniffer);
    return status;
}
