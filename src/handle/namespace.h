/* SPDX-License-Identifier: MIT */
/* A handle belongs to one network namespace for life, whichever thread calls. */
#ifndef AQ_HANDLE_NAMESPACE_H
#define AQ_HANDLE_NAMESPACE_H

struct arpq;

/* Run work(context), which opens sockets, in the namespace of the handle. Returns what it
 * returns; -EXDEV when the calling thread is in another namespace and may not enter this
 * one. */
int aq_namespace_run(struct arpq *h, int (*work)(void *context), void *context);

#endif
