/* SPDX-License-Identifier: MIT */
/* What one would write by hand to sweep a /16: batches of requests in one call, then
 * whatever has come is read in one. No retry, no pace, nothing decoded but the address. */
#ifndef BENCH_RAW_SWEEP_H
#define BENCH_RAW_SWEEP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

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
