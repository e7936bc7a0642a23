/* SPDX-License-Identifier: MIT */
/* arpq ping IP...: sends echo requests and prints the replies. */
#include "cmd_ping.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"
#include "arguments.h"
#include "clock.h"
#include "error_name.h"
#include "json.h"
#include "loop.h"
#include "memory.h"
#include "options.h"
#include "output.h"
#include "ping_stats.h"
#include "pinger.h"
#include "report.h"
#include "targets.h"

#define INTERVAL_MS 1000
#define HEADER_SIZE 8u /* of an echo request; ping(8) includes it in its byte counts */
#define MOST_TARGETS 256

struct ping_target {
    struct pinger pinger;
    const char *asked;
    int64_t next; /* the time of the next request, in clock_ms() */
    bool ended;
    struct ping_stats stats;
};

struct ping_run {
    const struct tool *t;
    struct loop loop;
    struct ping_target *targets;
    uint32_t count;
    uint32_t active;  /* targets that have not ended */
    int64_t deadline; /* in clock_ms(); INT64_MAX means no deadline */
    /* a socket pair: the main thread's end, and the end that all other threads share */
    int results[2];
    enum status status; /* the worst status of targets whose first request failed */
};

static bool is_answer(int code)
{
    return code == 0 || code == -EHOSTUNREACH || code == -ETIME;
}

/* Explains why the library refuses a target. */
static const char *explain_target(const struct tool *t, const struct arpq_ip *ip)
{
    static char text[128];

    if (t->source.family == 0 || t->source.family == ip->family)
        return "not an address to ping, such as a broadcast address";
    snprintf(text, sizeof text, "--source '%s': not an IPv%c address", t->source_text,
             ip->family == AF_INET ? '4' : '6');
    return text;
}

/* Returns the reason why a request was not sent, or NULL if the text of arpq_strerror suffices. */
static const char *ping_error_message(const struct tool *t, const struct arpq_ip *ip, int code)
{
    switch (-code) {
    case EPERM:
    case EACCES:
        return "no ICMP socket is allowed (net.ipv4.ping_group_range, CAP_NET_RAW), or a firewall "
               "forbids it";
    case EINVAL:
        return explain_target(t, ip);
    case EBUSY: /* the main thread cannot read the arpq_detail() of another thread */
        return "the interface is a port of a bridge or bond, which receives the answers: name that "
               "one ('arpq if' shows the master)";
    case EADDRNOTAVAIL:
        return "this machine does not have the address of --source";
    case ENETUNREACH:
        return "there is no route to it";
    default:
        return NULL;
    }
}

/* ---- One result ---- */

static void print_error(const struct tool *t, const struct arpq_ping_reply *reply,
                        uint64_t sequence)
{
    const uint16_t family = reply->from.family;
    const char *code_name = arpq_icmp_code_name(family, reply->type, reply->code);

    fputs("from ", stdout);
    address_print_scoped(t, &reply->from);
    printf(": seq=%" PRIu64 " %s", sequence, arpq_icmp_type_name(family, reply->type));
    if (code_name[0] != '\0')
        printf(", %s", code_name);
    if (reply->value != 0)
        printf(" (mtu %" PRIu32 ")", reply->value);
    putchar('\n');
}

static const char *explain_result(const struct tool *t, const struct ping_target *target,
                                  const struct ping_result *result)
{
    const char *message = result->code == -ETIMEDOUT
                              ? "no answer"
                              : ping_error_message(t, &target->pinger.ip, result->code);

    return message ? message : arpq_strerror(result->code);
}

static void print_text_reply(const struct ping_run *r, const struct ping_target *target,
                             const struct ping_result *result)
{
    const struct arpq_ping_reply *reply = &result->reply;
    const uint64_t sequence = target->stats.sent;

    if (result->code == 0) {
        printf("%u bytes from ", reply->payload_size + HEADER_SIZE);
        address_print_scoped(r->t, &reply->from);
        printf(": seq=%" PRIu64, sequence);
        if (reply->hop_limit != 0)
            printf(" ttl=%u", reply->hop_limit);
        printf(" time=%.3f ms\n", ping_stats_ms(reply->rtt_ns));
        return;
    }
    if (r->count > 1) {
        address_print_scoped(r->t, &target->pinger.ip);
        fputs(": ", stdout);
    }
    if (is_answer(result->code) && reply->from.family != 0) {
        print_error(r->t, reply, sequence);
    } else {
        printf("seq=%" PRIu64 " %s\n", sequence, explain_result(r->t, target, result));
    }
}

static void json_error(struct json_object *object, const struct tool *t,
                       const struct ping_target *target, const struct ping_result *result)
{
    const struct arpq_ping_reply *reply = &result->reply;
    const uint16_t family = reply->from.family;

    json_text(object, "error", error_name(result->code));
    json_text(object, "message", explain_result(t, target, result));
    if (family == 0)
        return;
    json_number(object, "type", reply->type);
    json_number(object, "code", reply->code);
    json_text(object, "type_name", arpq_icmp_type_name(family, reply->type));
    json_text(object, "code_name", arpq_icmp_code_name(family, reply->type, reply->code));
    if (reply->value != 0)
        json_number(object, "mtu", reply->value);
}

static void print_json_reply(const struct tool *t, const struct ping_target *target,
                             const struct ping_result *result)
{
    const struct arpq_ping_reply *reply = &result->reply;
    struct json_object *object = json_new();

    json_ip(object, "dst", &target->pinger.ip);
    json_number(object, "seq", target->stats.sent);
    json_ip(object, "from", &reply->from);
    json_number_set(object, "ttl", reply->hop_limit);
    if (is_answer(result->code) && reply->from.family != 0)
        json_fraction(object, "rtt_ms", ping_stats_ms(reply->rtt_ns));
    if (result->code == 0)
        json_number(object, "bytes", reply->payload_size + HEADER_SIZE);
    else
        json_error(object, t, target, result);
    json_print(object);
}

/* ---- Statistics ---- */

static void print_ping_statistics(const struct ping_run *r)
{
    for (uint32_t i = 0; i < r->count; i++) {
        const struct ping_target *target = &r->targets[i];

        if (target->stats.sent == 0)
            continue;
        if (!r->t->json && r->count > 1) {
            address_print_scoped(r->t, &target->pinger.ip);
            fputs(": ", stdout);
        }
        ping_stats_print(&target->stats, &target->pinger.ip, r->t->json);
    }
}

/* ---- The loop ---- */

static void end_target(struct ping_run *r, struct ping_target *target)
{
    target->ended = true;
    r->active--;
}

/* An error of the first request ends the target, because every request would fail in the same way.
 * A later error may be temporary. */
static enum loop_state take_ping_result(struct ping_run *r)
{
    struct ping_result result;
    ssize_t size = recv(r->results[0], &result, sizeof result, MSG_DONTWAIT);

    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return LOOP_TIMEOUT;
    if (size != (ssize_t)sizeof result) {
        report_message("a thread that pings has ended");
        return LOOP_FAILED;
    }
    struct ping_target *target = &r->targets[result.target];
    target->pinger.busy = false;
    if (target->stats.sent == 0 && !is_answer(result.code) && result.code != -ETIMEDOUT) {
        const struct arpq_ip *ip = &target->pinger.ip;

        r->status =
            status_worst(r->status, report_address_as(r->t, target->asked, ip, result.code,
                                                      ping_error_message(r->t, ip, result.code)));
        end_target(r, target);
        return LOOP_CONTINUE;
    }
    ping_stats_add(&target->stats, &result.reply, result.code);
    if (r->t->count != 0 && target->stats.sent >= r->t->count)
        end_target(r, target);
    if (r->t->quiet)
        return LOOP_CONTINUE;
    if (r->t->json)
        print_json_reply(r->t, target, &result);
    else
        print_text_reply(r, target, &result);
    return loop_write(&r->loop);
}

/* At the deadline, requests without an answer count as lost, as in ping(8). */
static void count_unanswered(struct ping_run *r)
{
    for (uint32_t i = 0; i < r->count; i++)
        r->targets[i].stats.sent += r->targets[i].pinger.busy;
}

/* Sends the requests that are due. A request is due one interval after the previous request to the
 * same target, but not before that request has a result. Then waits for a result, or until the next
 * request is due. */
static enum loop_state ping_step(struct ping_run *r)
{
    const int64_t interval = r->t->interval_ms >= 0 ? r->t->interval_ms : INTERVAL_MS;
    int64_t until = r->deadline;

    for (uint32_t i = 0; i < r->count; i++) {
        struct ping_target *target = &r->targets[i];

        if (target->ended || target->pinger.busy)
            continue;
        if (clock_ms() >= target->next) {
            target->next = clock_ms() + interval;
            if (pinger_ask(&target->pinger, (uint16_t)(target->stats.sent + 1)) != LOOP_CONTINUE)
                return LOOP_FAILED;
        } else if (target->next < until) {
            until = target->next;
        }
    }
    enum loop_state state = loop_wait(&r->loop, r->results[0], until);
    return state == LOOP_CONTINUE ? take_ping_result(r) : state;
}

/* A signal is the normal end of a ping without --count, but interrupts a ping with --count. With
 * --deadline and --count, fewer answers than --count are a failure. */
static enum status ping_status(const struct ping_run *r, enum loop_state state)
{
    enum status status = r->status;

    if (state == LOOP_FAILED)
        return ERROR;
    if (r->loop.unread)
        return UNREAD;
    for (uint32_t i = 0; i < r->count; i++)
        if (r->targets[i].stats.received == 0)
            status = status_worst(status, NOT_FOUND);
    if (r->t->count != 0 && r->active != 0)
        return loop_interrupted(&r->loop, status_worst(status, NOT_FOUND));
    return status;
}

/* A busy thread still uses the handle and its target. The tool cannot release them, so it exits. */
static void end_pingers(struct ping_run *r, uint32_t started, enum status status)
{
    for (uint32_t i = 0; i < started; i++)
        if (r->targets[i].pinger.busy)
            _exit((int)output_finish(status));
    for (uint32_t i = 0; i < started; i++)
        pinger_end(&r->targets[i].pinger);
}

static enum status ping_targets(struct ping_run *r)
{
    enum loop_state state = LOOP_CONTINUE;
    uint32_t started = 0;

    if (!loop_begin(&r->loop))
        return ERROR;
    for (; started < r->count && state == LOOP_CONTINUE; started++)
        if (!pinger_begin(&r->targets[started].pinger, r->results[1])) {
            state = LOOP_FAILED;
            break;
        }
    while (r->active != 0 && (state == LOOP_CONTINUE || state == LOOP_TIMEOUT) &&
           clock_ms() < r->deadline)
        state = ping_step(r);
    if (clock_ms() >= r->deadline)
        count_unanswered(r);
    loop_end(&r->loop);
    if (!r->loop.unread)
        print_ping_statistics(r);
    const enum status status = ping_status(r, state);
    end_pingers(r, started, status);
    return status;
}

/* ---- The command ---- */

static struct arpq_ping_options ping_options(const struct tool *t)
{
    struct arpq_ping_options options = {.size = sizeof options, .ifindex = t->ifindex};

    options.hop_limit = (uint8_t)t->ttl;
    options.source = t->source;
    if (t->timeout_ms >= 0) /* for the library, 0 means its default */
        options.answer_ms = t->timeout_ms == 0 ? 1 : (uint32_t)t->timeout_ms;
    if (options_given(t, OPTION_SIZE))
        options.payload_size = t->size != 0 ? (uint32_t)t->size : ARPQ_PING_EMPTY;
    return options;
}

static void add_target(struct ping_run *r, const char *asked)
{
    struct ping_target *target = &r->targets[r->count];
    enum status status = arguments_address(r->t, asked, &target->pinger.ip);

    r->status = status_worst(r->status, status);
    if (status != FOUND)
        return;
    target->asked = asked;
    target->pinger.h = r->t->h;
    target->pinger.index = r->count++;
    target->pinger.options = ping_options(r->t);
}

static enum status run_ping(struct tool *t, int count, char **args)
{
    struct ping_run r = {.t = t, .status = FOUND, .deadline = INT64_MAX};

    if (t->timeout_ms > INT32_MAX)
        return report_usage("--timeout: at most %d seconds", INT32_MAX / 1000);
    r.targets = memory_check(calloc((size_t)count, sizeof *r.targets));
    for (int i = 0; i < count; i++)
        add_target(&r, args[i]);
    r.active = r.count;
    if (t->deadline_ms >= 0)
        r.deadline = clock_ms() + t->deadline_ms;
    enum status status = r.status;
    if (r.count == 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, r.results) != 0) {
        if (r.count != 0)
            report_message("cannot create a pair of sockets: %s", strerror(errno));
        status = r.count != 0 ? ERROR : status;
    } else {
        status = ping_targets(&r);
        close(r.results[0]);
        close(r.results[1]);
    }
    free(r.targets);
    return status;
}

static const struct option_note notes[] = {
    {OPTION_DEV, "send through this interface; -I IP sends from this address"},
    {OPTION_COUNT, "end after N requests to each target"},
    {OPTION_INTERVAL, "from one request to the next, instead of 1; also -i SECONDS"},
    {OPTION_TIMEOUT, "wait so long for an answer, instead of 1"},
    {OPTION_ROWS, NULL},
};

const struct command cmd_ping = {
    .name = "ping",
    .synopsis = "[OPTION...] IP...",
    .summary = "Send echo requests",
    .help = "Without --count it goes on until a signal (Ctrl-C) ends it. -i takes an interface or\n"
            "an interval in seconds.\n",
    .run = run_ping,
    .least = 1,
    .most = MOST_TARGETS,
    .takes = OPTIONS_ALWAYS | BIT(DEV) | OPTIONS_FAMILY | BIT(COUNT) | BIT(INTERVAL) | BIT(SIZE) |
             BIT(TTL) | BIT(TIMEOUT) | BIT(DEADLINE) | BIT(QUIET) | BIT(SOURCE),
    .notes = notes,
};
