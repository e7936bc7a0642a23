/* SPDX-License-Identifier: MIT */
/* Writes metrics in the text format of Prometheus, with the lines UNIT and EOF of OpenMetrics, which
 * are comments in the former. A counter's family has its name with _total: OpenMetrics leaves that
 * out, but the textfile collector of node_exporter and promtool then do not find its type. */
#ifndef ARPQ_TOOL_METRICS_H
#define ARPQ_TOOL_METRICS_H

#include <stdint.h>
#include <stdio.h>

struct metrics_label {
    const char *key, *value;
};

/* Begins a family. Names that end with _total are counters, others are gauges; a name that ends with
 * _seconds has this unit. help is one line. */
void metrics_family(FILE *out, const char *name, const char *help);

/* The last label has the key NULL. The value of a label may contain any byte. */
void metrics_sample(FILE *out, const char *name, const struct metrics_label *labels,
                    uint64_t value);
void metrics_sample_ms(FILE *out, const char *name, const struct metrics_label *labels,
                       uint64_t milliseconds); /* in seconds */
void metrics_end(FILE *out);

#endif
