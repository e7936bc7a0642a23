/* SPDX-License-Identifier: MIT */
/* An unprivileged process that receives neighbour events. */
#ifndef BENCH_CONTESTANTS_CONSUMER_H
#define BENCH_CONTESTANTS_CONSUMER_H

#include <stdint.h>
#include <sys/types.h>

enum consumer_kind {
    CONSUMER_RAW,   /* counts them, with a receive buffer of 8 MB */
    CONSUMER_MIRROR /* applies them to a mirror */
};

/* In memory that both processes share. */
struct consumer {
    enum consumer_kind kind;
    pid_t pid;
    int ready;
    int stop;
    uint64_t received; /* events */
    uint64_t last_ns;  /* clock_ns() at the last one */
    uint64_t cpu_ns;   /* the process's time; set when it ends */
    uint64_t overruns; /* set when it ends */
};

/* Start one in the calling thread's namespace; returns when it is subscribed. */
struct consumer *consumer_start(enum consumer_kind kind);

/* Wait until it has received `count` events, or none for 300 ms, and end it. The counters remain
 * until consumer_free(). */
void consumer_finish(struct consumer *c, uint64_t count);
void consumer_free(struct consumer *c);

#endif
