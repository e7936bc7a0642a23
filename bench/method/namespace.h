/* SPDX-License-Identifier: MIT */
/* Network namespaces: one with links and permanent neighbours, and one that answers ARP. */
#ifndef BENCH_METHOD_NAMESPACE_H
#define BENCH_METHOD_NAMESPACE_H

#include <stdint.h>

#include "method/topology.h"

struct namespace_size {
    uint32_t links;         /* even; 2: one pair, 10.0.0.0/8 and fd00::/64 on its first end */
    uint32_t neighbours;    /* IPv4; spread evenly over the links when there are more than 2 */
    uint32_t neighbours_v6; /* on link 0 */
    uint32_t addresses;     /* on each of more than 2 links, half of them IPv6; 0: one */
};

struct net_namespace {
    int fd;
    struct target *v4; /* size.neighbours of them */
    struct target *v6;
    struct namespace_size size;
};

/* Move the calling thread into a new namespace; returns a descriptor of it. */
int namespace_unshare(void);

/* Create a namespace with its links and neighbours, and enter it. */
void namespace_create(struct net_namespace *ns, const struct namespace_size *size);

/* Wait until the kernel destroys no more neighbours, at most 10 seconds. It removes a closed
 * namespace asynchronously, and one neighbour table serves all namespaces. */
void namespace_settle(void);

/* Move the calling thread into the namespace. */
void namespace_enter(const struct net_namespace *ns);

/* Release the namespace; the kernel removes it when its last descriptor is closed. */
void namespace_close(struct net_namespace *ns);

/* The n-th on-link address of link 0 that is no neighbour. */
struct target target_absent(uint32_t n);

/* A namespace at the other end of link 0. It answers ARP for every address of 10.77.0.0/16 except
 * the client's 10.77.0.1, the broadcast address and, mostly, the network address. */
struct responder {
    int fd;
};

#define RESPONDER_ADDRESSES 65533u
#define RESPONDER_NETWORK 0x0a4d0000u /* host byte order */
#define RESPONDER_CLIENT 0x0a4d0001u

/* For a namespace of two links, which the calling thread stays in. */
void responder_create(struct responder *responder, const struct net_namespace *ns);
void responder_close(struct responder *responder);

/* Drop one in `one_in` requests at random; 0: none. Returns -1 when nft(8) is missing. */
int responder_drop_requests(const struct responder *responder, const struct net_namespace *ns,
                            unsigned one_in);

#endif
