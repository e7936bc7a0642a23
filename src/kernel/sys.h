/* SPDX-License-Identifier: MIT */
/* Wrappers of system and libc calls that can fail. They return 0 or a value on success and a
 * negative errno value on failure. No other file reads errno. Tests replace the wrapped calls at
 * link time. */
#ifndef AQ_KERNEL_SYS_H
#define AQ_KERNEL_SYS_H

#include <errno.h>
#include <ifaddrs.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/types.h>

/* The types that the C library declares for the request of ioctl and the flags of sendmmsg. */
#ifdef __GLIBC__
typedef unsigned long aq_sys_request;
typedef int aq_sys_flags;
#else
typedef int aq_sys_request;
typedef unsigned aq_sys_flags;
#endif

/* All descriptors are close-on-exec. */
int aq_sys_socket(int domain, int type, int protocol);
int aq_sys_dup(int fd);
void aq_sys_close(int fd); /* ignores a negative fd */
/* Makes fd refer to the same open file as `by`, atomically (dup3). */
int aq_sys_replace(int fd, int by);

int aq_sys_bind(int fd, const struct sockaddr *address, socklen_t size);
int aq_sys_connect(int fd, const struct sockaddr *address, socklen_t size);
int aq_sys_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int aq_sys_set_int(int fd, int level, int name, int value); /* setsockopt with an int */
int aq_sys_getsockopt(int fd, int level, int name, void *value, socklen_t *size);
int aq_sys_getsockname(int fd, struct sockaddr_storage *address, socklen_t *size);
int aq_sys_getpeername(int fd, struct sockaddr_storage *address, socklen_t *size);

/*
 * Lookups consist of these calls, which are inline because every return after a system call costs
 * about 10 ns: Spectre mitigations make the processor mispredict it.
 */
static inline int aq_sys_ioctl(int fd, unsigned long request, void *argument)
{
    int value = ioctl(fd, (aq_sys_request)request, argument);

    return value < 0 ? -errno : value;
}

/* Interrupted calls are retried. sendmsg and recvmsg are not used here: the kernel spends a sixth
 * of a neighbour query on their message headers. */
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

/* Receives up to count datagrams and returns their number. The message headers cost less time than
 * the separate calls that this function replaces. */
int aq_sys_recvmmsg(int fd, struct mmsghdr *headers, unsigned count, int flags);

/* Tells whether a read would return at once, with data or an error. This costs half as much as a
 * read that returns -EAGAIN. */
static inline bool aq_sys_is_readable(int fd)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

    return poll(&poll_fd, 1, 0) != 0;
}

/* Interrupted calls are retried. */
ssize_t aq_sys_sendto(int fd, const void *bytes, size_t size, int flags,
                      const struct sockaddr *address, socklen_t address_size);
ssize_t aq_sys_sendmsg(int fd, const struct msghdr *message, int flags);
ssize_t aq_sys_recvmsg(int fd, struct msghdr *message, int flags);
/* The next control message of a received message, or NULL: CMSG_NXTHDR. */
struct cmsghdr *aq_sys_next_control(struct msghdr *header, struct cmsghdr *control);
/* Returns how many datagrams were sent. */
int aq_sys_sendmmsg(int fd, struct mmsghdr *headers, unsigned count, int flags);

/* Sets the size of the receive buffer, above the system's limit if the process has permission.
 * Returns the size as the kernel counts it: twice the size that was requested. */
uint32_t aq_sys_set_receive_buffer(int fd, uint32_t bytes);

int aq_sys_getifaddrs(struct ifaddrs **list);
void aq_sys_freeifaddrs(struct ifaddrs *list);
int aq_sys_if_nametoindex(const char *name, uint32_t *ifindex);

/* The coarse monotonic clock in milliseconds. It advances with the kernel's timer tick. Reading
 * it takes no system call. */
uint32_t aq_sys_tick(void);

/* Sleep, or return at once if the system refuses that. */
void aq_sys_sleep_ms(unsigned ms);

/* The same coarse clock, as a 64-bit number. */
uint64_t aq_sys_now_ms(void);
/* The fine monotonic clock in microseconds. */
uint64_t aq_sys_now_us(void);

pid_t aq_sys_process(void);

/* Returns the inode number of a file, or 0 if it is unknown. */
uint64_t aq_sys_inode(const char *path);

/* Returns an unpredictable number, or a less random one if the system has no random numbers yet. */
uint64_t aq_sys_random(void);

/* Waits until fd or wake_fd (-1: none) is readable. Returns AQ_SYS_READABLE, AQ_SYS_WOKEN or both,
 * or 0 after timeout_ms (-1: no limit). Does not retry after -EINTR, because the caller knows how
 * much time is left. */
#define AQ_SYS_READABLE 1
#define AQ_SYS_WOKEN 2
int aq_sys_wait_readable(int fd, int wake_fd, int timeout_ms);

/* Opens a descriptor that is readable if a descriptor added to it is readable. */
int aq_sys_epoll(void);
int aq_sys_epoll_add(int epoll_fd, int fd);
int aq_sys_epoll_remove(int epoll_fd, int fd);
/* Writes the descriptors that are readable now, up to `most` (64 at most), and returns their
 * number. */
int aq_sys_epoll_ready(int epoll_fd, int *fds, int most);

/* aq_sys_timer opens a timer. aq_sys_timer_at makes the timer readable when aq_sys_now_us reaches
 * `us`, which may be in the past; 0 disarms the timer. */
int aq_sys_timer(void);
int aq_sys_timer_at(int fd, uint64_t us);

/* Opens a descriptor that is readable from a post until it is cleared. A signal handler may post:
 * this changes no errno. */
int aq_sys_event(void);
void aq_sys_event_post(int fd);
void aq_sys_event_clear(int fd);

/* Maps zeroed memory, which is zeroed again in a forked child. Returns AQ_SYS_NOT_WIPED if this is
 * not supported (before Linux 4.14, and in some sandboxes). */
#define AQ_SYS_NOT_WIPED 1
int aq_sys_map_wiped_on_fork(size_t size, void **memory);
void aq_sys_unmap(void *memory, size_t size);

/* Waits until another thread wakes the word, unless it is no longer `value`; may return early. */
void aq_sys_futex_wait(atomic_uint *word, uint32_t value);
void aq_sys_futex_wake(atomic_uint *word);

/* Moves the calling thread to the network namespace of fd. */
int aq_sys_enter_netns(int fd);

/* The number of processors that are online, at least 1. The affinity of the calling thread does not
 * count: other threads may run elsewhere. */
uint32_t aq_sys_processors(void);

/* Tells whether an error means "not permitted or not supported here". Callers then use a fallback.
 * They report other errors, such as "out of a resource". */
bool aq_sys_is_refusal(int error);
/* Returns -EOPNOTSUPP for a refusal, and any other value unchanged. */
int aq_sys_unify_refusal(int error);

#endif
