/* SPDX-License-Identifier: MIT */
/* Run functions in another network namespace. */
#ifndef AQ_KERNEL_NETNS_H
#define AQ_KERNEL_NETNS_H

#include <stdbool.h>
#include <stdint.h>

/* Runs work(context) in the namespace of fd, on a thread that ends with this call; with fd -1 runs
 * it on the calling thread. Returns the result of work, or an error if it could not be run. */
int aq_netns_run(int fd, int (*work)(void *context), void *context);

/* Identifies the namespace of the calling thread by its cookie (SO_NETNS_COOKIE, Linux 5.14), which
 * is never reused, or, if there is none, by the inode number of /proc/thread-self/ns/net. Zeros
 * mean that the namespace is not known. */
void aq_netns_identify(uint64_t id[2]);

/* Like aq_netns_identify, but uses a socket that the calling thread has just opened. */
void aq_netns_identify_socket(int fd, uint64_t id[2]);

/* Returns false only if both namespaces are known and differ. */
bool aq_netns_is_same(const uint64_t a[2], const uint64_t b[2]);

/* Opens a descriptor of the namespace that a socket belongs to, with SIOCGSKNS, which needs
 * CAP_NET_ADMIN in that namespace. */
int aq_netns_of_socket(int fd);

#endif
