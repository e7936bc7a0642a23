/* SPDX-License-Identifier: MIT */
/* arpq stats --openmetrics: the statistics for Prometheus. */
#ifndef ARPQ_TOOL_STATS_METRICS_H
#define ARPQ_TOOL_STATS_METRICS_H

#include "tool.h"

/* Prints the metrics, or writes them to the file of --output: once, or in each --interval. */
enum status stats_metrics_run(const struct tool *t);

#endif
