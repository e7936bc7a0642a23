/* SPDX-License-Identifier: MIT */
/* Waits for a descriptor. A wait ends early if arpq_wake is called on the handle, or by a signal if
 * the handle has ARPQ_OPEN_INTERRUPTIBLE. */
#ifndef AQ_HANDLE_WAIT_H
#define AQ_HANDLE_WAIT_H

#include <stdbool.h>

struct arpq_handle;

/* Waits at most left_ms milliseconds (-1: no limit) until fd is readable. Returns 1 if the caller
 * has to look again: fd is readable, or the wait ended early without a reason to return to the
 * user. Returns 0 if the time has passed, -ECANCELED after arpq_wake, -EINTR after a signal, or
 * another error. */
int aq_wait(struct arpq_handle *h, int fd, int left_ms);

/* Tells whether aq_wait would return -ECANCELED. A call that is busy for longer than a few
 * milliseconds between two waits has to ask. */
bool aq_wait_is_woken(const struct arpq_handle *h);

#endif
