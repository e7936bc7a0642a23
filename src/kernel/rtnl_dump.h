/* SPDX-License-Identifier: MIT */
/* Dumps: many messages in answer to one request. */
#ifndef AQ_KERNEL_RTNL_DUMP_H
#define AQ_KERNEL_RTNL_DUMP_H

#include "kernel/rtnl.h"

/* A handler returns this when it needs no more messages. The remaining messages are dropped. */
#define AQ_RTNL_ENOUGH 1

/* Sends a dump request and passes each message to handler. Returns 0; 1 if the dump was
 * inconsistent (the kernel set NLM_F_DUMP_INTR, or a chunk was truncated; the next dump on the
 * socket uses a larger buffer); or an error. Sets *chunks, unless NULL, to the number of
 * chunks. */
int aq_rtnl_dump(struct aq_rtnl *rtnl, union aq_rtnl_request *request, aq_rtnl_handler handler,
                 void *context, unsigned *chunks);

#endif
