/* SPDX-License-Identifier: MIT */
/* Network namespaces: one with links and permanent neighbours, and one that answers ARP. */
#ifndef BENCH_METHOD_NAMESPACE_H
#define BENCH_METHOD_NAMESPACE_H

#include <stdint.h>

#include "method/topology.h"

struct namespace_size {
    /* an even number; 2 means one pair with 10.0.0.0/8 and fd00::/64 on its first end */
    uint32_t links;
    /* IPv4 neighbours; spread evenly over the links if there are more than 2 links */
    uint32_t neighbours;
    uint32_t neighbours_v6; /* on link 0 */
    /* addresses of each link if there are more than 2 links; half are IPv6; 0 means 1 */
    uint32_t addresses;
};

struct net_namespace {
    int fd;
    struct target *v4; /* size.neighbours of them */
    struct target *v6;
    struct namespace_size size;
};

/* Moves the calling thread into a new namespace. Returns a descriptor of the namespace. */
int namespace_unshare(void);

/* Create a namespace with its links and neighbours, and enter it. */
void namespace_create(struct net_namespace *ns, const struct namespace_size *size);

/* Waits until the kernel destroys no more neighbours, at most 10 seconds. The kernel removes a
 * closed namespace asynchronously, and one neighbour table serves all namespaces. */
void namespace_settle(void);

/* Move the calling thread into the namespace. */
void namespace_enter(const struct net_namespace *ns);

/* Release the namespace; the kernel removes it when its last descriptor is closed. */
void namespace_close(struct net_namespace *ns);

/* Returns the n-th address that is on-link on link 0 but is not a neighbour. */
struct target target_absent(uint32_t n);

/* A namespace at the other end of link 0. It answers ARP for every address of 10.77.0.0/16 except
 * the client's 10.77.0.1, the broadcast address and, mostly, the network address. */
struct responder {
    int fd;
};

#define RESPONDER_ADDRESSES 65533u
#define RESPONDER_NETWORK 0x0a4d0000u /* host byte order */
#define RESPONDER_CLIENT 0x0a4d0001u

/* Creates a responder for a namespace with two links. The calling thread stays in that
 * namespace. */
void responder_create(struct responder *responder, const struct net_namespace *ns);
void responder_close(struct responder *responder);

/* Drops one in `one_in` requests at random, or none if `one_in` is 0. Returns -1 if nft(8) is
 * missing. */
int responder_drop_requests(const struct responder *responder, const struct net_namespace *ns,
                            unsigned one_in);

#endif
