/* SPDX-License-Identifier: MIT */
/* Prints each row as soon as it is measured; ends the program when a measurement fails. */
#ifndef BENCH_METHOD_REPORT_H
#define BENCH_METHOD_REPORT_H

enum report_style { REPORT_TABLE, REPORT_JSON };

/* If a row has a goal, report_row() compares value with at_most or at_least and prints a verdict. 0
 * means no goal. */
struct row {
    const char *name;
    const char *unit;
    double arpq; /* in `unit`; 0 is not printed */
    double raw;
    double value; /* the value to compare with the goal; usually the ratio of arpq to raw */
    double at_most;
    double at_least;
};

void report_begin(enum report_style style);
void report_row(const struct row *row);

/* Prints a point of a curve, as a row that is named "CHART: SERIES, X" and has no goal. */
void report_point(const char *chart, const char *series, double x, const char *unit, double value);

/* The number of goals missed so far. */
unsigned report_missed(void);

/* The exit status when a measurement fails. */
#define BENCH_NO_SETUP 2

/* Prints what failed and exits with BENCH_NO_SETUP. `code` is a positive errno value whose message
 * is printed too, or 0. */
_Noreturn void fail(int code, const char *what);

#endif
