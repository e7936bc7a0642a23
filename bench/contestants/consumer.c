/* SPDX-License-Identifier: MIT */
#include "contestants/consumer.h"

#include <errno.h>
#include <grp.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contestants/arpq.h"
#include "method/clock.h"
#include "method/report.h"

#define NOBODY 65534u
#define RAW_BUFFER (8 << 20) /* bytes; the kernel limits it to net.core.rmem_max */
#define RAW_BURST 256u       /* receives between two checks of c->stop */
/* after this time without an event, the consumer expects no more events */
#define IDLE_NS 300000000u
#define READY_NS 10000000000u

static void consume_until_stopped(struct consumer *c, int fd,
                                  unsigned (*receive)(struct consumer *, void *), void *state)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    uint64_t began;

    __atomic_store_n(&c->ready, 1, __ATOMIC_RELEASE);
    began = clock_cpu_ns();
    while (!__atomic_load_n(&c->stop, __ATOMIC_ACQUIRE)) {
        unsigned received;

        if (poll(&wait, 1, 20) < 1)
            continue;
        received = receive(c, state);
        if (received) {
            __atomic_store_n(&c->last_ns, clock_ns(), __ATOMIC_RELAXED);
            __atomic_fetch_add(&c->received, received, __ATOMIC_RELEASE);
        }
    }
    c->cpu_ns = clock_cpu_ns() - began;
}

static unsigned receive_raw(struct consumer *c, void *fd)
{
    char message[4096];
    unsigned received = 0;

    for (unsigned i = 0; i < RAW_BURST; i++) {
        ssize_t size = recv(*(int *)fd, message, sizeof message, MSG_DONTWAIT);

        if (size < 0 && errno == EAGAIN)
            break;
        if (size < 0 && errno != ENOBUFS)
            fail(errno, "event socket");
        received += size > 0;
        c->overruns += size < 0;
    }
    return received;
}

static void consume_raw(struct consumer *c)
{
    struct sockaddr_nl name = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_NEIGH};
    int size = RAW_BUFFER;
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size) ||
        bind(fd, (const void *)&name, sizeof name))
        fail(errno, "event socket");
    consume_until_stopped(c, fd, receive_raw, &fd);
}

static unsigned sync_mirror(struct consumer *c, void *mirror)
{
    (void)c;
    return bench_mirror_sync(mirror);
}

static void consume_mirror(struct consumer *c)
{
    struct bench_mirror mirror;

    bench_mirror_open(&mirror, 0);
    consume_until_stopped(c, arpq_mirror_fd(mirror.mirror), sync_mirror, &mirror);
    c->overruns = bench_mirror_stats(&mirror).overruns;
}

static void become_consumer(struct consumer *c)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (cpu_count() > 1)
        cpu_pin(1);
    if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
        setresuid(NOBODY, NOBODY, NOBODY))
        fail(errno, "giving up privileges");
    if (c->kind == CONSUMER_RAW)
        consume_raw(c);
    else
        consume_mirror(c);
    _exit(0);
}

struct consumer *consumer_start(enum consumer_kind kind)
{
    struct consumer *c =
        mmap(NULL, sizeof *c, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint64_t began = clock_ns();
    pid_t child;

    if (c == MAP_FAILED)
        fail(errno, "shared memory");
    c->kind = kind;
    child = fork();
    if (child < 0)
        fail(errno, "fork");
    if (child == 0)
        become_consumer(c);
    c->pid = child;
    while (!__atomic_load_n(&c->ready, __ATOMIC_ACQUIRE)) {
        poll(NULL, 0, 1);
        if (clock_ns() - began > READY_NS)
            fail(0, "the consumer of events does not start");
    }
    return c;
}

void consumer_finish(struct consumer *c, uint64_t count)
{
    uint64_t seen = 0, since = clock_ns();
    int status;

    while (seen < count && clock_ns() - since < IDLE_NS) {
        uint64_t now = __atomic_load_n(&c->received, __ATOMIC_ACQUIRE);

        if (now != seen)
            since = clock_ns();
        seen = now;
        poll(NULL, 0, 1);
    }
    __atomic_store_n(&c->stop, 1, __ATOMIC_RELEASE);
    if (waitpid(c->pid, &status, 0) != c->pid || !WIFEXITED(status) || WEXITSTATUS(status))
        fail(0, "the consumer of events failed");
}

void consumer_free(struct consumer *c)
{
    munmap(c, sizeof *c);
}
