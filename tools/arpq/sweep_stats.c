/* SPDX-License-Identifier: MIT */
#include "sweep_stats.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "escape.h"
#include "flush.h"
#include "json.h"
#include "number_name.h"
#include "targets.h"

static const struct number_name method_names[] = {
    {ARPQ_SWEEP_BY_ARP, "ARP"},
    {ARPQ_SWEEP_BY_RESOLVE, "the kernel's resolution"},
    {ARPQ_SWEEP_BY_ECHO, "echo request to all nodes"},
    {ARPQ_SWEEP_BY_TABLE, "the neighbour table alone"},
    {0, NULL},
};

void sweep_stats_add(struct sweep_stats *all, const struct arpq_sweep_stats *s)
{
    struct arpq_sweep_stats *sum = &all->sum;
    const bool first = sum->method == 0;

    all->mixed = all->mixed || (!first && (sum->method != s->method || sum->ifindex != s->ifindex));
    sum->method = s->method;
    sum->ifindex = s->ifindex;
    sum->finished = (first || sum->finished) && s->finished;
    sum->targets += s->targets;
    sum->duplicates += s->duplicates;
    sum->sent += s->sent;
    sum->received += s->received;
    sum->dropped += s->dropped;
    sum->malformed += s->malformed;
    sum->deferred += s->deferred;
    if (s->attempts > sum->attempts)
        sum->attempts = s->attempts;
    if (s->loss_ppm > sum->loss_ppm)
        sum->loss_ppm = s->loss_ppm;
    if (s->waited_ms > sum->waited_ms)
        sum->waited_ms = s->waited_ms;
    if (s->missed_ppm > sum->missed_ppm)
        sum->missed_ppm = s->missed_ppm;
}

static void print_json_sweep_statistics(const struct sweep_stats *all)
{
    struct json_object *line = json_new(), *object = json_member(line, "statistics");
    const struct arpq_sweep_stats *s = &all->sum;
    char digits[NUMBER_STRLEN];

    json_text(object, "method",
              all->mixed ? "mixed"
                         : number_name_lower(ARPQ_NAMES_SWEEP_METHOD, s->method, '_', digits));
    json_number(object, "targets", s->targets);
    json_number(object, "found", all->others);
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
    json_number(object, "waited_ms", s->waited_ms);
    json_number(object, "finished", s->finished);
    json_print(line);
}

static void print_count(const char *before, uint64_t count, const char *one, const char *many)
{
    fprintf(stderr, "%s%" PRIu64 " %s", before, count, count == 1 ? one : many);
}

static void print_method(const struct sweep_stats *all)
{
    char digits[NUMBER_STRLEN], *dev;

    if (all->mixed || all->sum.ifindex == 0)
        return;
    dev = escape_text(all->dev);
    fprintf(stderr, " on %s by %s", dev, number_name_text(method_names, all->sum.method, digits));
    free(dev);
}

/* Prints a counter that is usually 0 only if it is not 0. */
static void print_text_sweep_statistics(const struct sweep_stats *all)
{
    const struct arpq_sweep_stats *s = &all->sum;

    print_count("", all->others, "host found", "hosts found");
    if (all->own != 0)
        fputs(" besides this machine", stderr);
    if (s->targets != 0)
        print_count(", ", s->targets, "address asked for", "addresses asked for");
    print_method(all);
    print_count(", ", s->sent, "packet", "packets");
    fprintf(stderr, " in %.2f s", (double)s->duration_us / 1e6);
    if (s->duplicates != 0)
        print_count(", ", s->duplicates, "answer from a second host", "answers from second hosts");
    if (s->loss_ppm != 0)
        fprintf(stderr, ", %.1f%% lost", s->loss_ppm / 1e4);
    if (s->finished && s->missed_ppm != 0)
        fprintf(stderr, " (%.4f%% of the hosts may be missing)", s->missed_ppm / 1e4);
    if (s->finished && s->waited_ms != 0)
        fprintf(stderr, "; hosts that take longer than %" PRIu32 " ms to answer may be missing",
                s->waited_ms);
    if (s->dropped != 0)
        print_count(", ", s->dropped, "answer dropped", "answers dropped");
    fputs(s->finished ? "\n" : ", not finished\n", stderr);
}

void sweep_stats_print(const struct sweep_stats *all, bool json)
{
    flush_stdout(); /* so that the statistics come after the hosts */
    if (json)
        print_json_sweep_statistics(all);
    else
        print_text_sweep_statistics(all);
}
