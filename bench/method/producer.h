/* SPDX-License-Identifier: MIT */
/* Makes netlink events by changing neighbours or routes. */
#ifndef BENCH_METHOD_PRODUCER_H
#define BENCH_METHOD_PRODUCER_H

#include <sys/types.h>

#include "method/namespace.h"

/* In memory that child processes share: each sender continues where the last one stopped, so that
 * every request changes something. */
struct producer {
    void (*change)(struct producer *p, const struct net_namespace *ns, struct rtnl *r);
    uint32_t next;  /* index of the neighbour or route */
    uint8_t second; /* the second byte of the next MAC; answers are checked without it */
    int stop;       /* ends the process of producer_start() */
    uint64_t sent;
};

/* Gives one neighbour after the other a new MAC. */
void producer_change_neighbour(struct producer *p, const struct net_namespace *ns, struct rtnl *r);

/* Adds a route outside the prefixes of the namespace, and deletes it next. */
void producer_change_route(struct producer *p, const struct net_namespace *ns, struct rtnl *r);

struct producer *producer_create(void (*change)(struct producer *, const struct net_namespace *,
                                                struct rtnl *));
void producer_free(struct producer *p);

/* Make `count` changes, at most `per_second`; 0: as fast as possible. */
void producer_send(struct producer *p, const struct net_namespace *ns, uint64_t count,
                   double per_second);

/* Start a process that makes changes until producer_stop(). */
pid_t producer_start(struct producer *p, const struct net_namespace *ns, double per_second);
void producer_stop(struct producer *p, pid_t child);

#endif
