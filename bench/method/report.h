/* SPDX-License-Identifier: MIT */
/* Prints each row as soon as it is measured; ends the program when a measurement fails. */
#ifndef BENCH_METHOD_REPORT_H
#define BENCH_METHOD_REPORT_H

enum report_style { REPORT_TABLE, REPORT_JSON };

/* A row with a goal gets a verdict: value is compared with at_most or at_least (0: no goal). */
struct row {
    const char *name;
    const char *unit;
    double arpq; /* in `unit`; 0 is not printed */
    double raw;
    double value; /* compared with the goal; mostly the ratio of arpq to raw */
    double at_most;
    double at_least;
};

void report_begin(enum report_style style);
void report_row(const struct row *row);

/* The number of goals missed so far. */
unsigned report_missed(void);

/* The exit status when a measurement fails. */
#define BENCH_NO_SETUP 2

/* Print what failed, with the message of `code` (a positive errno value; 0: no message), and exit
 * with BENCH_NO_SETUP. */
_Noreturn void fail(int code, const char *what);

#endif
