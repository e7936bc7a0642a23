/* SPDX-License-Identifier: MIT */
/* Waits for a descriptor, for SIGINT and SIGTERM, and for the reader of stdout to go away. */
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

/* From loop_begin to loop_end output is written by loop_write only. Returns false after
 * reporting an error. */
bool loop_begin(struct loop *loop);

/* Returns LOOP_CONTINUE when fd is readable, LOOP_TIMEOUT when clock_ms() has reached until
 * (INT64_MAX: never), LOOP_STOP after a signal or when stdout has no reader. */
enum loop_state loop_wait(struct loop *loop, int fd, int64_t until);

/* The same for count descriptors, up to LOOP_DESCRIPTORS. */
enum loop_state loop_wait_many(struct loop *loop, const int *fds, int count, int64_t until);

/* Flushes stdout; a signal interrupts it. */
enum loop_state loop_write(struct loop *loop);
void loop_end(struct loop *loop); /* restores the signals */

/* The exit status of a command that a signal has ended before it was complete; otherwise
 * status. */
enum status loop_interrupted(const struct loop *loop, enum status status);

#endif
