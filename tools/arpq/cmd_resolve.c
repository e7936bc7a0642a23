/* SPDX-License-Identifier: MIT */
/* arpq resolve IP...: the link-layer address, which the kernel finds out if need be. Many
 * addresses are asked for at a time, and told as they become known. */
#include <errno.h>

#include "arpq_tool.h"

struct run {
    const struct tool *t;
    struct loop loop;
    struct arpq_resolver *resolver;
    char **args; /* the token of an address is its number among them */
    enum verdict verdict;
};

static void print_json(const struct tool *t, const char *asked, const struct arpq_resolved *result)
{
    struct json_object *object = json_new();

    json_neigh(object, t, &result->neigh, true);
    if (!same_bare_ip(&result->neigh.ip, &result->ip))
        json_text(object, "asked", asked);
    json_number(object, "took_us", result->took_us);
    json_print(object);
}

static void tell(struct run *r, const struct arpq_resolved *result)
{
    const char *asked = r->args[result->token];

    if (result->code != 0)
        r->verdict = worst(r->verdict, report_address(r->t, asked, &result->ip, result->code));
    else if (r->t->json)
        print_json(r->t, asked, result);
    else
        print_answer(r->t, asked, &result->neigh.mac);
}

static enum standing take_result(struct run *r)
{
    struct arpq_resolved result;
    int code = arpq_resolver_next(r->resolver, &result, 0);

    if (code < 0) {
        report_kernel(r->t, "cannot resolve any further", code);
        return FAILED;
    }
    if (code == 0)
        return NOTHING;
    tell(r, &result);
    return loop_write(&r->loop);
}

/* Who ends it early has not been told of every address. */
static void wait_for_all(struct run *r)
{
    enum standing standing = GO_ON;

    while (arpq_resolver_pending(r->resolver) != 0 && (standing == GO_ON || standing == NOTHING)) {
        standing = take_result(r);
        if (standing == NOTHING)
            standing = loop_wait(&r->loop, arpq_resolver_fd(r->resolver), INT64_MAX);
    }
    if (standing == STOP)
        r->verdict = worst(r->verdict, NOT_FOUND);
    else if (standing == FAILED)
        r->verdict = ERROR;
}

static void add_all(struct run *r, int count)
{
    for (int i = 0; i < count; i++) {
        struct arpq_ip ip;
        enum verdict verdict = take_address(r->t, r->args[i], &ip);
        int code =
            verdict == FOUND ? arpq_resolver_add(r->resolver, &ip, r->t->ifindex, (uint64_t)i) : 0;

        if (code != 0)
            verdict = report_address(r->t, r->args[i], &ip, code);
        r->verdict = worst(r->verdict, verdict);
    }
}

/* A time of 0 would mean the default to the library. */
static bool take_times(const struct tool *t, struct arpq_resolve_options *options)
{
    if (t->timeout_ms > INT32_MAX || t->max_age_ms > UINT32_MAX)
        return false;
    if (t->timeout_ms >= 0)
        options->timeout_ms = t->timeout_ms == 0 ? 1 : (int32_t)t->timeout_ms;
    if (t->max_age_ms >= 0)
        options->max_age_ms = t->max_age_ms == 0 ? 1 : (uint32_t)t->max_age_ms;
    return true;
}

enum verdict cmd_resolve(const struct tool *t, int count, char **args)
{
    struct arpq_resolve_options options = {.size = sizeof options, .flags = t->resolve_flags};
    struct run r = {.t = t, .args = args, .verdict = FOUND};

    if (!take_times(t, &options))
        return wrong_usage("a time is too long");
    int code = arpq_resolver_open(t->h, &r.resolver, &options);
    if (code != 0)
        return report_kernel(t, "cannot resolve addresses", code);
    if (loop_begin(&r.loop)) {
        add_all(&r, count);
        wait_for_all(&r);
        loop_end(&r.loop);
    } else {
        r.verdict = ERROR;
    }
    arpq_resolver_close(r.resolver);
    return r.verdict;
}
