/* SPDX-License-Identifier: MIT */
/* Hand-written reads of the kernel's table, with prepared requests. The functions that take keys
 * are of type run_fn. */
#ifndef BENCH_CONTESTANTS_RAW_TABLE_H
#define BENCH_CONTESTANTS_RAW_TABLE_H

#include <net/if_arp.h>
#include <stddef.h>
#include <stdint.h>

#include "method/compare.h"

/* -- SIOCGARP -- */

struct raw_arp {
    int fd;
    struct arpreq request; /* for link 0 */
};

void raw_arp_open(struct raw_arp *raw);
void raw_arp_close(struct raw_arp *raw);

/* raw_arp_hits looks up on link 0, raw_arp_hits_by_link on the link of each target. */
size_t raw_arp_hits(void *raw, const struct keys *keys, size_t start, size_t count);
size_t raw_arp_hits_by_link(void *raw, const struct keys *keys, size_t start, size_t count);

/* -- RTM_GETNEIGH -- */

struct nlmsghdr;

/* Returns the MAC in an answer, or NULL if the answer has none. */
const uint8_t *raw_get_mac(const struct nlmsghdr *answer);

struct raw_get {
    int fd;
    uint32_t sequence;
    size_t request_size;
    uint8_t *key; /* the address in the request */
    char request[64];
    char answer[4096];
};

/* Requests neighbours on link 0; family is AF_INET or AF_INET6. */
void raw_get_open(struct raw_get *raw, int family);
void raw_get_close(struct raw_get *raw);

size_t raw_get_hits_v4(void *raw, const struct keys *keys, size_t start, size_t count);
size_t raw_get_hits_v6(void *raw, const struct keys *keys, size_t start, size_t count);

/* Looks up an address that has no entry, first by SIOCGARP, then by RTM_GETNEIGH. */
struct raw_miss {
    struct raw_arp arp;
    struct raw_get get;
};

size_t raw_miss_run(void *raw_miss, const struct keys *keys, size_t start, size_t count);

/* -- batches of RTM_GETNEIGH -- */

struct raw_many {
    int fd;
    uint32_t sequence;
    size_t request_size;
    uint8_t *key[BATCH]; /* the address in each request */
    char requests[BATCH * 64];
    char answer[4096];
};

void raw_many_open(struct raw_many *raw);
void raw_many_close(struct raw_many *raw);

/* Looks up IPv4 neighbours on link 0: sends BATCH requests in one send(), then receives the
 * answers. */
size_t raw_many_hits(void *raw, const struct keys *keys, size_t start, size_t count);

/* -- dumps: messages are received and counted, but not decoded -- */

struct raw_dump {
    int fd;
    uint32_t sequence;
    char *buffer;
};

void raw_dump_open(struct raw_dump *raw);
void raw_dump_close(struct raw_dump *raw);

/* Dumps the neighbours of all families. Returns the number of entries. */
size_t raw_dump_run(struct raw_dump *raw);

/* Dumps with the given RTM_GET* type. Returns the number of messages. */
size_t raw_dump_of(struct raw_dump *raw, uint16_t type);

#endif
