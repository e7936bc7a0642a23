/* SPDX-License-Identifier: MIT */
/* Dumps: many messages in answer to one request. */
#ifndef AQ_KERNEL_RTNL_DUMP_H
#define AQ_KERNEL_RTNL_DUMP_H

#include "kernel/rtnl.h"

/* A handler of a dump has all it wants. The rest is not read, where the socket is
 * replaceable and closing it saves that. */
#define AQ_RTNL_ENOUGH 1

/* Send a dump request and hand each message to the handler. Returns 0; 1 when the dump was
 * not consistent: the kernel says so (NLM_F_DUMP_INTR), or a chunk was cut, which the next
 * dump on the socket has a larger buffer for; or an error, after which the socket may be
 * closed (fd -1). chunks, if not NULL, receives how many there were. */
int aq_rtnl_dump(struct aq_rtnl *rtnl, union aq_rtnl_request *request, aq_rtnl_handler handler,
                 void *context, unsigned *chunks);

#endif
