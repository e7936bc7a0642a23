/* SPDX-License-Identifier: MIT */
/* Time, privileges and child processes of tests. A failure fails the test. */
#ifndef ARPQ_TEST_PROCESS_H
#define ARPQ_TEST_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

void sleep_ms(long ms);

/* How many times slower than usual programs run here: ARPQ_TEST_SLOWNESS, or 1. */
unsigned slowness(void);

/* A time limit, longer where programs run slower. */
unsigned patience(unsigned limit);

/* End this process by SIGALRM after that many seconds, more where programs run slower. */
void deadline(unsigned seconds);

/* Send this process a signal in each interval, until interrupts_stop, which returns how many arrived.
 * The handler stays: a signal may still arrive afterwards. */
void interrupts_start(long interval_us);
unsigned interrupts_stop(void);

/* Sleep until the handle reads events again. It reads events at most once in a clock tick. */
void settle(void);

/* Wait for a child and fail unless it exits with 0. */
void assert_ended_well(pid_t pid);

/* In a child: drop all privileges, or exit with 2. The child is user nobody, except in a user namespace
 * that has one user only. */
void become_nobody(void);

/* Take the capabilities of the calling thread away, or give them back. */
void set_capable(bool capable);

/* Whether the test runs under Valgrind, which makes everything twenty times slower and runs one
 * thread at a time. */
bool is_under_valgrind(void);

/* Whether programs run much slower than usual, under Valgrind or by ARPQ_TEST_SLOWNESS. */
bool is_slow(void);

/* Whether the running kernel is older than this version of Linux. */
bool kernel_before(unsigned major, unsigned minor);

/* The number of descriptors of this process, plus a constant. */
unsigned open_descriptors(void);

#endif
