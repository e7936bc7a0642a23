/* SPDX-License-Identifier: MIT */
/* Hand-written code that resolves and sweeps on sockets that stay open. */
#ifndef BENCH_CONTESTANTS_RAW_LINK_H
#define BENCH_CONTESTANTS_RAW_LINK_H

#include <arpq.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* -- resolve -- */

struct raw_resolve {
    int events;   /* netlink socket for neighbour events */
    int requests; /* netlink socket for requests */
    int udp;
    uint32_t ifindex;
    struct arpq_ip ip; /* IPv4 */
    uint32_t sequence;
};

void raw_resolve_open(struct raw_resolve *raw, const struct arpq_ip *ip, uint32_t ifindex);
void raw_resolve_close(struct raw_resolve *raw);

/* Delete the entry and discard the waiting events. */
void raw_resolve_delete(struct raw_resolve *raw);

/* Both start a resolution and wait for its event: raw_resolve_by_request sends a request with
 * NTF_USE, raw_resolve_by_datagram sends an empty datagram. They return 0 or a negative errno
 * value. */
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

/* The sweep uses the sender address `source` and covers the /16 `network`. Both are in host byte
 * order. */
void raw_sweep_open(struct raw_sweep *raw, const char *link, uint32_t source, uint32_t network);
void raw_sweep_close(struct raw_sweep *raw);

/* Sweeps the network without retries or pacing. One sendmmsg() sends a batch of requests, and one
 * recvmmsg() receives a batch of replies; only the sender's address of a reply is read. Stops when
 * `expected` addresses have answered, or when no reply arrives for 300 ms. Returns the number of
 * addresses that answered. */
size_t raw_sweep_run(struct raw_sweep *raw, size_t expected);

#endif
