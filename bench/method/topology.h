/* SPDX-License-Identifier: MIT */
/*
 * Creates links, addresses, routes and neighbours in the calling thread's namespace by batched
 * rtnetlink requests. The program ends if the kernel refuses a request.
 *
 * Link n has the name "b<n>" and the ifindex LINK_IFINDEX + n. A neighbour's MAC is 02:00 and the
 * last four bytes of its IP address, so that every answer can be checked.
 */
#ifndef BENCH_METHOD_TOPOLOGY_H
#define BENCH_METHOD_TOPOLOGY_H

#include <arpq.h>
#include <libmnl/libmnl.h>
#include <stddef.h>
#include <stdint.h>

#define LINK_IFINDEX 1000u

/* A neighbour, or an address that could be one. */
struct target {
    struct arpq_ip ip;
    uint32_t link;
};

/* A netlink socket and the batch of requests to send next. */
struct rtnl {
    struct mnl_socket *socket;
    char *buffer;
    size_t used;
    unsigned messages;
    uint32_t sequence;
    struct nlmsghdr *last;
};

void rtnl_open(struct rtnl *r);
void rtnl_close(struct rtnl *r);

/* Starts a request: writes a netlink header and a zeroed header of header_size bytes. rtnl_end()
 * completes the request, and sends the batch when the batch holds 200 requests. */
struct nlmsghdr *rtnl_begin(struct rtnl *r, uint16_t type, uint16_t flags, size_t header_size,
                            void **header);
void rtnl_end(struct rtnl *r, struct nlmsghdr *message);

/* Send the batch and wait for the acknowledgement. */
void rtnl_flush(struct rtnl *r);

/* Returns the /24 of link n if there are more than two links: 10.<n / 256>.<n % 256>.0 in host byte
 * order. */
uint32_t topology_network(uint32_t link);

/* Disables duplicate address detection, because its events would arrive seconds later. */
void topology_disable_dad(void);

void topology_set_up(struct rtnl *r, uint32_t ifindex);
void topology_add_address(struct rtnl *r, uint32_t ifindex, const struct arpq_ip *ip,
                          uint8_t prefix);

/* An IPv4 route to a link. Addresses are in host byte order. */
struct route {
    uint32_t to;
    uint8_t length;
    uint8_t type; /* RTN_UNICAST, RTN_LOCAL... */
    uint32_t table;
    uint32_t ifindex;
    uint32_t gateway; /* 0: none */
};

void topology_add_route(struct rtnl *r, const struct route *route);
void topology_delete_route(struct rtnl *r, const struct route *route);

/* Adds veth pairs, sets them up and adds their addresses. */
void topology_add_links(struct rtnl *r, uint32_t links, uint32_t addresses);

/* Adds a permanent neighbour. */
void topology_add_neighbour(struct rtnl *r, const struct target *t);

/* Adds or changes a permanent neighbour; `second` is the second byte of its MAC. */
void topology_set_neighbour(struct rtnl *r, const struct target *t, uint8_t second);

#endif
