/* SPDX-License-Identifier: MIT */
/* arpq watch: changes of the neighbour table, as they happen. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "arpq_tool.h"

/* Longer than any line, so that a line is written whole and only where we say. */
#define LINE_BUFFER 65536

/* How things stand after waiting or printing. */
enum standing { GO_ON, NOTHING, STOP, FAILED };

struct run {
    const struct tool *t;
    struct arpq_watch *watch;
    int signals;      /* readable when SIGINT or SIGTERM has come */
    int64_t deadline; /* of now_ms(); INT64_MAX: none */
    uint64_t printed;
    bool synced; /* all that was there at first has been told */
};

static enum standing poll_with_signals(const struct run *r, struct pollfd fds[3], int64_t until)
{
    int64_t left = until == INT64_MAX ? -1 : until - now_ms();

    if (until != INT64_MAX && left < 0)
        left = 0;
    fds[0] = (struct pollfd){.fd = r->signals, .events = POLLIN};
    fds[1].revents = fds[2].revents = 0;
    int ready = poll(fds, 3, left > INT32_MAX ? INT32_MAX : (int)left);
    if (ready < 0 && errno != EINTR) {
        perror("arpq: cannot wait");
        return FAILED;
    }
    if (ready < 0)
        return GO_ON;
    if (fds[0].revents != 0)
        return STOP;
    return ready == 0 ? NOTHING : GO_ON;
}

/* Without events POLLERR alone is told: that the reader of a pipe is gone. */
static enum standing wait_for_event(const struct run *r)
{
    struct pollfd fds[3] = {
        {0}, {.fd = arpq_watch_fd(r->watch), .events = POLLIN}, {.fd = STDOUT_FILENO, .events = 0}};
    enum standing standing = poll_with_signals(r, fds, r->deadline);

    if (standing == GO_ON && (fds[2].revents & (POLLERR | POLLHUP)) != 0)
        return STOP;
    return standing;
}

/* A pipe that is full must not keep a signal waiting: the line is written only when it
 * can be, and dropped when the end comes first. */
static enum standing write_line(const struct run *r)
{
    struct pollfd fds[3] = {{0}, {.fd = STDOUT_FILENO, .events = POLLOUT}, {.fd = -1}};
    enum standing standing;

    do {
        standing = poll_with_signals(r, fds, INT64_MAX);
    } while (standing == GO_ON && fds[1].revents == 0);
    if (standing == GO_ON && fflush(stdout) != 0)
        standing = errno == EPIPE ? STOP : FAILED;
    if (standing == STOP) {
        __fpurge(stdout);
        clearerr(stdout);
    }
    return standing;
}

/* The library's filter is about neighbours. */
static bool is_wanted(const struct tool *t, const struct arpq_event *event)
{
    const struct arpq_address *address = &event->address;

    if (event->interface.index != 0)
        return t->filter.ifindex == 0 || t->filter.ifindex == event->interface.index;
    if (address->ifindex != 0)
        return (t->filter.ifindex == 0 || t->filter.ifindex == address->ifindex) &&
               (t->filter.family == 0 || t->filter.family == address->ip.family);
    return true;
}

static enum standing take_event(struct run *r)
{
    struct arpq_event event;
    int code = arpq_watch_next(r->watch, &event, 0);

    if (code < 0) {
        report_kernel(r->t, "cannot watch any longer", code);
        return FAILED;
    }
    if (code == 0)
        return NOTHING;
    if (event.type == ARPQ_EVENT_SYNCED)
        r->synced = true;
    if (!is_wanted(r->t, &event))
        return GO_ON;
    print_event(r->t, &event);
    enum standing standing = write_line(r);
    if (standing == GO_ON && ++r->printed == r->t->count)
        return STOP;
    return standing;
}

/* However short the time, what was there at first is told to its end. */
static bool is_over(const struct run *r)
{
    return r->synced && now_ms() >= r->deadline;
}

static enum verdict watch(struct run *r)
{
    enum standing standing;

    do {
        standing = take_event(r);
        if (standing == NOTHING)
            standing = now_ms() >= r->deadline ? STOP : wait_for_event(r);
    } while ((standing == GO_ON || standing == NOTHING) && !is_over(r));
    return standing == FAILED ? ERROR : FOUND;
}

/* SIGINT and SIGTERM are read from a descriptor, SIGPIPE becomes EPIPE. Nothing is put
 * back: the tool ends after this. */
static int take_signals(void)
{
    sigset_t ends;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    if (sigprocmask(SIG_BLOCK, &ends, NULL) != 0)
        return -1;
    return signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
}

enum verdict cmd_watch(const struct tool *t, int count, char **args)
{
    struct arpq_watch_options options = {.size = sizeof(options), .flags = t->watch_flags};
    struct run r = {.t = t, .deadline = INT64_MAX};
    enum verdict verdict = ERROR;

    (void)count;
    (void)args;
    if (t->timeout_ms >= 0)
        r.deadline = now_ms() + t->timeout_ms;
    r.synced = (t->watch_flags & ARPQ_WATCH_EXISTING) == 0;
    options.filter = t->filter;
    setvbuf(stdout, NULL, _IOFBF, LINE_BUFFER);
    r.signals = take_signals();
    if (r.signals < 0) {
        perror("arpq: cannot take signals");
        return ERROR;
    }
    int code = arpq_watch_open(t->h, &r.watch, &options);
    if (code == 0)
        verdict = watch(&r);
    else
        report_kernel(t, "cannot watch the neighbour table", code);
    arpq_watch_close(r.watch);
    close(r.signals);
    return verdict;
}
