/* SPDX-License-Identifier: MIT */
/* The kernel's routes, neighbours, links and addresses, which the test reads with its own requests.
 * This code uses types of the library, but not its functions. */
#ifndef ARPQ_TEST_KERNEL_FIB_H
#define ARPQ_TEST_KERNEL_FIB_H

#include <stdbool.h>
#include <stdint.h>

#include <arpq.h>

/* Open the socket in the current namespace. Closes the previous one. */
void fib_open(void);

struct fib_query {
    struct arpq_ip ip, source; /* source.family is 0 if there is none */
    uint32_t mark, oif;        /* 0 if there is none */
    bool match;                /* return the matching route instead of the decision */
};

struct fib_route {
    int error;    /* negative if there is no route; all other members are then 0 */
    uint8_t type; /* RTN_* */
    uint32_t oif;
    struct arpq_ip gateway; /* family is 0 if there is none */
};

struct fib_route fib_route(const struct fib_query *query);

struct fib_neigh {
    bool exists;
    uint32_t state;
    struct arpq_mac mac;
};

struct fib_neigh fib_neigh(const struct arpq_ip *ip, uint32_t ifindex);

/* ---- A copy of the links and addresses ---- */

struct fib_link {
    uint32_t ifindex;
    bool has_carrier;
    char name[ARPQ_IFNAME_SIZE];
    struct arpq_mac mac; /* length 0: the link has no link-layer addresses */
};

void fib_read_links(void);

/* Returns NULL if there is no such link. */
const struct fib_link *fib_link(uint32_t ifindex);

/* Whether the link has the address. If ifindex is 0: whether any link has the address. */
bool fib_owns(uint32_t ifindex, const struct arpq_ip *ip);

#endif
