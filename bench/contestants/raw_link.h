/* SPDX-License-Identifier: MIT */
/* Hand-written resolving and sweeping, on sockets kept open. */
#ifndef BENCH_CONTESTANTS_RAW_LINK_H
#define BENCH_CONTESTANTS_RAW_LINK_H

#include <arpq.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* -- resolve -- */

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

/* -- sweep -- */

#define RAW_SWEEP_BATCH 64u
#define RAW_SWEEP_TARGETS 65536u
#define RAW_SWEEP_ARP_SIZE 28u

struct raw_sweep {
    int fd;
    uint32_t network; /* host byte order */
    struct mmsghdr out[RAW_SWEEP_BATCH], in[RAW_SWEEP_BATCH];
    struct iovec out_bytes[RAW_SWEEP_BATCH], in_bytes[RAW_SWEEP_BATCH];
    uint8_t requests[RAW_SWEEP_BATCH][RAW_SWEEP_ARP_SIZE];
    uint8_t answers[RAW_SWEEP_BATCH][64];
    uint8_t answered[RAW_SWEEP_TARGETS];
};

/* On the link of that name, from its link-layer address and that IP address; both in host
 * byte order. */
void raw_sweep_open(struct raw_sweep *raw, const char *link, uint32_t source, uint32_t network);
void raw_sweep_close(struct raw_sweep *raw);

/* How many addresses answered: it ends when all have that are expected, or nothing came for a
 * while. */
size_t raw_sweep_run(struct raw_sweep *raw, size_t expected);

#endif
