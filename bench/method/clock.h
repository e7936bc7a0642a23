/* SPDX-License-Identifier: MIT */
/* Clocks, medians and processors. */
#ifndef BENCH_METHOD_CLOCK_H
#define BENCH_METHOD_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/* CLOCK_MONOTONIC in nanoseconds. */
uint64_t clock_ns(void);

/* CLOCK_THREAD_CPUTIME_ID: what the calling thread has used of a processor. */
uint64_t clock_cpu_ns(void);

/* The median of n values; sorts them. */
double median(double *values, size_t n);

/* How many processors this process may use, as it was started (at most 2 are counted). */
unsigned cpu_count(void);

/* Keep the calling thread on the n-th of them, counted from the last. */
void cpu_pin(unsigned n);

/* Let the calling thread, and what it starts, run on all of them. */
void cpu_unpin(void);

#endif
