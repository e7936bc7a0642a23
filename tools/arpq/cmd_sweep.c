/* SPDX-License-Identifier: MIT */
/* arpq sweep [PREFIX]: which machines are up in the network? */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "arpq_tool.h"

#define PROGRESS_MS 200

enum column { IP, DEV, MAC, RTT, FLAGS, VENDOR, NAME };

struct run {
    const struct tool *t;
    struct loop loop;
    struct arpq_sweep *sweep;
    struct prefix prefix;
    uint32_t ifindex;
    char dev[ARPQ_IFNAME_SIZE]; /* its name, which it may lose meanwhile */
    bool at_once;               /* each machine is told when it answers */
    bool progress;              /* somebody looks on */
    int64_t next_progress;      /* of now_ms() */
    struct arpq_found *list;    /* not told yet */
    size_t count, room;
    bool others; /* a machine other than this one was found */
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

static void print_json(const struct tool *t, const struct arpq_found *found, int64_t names_end)
{
    const struct arpq_neigh neigh = {.ip = found->ip, .mac = found->mac, .ifindex = found->ifindex};
    struct json_object *object = json_new();
    const char *name;

    json_neigh(object, t, &neigh, false);
    if (t->names && (name = names_of(&found->ip, names_end)) != NULL)
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

static void fill(const struct run *r, char **cells, const struct arpq_found *found,
                 int64_t names_end)
{
    struct words words = {0};
    char ip[ARPQ_IP_STRLEN], mac[ARPQ_MAC_STRLEN], rtt[32];

    snprintf(rtt, sizeof rtt, "%" PRIu32 ".%03u ms", found->rtt_us / 1000, found->rtt_us % 1000);
    for (const struct number_name *f = found_flag_names; f->name; f++)
        if (found->flags & f->number)
            add_word(f->name, &words);
    grid_set(&cells[IP], bare_ip(&found->ip, ip));
    grid_set(&cells[DEV], r->dev);
    grid_set(&cells[MAC], arpq_mac_format(&found->mac, ARPQ_MAC_COLON, mac, sizeof mac));
    grid_set(&cells[RTT], found->rtt_us != 0 ? rtt : NULL);
    grid_set(&cells[FLAGS], words.text);
    if (r->t->vendor)
        grid_set(&cells[VENDOR], vendor_name(&found->mac));
    if (r->t->names)
        grid_set(&cells[NAME], names_of(&found->ip, names_end));
}

static int by_address(const void *pa, const void *pb)
{
    const struct arpq_found *a = pa, *b = pb;
    int order = arpq_ip_compare(&a->ip, &b->ip);

    return order != 0 ? order : arpq_mac_compare(&a->mac, &b->mac);
}

/* What was not told at once. */
static void print_list(const struct run *r)
{
    struct grid grid = {{"IP", "DEV", "MAC", "RTT", "FLAGS"}, NULL, 0, 0};
    int64_t names_end = now_ms() + NAMES_MS;

    if (r->count == 0)
        return;
    qsort(r->list, r->count, sizeof *r->list, by_address);
    grid.titles[VENDOR] = r->t->vendor ? "VENDOR" : NULL;
    grid.titles[NAME] = r->t->names ? "NAME" : NULL;
    for (size_t n = 0; n < r->count; n++)
        if (r->t->json)
            print_json(r->t, &r->list[n], names_end);
        else
            fill(r, grid_add(&grid), &r->list[n], names_end);
    if (!r->t->json)
        grid_print_and_free(&grid);
}

static void json_statistics(const struct arpq_sweep_stats *s)
{
    struct json_object *line = json_new(), *object = json_member(line, "statistics");
    char digits[NUMBER_STRLEN];

    json_text(object, "method", name_of(method_keys, s->method, digits));
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

/* What would be 0 all the time is left out. */
static void text_statistics(const struct run *r, const struct arpq_sweep_stats *s)
{
    char digits[NUMBER_STRLEN], *dev = escaped(r->dev, false);

    fprintf(stderr, "%" PRIu64 " found", s->found);
    if (s->targets != 0)
        fprintf(stderr, " of %" PRIu64 " address%s", s->targets, s->targets == 1 ? "" : "es");
    fprintf(stderr, " on %s by %s, %" PRIu64 " packets in %.2f s", dev,
            name_of(method_names, s->method, digits), s->sent, (double)s->duration_us / 1e6);
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

static void print_statistics(const struct run *r)
{
    struct arpq_sweep_stats stats;

    if (arpq_sweep_stats(r->sweep, &stats) != 0)
        return;
    fflush(stdout); /* they come after what was found */
    if (r->t->json)
        json_statistics(&stats);
    else
        text_statistics(r, &stats);
}

/* The line on the terminal is written over and over, and taken away before anything else
 * is written. */
static void clear_progress(const struct run *r)
{
    if (r->progress)
        fputs("\r\033[K", stderr);
}

static void print_progress(struct run *r)
{
    struct arpq_sweep_stats s;

    if (!r->progress || now_ms() < r->next_progress || arpq_sweep_stats(r->sweep, &s) != 0)
        return;
    r->next_progress = now_ms() + PROGRESS_MS;
    fprintf(stderr, "\r\033[Kround %" PRIu32 ": %" PRIu64 " packets sent, %" PRIu64 " found",
            s.attempts, s.sent, s.found);
    if (s.targets != 0)
        fprintf(stderr, " of %" PRIu64 " addresses", s.targets);
}

static enum standing tell(struct run *r, const struct arpq_found *found)
{
    if ((found->flags & ARPQ_FOUND_LOCAL) == 0)
        r->others = true;
    if (r->at_once) {
        clear_progress(r);
        print_json(r->t, found, 0);
        return loop_write(&r->loop);
    }
    if (r->count == r->room) {
        r->room = r->room == 0 ? 256 : 2 * r->room;
        r->list = not_null(realloc(r->list, r->room * sizeof *r->list));
    }
    r->list[r->count++] = *found;
    if (r->t->names)
        names_ask(&found->ip);
    return GO_ON;
}

/* STOP when it is over. */
static enum standing go_on(struct run *r)
{
    struct arpq_found found;
    int code = arpq_sweep_next(r->sweep, &found, 0);

    print_progress(r);
    if (code == 1)
        return tell(r, &found);
    if (code == 0)
        return STOP;
    if (code == -EAGAIN)
        return loop_wait(&r->loop, arpq_sweep_fd(r->sweep),
                         r->progress ? r->next_progress : INT64_MAX);
    clear_progress(r);
    report_kernel(r->t, "cannot sweep any further", code);
    return FAILED;
}

/* What was found before a failure or a signal is told like everything else. */
static enum verdict sweep(struct run *r)
{
    enum standing standing = GO_ON;

    if (!loop_begin(&r->loop))
        return ERROR;
    while (standing == GO_ON || standing == NOTHING)
        standing = go_on(r);
    clear_progress(r);
    loop_end(&r->loop);
    if (!r->loop.unread) {
        print_list(r);
        print_statistics(r);
    }
    if (standing == FAILED)
        return ERROR;
    return r->others ? FOUND : NOT_FOUND;
}

static enum verdict report_open(const struct tool *t, const struct prefix *prefix, int code)
{
    char ip[ARPQ_IP_STRLEN], text[ARPQ_IP_STRLEN + 4];
    struct failure f = {"prefix", text, code, NULL, arpq_detail(t->h)};

    snprintf(text, sizeof text, "%s/%u", bare_ip(&prefix->ip, ip), prefix->length);
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
    return report(t->json, &f);
}

/* A prefix that was given, or the network that is meant without one. */
static enum verdict take_network(const struct tool *t, const char *text, struct prefix *prefix,
                                 uint32_t *ifindex)
{
    const uint16_t family = t->filter.family;

    if (!text)
        return choose_network(t, family != 0 ? family : AF_INET, ifindex, prefix);
    enum verdict verdict = parse_prefix(text, prefix);
    *ifindex = t->ifindex != 0 ? t->ifindex : prefix->ip.scope;
    if (verdict != FOUND)
        return verdict;
    if (family != 0 && family != prefix->ip.family)
        return wrong_usage("the prefix is of the family that -4 or -6 leaves out");
    if (prefix->ip.scope != 0 && prefix->ip.scope != *ifindex)
        return wrong_usage("the scope of the prefix and --dev name different interfaces");
    prefix->ip.scope = 0;
    return FOUND;
}

/* A time of 0 would mean the default to the library. */
static bool take_options(const struct tool *t, struct arpq_sweep_options *options)
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

enum verdict cmd_sweep(const struct tool *t, int count, char **args)
{
    struct run r = {.t = t, .at_once = t->json && !t->names};
    struct arpq_sweep_options options;

    if (!take_options(t, &options))
        return wrong_usage("a sweep waits for up to 60 seconds");
    enum verdict verdict = take_network(t, count > 0 ? args[0] : NULL, &r.prefix, &r.ifindex);
    if (verdict != FOUND)
        return verdict;
    r.progress = isatty(STDERR_FILENO) == 1;
    options.ifindex = r.ifindex;
    int code = arpq_sweep_open(t->h, &r.sweep, &r.prefix.ip, r.prefix.length, &options);
    if (code != 0)
        return report_open(t, &r.prefix, code);
    struct arpq_sweep_stats stats;
    if (arpq_sweep_stats(r.sweep, &stats) == 0 && stats.ifindex != 0)
        device_name(t, stats.ifindex, r.dev);
    verdict = sweep(&r);
    arpq_sweep_close(r.sweep);
    free(r.list);
    return verdict;
}
