/* SPDX-License-Identifier: MIT */
/* arpq sniff: ARP and neighbour discovery that can be heard on the link. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "arpq_tool.h"

struct run {
    const struct tool *t;
    struct loop loop;
    struct arpq_sniffer *sniffer;
    int64_t deadline; /* of now_ms(); INT64_MAX: none */
    uint64_t printed;
    bool down; /* the interface: whether it is gone is not told then, only answered */
};

#define LOOK_AGAIN_MS 1000 /* at an interface that is down */

/* An interface that is down may come up again. */
static enum standing take_frame(struct run *r)
{
    struct arpq_frame frame;
    int code = arpq_sniffer_next(r->sniffer, &frame, 0);

    if (code == -ENETDOWN) {
        report_kernel(r->t, "nothing to hear for now", code);
        r->down = true;
        return GO_ON;
    }
    if (code < 0) {
        report_kernel(r->t, "cannot listen any longer", code);
        return FAILED;
    }
    if (code == 0)
        return NOTHING;
    r->down = false;
    print_frame(r->t, &frame);
    enum standing standing = loop_write(&r->loop);
    if (standing == GO_ON && ++r->printed == r->t->count)
        return STOP;
    return standing;
}

static void json_statistics(const struct arpq_sniffer_stats *s)
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

static void text_statistics(const struct arpq_sniffer_stats *s)
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

static void print_statistics(const struct run *r)
{
    struct arpq_sniffer_stats stats;

    if (arpq_sniffer_stats(r->sniffer, &stats) != 0)
        return;
    if (r->t->json)
        json_statistics(&stats);
    else
        text_statistics(&stats);
}

static enum standing wait_for_frame(struct run *r)
{
    int64_t until = r->deadline;

    if (r->down && until - LOOK_AGAIN_MS > now_ms())
        until = now_ms() + LOOK_AGAIN_MS;
    return loop_wait(&r->loop, arpq_sniffer_fd(r->sniffer), until);
}

static enum verdict listen_on(struct run *r)
{
    enum standing standing;

    if (!loop_begin(&r->loop))
        return ERROR;
    do {
        standing = take_frame(r);
        if (standing == NOTHING)
            standing = wait_for_frame(r);
    } while ((standing == GO_ON || standing == NOTHING) && now_ms() < r->deadline);
    loop_end(&r->loop);
    if (!r->loop.unread)
        print_statistics(r);
    return standing == FAILED ? ERROR : FOUND;
}

enum verdict cmd_sniff(const struct tool *t, int count, char **args)
{
    struct arpq_sniffer_options options = {.size = sizeof options, .flags = t->sniff_flags};
    struct run r = {.t = t, .deadline = INT64_MAX};

    (void)count;
    (void)args;
    if (is_given(t, OPTION_PROMISCUOUS) && t->ifindex == 0)
        return wrong_usage("--promiscuous needs --dev");
    options.ifindex = t->ifindex;
    if (t->timeout_ms >= 0)
        r.deadline = now_ms() + t->timeout_ms;
    int code = arpq_sniffer_open(t->h, &r.sniffer, &options);
    if (code != 0)
        return report_kernel(
            t, code == -EPERM ? "cannot listen without CAP_NET_RAW" : "cannot listen", code);
    enum verdict verdict = listen_on(&r);
    arpq_sniffer_close(r.sniffer);
    return verdict;
}
