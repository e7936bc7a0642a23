/* SPDX-License-Identifier: MIT */
/* arpq ping IP: sends echo requests and prints the replies. */
#include "cmd_ping.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "address.h"
#include "arguments.h"
#include "clock.h"
#include "error_name.h"
#include "json.h"
#include "loop.h"
#include "options.h"
#include "pinger.h"
#include "report.h"
#include "usage.h"

#define INTERVAL_MS 1000
#define HEADER_SIZE 8u /* of an echo request; ping(8) includes it in its byte counts */

struct ping_run {
    const struct tool *t;
    struct loop loop;
    struct pinger pinger;
    const char *asked;
    uint64_t sent, received, errors;
    uint64_t least_ns, most_ns, sum_ns;
};

static bool is_answer(int code)
{
    return code == 0 || code == -EHOSTUNREACH || code == -ETIME;
}

static double ns_to_ms(uint64_t ns)
{
    return (double)ns / 1e6;
}

/* Explains why a request was not sent. Returns NULL where arpq_strerror suffices. */
static const char *ping_error_message(int code)
{
    switch (-code) {
    case EPERM:
    case EACCES:
        return "no ICMP socket is allowed (net.ipv4.ping_group_range, CAP_NET_RAW), or a firewall "
               "forbids it";
    case EINVAL:
        return "not an address to ping, such as a broadcast address";
    case ENETUNREACH:
        return "there is no route to it";
    default:
        return NULL;
    }
}

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

static void print_text_reply(const struct tool *t, const struct ping_result *result,
                             uint64_t sequence)
{
    const struct arpq_ping_reply *reply = &result->reply;

    if (result->code == 0) {
        printf("%u bytes from ", reply->payload_size + HEADER_SIZE);
        address_print_scoped(t, &reply->from);
        printf(": seq=%" PRIu64, sequence);
        if (reply->hop_limit != 0)
            printf(" ttl=%u", reply->hop_limit);
        printf(" time=%.3f ms\n", ns_to_ms(reply->rtt_ns));
    } else if (is_answer(result->code) && reply->from.family != 0) {
        print_error(t, reply, sequence);
    } else {
        const char *message =
            result->code == -ETIMEDOUT ? "no answer" : ping_error_message(result->code);

        printf("seq=%" PRIu64 " %s\n", sequence, message ? message : arpq_strerror(result->code));
    }
}

static void json_error(struct json_object *object, const struct ping_result *result)
{
    const struct arpq_ping_reply *reply = &result->reply;
    const uint16_t family = reply->from.family;

    json_text(object, "error", error_name(result->code));
    if (family == 0)
        return;
    json_number(object, "type", reply->type);
    json_number(object, "code", reply->code);
    json_text(object, "type_name", arpq_icmp_type_name(family, reply->type));
    json_text(object, "code_name", arpq_icmp_code_name(family, reply->type, reply->code));
    if (reply->value != 0)
        json_number(object, "mtu", reply->value);
}

static void print_json_reply(const struct ping_run *r, const struct ping_result *result,
                             uint64_t sequence)
{
    const struct arpq_ping_reply *reply = &result->reply;
    struct json_object *object = json_new();
    char ip[ARPQ_IP_STRLEN];

    json_text(object, "dst", address_format(&r->pinger.ip, ip));
    json_number(object, "seq", sequence);
    if (reply->from.family != 0)
        json_text(object, "from", address_format(&reply->from, ip));
    if (reply->hop_limit != 0)
        json_number(object, "ttl", reply->hop_limit);
    if (is_answer(result->code) && reply->from.family != 0)
        json_fraction(object, "rtt_ms", ns_to_ms(reply->rtt_ns));
    if (result->code == 0)
        json_number(object, "bytes", reply->payload_size + HEADER_SIZE);
    else
        json_error(object, result);
    json_print(object);
}

static void count_result(struct ping_run *r, const struct ping_result *result)
{
    const uint64_t ns = result->reply.rtt_ns;

    r->sent++;
    if (result->code != 0) {
        r->errors += result->code != -ETIMEDOUT;
        return;
    }
    if (r->received == 0 || ns < r->least_ns)
        r->least_ns = ns;
    if (ns > r->most_ns)
        r->most_ns = ns;
    r->sum_ns += ns;
    r->received++;
}

static double loss_percent(const struct ping_run *r)
{
    return 100.0 * (double)(r->sent - r->received) / (double)r->sent;
}

static void print_json_ping_statistics(const struct ping_run *r)
{
    struct json_object *line = json_new(), *object = json_member(line, "statistics");
    char ip[ARPQ_IP_STRLEN];

    json_text(object, "dst", address_format(&r->pinger.ip, ip));
    json_number(object, "sent", r->sent);
    json_number(object, "received", r->received);
    json_number(object, "errors", r->errors);
    json_fraction(object, "loss_percent", loss_percent(r));
    if (r->received != 0) {
        json_fraction(object, "min_ms", ns_to_ms(r->least_ns));
        json_fraction(object, "avg_ms", ns_to_ms(r->sum_ns / r->received));
        json_fraction(object, "max_ms", ns_to_ms(r->most_ns));
    }
    json_print(line);
}

static void print_text_ping_statistics(const struct ping_run *r)
{
    printf("%" PRIu64 " sent, %" PRIu64 " received", r->sent, r->received);
    if (r->errors != 0)
        printf(", %" PRIu64 " error%s", r->errors, r->errors == 1 ? "" : "s");
    printf(", %.1f%% lost", loss_percent(r));
    if (r->received != 0)
        printf(", min/avg/max %.3f/%.3f/%.3f ms", ns_to_ms(r->least_ns),
               ns_to_ms(r->sum_ns / r->received), ns_to_ms(r->most_ns));
    putchar('\n');
}

static void print_ping_statistics(const struct ping_run *r)
{
    if (r->sent == 0)
        return;
    if (r->t->json)
        print_json_ping_statistics(r);
    else
        print_text_ping_statistics(r);
}

/* An error of the first request ends the command: it would recur with every request. A
 * later error may be temporary. */
static enum loop_state take_ping_result(struct ping_run *r, enum status *status)
{
    struct ping_result result;
    enum loop_state state = pinger_take(&r->pinger, &result);

    if (state != LOOP_CONTINUE)
        return state;
    if (r->sent == 0 && !is_answer(result.code) && result.code != -ETIMEDOUT) {
        *status = report_address_as(r->t, r->asked, &r->pinger.ip, result.code,
                                    ping_error_message(result.code));
        return LOOP_FAILED;
    }
    count_result(r, &result);
    if (r->t->json)
        print_json_reply(r, &result, r->sent);
    else
        print_text_reply(r->t, &result, r->sent);
    return loop_write(&r->loop);
}

/* Sends the next request, one interval after the previous one but not before its result.
 * On failure *status is set. */
static enum loop_state ping_step(struct ping_run *r, int64_t *next, enum status *status)
{
    const int64_t interval = r->t->interval_ms >= 0 ? r->t->interval_ms : INTERVAL_MS;
    const bool enough = r->t->count != 0 && r->sent >= r->t->count;

    if (r->pinger.busy) {
        enum loop_state state = loop_wait(&r->loop, pinger_fd(&r->pinger), INT64_MAX);

        return state == LOOP_CONTINUE ? take_ping_result(r, status) : state;
    }
    if (enough)
        return LOOP_STOP;
    if (clock_ms() < *next)
        return loop_wait(&r->loop, -1, *next);
    *next = clock_ms() + interval;
    return pinger_ask(&r->pinger, (uint16_t)(r->sent + 1));
}

static enum status run_ping(struct ping_run *r)
{
    enum loop_state state = LOOP_CONTINUE;
    enum status status = ERROR;
    int64_t next = clock_ms();

    if (!loop_begin(&r->loop))
        return ERROR;
    if (!pinger_begin(&r->pinger)) {
        loop_end(&r->loop);
        return ERROR;
    }
    while (state == LOOP_CONTINUE || state == LOOP_TIMEOUT)
        state = ping_step(r, &next, &status);
    loop_end(&r->loop);
    if (!r->loop.unread)
        print_ping_statistics(r);
    if (state != LOOP_FAILED)
        status = r->received != 0 ? FOUND : NOT_FOUND;
    pinger_end(&r->pinger, status);
    return status;
}

enum status cmd_ping(const struct tool *t, int count, char **args)
{
    struct ping_run r = {.t = t, .asked = args[0], .pinger = {.h = t->h}};
    struct arpq_ping_options *options = &r.pinger.options;
    enum status status = arguments_address(t, args[0], &r.pinger.ip);

    (void)count;
    if (status != FOUND)
        return status;
    if (t->timeout_ms > INT32_MAX)
        return usage_error("a time is too long");
    options->size = sizeof *options;
    options->ifindex = t->ifindex;
    options->hop_limit = (uint8_t)t->ttl;
    if (t->timeout_ms >= 0)
        options->timeout_ms = t->timeout_ms == 0 ? 1 : (int32_t)t->timeout_ms;
    if (options_given(t, OPTION_SIZE))
        options->payload_size = t->size != 0 ? (uint32_t)t->size : ARPQ_PING_EMPTY;
    return run_ping(&r);
}
