/* SPDX-License-Identifier: MIT */
/* Sends echo requests. Each target has its own thread. */
#ifndef ARPQ_TOOL_PINGER_H
#define ARPQ_TOOL_PINGER_H

#include <pthread.h>
#include <stdbool.h>

#include "loop.h"
#include "tool.h"

struct ping_result {
    uint32_t target; /* index of the pinger */
    int code;        /* the return value of arpq_ping */
    struct arpq_ping_reply reply;
};

/* The caller sets h, ip, options and index. */
struct pinger {
    struct arpq_handle *h;
    struct arpq_ip ip;
    struct arpq_ping_options options;
    uint32_t index;
    int results; /* descriptor to which the thread sends its results */
    pthread_t thread;
    int ends[2]; /* a socket pair: the caller's end, the thread's end */
    bool busy;   /* a request has no result yet */
};

bool pinger_begin(struct pinger *p, int results); /* returns false after reporting an error */
enum loop_state pinger_ask(struct pinger *p, uint16_t sequence);
void pinger_end(struct pinger *p); /* must not be called while the pinger is busy */

#endif
