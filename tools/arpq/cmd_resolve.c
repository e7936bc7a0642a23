/* SPDX-License-Identifier: MIT */
/* arpq resolve IP...: prints MAC addresses, which the kernel resolves if necessary. All
 * addresses are resolved concurrently, and each is printed when its result arrives. */
#include "cmd_resolve.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "address.h"
#include "arguments.h"
#include "host_lookup.h"
#include "json.h"
#include "loop.h"
#include "neigh.h"
#include "options.h"
#include "report.h"

struct resolve_run {
    const struct tool *t;
    struct loop loop;
    struct arpq_resolver *resolver;
    struct host_lookup *hosts;
    char **args; /* the token of an address is its index here */
    enum status status;
};

static void print_json_resolved(const struct tool *t, const char *asked,
                                const struct arpq_resolved *result)
{
    struct json_object *object = json_new();

    neigh_json(object, t, &result->neigh, true);
    if (!address_equal(&result->neigh.ip, &result->ip))
        json_text(object, "asked", asked);
    json_number(object, "took_us", result->took_us);
    json_print(object);
}

/* Returns a message for -EAGAIN: the kernel has not confirmed a known address in time. */
static const char *explain_unconfirmed(const struct tool *t)
{
    static char text[128];

    if (t->timeout_ms == 0)
        return "not confirmed; --timeout 0 does not wait";
    if (t->timeout_ms < 0)
        return "not confirmed in time; a longer --timeout waits for it";
    snprintf(text, sizeof text,
             "not confirmed within %g s; a longer --timeout waits for it, 5 s more without "
             "CAP_NET_ADMIN",
             (double)t->timeout_ms / 1000);
    return text;
}

static enum status report_unresolved(const struct resolve_run *r, const char *asked,
                                     const struct arpq_resolved *result)
{
    int code = result->code;
    const char *message = "nobody answered";

    if (code != -EAGAIN && code != -EHOSTUNREACH)
        return report_address(r->t, asked, &result->ip, code);
    if (code == -EAGAIN) {
        message = explain_unconfirmed(r->t);
    } else if (r->t->timeout_ms == 0) { /* the library has waited 1 ms */
        code = -EAGAIN;
        message = "not known yet; the request is sent, and --timeout 0 does not wait";
    }
    return report_address_as(r->t, asked, &result->ip, code, message);
}

static void print_resolved(struct resolve_run *r, const struct arpq_resolved *result)
{
    const char *asked = r->args[result->token];

    if (result->code != 0)
        r->status = status_worst(r->status, report_unresolved(r, asked, result));
    else if (r->t->json)
        print_json_resolved(r->t, asked, result);
    else
        neigh_print_answer(r->t, asked, &result->neigh.mac);
}

static enum loop_state take_resolved(struct resolve_run *r)
{
    struct arpq_resolved result;
    int code = arpq_resolver_next(r->resolver, &result, 0);

    if (code == 0 || code == -ENODATA)
        return LOOP_TIMEOUT;
    if (code < 0) {
        report_kernel(r->t, "cannot resolve any further", code);
        return LOOP_FAILED;
    }
    print_resolved(r, &result);
    return loop_write(&r->loop);
}

static void add_address(struct resolve_run *r, int argument, const struct arpq_ip *ip)
{
    int code = arpq_resolver_add(r->resolver, ip, r->t->ifindex, (uint64_t)argument);

    if (code != 0)
        r->status = status_worst(r->status, report_address(r->t, r->args[argument], ip, code));
}

static void refuse_argument(struct resolve_run *r, int argument, const char *wrong, int code)
{
    r->status = status_worst(r->status, arguments_report(r->t, r->args[argument], wrong, code));
}

/* The time of an address starts when its name has been looked up. */
static enum loop_state take_host(struct resolve_run *r)
{
    struct host_found found;

    if (!host_lookup_take(r->hosts, &found))
        return LOOP_TIMEOUT;
    if (!found.wrong) {
        add_address(r, found.argument, &found.ip);
        return LOOP_CONTINUE;
    }
    refuse_argument(r, found.argument, found.wrong, found.code);
    return loop_write(&r->loop);
}

static enum loop_state wait_for_any(struct resolve_run *r)
{
    const int fds[] = {arpq_resolver_fd(r->resolver), host_lookup_fd(r->hosts)};

    return loop_wait_many(&r->loop, fds, host_lookup_pending(r->hosts) != 0 ? 2 : 1, INT64_MAX);
}

/* If a signal ends the wait, some addresses have no result. */
static void wait_for_results(struct resolve_run *r)
{
    enum loop_state state = loop_write(&r->loop); /* what is wrong with arguments */

    while ((arpq_resolver_pending(r->resolver) != 0 || host_lookup_pending(r->hosts) != 0) &&
           (state == LOOP_CONTINUE || state == LOOP_TIMEOUT)) {
        state = take_resolved(r);
        if (state == LOOP_TIMEOUT)
            state = take_host(r);
        if (state == LOOP_TIMEOUT)
            state = wait_for_any(r);
    }
    if (state == LOOP_STOP)
        r->status = status_worst(r->status, loop_interrupted(&r->loop, NOT_FOUND));
    else if (state == LOOP_FAILED)
        r->status = ERROR;
}

/* Names are looked up meanwhile, because that may take long. */
static void add_addresses(struct resolve_run *r, int count)
{
    for (int i = 0; i < count; i++) {
        struct arpq_ip ip;
        bool is_name;
        int code;
        const char *wrong = arguments_parse_literal(r->t, r->args[i], &ip, &code, &is_name);

        if (is_name)
            host_lookup_add(r->hosts, r->args[i], i);
        else if (wrong)
            refuse_argument(r, i, wrong, code);
        else
            add_address(r, i, &ip);
    }
    if (!host_lookup_start(r->hosts))
        r->status = ERROR;
}

/* For the library, a time of 0 means its default. Therefore 0 becomes 1 ms. */
static bool take_resolve_times(const struct tool *t, struct arpq_resolve_options *options)
{
    if (t->timeout_ms > INT32_MAX || t->max_age_ms > UINT32_MAX)
        return false;
    if (t->timeout_ms >= 0)
        options->answer_ms = t->timeout_ms == 0 ? 1 : (uint32_t)t->timeout_ms;
    if (t->max_age_ms >= 0)
        options->max_age_ms = t->max_age_ms == 0 ? 1 : (uint32_t)t->max_age_ms;
    return true;
}

static enum status run_resolve(struct tool *t, int count, char **args)
{
    struct arpq_resolve_options options = {.size = sizeof options, .flags = t->resolve_flags};
    struct resolve_run r = {.t = t, .args = args, .status = FOUND};

    if (!take_resolve_times(t, &options))
        return report_usage("a time is too long: at most %d seconds", INT32_MAX / 1000);
    int code = arpq_resolver_open(t->h, &r.resolver, &options);
    if (code != 0)
        return report_kernel(t, "cannot resolve addresses", code);
    r.hosts = host_lookup_new(t->filter.family);
    if (loop_begin(&r.loop)) {
        add_addresses(&r, count);
        wait_for_results(&r);
        loop_end(&r.loop);
    } else {
        r.status = ERROR;
    }
    host_lookup_close(r.hosts);
    arpq_resolver_close(r.resolver);
    return r.status;
}

static const struct option_note notes[] = {
    {OPTION_TIMEOUT, "for each address, instead of 3.5 (12 to confirm); 0 does not wait"},
    {OPTION_ROWS, NULL},
};

const struct command cmd_resolve = {
    .name = "resolve",
    .synopsis = "[OPTION...] IP...",
    .summary = "Print the MAC address of each IP address, and ask for it if it is unknown",
    .help = "",
    .run = run_resolve,
    .least = 1,
    .most = INT_MAX,
    .takes = OPTIONS_ALWAYS | OPTIONS_ADDRESSES | BIT(TIMEOUT) | BIT(REVALIDATE) | BIT(MAX_AGE),
    .notes = notes,
};
