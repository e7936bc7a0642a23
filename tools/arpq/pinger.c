/* SPDX-License-Identifier: MIT */
/* arpq_ping blocks until its timeout. It runs on a second thread, so that the main thread
 * can react to a signal at once. */
#include "pinger.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "output.h"

/* Receives sequence numbers from the main thread and sends back the results. */
static void *pinger_worker(void *argument)
{
    struct pinger *p = argument;
    uint16_t sequence;

    while (recv(p->ends[1], &sequence, sizeof sequence, 0) == (ssize_t)sizeof sequence) {
        struct ping_result result = {0};
        struct arpq_ping_options options = p->options;

        options.sequence = sequence;
        result.code = arpq_ping(p->h, &p->ip, &options, &result.reply);
        if (send(p->ends[1], &result, sizeof result, MSG_NOSIGNAL) < 0)
            break;
    }
    shutdown(p->ends[1], SHUT_RDWR);
    return NULL;
}

bool pinger_begin(struct pinger *p)
{
    int code;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, p->ends) != 0) {
        perror("arpq: cannot make a pair of sockets");
        return false;
    }
    code = pthread_create(&p->thread, NULL, pinger_worker, p);
    if (code == 0)
        return true;
    fprintf(stderr, "arpq: cannot start a thread: %s\n", strerror(code));
    close(p->ends[0]);
    close(p->ends[1]);
    return false;
}

int pinger_fd(const struct pinger *p)
{
    return p->ends[0];
}

enum loop_state pinger_ask(struct pinger *p, uint16_t sequence)
{
    if (send(p->ends[0], &sequence, sizeof sequence, MSG_NOSIGNAL) < 0) {
        perror("arpq: cannot ask the thread that pings");
        return LOOP_FAILED;
    }
    p->busy = true;
    return LOOP_CONTINUE;
}

enum loop_state pinger_take(struct pinger *p, struct ping_result *result)
{
    ssize_t size = recv(p->ends[0], result, sizeof *result, MSG_DONTWAIT);

    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return LOOP_TIMEOUT;
    if (size != (ssize_t)sizeof *result) {
        fputs("arpq: the thread that pings is gone\n", stderr);
        return LOOP_FAILED;
    }
    p->busy = false;
    return LOOP_CONTINUE;
}

/* A busy thread still uses the handle and p, so nothing can be released: the tool exits. */
void pinger_end(struct pinger *p, enum status status)
{
    if (p->busy)
        _exit((int)output_finish(status));
    close(p->ends[0]);
    pthread_join(p->thread, NULL);
    close(p->ends[1]);
}
