/* SPDX-License-Identifier: MIT */
/* An unprivileged process that takes neighbour events as they come. */
#ifndef BENCH_CONSUMER_H
#define BENCH_CONSUMER_H

#include <stdint.h>
#include <sys/types.h>

enum consumer_kind {
    CONSUMER_RAW,   /* receives them, in an 8 MB buffer, and counts */
    CONSUMER_MIRROR /* applies them to a mirror */
};

/* In memory shared with it. */
struct consumer {
    enum consumer_kind kind;
    pid_t pid;
    int ready;
    int stop;
    uint64_t received; /* events */
    uint64_t last_ns;  /* clock_ns() of the latest */
    uint64_t cpu_ns;   /* processor time while taking them; when it has ended */
    uint64_t overruns; /* likewise */
};

/* Start one in the calling thread's namespace; returns when it listens. */
struct consumer *consumer_start(enum consumer_kind kind);

/* Wait until it has taken count events, or has no more to take; end it. Its figures stay until
 * consumer_free. */
void consumer_finish(struct consumer *c, uint64_t count);
void consumer_free(struct consumer *c);

#endif
