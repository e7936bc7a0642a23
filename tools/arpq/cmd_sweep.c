/* SPDX-License-Identifier: MIT */
/* arpq sweep [TARGET...]: finds the hosts of a network. */
#include "cmd_sweep.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clock.h"
#include "devices.h"
#include "host_names.h"
#include "loop.h"
#include "memory.h"
#include "network.h"
#include "options.h"
#include "report.h"
#include "sweep_error.h"
#include "sweep_list.h"
#include "sweep_stats.h"
#include "targets.h"
#include "values.h"

#define PROGRESS_MS 200
#define FIRST_ESTIMATE_MS 500 /* of the time that is left */
#define MOST_ADDRESSES 65536  /* the limit without --force */
#define MOST_AT_ONCE 16       /* sweeps that run at a time, one for each prefix */
#define RATE 2000             /* the library's default, in packets per second */

struct sweep_run {
    const struct tool *t;
    struct loop loop;
    struct arpq_sweep_options options;
    struct targets targets, excluded;
    uint64_t addresses; /* number of addresses of all targets */
    size_t next;        /* index of the next target to start */
    struct arpq_sweep *sweeps[MOST_AT_ONCE];
    size_t running;
    struct sweep_stats ended; /* statistics of the sweeps that have ended */
    struct devices devices;
    bool at_once;            /* print each host when it answers */
    bool progress;           /* stderr is a terminal */
    int64_t started;         /* in clock_ms() */
    int64_t next_progress;   /* in clock_ms() */
    struct arpq_found *list; /* found hosts that are not printed yet */
    size_t count, capacity;
    enum status status;    /* of the targets that are no addresses or whose sweeps did not start */
    const char *not_begun; /* the text of the last target whose sweep did not start, and why */
    int not_begun_code;
};

/* ---- Statistics ---- */

/* Returns the sum over the sweeps that have ended and the sweeps that are running. */
static struct sweep_stats current_stats(struct sweep_run *r)
{
    struct sweep_stats all = r->ended;
    struct arpq_sweep_stats one;

    for (size_t i = 0; i < r->running; i++)
        if (arpq_sweep_stats(r->sweeps[i], &one) == 0)
            sweep_stats_add(&all, &one);
    all.sum.duration_us = (uint64_t)(clock_ms() - r->started) * 1000;
    all.sum.finished = all.sum.finished && r->running == 0 && r->next == r->targets.count;
    if (all.sum.ifindex != 0)
        all.dev = devices_find(&r->devices, r->t, all.sum.ifindex)->name;
    return all;
}

static void print_sweep_statistics(struct sweep_run *r)
{
    const struct sweep_stats all = current_stats(r);

    sweep_stats_print(&all, r->t->json);
}

/* ---- Progress ---- */

/* Each progress line overwrites the previous one. The line is erased before other output. */
static void clear_progress(const struct sweep_run *r)
{
    if (r->progress)
        fputs("\r\033[K", stderr);
}

/* Returns the greatest length of the progress line: a line wider than the terminal could not be
 * erased. */
static int terminal_width(void)
{
    struct winsize size;

    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1 : 79;
}

/* Writes the time until each address has been asked for twice at the rate until now, except those
 * that answered: losses need more requests. Writes nothing before there is a rate. */
static void write_time_left(const struct sweep_run *r, const struct sweep_stats *all, char *text,
                            size_t size)
{
    const uint64_t elapsed_ms = (uint64_t)(clock_ms() - r->started), sent = all->sum.sent;
    const uint64_t addresses = r->addresses < UINT32_MAX ? r->addresses : UINT32_MAX;
    const uint64_t again =
        r->t->attempts == 1 || all->others > addresses ? 0 : addresses - all->others;
    const uint64_t requests = addresses + again;

    if (sent != 0 && sent < requests && elapsed_ms >= FIRST_ESTIMATE_MS)
        snprintf(text, size, ", about %" PRIu64 " s left",
                 (requests - sent) * elapsed_ms / sent / 1000 + 1);
}

static void print_progress(struct sweep_run *r)
{
    char text[160], left[48] = "";

    if (!r->progress || clock_ms() < r->next_progress)
        return;
    const struct sweep_stats all = current_stats(r);
    r->next_progress = clock_ms() + PROGRESS_MS;
    write_time_left(r, &all, left, sizeof left);
    snprintf(text, sizeof text,
             "round %" PRIu32 ": %" PRIu64 " packets sent, %" PRIu64 " found of %" PRIu64
             " addresses%s",
             all.sum.attempts, all.sum.sent, all.others, r->addresses, left);
    fprintf(stderr, "\r\033[K%.*s", terminal_width(), text);
}

/* ---- The sweeps ---- */

static enum loop_state add_found(struct sweep_run *r, const struct arpq_found *found)
{
    if (targets_contain(&r->excluded, &found->ip))
        return LOOP_CONTINUE;
    if (found->flags & ARPQ_FOUND_LOCAL)
        r->ended.own++;
    else if ((found->flags & ARPQ_FOUND_DUPLICATE) == 0)
        r->ended.others++;
    if (r->t->quiet)
        return LOOP_CONTINUE;
    if (r->at_once) {
        clear_progress(r);
        sweep_list_print_json(r->t, found, 0);
        return loop_write(&r->loop);
    }
    if (r->count == r->capacity) {
        r->capacity = r->capacity == 0 ? 256 : 2 * r->capacity;
        r->list = memory_check(realloc(r->list, r->capacity * sizeof *r->list));
    }
    r->list[r->count++] = *found;
    if (r->t->names)
        host_names_ask(&found->ip);
    return LOOP_CONTINUE;
}

/* Each sweep gets a part of the rate, in proportion to its number of addresses. */
static uint32_t rate_of(const struct sweep_run *r, const struct prefix *prefix)
{
    const uint64_t rate = r->t->rate != 0 ? r->t->rate : RATE;
    const uint64_t part = rate * targets_size(prefix) / (r->addresses != 0 ? r->addresses : 1);

    if (r->targets.count == 1)
        return (uint32_t)r->t->rate;
    return part != 0 ? (uint32_t)part : 1;
}

static bool can_start(const struct sweep_run *r)
{
    return r->running < MOST_AT_ONCE && r->next < r->targets.count;
}

/* A range consists of several prefixes, which are reported as one. */
static void report_not_begun(struct sweep_run *r, const struct prefix *prefix, int code)
{
    if (prefix->text && prefix->text == r->not_begun && code == r->not_begun_code)
        return;
    r->not_begun = prefix->text;
    r->not_begun_code = code;
    clear_progress(r);
    r->status = status_worst(r->status, sweep_error_report(r->t, prefix, code));
}

/* The other targets are swept all the same. */
static void start_sweep(struct sweep_run *r)
{
    struct prefix prefix = r->targets.prefixes[r->next++];
    struct arpq_sweep_options options = r->options;

    if (r->t->ifindex != 0 && prefix.ip.scope != 0 && prefix.ip.scope != r->t->ifindex) {
        r->status = report_usage("the scope of the prefix and --dev name different interfaces");
        return;
    }
    if (prefix.ip.scope != 0)
        options.ifindex = prefix.ip.scope;
    prefix.ip.scope = 0;
    if (prefix.ip.family == AF_INET6) /* a long one costs an echo request to all nodes */
        options.flags |= ARPQ_SWEEP_FORCE;
    options.rate = rate_of(r, &prefix);
    int code =
        arpq_sweep_open(r->t->h, &r->sweeps[r->running], &prefix.ip, prefix.length, &options);
    if (code != 0)
        report_not_begun(r, &prefix, code);
    else
        r->running++;
}

static void end_sweep(struct sweep_run *r, size_t i)
{
    struct arpq_sweep_stats stats;

    if (arpq_sweep_stats(r->sweeps[i], &stats) == 0)
        sweep_stats_add(&r->ended, &stats);
    arpq_sweep_close(r->sweeps[i]);
    r->sweeps[i] = r->sweeps[--r->running];
}

/* Takes the hosts that one sweep has found. Returns LOOP_STOP if the sweep has ended. */
static enum loop_state take_found(struct sweep_run *r, struct arpq_sweep *sweep)
{
    for (;;) {
        struct arpq_found found;
        int code = arpq_sweep_next(sweep, &found, 0);
        enum loop_state state = LOOP_CONTINUE;

        print_progress(r);
        if (code == -ENODATA)
            return LOOP_STOP;
        if (code == 0)
            return LOOP_TIMEOUT;
        if (code < 0) {
            clear_progress(r);
            report_kernel(r->t, "cannot go on sweeping", code);
            return LOOP_FAILED;
        }
        state = add_found(r, &found);
        if (state == LOOP_STOP)
            /* A signal interrupted the output: start no further sweep. */
            r->next = r->targets.count;
        if (state != LOOP_CONTINUE)
            return state == LOOP_STOP ? LOOP_TIMEOUT : state;
    }
}

static bool is_interrupted(const struct sweep_run *r)
{
    return r->loop.signal != 0 || r->loop.unread;
}

/* Takes the hosts that all sweeps have found. Returns false after a failure. */
static bool take_all_found(struct sweep_run *r)
{
    for (size_t i = 0; i < r->running && !is_interrupted(r);) {
        const enum loop_state state = take_found(r, r->sweeps[i]);

        if (state == LOOP_FAILED)
            return false;
        if (state == LOOP_STOP)
            end_sweep(r, i);
        else
            i++;
    }
    return true;
}

static enum loop_state wait_for_sweeps(struct sweep_run *r)
{
    int fds[MOST_AT_ONCE];

    for (size_t i = 0; i < r->running; i++)
        fds[i] = arpq_sweep_fd(r->sweeps[i]);
    return loop_wait_many(&r->loop, fds, (int)r->running,
                          r->progress ? r->next_progress : INT64_MAX);
}

/* Runs all sweeps until they end or a signal arrives. Returns ERROR if a running sweep failed.
 * Opening a sweep takes longer than an answer does, so the running sweeps are served before
 * the next one is opened. */
static enum status run_sweeps(struct sweep_run *r)
{
    while (!is_interrupted(r) && (r->running != 0 || can_start(r))) {
        enum loop_state state = LOOP_CONTINUE;

        if (can_start(r))
            start_sweep(r);
        if (!take_all_found(r))
            return ERROR;
        if (!can_start(r) && r->running != 0 && !is_interrupted(r))
            state = wait_for_sweeps(r);
        if (state == LOOP_FAILED)
            return ERROR;
        if (state == LOOP_STOP)
            break;
    }
    return FOUND;
}

/* Also prints the hosts that were found before a failure or a signal. */
static enum status sweep_targets(struct sweep_run *r)
{
    if (!loop_begin(&r->loop))
        return ERROR;
    r->started = clock_ms();
    enum status status = run_sweeps(r);
    const bool any = r->running != 0 || r->ended.sum.method != 0;
    clear_progress(r);
    loop_end(&r->loop);
    if (!r->loop.unread && any) {
        sweep_list_print(r->t, &r->devices, r->list, r->count);
        print_sweep_statistics(r);
    }
    while (r->running > 0)
        arpq_sweep_close(r->sweeps[--r->running]);
    if (status != FOUND)
        return status;
    status = status_worst(r->status, r->ended.others != 0 ? FOUND : NOT_FOUND);
    return loop_interrupted(&r->loop, status);
}

/* ---- Arguments ---- */

/* Takes the targets from the arguments. If there are no arguments, chooses a network. */
static enum status choose_targets(struct sweep_run *r, int count, char **args)
{
    const struct tool *t = r->t;
    enum status status = FOUND;

    if (count == 0) {
        struct prefix prefix;

        status = network_choose(t, t->filter.family != 0 ? t->filter.family : AF_INET,
                                &r->options.ifindex, &prefix);
        if (status == FOUND)
            targets_add_prefix(&r->targets, &prefix);
        /* Only an interface that the user named takes precedence over the routes. */
        if (prefix.ip.family == AF_INET)
            r->options.ifindex = t->ifindex;
    }
    for (int i = 0; i < count; i++)
        r->status = status_worst(r->status, targets_add(t, &r->targets, args[i]));
    if (count != 0 && r->targets.count == 0)
        return r->status;
    for (uint32_t i = 0; i < t->exclude_count && status == FOUND; i++) {
        status = targets_remove(t, &r->targets, t->excludes[i]);
        if (status == FOUND)
            status = targets_add(t, &r->excluded, t->excludes[i]);
    }
    if (status == FOUND && r->targets.count == 0)
        return report_usage("--exclude leaves no address to ask for");
    for (size_t i = 0; i < r->targets.count; i++)
        r->addresses += targets_size(&r->targets.prefixes[i]);
    if (status == FOUND && r->targets.count > 1 && r->addresses > MOST_ADDRESSES &&
        !options_given(t, OPTION_FORCE))
        return report_usage("more than %d addresses; --force sweeps them all the same",
                            MOST_ADDRESSES);
    return status;
}

/* For the library, a time of 0 means its default. Therefore 0 becomes 1 ms. */
static bool take_sweep_options(const struct tool *t, struct arpq_sweep_options *options)
{
    *options = (struct arpq_sweep_options){
        .size = sizeof *options, .flags = t->sweep_flags, .ifindex = t->ifindex};
    options->attempts = (uint32_t)t->attempts;
    options->source = t->source;
    options->vlan = (uint32_t)t->vlan;
    if (t->timeout_ms > 60000)
        return false;
    if (t->timeout_ms >= 0)
        options->answer_ms = t->timeout_ms == 0 ? 1 : (uint32_t)t->timeout_ms;
    return true;
}

static enum status run_sweep(struct tool *t, int count, char **args)
{
    struct sweep_run r = {.t = t, .at_once = t->json && !t->names};
    uint32_t ifindex;

    /* If the only argument is an interface, sweep the network of that interface. */
    if (count == 1 && !t->dev && arpq_interface_index(t->h, args[0], &ifindex) == 0) {
        t->dev = args[0];
        t->ifindex = ifindex;
        count = 0;
    }

    if (!take_sweep_options(t, &r.options))
        return report_usage("--timeout: a sweep waits for at most 60 seconds");
    if (t->source.family == AF_INET6)
        return report_value("--source", t->source_text, "not an IPv4 address");
    enum status status = choose_targets(&r, count, args);
    r.progress = isatty(STDERR_FILENO) == 1;
    if (status == FOUND)
        status = sweep_targets(&r);
    devices_free(&r.devices);
    targets_free(&r.targets);
    targets_free(&r.excluded);
    free(r.list);
    return status;
}

static const struct option_note notes[] = {
    {OPTION_SOURCE, "ask from this IPv4 address"},
    {OPTION_TIMEOUT, "wait so long for an answer after the last packet, up to 60"},
    {OPTION_ROWS, NULL},
};

const struct command cmd_sweep = {
    .name = "sweep",
    .synopsis = "[OPTION...] [TARGET...]",
    .summary = "Find the hosts that are up in a network",
    .help = "TARGET is a prefix (192.0.2.0/24), a netmask (192.0.2.0/255.255.255.0), a range\n"
            "(192.0.2.1-192.0.2.9, 192.0.2.1-9), an address, the name of a host, or a list of\n"
            "these with commas. Without one it is the network of --dev, or of the default route.\n"
            "With CAP_NET_RAW it asks by ARP requests of its own, otherwise through the kernel.\n",
    .run = run_sweep,
    .most = INT_MAX,
    .takes = OPTIONS_ALWAYS | BIT(DEV) | OPTIONS_FAMILY | OPTIONS_PEOPLE | BIT(SOURCE) |
             BIT(EXCLUDE) | BIT(VLAN) | BIT(RATE) | BIT(ATTEMPTS) | BIT(TIMEOUT) | BIT(FORCE) |
             BIT(NO_SOURCE) | BIT(NO_RAW) | BIT(QUIET),
    .notes = notes,
};
