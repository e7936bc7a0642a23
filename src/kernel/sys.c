/* SPDX-License-Identifier: MIT */
#include "kernel/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int sys_result(int value)
{
    return value < 0 ? -errno : value;
}

int aq_sys_socket(int domain, int type, int protocol)
{
    return sys_result(socket(domain, type | SOCK_CLOEXEC, protocol));
}

int aq_sys_dup(int fd)
{
    return sys_result(fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

void aq_sys_close(int fd)
{
    if (fd >= 0)
        close(fd);
}

int aq_sys_replace(int fd, int by)
{
    int code;

    do
        code = sys_result(dup3(by, fd, O_CLOEXEC));
    while (code == -EINTR);
    return code < 0 ? code : 0;
}

int aq_sys_bind(int fd, const struct sockaddr *address, socklen_t size)
{
    return sys_result(bind(fd, address, size));
}

int aq_sys_connect(int fd, const struct sockaddr *address, socklen_t size)
{
    return sys_result(connect(fd, address, size));
}

int aq_sys_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    return sys_result(setsockopt(fd, level, name, value, size));
}

int aq_sys_set_int(int fd, int level, int name, int value)
{
    return aq_sys_setsockopt(fd, level, name, &value, sizeof value);
}

int aq_sys_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
    return sys_result(getsockopt(fd, level, name, value, size));
}

int aq_sys_getsockname(int fd, struct sockaddr_storage *address, socklen_t *size)
{
    return sys_result(getsockname(fd, (struct sockaddr *)address, size));
}

int aq_sys_getpeername(int fd, struct sockaddr_storage *address, socklen_t *size)
{
    return sys_result(getpeername(fd, (struct sockaddr *)address, size));
}

ssize_t aq_sys_sendto(int fd, const void *bytes, size_t size, int flags,
                      const struct sockaddr *address, socklen_t address_size)
{
    ssize_t sent;

    do
        sent = sendto(fd, bytes, size, flags, address, address_size);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : sent;
}

ssize_t aq_sys_sendmsg(int fd, const struct msghdr *message, int flags)
{
    ssize_t sent;

    do
        sent = sendmsg(fd, message, flags);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : sent;
}

ssize_t aq_sys_recvmsg(int fd, struct msghdr *message, int flags)
{
    ssize_t received;

    do
        received = recvmsg(fd, message, flags);
    while (received < 0 && errno == EINTR);
    return received < 0 ? -errno : received;
}

int aq_sys_sendmmsg(int fd, struct mmsghdr *headers, unsigned count, int flags)
{
    int sent;

    do
        sent = sendmmsg(fd, headers, count, (aq_sys_flags)flags);
    while (sent < 0 && errno == EINTR);
    return sys_result(sent);
}

uint32_t aq_sys_set_receive_buffer(int fd, uint32_t bytes)
{
    int value = bytes > INT32_MAX / 2 ? INT32_MAX / 2 : (int)bytes, granted = 0;
    socklen_t size = sizeof granted;

    if (aq_sys_setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &value, sizeof value) < 0)
        (void)aq_sys_setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &value, sizeof value);
    if (aq_sys_getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &granted, &size) < 0)
        return 0;
    return (uint32_t)granted;
}

int aq_sys_getifaddrs(struct ifaddrs **list)
{
    return sys_result(getifaddrs(list));
}

void aq_sys_freeifaddrs(struct ifaddrs *list)
{
    freeifaddrs(list);
}

int aq_sys_if_nametoindex(const char *name, uint32_t *ifindex)
{
    *ifindex = if_nametoindex(name);
    return *ifindex == 0 ? -errno : 0;
}

void aq_sys_sleep_ms(unsigned ms)
{
    const struct timespec time = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};

    (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
}

uint32_t aq_sys_tick(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC_COARSE, &now) < 0)
        return 0;
    return (uint32_t)now.tv_sec * 1000u + (uint32_t)now.tv_nsec / 1000000u;
}

uint64_t aq_sys_now_ms(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC_COARSE, &now) < 0)
        return 0;
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

uint64_t aq_sys_now_us(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
        return 0;
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

pid_t aq_sys_process(void)
{
    return getpid();
}

uint64_t aq_sys_inode(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 ? status.st_ino : 0;
}

uint64_t aq_sys_random(void)
{
    uint64_t value = 0;

    if (getrandom(&value, sizeof value, GRND_NONBLOCK) == (ssize_t)sizeof value)
        return value;
    return aq_sys_now_us() ^ (uint64_t)(uintptr_t)&value;
}

/* The macro of musl converts between signed and unsigned. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"
struct cmsghdr *aq_sys_next_control(struct msghdr *header, struct cmsghdr *control)
{
    return CMSG_NXTHDR(header, control);
}
#pragma GCC diagnostic pop

int aq_sys_recvmmsg(int fd, struct mmsghdr *headers, unsigned count, int flags)
{
    int received;

    do
        received = recvmmsg(fd, headers, count, (aq_sys_flags)flags, NULL);
    while (received < 0 && errno == EINTR);
    return sys_result(received);
}

static int wait_by_select(int fd, int wake_fd, int timeout_ms)
{
    const int last = fd > wake_fd ? fd : wake_fd;
    struct timeval timeout = {.tv_sec = timeout_ms / 1000,
                              .tv_usec = (suseconds_t)(timeout_ms % 1000) * 1000};
    fd_set fds;
    int code;

    if (last >= FD_SETSIZE)
        return -EOPNOTSUPP;
    FD_ZERO(&fds);
    FD_SET((unsigned)fd, &fds);
    if (wake_fd >= 0)
        FD_SET((unsigned)wake_fd, &fds);
    code = sys_result(select(last + 1, &fds, NULL, NULL, timeout_ms < 0 ? NULL : &timeout));
    if (code <= 0)
        return aq_sys_unify_refusal(code);
    return (FD_ISSET((unsigned)fd, &fds) ? AQ_SYS_READABLE : 0) |
           (wake_fd >= 0 && FD_ISSET((unsigned)wake_fd, &fds) ? AQ_SYS_WOKEN : 0);
}

/* Uses select(2) if poll(2) fails: poll returns EINVAL if RLIMIT_NOFILE is less than the number of
 * descriptors, and a sandbox may refuse poll. */
int aq_sys_wait_readable(int fd, int wake_fd, int timeout_ms)
{
    struct pollfd fds[2] = {{.fd = fd, .events = POLLIN}, {.fd = wake_fd, .events = POLLIN}};
    int code = sys_result(poll(fds, wake_fd < 0 ? 1 : 2, timeout_ms));

    if (code <= 0)
        return aq_sys_is_refusal(code) ? wait_by_select(fd, wake_fd, timeout_ms) : code;
    return (fds[0].revents ? AQ_SYS_READABLE : 0) | (fds[1].revents ? AQ_SYS_WOKEN : 0);
}

int aq_sys_epoll(void)
{
    return sys_result(epoll_create1(EPOLL_CLOEXEC));
}

int aq_sys_epoll_add(int epoll_fd, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

    return sys_result(epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event));
}

int aq_sys_epoll_remove(int epoll_fd, int fd)
{
    struct epoll_event event = {0}; /* kernels before 2.6.9 require one */

    return sys_result(epoll_ctl(epoll_fd, EPOLL_CTL_DEL, fd, &event));
}

int aq_sys_epoll_ready(int epoll_fd, int *fds, int most)
{
    struct epoll_event events[64];
    int count = sys_result(epoll_wait(epoll_fd, events, most, 0));

    for (int i = 0; i < count; i++)
        fds[i] = events[i].data.fd;
    return count;
}

int aq_sys_timer(void)
{
    return sys_result(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
}

int aq_sys_timer_at(int fd, uint64_t us)
{
    const struct itimerspec when = {
        .it_value = {.tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000) * 1000}};

    return sys_result(timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, NULL));
}

int aq_sys_event(void)
{
    return sys_result(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
}

void aq_sys_event_post(int fd)
{
    int before = errno;

    (void)eventfd_write(fd, 1);
    errno = before;
}

void aq_sys_event_clear(int fd)
{
    eventfd_t value;

    (void)eventfd_read(fd, &value);
}

int aq_sys_map_wiped_on_fork(size_t size, void **memory)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        return -errno;
    *memory = p;
    return madvise(p, size, MADV_WIPEONFORK) < 0 ? AQ_SYS_NOT_WIPED : 0;
}

void aq_sys_unmap(void *memory, size_t size)
{
    munmap(memory, size);
}

void aq_sys_futex_wait(atomic_uint *word, uint32_t value)
{
    (void)syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

void aq_sys_futex_wake(atomic_uint *word)
{
    (void)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0);
}

int aq_sys_enter_netns(int fd)
{
    return sys_result(setns(fd, CLONE_NEWNET));
}

uint32_t aq_sys_processors(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);

    return online > 0 ? (uint32_t)online : 1;
}

bool aq_sys_is_refusal(int error)
{
    switch (error) {
    case -EPERM:
    case -EACCES:
    case -ENOSYS:
    case -EOPNOTSUPP:
    case -EAFNOSUPPORT:
    case -EPROTONOSUPPORT:
    case -EINVAL:
        return true;
    default:
        return false;
    }
}

int aq_sys_unify_refusal(int error)
{
    return aq_sys_is_refusal(error) ? -EOPNOTSUPP : error;
}
