/* SPDX-License-Identifier: MIT */
/* Waits until a descriptor is readable, SIGINT or SIGTERM arrives, or the reader closes stdout. */
#ifndef ARPQ_TOOL_LOOP_H
#define ARPQ_TOOL_LOOP_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "tool.h"

enum loop_state { LOOP_CONTINUE, LOOP_TIMEOUT, LOOP_STOP, LOOP_FAILED };

#define LOOP_DESCRIPTORS 64

struct loop {
    int signals; /* a signalfd */
    int signal;  /* the signal that has ended the loop, or 0 */
    bool unread; /* the reader of stdout has closed it */
};

/* Returns false after reporting an error. Between loop_begin and loop_end, only loop_write writes
 * output. */
bool loop_begin(struct loop *loop);

/* Returns LOOP_CONTINUE if fd is readable, LOOP_TIMEOUT if clock_ms() has reached `until`
 * (INT64_MAX means never), LOOP_STOP after a signal or if stdout has no reader, and LOOP_FAILED
 * after reporting an error. */
enum loop_state loop_wait(struct loop *loop, int fd, int64_t until);

/* Waits like loop_wait, but for `count` descriptors, at most LOOP_DESCRIPTORS. */
enum loop_state loop_wait_many(struct loop *loop, const int *fds, int count, int64_t until);

/* Flushes stdout. A signal interrupts the flush. */
enum loop_state loop_write(struct loop *loop);
void loop_end(struct loop *loop); /* restores the signals */

/* Returns the exit status for the signal that ended the command before it was complete, UNREAD if
 * stdout has no reader, or `status`. */
enum status loop_interrupted(const struct loop *loop, enum status status);

#endif
