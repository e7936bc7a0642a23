/* SPDX-License-Identifier: MIT */
/* Run functions in another network namespace. */
#ifndef AQ_KERNEL_NETNS_H
#define AQ_KERNEL_NETNS_H

#include <stdbool.h>
#include <stdint.h>

/* Run work(context) in the namespace of fd, on a thread that ends with this call; with
 * fd -1 run it on the calling thread. Returns what work returns, or why it did not run. */
int aq_netns_run(int fd, int (*work)(void *context), void *context);

/* Identifies the namespace of the calling thread: by SO_NETNS_COOKIE (Linux 5.14), which is never
 * used again, or else by the inode of /proc/thread-self/ns/net. 0: not known. */
void aq_netns_identify(uint64_t id[2]);

/* The same, by a socket that the calling thread has just opened. */
void aq_netns_identify_socket(int fd, uint64_t id[2]);

/* Returns false only if both are known and differ. */
bool aq_netns_is_same(const uint64_t a[2], const uint64_t b[2]);

/* Open a descriptor of the namespace that a socket belongs to (SIOCGSKNS, which needs
 * CAP_NET_ADMIN there). */
int aq_netns_of_socket(int fd);

#endif
