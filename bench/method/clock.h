/* SPDX-License-Identifier: MIT */
/* Clocks, medians and processors. */
#ifndef BENCH_METHOD_CLOCK_H
#define BENCH_METHOD_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/* CLOCK_MONOTONIC in nanoseconds. */
uint64_t clock_ns(void);

/* CLOCK_MONOTONIC without the time in which the calling thread was ready and waited for a processor.
 * The same as clock_ns() where the kernel does not count that time (CONFIG_SCHED_INFO). */
uint64_t clock_thread_ns(void);

/* CLOCK_THREAD_CPUTIME_ID: the processor time of the calling thread. */
uint64_t clock_cpu_ns(void);

/* The median of n values, which it sorts. */
double median(double *values, size_t n);

/* The number of processors this process could use at its start, at most 2. */
unsigned cpu_count(void);

/* Pin the calling thread to the n-th of them, counted from the last. */
void cpu_pin(unsigned n);

/* Let the calling thread, and the threads it starts, run on all of them. */
void cpu_unpin(void);

#endif
