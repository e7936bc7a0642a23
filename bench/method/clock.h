/* SPDX-License-Identifier: MIT */
/* Clocks, medians and processors. */
#ifndef BENCH_METHOD_CLOCK_H
#define BENCH_METHOD_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/* Returns CLOCK_MONOTONIC in nanoseconds. */
uint64_t clock_ns(void);

/* Returns CLOCK_MONOTONIC minus the time for which the calling thread was ready but waited for a
 * processor. Returns the same as clock_ns() if the kernel does not count this waiting time
 * (CONFIG_SCHED_INFO). */
uint64_t clock_thread_ns(void);

/* CLOCK_THREAD_CPUTIME_ID: the processor time of the calling thread. */
uint64_t clock_cpu_ns(void);

/* Sorts the n values. Returns their median. */
double median(double *values, size_t n);

/* Returns the number of processors that this process may use, at most 2, as found by the first
 * call. */
unsigned cpu_count(void);

/* Pins the calling thread to the n-th of these processors, counted from the one with the highest
 * number. */
void cpu_pin(unsigned n);

/* Lets the calling thread, and the threads that it starts, run on all of these processors. */
void cpu_unpin(void);

#endif
