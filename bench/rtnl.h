/* SPDX-License-Identifier: MIT */
/* Batched rtnetlink requests, for setting the scene. Any refusal ends the program. */
#ifndef BENCH_RTNL_H
#define BENCH_RTNL_H

#include <libmnl/libmnl.h>
#include <stddef.h>
#include <stdint.h>

struct rtnl {
    struct mnl_socket *socket;
    char *buffer;
    size_t used;
    unsigned messages;
    uint32_t sequence;
    struct nlmsghdr *last;
};

/* A connection to the calling thread's network namespace. */
void rtnl_open(struct rtnl *r);
void rtnl_close(struct rtnl *r);

/* Begin a message with a zeroed header of header_size bytes after the netlink header; it is
 * finished by rtnl_end, which sends the batch when 200 messages are in it. */
struct nlmsghdr *rtnl_begin(struct rtnl *r, uint16_t type, uint16_t flags, size_t header_size,
                            void **header);
void rtnl_end(struct rtnl *r, struct nlmsghdr *message);

/* Send what is left and wait for the kernel's word on it. */
void rtnl_flush(struct rtnl *r);

#endif
