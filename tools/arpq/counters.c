/* SPDX-License-Identifier: MIT */
/* The JSON keys are those of ip -s -s -j. */
#include "counters.h"

#include <inttypes.h>
#include <stdio.h>

#include "json.h"

/* When the tool prints a counter. ALWAYS: even if it is 0. USED: if it is not 0. ERRORS: always in
 * JSON, and in text if it is not 0. */
enum when { ALWAYS, ERRORS, USED };

static const struct counter {
    uint16_t offset;
    bool sent;
    uint8_t when; /* enum when */
    const char *name;
} counters[] = {
#define COUNTER(member, sent, when, name)                                                          \
    {                                                                                              \
        offsetof(struct arpq_interface_stats, member), sent, when, name                            \
    }
    COUNTER(rx_bytes, false, ALWAYS, "bytes"),
    COUNTER(rx_packets, false, ALWAYS, "packets"),
    COUNTER(rx_errors, false, ALWAYS, "errors"),
    COUNTER(rx_dropped, false, ALWAYS, "dropped"),
    COUNTER(rx_over_errors, false, ERRORS, "over_errors"),
    COUNTER(multicast, false, ALWAYS, "multicast"),
    COUNTER(rx_compressed, false, USED, "compressed"),
    COUNTER(rx_length_errors, false, ERRORS, "length_errors"),
    COUNTER(rx_crc_errors, false, ERRORS, "crc_errors"),
    COUNTER(rx_frame_errors, false, ERRORS, "frame_errors"),
    COUNTER(rx_fifo_errors, false, ERRORS, "fifo_errors"),
    COUNTER(rx_missed_errors, false, ERRORS, "missed_errors"),
    COUNTER(rx_nohandler, false, USED, "nohandler"),
    COUNTER(rx_otherhost_dropped, false, USED, "otherhost_dropped"),
    COUNTER(tx_bytes, true, ALWAYS, "bytes"),
    COUNTER(tx_packets, true, ALWAYS, "packets"),
    COUNTER(tx_errors, true, ALWAYS, "errors"),
    COUNTER(tx_dropped, true, ALWAYS, "dropped"),
    COUNTER(tx_carrier_errors, true, ERRORS, "carrier_errors"),
    COUNTER(collisions, true, ERRORS, "collisions"),
    COUNTER(tx_compressed, true, USED, "compressed"),
    COUNTER(tx_aborted_errors, true, ERRORS, "aborted_errors"),
    COUNTER(tx_fifo_errors, true, ERRORS, "fifo_errors"),
    COUNTER(tx_window_errors, true, ERRORS, "window_errors"),
    COUNTER(tx_heartbeat_errors, true, ERRORS, "heartbeat_errors"),
};
#define COUNTERS (sizeof counters / sizeof counters[0])

static uint64_t value_of(const struct counter *c, const struct arpq_interface_stats *stats)
{
    return *(const uint64_t *)(const void *)((const char *)stats + c->offset);
}

void counters_print(const struct arpq_interface_stats *stats)
{
    for (int sent = 0; sent < 2; sent++) {
        fputs(sent ? "    tx:" : "    rx:", stdout);
        for (const struct counter *c = counters; c < counters + COUNTERS; c++)
            if (c->sent == (bool)sent && (c->when == ALWAYS || value_of(c, stats) != 0))
                printf(" %s %" PRIu64, c->name, value_of(c, stats));
        putchar('\n');
    }
    printf("    carrier: changes %u up %u down %u\n", stats->carrier_changes, stats->carrier_ups,
           stats->carrier_downs);
}

static void add_counters(struct json_object *object, bool sent,
                         const struct arpq_interface_stats *stats)
{
    for (const struct counter *c = counters; c < counters + COUNTERS; c++)
        if (c->sent == sent && (c->when != USED || value_of(c, stats) != 0))
            json_number(object, c->name, value_of(c, stats));
}

void counters_json(struct json_object *object, const struct arpq_interface_stats *stats)
{
    struct json_object *all = json_member(object, "stats64");

    add_counters(json_member(all, "rx"), false, stats);
    struct json_object *tx = json_member(all, "tx");
    add_counters(tx, true, stats);
    json_number(tx, "carrier_changes", stats->carrier_changes);
    json_number(tx, "carrier_up_count", stats->carrier_ups);
    json_number(tx, "carrier_down_count", stats->carrier_downs);
}
