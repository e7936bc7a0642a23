/* SPDX-License-Identifier: MIT */
/* arpq sweep [PREFIX]: finds the hosts of a network. */
#include "cmd_sweep.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "address.h"
#include "clock.h"
#include "device.h"
#include "escape.h"
#include "grid.h"
#include "host_names.h"
#include "json.h"
#include "loop.h"
#include "memory.h"
#include "neigh.h"
#include "network.h"
#include "number_name.h"
#include "report.h"
#include "usage.h"
#include "values.h"
#include "vendor.h"
#include "words.h"

#define PROGRESS_MS 200

enum column { IP, DEV, MAC, RTT, FLAGS, VENDOR, NAME };

struct sweep_run {
    const struct tool *t;
    struct loop loop;
    struct arpq_sweep *sweep;
    struct prefix prefix;
    uint32_t ifindex;
    char dev[ARPQ_IFNAME_SIZE]; /* its name at the start of the sweep */
    bool at_once;               /* print each host when it answers */
    bool progress;              /* stderr is a terminal */
    int64_t next_progress;      /* in clock_ms() */
    struct arpq_found *list;    /* not printed yet */
    size_t count, capacity;
    bool others; /* a host other than this machine was found */
};

static const struct number_name found_flag_names[] = {
    {ARPQ_FOUND_LOCAL, "local"},
    {ARPQ_FOUND_DUPLICATE, "duplicate"},
    {ARPQ_FOUND_UNASKED, "unasked"},
    {ARPQ_FOUND_TABLE, "table"},
    {0, NULL},
};

static const struct number_name method_names[] = {
    {ARPQ_SWEEP_BY_ARP, "ARP"},
    {ARPQ_SWEEP_BY_RESOLVE, "the kernel's resolution"},
    {ARPQ_SWEEP_BY_ECHO, "echo request to all nodes"},
    {ARPQ_SWEEP_BY_TABLE, "the neighbour table alone"},
    {0, NULL},
};

static const struct number_name method_keys[] = {
    {ARPQ_SWEEP_BY_ARP, "arp"},
    {ARPQ_SWEEP_BY_RESOLVE, "resolve"},
    {ARPQ_SWEEP_BY_ECHO, "echo"},
    {ARPQ_SWEEP_BY_TABLE, "table"},
    {0, NULL},
};

static void print_json_found(const struct tool *t, const struct arpq_found *found,
                             int64_t names_deadline)
{
    const struct arpq_neigh neigh = {.ip = found->ip, .mac = found->mac, .ifindex = found->ifindex};
    struct json_object *object = json_new();
    const char *name;

    neigh_json(object, t, &neigh, false);
    if (t->names && (name = host_names_find(&found->ip, names_deadline)) != NULL)
        json_text(object, "name", name);
    for (const struct number_name *f = found_flag_names; f->name; f++)
        if (found->flags & f->number)
            json_true(object, f->name);
    if (found->attempt != 0) {
        json_number(object, "attempt", found->attempt);
        json_number(object, "rtt_us", found->rtt_us);
    }
    json_print(object);
}

static void fill_found(const struct sweep_run *r, char **cells, const struct arpq_found *found,
                       int64_t names_deadline)
{
    struct words words = {0};
    char ip[ARPQ_IP_STRLEN], mac[ARPQ_MAC_STRLEN], rtt[32];

    snprintf(rtt, sizeof rtt, "%" PRIu32 ".%03u ms", found->rtt_us / 1000, found->rtt_us % 1000);
    for (const struct number_name *f = found_flag_names; f->name; f++)
        if (found->flags & f->number)
            words_add(f->name, &words);
    grid_set(&cells[IP], address_format(&found->ip, ip));
    grid_set(&cells[DEV], r->dev);
    grid_set(&cells[MAC], arpq_mac_format(&found->mac, ARPQ_MAC_COLON, mac, sizeof mac));
    grid_set(&cells[RTT], found->rtt_us != 0 ? rtt : NULL);
    grid_set(&cells[FLAGS], words.text);
    if (r->t->vendor)
        grid_set(&cells[VENDOR], vendor_name(&found->mac));
    if (r->t->names)
        grid_set(&cells[NAME], host_names_find(&found->ip, names_deadline));
}

static int compare_found(const void *pa, const void *pb)
{
    const struct arpq_found *a = pa, *b = pb;
    int order = arpq_ip_compare(&a->ip, &b->ip);

    return order != 0 ? order : arpq_mac_compare(&a->mac, &b->mac);
}

/* Prints the hosts that were not printed when they answered. */
static void print_list(const struct sweep_run *r)
{
    struct grid grid = {{"IP", "DEV", "MAC", "RTT", "FLAGS"}, NULL, 0, 0};
    int64_t names_deadline = clock_ms() + HOST_NAMES_MS;

    if (r->count == 0)
        return;
    qsort(r->list, r->count, sizeof *r->list, compare_found);
    grid.titles[VENDOR] = r->t->vendor ? "VENDOR" : NULL;
    grid.titles[NAME] = r->t->names ? "NAME" : NULL;
    for (size_t n = 0; n < r->count; n++)
        if (r->t->json)
            print_json_found(r->t, &r->list[n], names_deadline);
        else
            fill_found(r, grid_add(&grid), &r->list[n], names_deadline);
    if (!r->t->json)
        grid_print_and_free(&grid);
}

static void print_json_sweep_statistics(const struct arpq_sweep_stats *s)
{
    struct json_object *line = json_new(), *object = json_member(line, "statistics");
    char digits[NUMBER_STRLEN];

    json_text(object, "method", number_name_text(method_keys, s->method, digits));
    json_number(object, "targets", s->targets);
    json_number(object, "found", s->found);
    json_number(object, "duplicates", s->duplicates);
    json_number(object, "sent", s->sent);
    json_number(object, "received", s->received);
    json_number(object, "dropped", s->dropped);
    json_number(object, "malformed", s->malformed);
    json_number(object, "deferred", s->deferred);
    json_number(object, "duration_us", s->duration_us);
    json_number(object, "attempts", s->attempts);
    json_number(object, "loss_ppm", s->loss_ppm);
    json_number(object, "missed_ppm", s->missed_ppm);
    json_number(object, "finished", s->finished);
    json_print(line);
}

/* Counters that are usually 0 are printed only when they are not. */
static void print_text_sweep_statistics(const struct sweep_run *r, const struct arpq_sweep_stats *s)
{
    char digits[NUMBER_STRLEN], *dev = escape_text(r->dev, false);

    fprintf(stderr, "%" PRIu64 " found", s->found);
    if (s->targets != 0)
        fprintf(stderr, " of %" PRIu64 " address%s", s->targets, s->targets == 1 ? "" : "es");
    fprintf(stderr, " on %s by %s, %" PRIu64 " packets in %.2f s", dev,
            number_name_text(method_names, s->method, digits), s->sent,
            (double)s->duration_us / 1e6);
    if (s->duplicates != 0)
        fprintf(stderr, ", %" PRIu64 " from a second machine", s->duplicates);
    if (s->loss_ppm != 0)
        fprintf(stderr, ", %.1f%% lost", s->loss_ppm / 1e4);
    if (s->finished && s->missed_ppm != 0)
        fprintf(stderr, " (%.4f%% of the machines may be missing)", s->missed_ppm / 1e4);
    if (s->dropped != 0)
        fprintf(stderr, ", %" PRIu64 " answers dropped", s->dropped);
    fputs(s->finished ? "\n" : ", not finished\n", stderr);
    free(dev);
}

static void print_sweep_statistics(const struct sweep_run *r)
{
    struct arpq_sweep_stats stats;

    if (arpq_sweep_stats(r->sweep, &stats) != 0)
        return;
    fflush(stdout); /* statistics follow the hosts */
    if (r->t->json)
        print_json_sweep_statistics(&stats);
    else
        print_text_sweep_statistics(r, &stats);
}

/* The progress line is overwritten in place, and erased before other output. */
static void clear_progress(const struct sweep_run *r)
{
    if (r->progress)
        fputs("\r\033[K", stderr);
}

static void print_progress(struct sweep_run *r)
{
    struct arpq_sweep_stats s;

    if (!r->progress || clock_ms() < r->next_progress || arpq_sweep_stats(r->sweep, &s) != 0)
        return;
    r->next_progress = clock_ms() + PROGRESS_MS;
    fprintf(stderr, "\r\033[Kround %" PRIu32 ": %" PRIu64 " packets sent, %" PRIu64 " found",
            s.attempts, s.sent, s.found);
    if (s.targets != 0)
        fprintf(stderr, " of %" PRIu64 " addresses", s.targets);
}

static enum loop_state add_found(struct sweep_run *r, const struct arpq_found *found)
{
    if ((found->flags & ARPQ_FOUND_LOCAL) == 0)
        r->others = true;
    if (r->at_once) {
        clear_progress(r);
        print_json_found(r->t, found, 0);
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

/* Returns LOOP_STOP at the end of the sweep. */
static enum loop_state sweep_step(struct sweep_run *r)
{
    struct arpq_found found;
    int code = arpq_sweep_next(r->sweep, &found, 0);

    print_progress(r);
    if (code == 1)
        return add_found(r, &found);
    if (code == 0)
        return LOOP_STOP;
    if (code == -EAGAIN)
        return loop_wait(&r->loop, arpq_sweep_fd(r->sweep),
                         r->progress ? r->next_progress : INT64_MAX);
    clear_progress(r);
    report_kernel(r->t, "cannot sweep any further", code);
    return LOOP_FAILED;
}

/* Hosts found before a failure or a signal are printed too. */
static enum status run_sweep(struct sweep_run *r)
{
    enum loop_state state = LOOP_CONTINUE;

    if (!loop_begin(&r->loop))
        return ERROR;
    while (state == LOOP_CONTINUE || state == LOOP_TIMEOUT)
        state = sweep_step(r);
    clear_progress(r);
    loop_end(&r->loop);
    if (!r->loop.unread) {
        print_list(r);
        print_sweep_statistics(r);
    }
    if (state == LOOP_FAILED)
        return ERROR;
    return r->others ? FOUND : NOT_FOUND;
}

static enum status report_sweep_error(const struct tool *t, const struct prefix *prefix, int code)
{
    char ip[ARPQ_IP_STRLEN], text[ARPQ_IP_STRLEN + 4];
    struct failure f = {"prefix", text, code, NULL, arpq_detail(t->h)};

    snprintf(text, sizeof text, "%s/%u", address_format(&prefix->ip, ip), prefix->length);
    if (code == -E2BIG)
        f.message = "more addresses than 65536 (see --force)";
    else if (code == -EADDRNOTAVAIL && prefix->ip.family == AF_INET)
        f.message = "the interface has no address to ask from (see --no-source)";
    else if (code == -EADDRNOTAVAIL)
        f.message = "the interface has no IPv6 address to ask from";
    else if (code == -EINVAL)
        f.message = prefix->length == 0 ? "everyone on which link? Name its interface with --dev"
                                        : "groups, or link-local addresses without an interface";
    else if (code == -EOPNOTSUPP)
        f.message = "the interface has no neighbours: its link has no addresses, or no ARP";
    return report_failure(t->json, &f);
}

/* Takes the prefix from text, or chooses a network when text is NULL. */
static enum status choose_target(const struct tool *t, const char *text, struct prefix *prefix,
                                 uint32_t *ifindex)
{
    const uint16_t family = t->filter.family;

    if (!text)
        return network_choose(t, family != 0 ? family : AF_INET, ifindex, prefix);
    enum status status = value_prefix(text, prefix);
    *ifindex = t->ifindex != 0 ? t->ifindex : prefix->ip.scope;
    if (status != FOUND)
        return status;
    if (family != 0 && family != prefix->ip.family)
        return usage_error("the prefix is of the family that -4 or -6 leaves out");
    if (prefix->ip.scope != 0 && prefix->ip.scope != *ifindex)
        return usage_error("the scope of the prefix and --dev name different interfaces");
    prefix->ip.scope = 0;
    return FOUND;
}

/* The library takes a time of 0 for its default, so 0 becomes 1 ms. */
static bool take_sweep_options(const struct tool *t, struct arpq_sweep_options *options)
{
    *options = (struct arpq_sweep_options){.size = sizeof *options, .flags = t->sweep_flags};
    options->rate = (uint32_t)t->rate;
    options->attempts = (uint32_t)t->attempts;
    if (t->timeout_ms > 60000)
        return false;
    if (t->timeout_ms >= 0)
        options->timeout_ms = t->timeout_ms == 0 ? 1 : (uint32_t)t->timeout_ms;
    return true;
}

enum status cmd_sweep(const struct tool *t, int count, char **args)
{
    struct sweep_run r = {.t = t, .at_once = t->json && !t->names};
    struct arpq_sweep_options options;

    if (!take_sweep_options(t, &options))
        return usage_error("a sweep waits for up to 60 seconds");
    enum status status = choose_target(t, count > 0 ? args[0] : NULL, &r.prefix, &r.ifindex);
    if (status != FOUND)
        return status;
    r.progress = isatty(STDERR_FILENO) == 1;
    options.ifindex = r.ifindex;
    int code = arpq_sweep_open(t->h, &r.sweep, &r.prefix.ip, r.prefix.length, &options);
    if (code != 0)
        return report_sweep_error(t, &r.prefix, code);
    struct arpq_sweep_stats stats;
    if (arpq_sweep_stats(r.sweep, &stats) == 0 && stats.ifindex != 0)
        device_name(t, stats.ifindex, r.dev);
    status = run_sweep(&r);
    arpq_sweep_close(r.sweep);
    free(r.list);
    return status;
}
