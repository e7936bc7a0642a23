/* SPDX-License-Identifier: MIT */
/* Resolving by hand: poke the kernel and wait for its event, with sockets kept open. */
#ifndef BENCH_RAW_RESOLVE_H
#define BENCH_RAW_RESOLVE_H

#include <stdint.h>

#include <arpq.h>

struct raw_resolve {
    int events;   /* of neighbours */
    int requests; /* to the table */
    int udp;
    uint32_t ifindex;
    struct arpq_ip ip; /* IPv4 */
    uint32_t sequence;
};

void raw_resolve_open(struct raw_resolve *raw, const struct arpq_ip *ip, uint32_t ifindex);
void raw_resolve_close(struct raw_resolve *raw);

/* Remove the entry and forget the events. */
void raw_resolve_delete(struct raw_resolve *raw);

/* By an order (NTF_USE) or by an empty datagram; 0 when the address is known. */
int raw_resolve_by_request(struct raw_resolve *raw);
int raw_resolve_by_datagram(struct raw_resolve *raw);

#endif
