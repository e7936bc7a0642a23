/* SPDX-License-Identifier: MIT */
/* A whole /16 of machines: another namespace at the far end of link 0 of a world, which answers
 * for every address of 10.77.0.0/16 but the asker's own, 10.77.0.1 of link 0, the last and, most
 * of the time, the first. */
#ifndef BENCH_RESPONDER_H
#define BENCH_RESPONDER_H

#include "method/namespace.h"

#define RESPONDER_ADDRESSES 65533u
#define RESPONDER_NETWORK 0x0a4d0000u /* host byte order */
#define RESPONDER_CLIENT 0x0a4d0001u

struct responder {
    int netns;
};

/* For a world of two links. The calling thread stays in it. */
void responder_create(struct responder *responder, const struct net_namespace *ns);
void responder_close(struct responder *responder);

/* Drop one in so many of the questions; 0: none any more. 0, or -1 where nft(8) is missing. */
int responder_drop_requests(const struct responder *responder, const struct net_namespace *ns,
                            unsigned one_in);

#endif
