/* SPDX-License-Identifier: MIT */
#include "ping_stats.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "json.h"

double ping_stats_ms(uint64_t ns)
{
    return (double)ns / 1e6;
}

void ping_stats_add(struct ping_stats *stats, const struct arpq_ping_reply *reply, int code)
{
    const uint64_t ns = reply->rtt_ns;

    stats->sent++;
    if (code != 0) {
        stats->errors += code != -ETIMEDOUT;
        return;
    }
    if (stats->received == 0 || ns < stats->least_ns)
        stats->least_ns = ns;
    if (ns > stats->most_ns)
        stats->most_ns = ns;
    stats->sum_ns += ns;
    stats->received++;
}

static double loss_percent(const struct ping_stats *stats)
{
    return 100.0 * (double)(stats->sent - stats->received) / (double)stats->sent;
}

static void print_json_ping_statistics(const struct ping_stats *stats, const struct arpq_ip *ip)
{
    struct json_object *line = json_new(), *object = json_member(line, "statistics");

    json_ip(object, "dst", ip);
    json_number(object, "sent", stats->sent);
    json_number(object, "received", stats->received);
    json_number(object, "errors", stats->errors);
    json_fraction(object, "loss_percent", loss_percent(stats));
    if (stats->received != 0) {
        json_fraction(object, "min_ms", ping_stats_ms(stats->least_ns));
        json_fraction(object, "avg_ms", ping_stats_ms(stats->sum_ns / stats->received));
        json_fraction(object, "max_ms", ping_stats_ms(stats->most_ns));
    }
    json_print(line);
}

static void print_text_ping_statistics(const struct ping_stats *stats)
{
    printf("%" PRIu64 " sent, %" PRIu64 " received", stats->sent, stats->received);
    if (stats->errors != 0)
        printf(", %" PRIu64 " error%s", stats->errors, stats->errors == 1 ? "" : "s");
    printf(", %.1f%% lost", loss_percent(stats));
    if (stats->received != 0)
        printf(", min/avg/max %.3f/%.3f/%.3f ms", ping_stats_ms(stats->least_ns),
               ping_stats_ms(stats->sum_ns / stats->received), ping_stats_ms(stats->most_ns));
    putchar('\n');
}

void ping_stats_print(const struct ping_stats *stats, const struct arpq_ip *ip, bool json)
{
    if (json)
        print_json_ping_statistics(stats, ip);
    else
        print_text_ping_statistics(stats);
}
