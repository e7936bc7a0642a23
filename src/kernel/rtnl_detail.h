/* SPDX-License-Identifier: MIT */
/* The text that the kernel sends beside an error code (extended acknowledgement): of the last
 * request of a thread, and of the last request for a handle by any thread. */
#ifndef AQ_KERNEL_RTNL_DETAIL_H
#define AQ_KERNEL_RTNL_DETAIL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AQ_RTNL_DETAIL_SIZE 160

/* The text of a handle. No thread holds the mutex for longer than a copy takes. A call that brings
 * no text, and follows none, does not take it. All zeros are a valid state, which a child has. */
struct aq_rtnl_detail {
    pthread_mutex_t mutex;
    atomic_uint serial; /* identifies the handle for the texts of threads; 0: none yet */
    atomic_bool any;
    char text[AQ_RTNL_DETAIL_SIZE];
};

/* Drops the text of this thread and, if detail is not NULL, that of the handle: a call begins. */
void aq_rtnl_detail_begin(struct aq_rtnl_detail *detail);

/* Drops the texts of a handle: a request begins. NULL is accepted. */
void aq_rtnl_detail_drop(struct aq_rtnl_detail *detail);

/* Stores a text, which ends after `length` bytes or at a NUL, for this thread and for the handle.
 * NULL instead of detail is accepted. */
void aq_rtnl_detail_save(struct aq_rtnl_detail *detail, const char *text, size_t length);

/* Stores a text of this library: "NAME is a port of MASTER". */
void aq_rtnl_detail_set_port(struct aq_rtnl_detail *detail, const char *name, const char *master);

/* Returns the text of this thread, or "" if its last call was on another handle. */
const char *aq_rtnl_detail_of_thread(const struct aq_rtnl_detail *detail);

/* Copies the text of the handle. Returns its length. */
size_t aq_rtnl_detail_copy(struct aq_rtnl_detail *detail, char text[AQ_RTNL_DETAIL_SIZE]);

/* From now on this thread changes no text of a handle: no user asks for the calls that it makes. */
void aq_rtnl_detail_mute(void);

#endif
