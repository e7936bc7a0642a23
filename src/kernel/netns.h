/* SPDX-License-Identifier: MIT */
/* Work in another network namespace without moving the caller's thread. */
#ifndef AQ_NETNS_H
#define AQ_NETNS_H

/* Run work(context) in the namespace of fd, on a thread that lives no longer than
 * this call; with fd -1 run it directly. Returns what work returns, or the reason
 * why it could not be run. */
int aq_netns_run(int fd, int (*work)(void *context), void *context);

#endif
