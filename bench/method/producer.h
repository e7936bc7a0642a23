/* SPDX-License-Identifier: MIT */
/* Makes netlink events by changing neighbours or routes. */
#ifndef BENCH_METHOD_PRODUCER_H
#define BENCH_METHOD_PRODUCER_H

#include <sys/types.h>

#include "method/namespace.h"

/* The struct is in memory that child processes share. Each sender continues where the previous
 * sender stopped, so that every request changes something. */
struct producer {
    void (*change)(struct producer *p, const struct net_namespace *ns, struct rtnl *r);
    uint32_t next;  /* index of the neighbour or route */
    uint8_t second; /* the second byte of the next MAC; the checks of answers ignore it */
    int stop;       /* ends the process of producer_start() */
    uint64_t sent;
};

/* Gives the next neighbour a new MAC. */
void producer_change_neighbour(struct producer *p, const struct net_namespace *ns, struct rtnl *r);

/* Adds a route outside the prefixes of the namespace. The next call deletes this route. */
void producer_change_route(struct producer *p, const struct net_namespace *ns, struct rtnl *r);

struct producer *producer_create(void (*change)(struct producer *, const struct net_namespace *,
                                                struct rtnl *));
void producer_free(struct producer *p);

/* Makes `count` changes, at most `per_second` of them per second. If `per_second` is 0, makes them
 * as fast as possible. */
void producer_send(struct producer *p, const struct net_namespace *ns, uint64_t count,
                   double per_second);

/* Start a process that makes changes until producer_stop(). */
pid_t producer_start(struct producer *p, const struct net_namespace *ns, double per_second);
void producer_stop(struct producer *p, pid_t child);

#endif
