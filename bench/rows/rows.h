/* SPDX-License-Identifier: MIT */
/* The rows, grouped by what they measure. A function with a namespace parameter runs in it. */
#ifndef BENCH_ROWS_ROWS_H
#define BENCH_ROWS_ROWS_H

#include "method/compare.h"
#include "method/namespace.h"
#include "method/producer.h"

/* Lookups of existing entries. In one row the library chooses the interface, in the other the
 * caller gives it. `what` is a part of the rows' names. */
void rows_hits(const struct net_namespace *ns, const char *what, const struct timing *timing);
void rows_hits_at_most(const struct net_namespace *ns, const char *what, double goal,
                       const struct timing *timing);

/* Lookups of addresses without an entry. */
void rows_misses(const struct timing *timing);

/* Lookups through rtnetlink: full entries and IPv6. */
void rows_entries(const struct net_namespace *ns, const struct timing *timing);

/* Two threads on one handle. */
void rows_threads(const struct net_namespace *ns, const struct timing *timing);

/* 64 threads on one handle: throughput and fairness. */
void rows_fairness(const struct net_namespace *ns, int quick);

/* Lookups of existing entries with many links up, compared with few links. */
void rows_links(const struct net_namespace *one, const struct net_namespace *many,
                const struct timing *timing);

/* Frames received by a sniffer. */
void rows_frames(const struct timing *timing);

/* The time to open a handle, the number of its descriptors, and the size of the library. */
void rows_footprint(void);

/* Packets written and read, without any namespace. */
void rows_packets(const struct timing *timing);

/* The nanoseconds of a lookup by a peer. */
struct peer;
double rows_time_peer(const struct peer *peer, const struct keys *keys);

/* Lookups by the peers. If proc is 0, /proc/net/arp is not measured, because it takes quadratic
 * time. */
void rows_peers(const struct net_namespace *ns, int proc);

/* Hits with policy rules, with many routes, and while routes change. */
void rows_routes(int quick, const struct timing *timing);

/* The library and the peers list the whole table. rows_table_peers measures /proc/net/arp only if
 * proc is not 0. */
void rows_table(const struct net_namespace *ns, const struct timing *timing);
void rows_table_peers(const struct net_namespace *ns, int proc);

/* arpq show and ip neigh show as processes. */
void rows_processes(const struct net_namespace *ns, int quick);

/* Interfaces with their addresses. */
void rows_interfaces(const struct net_namespace *ns, const struct timing *timing);

/* Calls that look up many addresses at once. */
void rows_many(const struct net_namespace *ns, const struct timing *timing);

/* Resolution of an address that has no entry. Leaves the calling thread in a new namespace. */
void rows_resolve(const struct timing *timing);

/* The mirror: its lookups and memory, its reads of the whole table, and readers that run at the
 * same time as a writer. */
void rows_mirror(const struct net_namespace *ns, const struct timing *timing);
void rows_restart(const struct net_namespace *ns, struct producer *producer,
                  const struct timing *timing);
void rows_readers(const struct net_namespace *ns, struct producer *producer,
                  const struct timing *timing);

/* Wake-ups of a watch, a mirror and a resolver while nothing happens. */
void rows_idle(void);

/* Sweeps of a responder's network. */
void rows_sweep(int quick);

/* The curves of the plots: lookups and lists by table size, and sweeps that lose requests. */
void rows_curves(const struct net_namespace *ns, const struct timing *timing);
void rows_sweep_losses(void);

/* Events applied to a mirror by an unprivileged process. */
void rows_events(const struct net_namespace *ns, struct producer *producer, int quick);

#endif
