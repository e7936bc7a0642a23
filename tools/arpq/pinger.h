/* SPDX-License-Identifier: MIT */
/* Sends echo requests on a second thread. */
#ifndef ARPQ_TOOL_PINGER_H
#define ARPQ_TOOL_PINGER_H

#include <pthread.h>
#include <stdbool.h>

#include "loop.h"
#include "tool.h"

struct ping_result {
    int code; /* of arpq_ping */
    struct arpq_ping_reply reply;
};

/* The caller sets h, ip and options. */
struct pinger {
    struct arpq *h;
    struct arpq_ip ip;
    struct arpq_ping_options options;
    pthread_t thread;
    int ends[2]; /* a socket pair: the caller's end, the thread's end */
    bool busy;   /* a request has no result yet */
};

bool pinger_begin(struct pinger *p); /* false after reporting an error */
int pinger_fd(const struct pinger *p);
enum loop_state pinger_ask(struct pinger *p, uint16_t sequence);
enum loop_state pinger_take(struct pinger *p, struct ping_result *result); /* does not wait */
/* Ends the whole tool with status when the thread is busy. */
void pinger_end(struct pinger *p, enum status status);

#endif
