/* SPDX-License-Identifier: MIT */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/* CLOCK_MONOTONIC in nanoseconds. */
uint64_t clock_ns(void);

/* CLOCK_THREAD_CPUTIME_ID: what the calling thread has used of a processor. */
uint64_t clock_cpu_ns(void);

/* The median of n values; sorts them. */
double median(double *values, size_t n);

#endif
