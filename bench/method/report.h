/* SPDX-License-Identifier: MIT */
/* Prints each row as soon as it is measured; ends the program when a measurement fails. */
#ifndef BENCH_METHOD_REPORT_H
#define BENCH_METHOD_REPORT_H

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

/* Exit status: the measurement could not be made. */
#define BENCH_NO_SETUP 2

/* Say what could not be set up, with the reason in code (a positive errno value, 0: none), and
 * leave with BENCH_NO_SETUP. */
_Noreturn void fail(int code, const char *what);

#endif
