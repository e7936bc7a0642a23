/* SPDX-License-Identifier: MIT */
/* What the tests of watches share. Each test runs in a namespace of its own with
 *   v0 02:00:00:00:00:a0, Ethernet, 10.1.0.1/24 and fd01::1/64; v0p, its peer.
 * Commands have put their events on the socket when they return, so that most tests compare
 * all that there is, without waiting. */
#ifndef ARPQ_TEST_KERNEL_WATCH_H
#define ARPQ_TEST_KERNEL_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arpq.h>

#define MAC_V0 "02:00:00:00:00:a0"
#define MAC_V0P "02:00:00:00:00:a1"
#define MAC_A "02:00:00:00:00:aa"
#define MAC_B "02:00:00:00:00:bb"
#define MAC_C "02:00:00:00:00:cc"
#define ASYNC_MS 3000
#define LINE 160 /* room for an event as text */

/* The handle and the watch of the test. */
extern struct arpq *h;
extern struct arpq_watch *w;

int set_up(void **state);

int tear_down(void **state);

/* Options with these flags, and nothing else. */
struct arpq_watch_options options_of(uint32_t flags);

/* Open w. */
void open_with(const struct arpq_watch_options *options);

void open_watch(uint32_t flags);

/* Close w, and open it again. */
void reopen(const struct arpq_watch_options *options);

/* "MOVED 10.1.0.9 STALE>STALE bb was aa +D": addresses by their last byte. */
void write_event(const struct arpq_event *event, char *text, size_t size);

/* 1 with the next event that is none about a group address, as arpq_watch_next. */
int next(struct arpq_event *event, int32_t timeout_ms);

/* Fails the test at that line unless the two are the same. */
void compare_log(const char *file, int line, const char *log, const char *want);

/* All that there is to read, sorted or in order, one line each. */
void expect_at(const char *file, int line, bool sorted, int32_t timeout_ms, const char *want);

#define EXPECT(want) expect_at(__FILE__, __LINE__, false, 0, want)
#define EXPECT_SORTED(want) expect_at(__FILE__, __LINE__, true, 0, want)

/* Wait for one event, and compare it. */
void await_at(const char *file, int line, const char *want);

#define AWAIT(want) await_at(__FILE__, __LINE__, want)

#endif
