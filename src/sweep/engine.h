/* SPDX-License-Identifier: MIT */
/*
 * The state of a sweep, and functions that its methods share. The caller drives a sweep: each
 * step does a bounded amount of work without waiting, appends the machines that it finds to a
 * queue, and sets the time of the next step.
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

/* The most consecutive steps that only receive. Together they read more than a socket buffer
 * holds. */
#define AQ_SWEEP_RECEIVE_MOST 64u

#define AQ_SWEEP_SOURCES 8u

/* The interface of a sweep, and the source addresses of its requests. */
struct aq_sweep_link {
    uint32_t ifindex;
    uint16_t type;
    struct arpq_mac mac;
    struct arpq_mac broadcast;
    struct arpq_ip source; /* IPv4 source for targets outside of the subnets; family 0: 0.0.0.0 */
    /* IPv6 sources: one address of each scope and prefix. */
    struct arpq_ip sources[AQ_SWEEP_SOURCES];
    unsigned source_count;
};

/* One method of a sweep. */
struct aq_sweep_method {
    uint32_t number; /* ARPQ_SWEEP_BY_*; start may change it in the stats */
    /* Allocate sweep->state and open descriptors. The caller must call stop even after a
     * failure. */
    int (*start)(struct arpq_sweep *sweep);
    /* Do a part of the work. Returns 1 if it must be called again at once, 0 if it must be
     * called again when a descriptor is readable or at wake_us, or an error. */
    int (*step)(struct arpq_sweep *sweep);
    /* Update sweep->stats. The caller may call this until stop, even after a failed step. */
    void (*count)(struct arpq_sweep *sweep);
    void (*stop)(struct arpq_sweep *sweep);
};

/* A subnet of the interface inside the prefix, and this machine's address in it. */
struct aq_sweep_subnet {
    struct arpq_ip first;
    uint32_t length;
    struct arpq_ip source;
};

struct arpq_sweep {
    struct arpq_handle *h;
    struct arpq_sweep_options options; /* with the default rate filled in */
    struct aq_plan plan;
    struct aq_sweep_link link;
    bool by_routes; /* the routes decide about each target; otherwise all are on the link */
    const struct aq_sweep_method *method;
    void *state; /* private state of the method */
    struct arpq_sweep_stats stats;
    struct aq_wakeup wakeup;
    uint64_t began_us;
    uint64_t wake_us; /* time of the next step, set by a step */
    bool over;
    int code;               /* result of a sweep that is over: 0 or an error */
    struct arpq_found *own; /* this machine's addresses in the prefix, reported first */
    size_t own_count, own_taken;
    struct arpq_ip *excluded; /* broadcast addresses of the interface */
    size_t excluded_count;
    struct arpq_ip *lowest; /* the lowest addresses of the interface's subnets, each once */
    size_t lowest_count;
    struct aq_sweep_subnet *subnets; /* IPv4 subnets, the smallest first */
    size_t subnet_count;
    struct arpq_found queue[AQ_SWEEP_BATCH];
    unsigned queued, taken;
    unsigned receive_steps; /* number of consecutive steps that only received */
};

/* Append a machine to the queue. This sets only ip and ifindex; the caller sets the other
 * members. A step may append at most AQ_SWEEP_BATCH machines. */
struct arpq_found *aq_sweep_report(struct arpq_sweep *sweep, const struct arpq_ip *ip);

/* Whether a step must end now, so that the next step receives again. `more` is set if the step
 * could not read all packets. Returns false after AQ_SWEEP_RECEIVE_MOST consecutive such steps,
 * so that a flood cannot prevent the end of a sweep. */
bool aq_sweep_receives_again(struct arpq_sweep *sweep, bool more);

/* The longest time to wait for an answer after the last request. */
uint64_t aq_sweep_timeout_us(const struct arpq_sweep *sweep);

/* The least time during which a target can answer its first request, or 0 if the caller set a
 * timeout. */
uint64_t aq_sweep_late_us(const struct arpq_sweep *sweep);

/* Returns the time at which a sweep with silent targets ends. round_us is the time of the last
 * request of the first round, and sent_us is the time of the last request of all rounds. By
 * default a sweep waits as long as arp-scan does, because machines may sleep. */
uint64_t aq_sweep_end_us(const struct arpq_sweep *sweep, uint64_t round_us, uint64_t sent_us);

/* Write the loss estimates of the rounds into the stats. `some` is set if there are silent
 * targets. */
void aq_sweep_count_losses(struct arpq_sweep *sweep, const struct aq_rounds *rounds, bool some);

#endif
