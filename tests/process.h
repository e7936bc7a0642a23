/* SPDX-License-Identifier: MIT */
/* What tests do with time and with processes. A failure fails the test. */
#ifndef ARPQ_TEST_PROCESS_H
#define ARPQ_TEST_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

void sleep_ms(long ms);

/* Let the handle look for changes, which it does once a clock tick. */
void settle(void);

/* Wait for a child, which must exit with 0. */
void assert_ended_well(pid_t pid);

/* In a child: go on without privileges, or exit with 2. */
void become_nobody(void);

/* Under it everything takes twenty times as long, and one thread runs at a time. */
bool is_under_valgrind(void);

/* How many descriptors this process has, and a constant. */
unsigned open_descriptors(void);

#endif
