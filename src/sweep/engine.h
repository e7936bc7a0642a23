/* SPDX-License-Identifier: MIT */
/*
 * The state of a sweep, and what its methods share. The caller drives a sweep: each step does
 * a bounded amount of work without waiting, appends the machines that it finds to a queue, and
 * sets the time of the next step.
 */
#ifndef AQ_SWEEP_ENGINE_H
#define AQ_SWEEP_ENGINE_H

#include "handle/handle.h"
#include "kernel/wakeup.h"
#include "sweep/answers.h"
#include "sweep/plan.h"
#include "sweep/rounds.h"

/* The most machines that one step finds. */
#define AQ_SWEEP_BATCH 64u

/* The most steps in a row that only receive. They read more than a socket buffer holds. */
#define AQ_SWEEP_RECEIVE_MOST 64u

#define AQ_SWEEP_SOURCES 8u

/* The interface, and the addresses to ask from. */
struct aq_sweep_link {
    uint32_t ifindex;
    uint16_t type;
    struct arpq_mac mac;
    struct arpq_mac broadcast;
    struct arpq_ip source; /* IPv4, outside of the subnets; family 0: 0.0.0.0 */
    /* IPv6: one of each scope and prefix. */
    struct arpq_ip sources[AQ_SWEEP_SOURCES];
    unsigned source_count;
};

/* One way of asking. */
struct aq_sweep_method {
    uint32_t number; /* ARPQ_SWEEP_BY_*, unless start sets another one */
    /* Allocate sweep->state and open descriptors; stop releases them after a failure too. */
    int (*start)(struct arpq_sweep *sweep);
    /* 1: call again at once; 0: call again when a descriptor is readable or at wake_us; or an
     * error. */
    int (*step)(struct arpq_sweep *sweep);
    /* Update sweep->stats. Allowed until stop, also after a failed step. */
    void (*count)(struct arpq_sweep *sweep);
    void (*stop)(struct arpq_sweep *sweep);
};

/* A subnet of the interface inside the prefix, and the own address in it. */
struct aq_sweep_subnet {
    struct arpq_ip first;
    uint32_t length;
    struct arpq_ip source;
};

struct arpq_sweep {
    struct arpq *h;
    struct arpq_sweep_options options; /* with the default rate filled in */
    struct aq_plan plan;
    struct aq_sweep_link link;
    const struct aq_sweep_method *method;
    void *state; /* of the method */
    struct arpq_sweep_stats stats;
    struct aq_wakeup wakeup;
    uint64_t began_us;
    uint64_t wake_us; /* time of the next step, set by a step */
    bool over;
    int code;               /* when over: 0 or the error that ended it */
    struct arpq_found *own; /* this machine's addresses in the prefix, reported first */
    size_t own_count, own_taken;
    struct arpq_ip *excluded; /* broadcast addresses of the interface */
    size_t excluded_count;
    struct arpq_ip *lowest; /* the lowest addresses of the interface's subnets, each once */
    size_t lowest_count;
    struct aq_sweep_subnet *subnets; /* IPv4, the smallest first */
    size_t subnet_count;
    struct arpq_found queue[AQ_SWEEP_BATCH];
    unsigned queued, taken;
    unsigned receive_steps; /* in a row that only received */
};

/* Append a machine to the queue, for the caller to complete: only ip and ifindex are set. A
 * step may append AQ_SWEEP_BATCH of them. */
struct arpq_found *aq_sweep_report(struct arpq_sweep *sweep, const struct arpq_ip *ip);

/* Whether a step that could not read everything (more) is to end here, so that the next one
 * receives again. After AQ_SWEEP_RECEIVE_MOST such steps it is not: a flood must not keep a
 * sweep from its end. */
bool aq_sweep_receives_again(struct arpq_sweep *sweep, bool more);

/* The longest time to wait for an answer after the last request. */
uint64_t aq_sweep_timeout_us(const struct arpq_sweep *sweep);

/* The least time that a target has to answer its first request; 0 if the caller set a timeout. */
uint64_t aq_sweep_late_us(const struct arpq_sweep *sweep);

/* When to end a sweep with silent targets, from the times of the last request of the first round
 * and of all rounds. By default it waits as long as arp-scan does, for machines that sleep. */
uint64_t aq_sweep_end_us(const struct arpq_sweep *sweep, uint64_t round_us, uint64_t sent_us);

/* Write the estimates of the rounds into the stats; some: there are silent targets. */
void aq_sweep_count_losses(struct arpq_sweep *sweep, const struct aq_rounds *rounds, bool some);

#endif
