/* SPDX-License-Identifier: MIT */
/* A handle belongs to one network namespace for its whole life, whichever thread uses it. */
#ifndef AQ_HANDLE_NAMESPACE_H
#define AQ_HANDLE_NAMESPACE_H

struct arpq_handle;

/* Run work(context), which opens sockets, in the namespace of the handle. Returns the result of
 * work, or -EXDEV if the calling thread is in another namespace and may not enter that of the
 * handle. */
int aq_namespace_run(struct arpq_handle *h, int (*work)(void *context), void *context);

#endif
