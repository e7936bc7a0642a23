/* SPDX-License-Identifier: MIT */
#include "kernel/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static int result(int value)
{
    return value < 0 ? -errno : value;
}

int aq_sys_socket(int domain, int type, int protocol)
{
    return result(socket(domain, type | SOCK_CLOEXEC, protocol));
}

int aq_sys_dup(int fd)
{
    return result(fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

void aq_sys_close(int fd)
{
    if (fd >= 0)
        close(fd);
}

int aq_sys_bind(int fd, const struct sockaddr *address, socklen_t size)
{
    return result(bind(fd, address, size));
}

int aq_sys_connect(int fd, const struct sockaddr *address, socklen_t size)
{
    return result(connect(fd, address, size));
}

int aq_sys_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    return result(setsockopt(fd, level, name, value, size));
}

int aq_sys_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
    return result(getsockopt(fd, level, name, value, size));
}

int aq_sys_getsockname(int fd, struct sockaddr_storage *address, socklen_t *size)
{
    return result(getsockname(fd, (struct sockaddr *)address, size));
}

int aq_sys_getpeername(int fd, struct sockaddr_storage *address, socklen_t *size)
{
    return result(getpeername(fd, (struct sockaddr *)address, size));
}

int aq_sys_getifaddrs(struct ifaddrs **list)
{
    return result(getifaddrs(list));
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

uint32_t aq_sys_tick(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC_COARSE, &now) < 0)
        return 0;
    return (uint32_t)now.tv_sec * 1000u + (uint32_t)now.tv_nsec / 1000000u;
}

int aq_sys_map_wiped_on_fork(size_t size, void **memory)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        return -errno;
    /* Every Linux since 4.14 can; a sandbox that cannot only loses use after fork. */
    (void)madvise(p, size, MADV_WIPEONFORK);
    *memory = p;
    return 0;
}

void aq_sys_unmap(void *memory, size_t size)
{
    munmap(memory, size);
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
