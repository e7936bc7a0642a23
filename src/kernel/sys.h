/* SPDX-License-Identifier: MIT */
/* Every system and libc call that can fail, normalised: 0 or a value on success, a
 * negative errno value on failure. Nothing above this file reads errno. Tests
 * replace the calls behind it at link time. */
#ifndef AQ_KERNEL_SYS_H
#define AQ_KERNEL_SYS_H

#include <errno.h>
#include <ifaddrs.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/types.h>

/* Close-on-exec is always set. */
int aq_sys_socket(int domain, int type, int protocol);
int aq_sys_dup(int fd);
void aq_sys_close(int fd); /* a negative fd is ignored */
/* From now on fd is another number of what `by` is one of, at no time closed in between. */
int aq_sys_replace(int fd, int by);

int aq_sys_bind(int fd, const struct sockaddr *address, socklen_t size);
int aq_sys_connect(int fd, const struct sockaddr *address, socklen_t size);
int aq_sys_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int aq_sys_getsockopt(int fd, int level, int name, void *value, socklen_t *size);
int aq_sys_getsockname(int fd, struct sockaddr_storage *address, socklen_t *size);
int aq_sys_getpeername(int fd, struct sockaddr_storage *address, socklen_t *size);

/*
 * The calls that lookups are made of stand here, for the compiler to inline: after each
 * system call a processor that guards against Spectre mispredicts every return on the
 * way up, at some 10 ns apiece.
 */
static inline int aq_sys_ioctl(int fd, unsigned long request, void *argument)
{
    int value = ioctl(fd, request, argument);

    return value < 0 ? -errno : value;
}

/* Interrupted calls are retried. Not sendmsg and recvmsg: the kernel spends a sixth of
 * a neighbour query on their message headers. */
static inline ssize_t aq_sys_send(int fd, const void *bytes, size_t size)
{
    ssize_t sent;

    do
        sent = send(fd, bytes, size, 0);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : sent;
}

static inline ssize_t aq_sys_recv(int fd, void *bytes, size_t size, int flags)
{
    ssize_t received;

    do
        received = recv(fd, bytes, size, flags);
    while (received < 0 && errno == EINTR);
    return received < 0 ? -errno : received;
}

static inline ssize_t aq_sys_recvfrom(int fd, void *bytes, size_t size, int flags,
                                      struct sockaddr *sender, socklen_t *sender_size)
{
    ssize_t received;

    do
        received = recvfrom(fd, bytes, size, flags, sender, sender_size);
    while (received < 0 && errno == EINTR);
    return received < 0 ? -errno : received;
}

/* Many datagrams; how many there were. Its headers cost less than the calls they save. */
int aq_sys_recvmmsg(int fd, struct mmsghdr *headers, unsigned count, int flags);

/* Whether a read would not block (or would report an error): half the price of finding
 * out by reading. */
static inline bool aq_sys_is_readable(int fd)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

    return poll(&poll_fd, 1, 0) != 0;
}

/* One datagram, or what a message header describes; interrupted calls are retried. */
ssize_t aq_sys_sendto(int fd, const void *bytes, size_t size, int flags,
                      const struct sockaddr *address, socklen_t address_size);
ssize_t aq_sys_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t aq_sys_recvmsg(int fd, struct msghdr *message, int flags);
/* Many; how many of them went out. */
int aq_sys_sendmmsg(int fd, struct mmsghdr *headers, unsigned count, int flags);

/* Ask for a receive buffer of that many bytes, past the system's limit where the process
 * may. Returns what there is then, as the kernel counts it (twice what is asked for). */
uint32_t aq_sys_set_receive_buffer(int fd, uint32_t bytes);

int aq_sys_getifaddrs(struct ifaddrs **list);
void aq_sys_freeifaddrs(struct ifaddrs *list);
int aq_sys_if_nametoindex(const char *name, uint32_t *ifindex);

/* The coarse monotonic clock in milliseconds, as a number that differs from tick to
 * tick of the kernel's timer; it costs no system call to read. */
uint32_t aq_sys_tick(void);

/* Milliseconds of the same clock. */
uint64_t aq_sys_now_ms(void);
/* Microseconds of the fine monotonic clock. */
uint64_t aq_sys_now_us(void);

pid_t aq_sys_process(void);

/* The inode number of a file; 0 when it cannot be told. */
uint64_t aq_sys_inode(const char *path);

/* Numbers that nobody outside can guess; less good ones where the system has none. */
uint64_t aq_sys_random(void);

/* Wait until fd is readable: 1; 0 when timeout_ms (-1: none) has passed. -EINTR is not
 * retried: it is for the caller to know how much of the time is left. */
int aq_sys_wait_readable(int fd, int timeout_ms);

/* A descriptor that is readable when one of those added to it is. */
int aq_sys_epoll(void);
int aq_sys_epoll_add(int epoll_fd, int fd);

/* A descriptor that becomes readable when aq_sys_now_us reaches us, which may be in the
 * past; 0: never. */
int aq_sys_timer(void);
int aq_sys_timer_at(int fd, uint64_t us);

/* A descriptor that is readable from the first post on. */
int aq_sys_event(void);
void aq_sys_event_post(int fd);

/* Zeroed memory that reads as zeros again in a forked child. */
int aq_sys_map_wiped_on_fork(size_t size, void **memory);
void aq_sys_unmap(void *memory, size_t size);

/* Whether an error says "not allowed or not offered here" rather than "short of
 * something": the first is answered by falling back, the second is reported. */
bool aq_sys_is_refusal(int error);

#endif
