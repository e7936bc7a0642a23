/* SPDX-License-Identifier: MIT */
/* The table: a line as soon as it is known. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

enum report_style { REPORT_TABLE, REPORT_JSON };

/* A line with a goal has a verdict: at_most or at_least the goal (0: no goal, no verdict). */
struct row {
    const char *name;
    const char *unit;
    double arpq; /* in unit; 0 is not printed */
    double raw;
    double value; /* what is compared with the goal */
    double at_most;
    double at_least;
};

void report_begin(enum report_style style);
void report_row(const struct row *row);

/* How many goals were missed so far. */
unsigned report_missed(void);

#endif
