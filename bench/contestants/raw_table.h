/* SPDX-License-Identifier: MIT */
/* What one would write by hand: RTM_GETNEIGH with the request prepared, send and recv. */
#ifndef BENCH_RAW_GET_H
#define BENCH_RAW_GET_H

#include <stddef.h>
#include <stdint.h>

#include "method/compare.h"
#include "raw_arp.h"

struct nlmsghdr;

/* Write a request about a neighbour on link 0 (64 bytes are enough); returns where the address
 * goes. */
uint8_t *raw_get_request(char *request, int family);

/* The MAC in an answer; NULL when it has none. */
const uint8_t *raw_get_mac(const struct nlmsghdr *answer);

struct raw_get {
    int fd;
    uint32_t sequence;
    size_t request_size;
    uint8_t *key; /* of the request: where the address goes */
    char request[64];
    char answer[4096];
};

/* For AF_INET or AF_INET6 neighbours on link 0. */
void raw_get_open(struct raw_get *raw, int family);
void raw_get_close(struct raw_get *raw);

/* run_fn: hits. */
size_t raw_get_hits_v4(void *raw, const struct keys *keys, size_t start, size_t count);
size_t raw_get_hits_v6(void *raw, const struct keys *keys, size_t start, size_t count);

/* SIOCGARP, then RTM_GETNEIGH, for an address that is not there. */
struct raw_miss {
    struct raw_arp arp;
    struct raw_get get;
};

/* run_fn: misses. */
size_t raw_miss_run(void *raw_miss, const struct keys *keys, size_t start, size_t count);

#endif
