/* SPDX-License-Identifier: MIT */
/* An unprivileged process that receives neighbour events. */
#ifndef BENCH_CONTESTANTS_CONSUMER_H
#define BENCH_CONTESTANTS_CONSUMER_H

#include <stdint.h>
#include <sys/types.h>

enum consumer_kind {
    CONSUMER_RAW,   /* counts the events, with a receive buffer of 8 MB */
    CONSUMER_MIRROR /* applies the events to a mirror */
};

/* The struct is in memory that both processes share. */
struct consumer {
    enum consumer_kind kind;
    pid_t pid;
    int ready;
    int stop;
    uint64_t received; /* events */
    uint64_t last_ns;  /* clock_ns() when the last event arrived */
    uint64_t cpu_ns;   /* processor time of the process; set when the process ends */
    uint64_t overruns; /* receive buffer overruns; set when the process ends */
};

/* Starts a consumer in the calling thread's namespace. Returns when the consumer has subscribed to
 * the events. */
struct consumer *consumer_start(enum consumer_kind kind);

/* Waits until the consumer has received `count` events, or no event for 300 ms, and ends the
 * consumer. The counters remain valid until consumer_free(). */
void consumer_finish(struct consumer *c, uint64_t count);
void consumer_free(struct consumer *c);

#endif
