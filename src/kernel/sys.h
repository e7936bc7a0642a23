/* SPDX-License-Identifier: MIT */
/* Every system and libc call that can fail, normalised: 0 or a value on success, a
 * negative errno value on failure. Nothing above this file reads errno. Tests
 * replace the calls behind it at link time. */
#ifndef AQ_SYS_H
#define AQ_SYS_H

#include <ifaddrs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/* Close-on-exec is always set. */
int aq_sys_socket(int domain, int type, int protocol);
int aq_sys_dup(int fd);
void aq_sys_close(int fd); /* a negative fd is ignored */

int aq_sys_bind(int fd, const struct sockaddr *address, socklen_t size);
int aq_sys_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int aq_sys_getsockopt(int fd, int level, int name, void *value, socklen_t *size);
int aq_sys_getsockname(int fd, struct sockaddr_storage *address, socklen_t *size);
int aq_sys_getpeername(int fd, struct sockaddr_storage *address, socklen_t *size);

/* Interrupted calls are retried. */
ssize_t aq_sys_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t aq_sys_recvmsg(int fd, struct msghdr *message, int flags);
int aq_sys_ioctl(int fd, unsigned long request, void *argument);

int aq_sys_getifaddrs(struct ifaddrs **list);
void aq_sys_freeifaddrs(struct ifaddrs *list);
int aq_sys_if_nametoindex(const char *name, uint32_t *ifindex);

/* The coarse monotonic clock in nanoseconds: it moves once per timer tick, and
 * costs no system call to read. */
uint64_t aq_sys_tick(void);

/* Zeroed memory that reads as zeros again in a forked child. */
int aq_sys_map_wiped_on_fork(size_t size, void **memory);
void aq_sys_unmap(void *memory, size_t size);

/* Whether an error says "not allowed or not offered here" rather than "short of
 * something": the first is answered by falling back, the second is reported. */
bool aq_sys_is_refusal(int error);

#endif
