/* SPDX-License-Identifier: MIT */
/*
 * A sweep, and what its methods share. It is pulled: each step does a bounded amount of
 * work without waiting, puts the machines it finds into a queue, and says when it wants to
 * be called again.
 */
#ifndef AQ_SWEEP_ENGINE_H
#define AQ_SWEEP_ENGINE_H

#include "handle/handle.h"
#include "kernel/wakeup.h"
#include "sweep/answers.h"
#include "sweep/plan.h"
#include "sweep/rounds.h"

/* A step finds at most so many. */
#define AQ_SWEEP_BATCH 64u

/* Steps that only listen, one after the other: they hear more than a buffer holds. */
#define AQ_SWEEP_LISTEN_MOST 64u

#define AQ_SWEEP_SOURCES 8u

/* The interface, and who asks on it. */
struct aq_sweep_link {
    uint32_t ifindex;
    uint16_t type;
    struct arpq_mac mac;
    struct arpq_mac broadcast;
    struct arpq_ip source; /* IPv4; family 0: 0.0.0.0 */
    /* IPv6: of each scope and prefix one. */
    struct arpq_ip sources[AQ_SWEEP_SOURCES];
    unsigned source_count;
};

/* One way of asking. */
struct aq_sweep_method {
    uint32_t number; /* ARPQ_SWEEP_BY_*, unless start says another */
    /* With sweep->state NULL: make it. What is made before a failure is released by stop. */
    int (*start)(struct arpq_sweep *sweep);
    /* 1: there is more to do at once; 0: when a descriptor becomes readable or wake_us
     * has come; or an error. */
    int (*step)(struct arpq_sweep *sweep);
    /* Bring sweep->stats up to date; called until stop, also after a failed step. */
    void (*count)(struct arpq_sweep *sweep);
    void (*stop)(struct arpq_sweep *sweep);
};

struct arpq_sweep {
    struct arpq *h;
    struct arpq_sweep_options options; /* with the defaults filled in */
    struct aq_plan plan;
    struct aq_sweep_link link;
    const struct aq_sweep_method *method;
    void *state; /* of the method */
    struct arpq_sweep_stats stats;
    struct aq_wakeup wakeup;
    uint64_t began_us;
    uint64_t wake_us; /* set by a step: call it again then */
    bool over;
    int code;               /* why it is over: 0, or an error */
    struct arpq_found *own; /* this machine's addresses in the prefix, found from the start */
    size_t own_count, own_told;
    struct arpq_ip *excluded; /* the networks' own and broadcast addresses of the interface */
    size_t excluded_count;
    struct arpq_found queue[AQ_SWEEP_BATCH];
    unsigned queued, taken;
    unsigned listened; /* steps that only did that, one after the other */
};

/* A machine is there: zeroed but for ip and ifindex, to be completed. There is
 * room for AQ_SWEEP_BATCH of them in a step. */
struct arpq_found *aq_sweep_report(struct arpq_sweep *sweep, const struct arpq_ip *ip);

/* Whether a step is to end with listening, since there is more to hear. Not for ever: what was
 * there at the time has been heard then, and a flood must not keep a sweep from its end. */
bool aq_sweep_listens_on(struct arpq_sweep *sweep, bool more);

/* How long answers are waited for at most. */
uint64_t aq_sweep_timeout_us(const struct arpq_sweep *sweep);

/* Put into the stats what the rounds say; some: there may be machines that were missed. */
void aq_sweep_count_losses(struct arpq_sweep *sweep, const struct aq_rounds *rounds, bool some);

#endif
