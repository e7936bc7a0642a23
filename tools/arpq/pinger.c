/* SPDX-License-Identifier: MIT */
/* arpq_ping blocks until its timeout. It runs on a separate thread, so that the main thread can
 * react to a signal at once. */
#include "pinger.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "report.h"

/* Receives sequence numbers from the main thread and sends back the results. */
static void *pinger_worker(void *argument)
{
    struct pinger *p = argument;
    uint16_t sequence;

    while (recv(p->ends[1], &sequence, sizeof sequence, 0) == (ssize_t)sizeof sequence) {
        struct ping_result result = {.target = p->index};
        struct arpq_ping_options options = p->options;

        options.sequence = sequence;
        result.code = arpq_ping(p->h, &p->ip, &options, &result.reply);
        if (send(p->results, &result, sizeof result, MSG_NOSIGNAL) < 0)
            break;
    }
    shutdown(p->ends[1], SHUT_RDWR);
    return NULL;
}

bool pinger_begin(struct pinger *p, int results)
{
    int code;

    p->results = results;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, p->ends) != 0) {
        report_message("cannot create a pair of sockets: %s", strerror(errno));
        return false;
    }
    code = pthread_create(&p->thread, NULL, pinger_worker, p);
    if (code == 0)
        return true;
    report_message("cannot start a thread: %s", strerror(code));
    close(p->ends[0]);
    close(p->ends[1]);
    return false;
}

enum loop_state pinger_ask(struct pinger *p, uint16_t sequence)
{
    if (send(p->ends[0], &sequence, sizeof sequence, MSG_NOSIGNAL) < 0) {
        report_message("cannot send to the thread that pings: %s", strerror(errno));
        return LOOP_FAILED;
    }
    p->busy = true;
    return LOOP_CONTINUE;
}

void pinger_end(struct pinger *p)
{
    close(p->ends[0]);
    pthread_join(p->thread, NULL);
    close(p->ends[1]);
}
