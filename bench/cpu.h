/* SPDX-License-Identifier: MIT */
#ifndef BENCH_CPU_H
#define BENCH_CPU_H

/* How many processors this process may use, as it was started (at most 2 are counted). */
unsigned cpu_count(void);

/* Keep the calling thread on the n-th of them, counted from the last. */
void cpu_pin(unsigned n);

/* Let the calling thread, and what it starts, run on all of them. */
void cpu_unpin(void);

#endif
