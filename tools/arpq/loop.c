/* SPDX-License-Identifier: MIT */
/* The tool reads SIGINT and SIGTERM from a signalfd and ignores SIGPIPE, so that it never ends in
 * the middle of a line, and releases what it uses. output_finish raises SIGPIPE. */
#include "loop.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "clock.h"
#include "flush.h"
#include "report.h"

/* The buffer is longer than any line, so that stdio writes only when it is flushed. */
#define LINE_BUFFER 65536

static void ending_signals(sigset_t *ends)
{
    sigemptyset(ends);
    sigaddset(ends, SIGINT);
    sigaddset(ends, SIGTERM);
}

bool loop_begin(struct loop *loop)
{
    sigset_t ends;

    setvbuf(stdout, NULL, _IOFBF, LINE_BUFFER);
    signal(SIGPIPE, SIG_IGN);
    ending_signals(&ends);
    *loop = (struct loop){.signals = -1};
    if (sigprocmask(SIG_BLOCK, &ends, NULL) == 0)
        loop->signals = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
    if (loop->signals < 0)
        report_message("cannot receive signals: %s", strerror(errno));
    return loop->signals >= 0;
}

/* Consumes the pending signals, because they must not end the tool before it prints its results. */
void loop_end(struct loop *loop)
{
    struct signalfd_siginfo taken;
    sigset_t ends;

    while (read(loop->signals, &taken, sizeof taken) > 0)
        ;
    close(loop->signals);
    loop->signals = -1;
    ending_signals(&ends);
    sigprocmask(SIG_UNBLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_DFL);
}

/* fds[0] is reserved for the signalfd; the caller sets the other elements. */
static enum loop_state poll_with_signals(struct loop *loop, struct pollfd *fds, nfds_t count,
                                         int64_t until)
{
    struct signalfd_siginfo taken;
    int64_t left = until == INT64_MAX ? -1 : until - clock_ms();

    if (until != INT64_MAX && left < 0)
        left = 0;
    fds[0] = (struct pollfd){.fd = loop->signals, .events = POLLIN};
    for (nfds_t i = 1; i < count; i++)
        fds[i].revents = 0;
    int ready = poll(fds, count, left > INT32_MAX ? INT32_MAX : (int)left);
    if (ready < 0 && errno != EINTR) {
        report_message("cannot wait: %s", strerror(errno));
        return LOOP_FAILED;
    }
    if (ready < 0)
        return LOOP_CONTINUE;
    if (fds[0].revents != 0) {
        if (read(loop->signals, &taken, sizeof taken) == (ssize_t)sizeof taken)
            loop->signal = (int)taken.ssi_signo;
        return LOOP_STOP;
    }
    return ready == 0 ? LOOP_TIMEOUT : LOOP_CONTINUE;
}

/* poll reports POLLERR for a pipe without a reader even if no event is requested. */
enum loop_state loop_wait_many(struct loop *loop, const int *fds, int count, int64_t until)
{
    struct pollfd polled[LOOP_DESCRIPTORS + 2] = {{0}, {.fd = STDOUT_FILENO, .events = 0}};

    for (int i = 0; i < count && i < LOOP_DESCRIPTORS; i++)
        polled[i + 2] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    enum loop_state state = poll_with_signals(loop, polled, (nfds_t)count + 2, until);

    loop->unread = (polled[1].revents & (POLLERR | POLLHUP)) != 0;
    return state == LOOP_CONTINUE && loop->unread ? LOOP_STOP : state;
}

enum loop_state loop_wait(struct loop *loop, int fd, int64_t until)
{
    const int fds[] = {fd};

    return loop_wait_many(loop, fds, 1, until);
}

/* Waits until stdout is writable, so that a full pipe does not delay the handling of a signal.
 * After a signal the function drops the line. */
enum loop_state loop_write(struct loop *loop)
{
    struct pollfd fds[2] = {{0}, {.fd = STDOUT_FILENO, .events = POLLOUT}};
    enum loop_state state;

    do {
        state = poll_with_signals(loop, fds, 2, INT64_MAX);
    } while (state == LOOP_CONTINUE && fds[1].revents == 0);
    const int code = state == LOOP_CONTINUE ? flush_stdout() : 0;
    if (code != 0) {
        loop->unread = code == EPIPE;
        state = loop->unread ? LOOP_STOP : LOOP_FAILED;
    }
    if (state == LOOP_STOP) {
        __fpurge(stdout);
        clearerr(stdout);
    }
    return state;
}

enum status loop_interrupted(const struct loop *loop, enum status status)
{
    if (loop->unread)
        return UNREAD;
    switch (loop->signal) {
    case SIGINT:
        return INTERRUPTED;
    case SIGTERM:
        return TERMINATED;
    default:
        return status;
    }
}
