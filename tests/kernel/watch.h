/* SPDX-License-Identifier: MIT */
/* Shared by the tests of watches, in addition to the fixture. When a command returns, its events
 * are already on the socket, so most tests compare all events without waiting. */
#ifndef ARPQ_TEST_KERNEL_WATCH_H
#define ARPQ_TEST_KERNEL_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arpq.h>

#include "kernel/fixture.h"

#define ASYNC_MS 3000
#define LINE 160 /* the size of an event as text */

/* The watch of the running test. */
extern struct arpq_watch *w;

int set_up(void **state);

int tear_down(void **state);

/* Returns options with these flags and default values for the other members. */
struct arpq_watch_options options_of(uint32_t flags);

/* Open w. */
void open_with(const struct arpq_watch_options *options);

void open_watch(uint32_t flags);

/* Close w and open it again. */
void reopen(const struct arpq_watch_options *options);

/* Writes an event as text, for example "MOVED 10.1.0.9 STALE>STALE bb was aa +D". MACs are
 * shortened to the last byte. */
void write_event(const struct arpq_event *event, char *text, size_t size);

/* Like arpq_watch_next, but skips events about groups and about tunnels of the namespace. */
int next(struct arpq_event *event, int32_t timeout_ms);

/* Fail the test at that line if the two differ. */
void compare_log(const char *file, int line, const char *log, const char *want);

/* Compare all events, sorted or in order, one line each. */
void expect_at(const char *file, int line, bool sorted, int32_t timeout_ms, const char *want);

#define EXPECT(want) expect_at(__FILE__, __LINE__, false, 0, want)
#define EXPECT_SORTED(want) expect_at(__FILE__, __LINE__, true, 0, want)

/* Wait for one event and compare it. */
void await_at(const char *file, int line, const char *want);

#define AWAIT(want) await_at(__FILE__, __LINE__, want)

#endif
