/* SPDX-License-Identifier: MIT */
/* A descriptor that is readable when a descriptor added to it is readable, or when an alarm is
 * due. */
#ifndef AQ_KERNEL_WAKEUP_H
#define AQ_KERNEL_WAKEUP_H

#include <stdint.h>

/* Alarm times are microseconds of aq_sys_now_us. With a time in the past, the alarm is due at
 * once. */
#define AQ_WAKEUP_NOW 1u
#define AQ_WAKEUP_NEVER UINT64_MAX

struct aq_wakeup {
    int fd; /* the descriptor to wait on; -1: closed */
    int timer_fd;
    uint64_t alarm_us;
};

/* Initialises a wakeup as closed. */
void aq_wakeup_init(struct aq_wakeup *wakeup);

/* Opens a closed wakeup and sets its alarm to AQ_WAKEUP_NEVER. Returns 0 or an error. The caller
 * must close the wakeup in both cases. */
int aq_wakeup_open(struct aq_wakeup *wakeup);
void aq_wakeup_close(struct aq_wakeup *wakeup);

int aq_wakeup_add(const struct aq_wakeup *wakeup, int fd);

/* Removes a descriptor before it is closed. Closing it does not remove it while a forked child has
 * a copy. */
void aq_wakeup_remove(const struct aq_wakeup *wakeup, int fd);

/* Sets the alarm. A due alarm stays due until it is set to another time. After an error the
 * earlier alarm is still set. */
int aq_wakeup_set_alarm(struct aq_wakeup *wakeup, uint64_t at_us);

#endif
