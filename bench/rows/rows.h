/* SPDX-License-Identifier: MIT */
/* The rows of the table, grouped by the world they need; the calling thread is in it. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include "method/compare.h"
#include "method/namespace.h"
#include "method/producer.h"

/* Lookup hits, interface chosen and given; goals for a small and a large table differ. */
void rows_hits(const struct net_namespace *ns, double goal, const struct timing *timing);

/* Lookups that find nothing. */
void rows_misses(const struct timing *timing);

/* Everything that goes through rtnetlink: full entries, IPv6. */
void rows_entries(const struct net_namespace *ns, const struct timing *timing);

/* Two threads on one handle. */
void rows_threads(const struct net_namespace *ns, const struct timing *timing);

/* Many links against one: two worlds, either way round. */
void rows_links(const struct net_namespace *one, const struct net_namespace *many,
                const struct timing *timing);

/* Frames heard by a sniffer. */
void rows_frames(const struct timing *timing);

/* Opening, descriptors, size. */
void rows_footprint(void);

/* Packets written and read; no world. */
void rows_packets(const struct timing *timing);

/* The peers. /proc/net/arp is read only where proc is not 0: it takes quadratic time. */
void rows_peers(const struct net_namespace *ns, int proc);

/* The whole table: list and each; and by peers, /proc/net/arp as above. */
void rows_table(const struct net_namespace *ns, const struct timing *timing);
void rows_table_peers(const struct net_namespace *ns, int proc);

/* Interfaces with their addresses. */
void rows_interfaces(const struct net_namespace *ns, const struct timing *timing);

/* Many questions in a call. */
void rows_many(const struct net_namespace *ns, const struct timing *timing);

/* One neighbour that is not known yet; leaves the thread in a namespace of its own. */
void rows_resolve(const struct timing *timing);

/* The mirror: lookups, memory; reading the table into it; readers beside a writer. */
void rows_mirror(const struct net_namespace *ns, const struct timing *timing);
void rows_restart(const struct net_namespace *ns, struct producer *producer,
                  const struct timing *timing);
void rows_readers(const struct net_namespace *ns, struct producer *producer,
                  const struct timing *timing);

/* Who is there: sweeps of a world of machines. */
void rows_sweep(int quick);

/* Changes applied to a mirror by a process without privileges. */
void rows_events(const struct net_namespace *ns, struct producer *producer, int quick);

#endif
