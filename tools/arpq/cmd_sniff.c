/* SPDX-License-Identifier: MIT */
/* arpq sniff: prints ARP and neighbour discovery packets seen on the link. */
#include "cmd_sniff.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "arguments.h"
#include "clock.h"
#include "frame.h"
#include "json.h"
#include "loop.h"
#include "options.h"
#include "report.h"

struct sniff_run {
    const struct tool *t;
    struct loop loop;
    struct arpq_sniffer *sniffer;
    struct arpq_sniffer_options options;
    /* statistics of closed sniffers, on earlier interfaces with this name */
    struct arpq_sniffer_stats earlier;
    int64_t deadline; /* in clock_ms(); INT64_MAX means no deadline */
    uint64_t printed;
    bool down; /* the interface is down; it is polled, because its removal raises no event */
};

#define POLL_DOWN_MS 200  /* how often an interface that is down or missing is polled */
#define POLL_NAME_MS 1000 /* how often the index of the name is checked otherwise */

/* ---- --dev: the interface may be removed and created again, with another index. ---- */

static void add_sniffer_stats(struct arpq_sniffer_stats *sum, const struct arpq_sniffer_stats *s)
{
    sum->frames += s->frames;
    sum->dropped += s->dropped;
    sum->malformed += s->malformed;
    sum->claims += s->claims;
    sum->forgotten += s->forgotten;
    sum->moved += s->moved;
    sum->conflicts += s->conflicts;
}

static void close_sniffer(struct sniff_run *r)
{
    struct arpq_sniffer_stats stats;

    if (r->sniffer && arpq_sniffer_stats(r->sniffer, &stats) == 0)
        add_sniffer_stats(&r->earlier, &stats);
    arpq_sniffer_close(r->sniffer);
    r->sniffer = NULL;
}

/* Returns 0 or an error code. Also returns 0 if the interface of --dev is missing or down. */
static int open_sniffer(struct sniff_run *r)
{
    int code = 0;

    if (r->t->dev && arpq_interface_index(r->t->h, r->t->dev, &r->options.ifindex) != 0)
        return 0;
    code = arpq_sniffer_open(r->t->h, &r->sniffer, &r->options);
    r->down = false;
    return r->t->dev && (code == -ENODEV || code == -ENETDOWN) ? 0 : code;
}

/* Called when the interface is down or removed. Checks whether the name now belongs to another
 * interface. */
static enum loop_state follow_name(struct sniff_run *r)
{
    uint32_t ifindex = 0;
    int code = arpq_interface_index(r->t->h, r->t->dev, &ifindex);

    if (r->sniffer && code == 0 && ifindex == r->options.ifindex)
        return LOOP_TIMEOUT;
    if (r->sniffer) {
        close_sniffer(r);
        report_waiting(r->t->dev, "the interface was removed");
    }
    if (code != 0)
        return LOOP_TIMEOUT;
    code = open_sniffer(r);
    if (code == 0)
        return LOOP_TIMEOUT;
    report_kernel(r->t, "cannot go on listening", code);
    return LOOP_FAILED;
}

/* ---- Frames ---- */

/* -ENETDOWN is not a failure, because the interface may come up again. */
static enum loop_state take_frame(struct sniff_run *r)
{
    struct arpq_sniffed frame;
    int code = r->sniffer ? arpq_sniffer_next(r->sniffer, &frame, 0) : -ENODEV;

    if (code == -ENETDOWN) {
        if (!r->down)
            report_message("the interface is down: no packets for now");
        r->down = true;
        return r->t->dev ? follow_name(r) : LOOP_TIMEOUT;
    }
    if (code == -ENODEV && r->t->dev)
        return follow_name(r);
    if (code < 0) {
        report_kernel(r->t, "cannot go on listening", code);
        return LOOP_FAILED;
    }
    /* A packet that arrives at the same time as the error for a removed interface hides that
     * error, so the interface is checked after a timeout too. */
    if (code == 0)
        return r->t->dev ? follow_name(r) : LOOP_TIMEOUT;
    r->down = false;
    frame_print(r->t, &frame);
    enum loop_state state = loop_write(&r->loop);
    if (state == LOOP_CONTINUE && ++r->printed == r->t->count)
        return LOOP_STOP;
    return state;
}

/* ---- Statistics ---- */

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
            "%" PRIu64 " frame%s, %" PRIu64 " address%s claimed, %" PRIu64 " moved, %" PRIu64
            " conflict%s",
            s->frames, s->frames == 1 ? "" : "s", s->claims, s->claims == 1 ? "" : "es", s->moved,
            s->conflicts, s->conflicts == 1 ? "" : "s");
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
    if (r->t->json)
        print_json_sniff_statistics(&r->earlier);
    else
        print_text_sniff_statistics(&r->earlier);
}

static enum loop_state wait_for_frame(struct sniff_run *r)
{
    int64_t period = r->down || !r->sniffer ? POLL_DOWN_MS : POLL_NAME_MS, until = r->deadline;

    if (r->t->dev && until - period > clock_ms())
        until = clock_ms() + period;
    return loop_wait(&r->loop, r->sniffer ? arpq_sniffer_fd(r->sniffer) : -1, until);
}

static enum status sniff_frames(struct sniff_run *r)
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
    close_sniffer(r);
    if (r->loop.unread)
        return UNREAD;
    print_sniff_statistics(r);
    return state == LOOP_FAILED ? ERROR : FOUND;
}

/* Returns true for an address or a prefix that is not the name of an interface too. */
static bool is_address(const struct tool *t, const char *text)
{
    struct arpq_ip ip;
    uint32_t length, ifindex;

    return arpq_prefix_parse(text, &ip, &length, 0) == 0 &&
           arpq_interface_index(t->h, text, &ifindex) != 0;
}

static enum status run_sniff(struct tool *t, int count, char **args)
{
    struct sniff_run r = {.t = t, .deadline = INT64_MAX};
    enum status status = FOUND;

    if (count > 0 && t->dev)
        return report_usage("'%s': a second interface", args[0]);
    if (count > 0 && is_address(t, args[0]))
        return report_usage("'%s': an interface is needed, not an IP address; 'arpq watch %s' "
                            "reports changes of its entry",
                            args[0], args[0]);
    if (count > 0)
        status = options_take(t, OPTION_DEV, NULL, args[0]);
    if (status == FOUND && count > 0)
        status = arguments_option_devices(t);
    if (status != FOUND)
        return status;
    if (t->dev && t->ifindex == 0 && strcmp(t->dev, "any") == 0)
        t->dev = NULL; /* as in tcpdump(8) */
    if (options_given(t, OPTION_PROMISCUOUS) && !t->dev)
        return report_usage("--promiscuous needs --dev");
    r.options = (struct arpq_sniffer_options){.size = sizeof r.options, .flags = t->sniff_flags};
    if (t->timeout_ms >= 0)
        r.deadline = clock_ms() + t->timeout_ms;
    int code = open_sniffer(&r);
    if (code == -EPERM || code == -EACCES)
        return report_privilege("listening needs CAP_NET_RAW");
    if (code != 0)
        return report_kernel(t, "cannot listen", code);
    if (!r.sniffer)
        report_waiting(t->dev, "no interface of this name that is up");
    return sniff_frames(&r);
}

static const struct option_note notes[] = {
    {OPTION_DEV, "this interface only, also after it was removed and created again"},
    {OPTION_ROWS, NULL},
};

const struct command cmd_sniff = {
    .name = "sniff",
    .synopsis = "[OPTION...] [NAME]",
    .summary = "Print ARP and neighbour discovery packets seen on the link",
    .help =
        "It needs CAP_NET_RAW. A signal (Ctrl-C) ends it. The words dev NAME, arp and ndp may be\n"
        "used instead of options.\n",
    .run = run_sniff,
    .most = 1,
    .takes = OPTIONS_ALWAYS | BIT(DEV) | OPTIONS_PEOPLE | BIT(ARP) | BIT(NDP) | BIT(CLAIMS) |
             BIT(OUTGOING) | BIT(PROMISCUOUS) | BIT(COUNT) | BIT(TIMEOUT),
    .notes = notes,
    .follows_dev = true,
};
