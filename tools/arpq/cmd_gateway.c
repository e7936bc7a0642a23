/* SPDX-License-Identifier: MIT */
/* arpq gateway: prints the default routes with the neighbour entries of their gateways. */
#include "cmd_gateway.h"

#include <errno.h>
#include <stdlib.h>

#include "gateway.h"
#include "loop.h"
#include "memory.h"
#include "options.h"
#include "report.h"

struct gateway_run {
    const struct tool *t;
    struct arpq_gateway *rows;
    uint32_t count;
    struct loop loop;
    struct arpq_resolver *resolver;
    enum status status;
};

/* ---- Resolving ---- */

/* A gateway that several routes share is resolved once for each: the kernel answers from its table
 * then. */
static bool gateway_is_unknown(const struct arpq_gateway *gateway)
{
    return gateway->ip.family != 0 && gateway->code != -EOPNOTSUPP &&
           gateway->neigh.mac.length == 0;
}

static void add_unknown(struct gateway_run *r)
{
    for (uint32_t n = 0; n < r->count; n++) {
        struct arpq_gateway *gateway = &r->rows[n];

        if (gateway_is_unknown(gateway)) {
            int code = arpq_resolver_add(r->resolver, &gateway->ip, gateway->ifindex, n);

            if (code != 0)
                gateway->code = code;
        }
    }
}

/* The resolver removes the entry of a gateway that does not answer. */
static void set_result(struct arpq_gateway *gateway, const struct arpq_resolved *result)
{
    gateway->neigh = result->neigh;
    gateway->code = result->code;
    if (result->code != -EHOSTUNREACH && result->code != -EAGAIN)
        return;
    gateway->neigh.ip = gateway->ip;
    gateway->neigh.ifindex = gateway->ifindex;
    gateway->neigh.state = result->code == -EAGAIN ? ARPQ_STATE_INCOMPLETE : ARPQ_STATE_FAILED;
    gateway->code = 0;
}

static enum loop_state take_result(struct gateway_run *r)
{
    struct arpq_resolved result;
    int code = arpq_resolver_next(r->resolver, &result, 0);

    if (code < 0) {
        report_kernel(r->t, "cannot resolve any further", code);
        return LOOP_FAILED;
    }
    if (code == 0)
        return LOOP_TIMEOUT;
    set_result(&r->rows[result.token], &result);
    return LOOP_CONTINUE;
}

static void wait_for_all(struct gateway_run *r)
{
    enum loop_state state = LOOP_CONTINUE;

    while (arpq_resolver_pending(r->resolver) != 0 &&
           (state == LOOP_CONTINUE || state == LOOP_TIMEOUT)) {
        state = take_result(r);
        if (state == LOOP_TIMEOUT)
            state = loop_wait(&r->loop, arpq_resolver_fd(r->resolver), INT64_MAX);
    }
    if (state == LOOP_STOP)
        r->status = loop_interrupted(&r->loop, NOT_FOUND);
    else if (state == LOOP_FAILED)
        r->status = ERROR;
}

static void resolve_unknown(struct gateway_run *r)
{
    const struct arpq_resolve_options options = {.size = sizeof options};
    int code = arpq_resolver_open(r->t->h, &r->resolver, &options);

    if (code != 0) {
        r->status = report_kernel(r->t, "cannot resolve addresses", code);
        return;
    }
    if (loop_begin(&r->loop)) {
        add_unknown(r);
        wait_for_all(r);
        loop_end(&r->loop);
    } else {
        r->status = ERROR;
    }
    arpq_resolver_close(r->resolver);
    for (uint32_t n = 0; n < r->count; n++)
        if (gateway_is_unknown(&r->rows[n]))
            r->status = status_worst(r->status, NOT_FOUND);
}

/* ---- The list ---- */

static void select_rows(struct gateway_run *r, const struct arpq_gateways *list)
{
    const uint32_t count = arpq_gateways_count(list);

    r->rows = memory_check(calloc(count + (size_t)1, sizeof *r->rows));
    for (uint32_t n = 0; n < count; n++) {
        const struct arpq_gateway *gateway = arpq_gateways_at(list, n);

        if (r->t->ifindex == 0 || gateway->ifindex == r->t->ifindex)
            r->rows[r->count++] = *gateway;
    }
}

static void report_no_gateway(const struct tool *t)
{
    report_message("no default route%s%s%s", t->dev ? " by " : "", t->dev ? t->dev : "",
                   options_given(t, OPTION_ALL) ? "" : "; --all searches all tables");
}

static enum status run_gateway(struct tool *t, int count, char **args)
{
    const uint32_t flags = options_given(t, OPTION_ALL) ? ARPQ_GATEWAYS_ALL_TABLES : 0;
    struct gateway_run r = {.t = t, .status = FOUND};
    struct arpq_gateways *list;

    (void)count;
    (void)args;
    int code = arpq_gateways_get(t->h, t->filter.family, flags, &list);

    if (code != 0)
        return report_kernel(t, "cannot list default routes", code);
    select_rows(&r, list);
    if (arpq_gateways_flags(list) & ARPQ_GATEWAYS_INCONSISTENT)
        report_message("the routes are changing: the list may not be complete");
    arpq_gateways_free(list);
    if (options_given(t, OPTION_RESOLVE))
        resolve_unknown(&r);
    for (uint32_t n = 0; n < r.count; n++)
        (t->json ? gateway_json : gateway_print)(t, &r.rows[n]);
    if (r.count == 0) {
        report_no_gateway(t);
        r.status = status_worst(r.status, NOT_FOUND);
    }
    free(r.rows);
    return r.status;
}

static const struct option_note notes[] = {
    {OPTION_DEV, "only routes by this interface (a name, alternative name or label)"},
    {OPTION_ROWS, NULL},
};

const struct command cmd_gateway = {
    .name = "gateway",
    .synopsis = "[OPTION...]",
    .summary = "Print the default gateways with their MAC addresses",
    .help =
        "One line for each next hop of a default route; '-' stands for a route without gateway.\n"
        "The routes that the kernel uses come first, with the word 'chosen'.\n",
    .run = run_gateway,
    .takes = OPTIONS_ALWAYS | OPTIONS_FAMILY | BIT(DEV) | BIT(VENDOR) | BIT(RESOLVE) | BIT(ALL),
    .notes = notes,
};
