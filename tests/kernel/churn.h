/* SPDX-License-Identifier: MIT */
/*
 * Four processes that change the neighbour table and a fifth that takes the link b0 down and up.
 *
 *   ARPQ_CHURN_SECONDS  how long it takes at least, in shares (6)
 *   ARPQ_CHURN_OPS      how many changes there are at least in each share (20000)
 */
#ifndef ARPQ_TEST_KERNEL_CHURN_H
#define ARPQ_TEST_KERNEL_CHURN_H

#include <linux/netlink.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <arpq.h>

#include "random.h"

/* Of every choice. */
extern uint64_t seed;

/* ---- Which entries ---- */

#define DEVICES 2u
#define HOSTS 300u /* that change, of each family on each device */
#define STEADY 64u /* that do not, of each family on the first device */

/* Their indexes; the second is b0, which goes down and up. */
extern uint32_t devices[DEVICES];

/* Steady entries have numbers from HOSTS on. */
void address_of(uint32_t host, uint16_t family, struct arpq_ip *ip);

struct arpq_mac mac_number(uint32_t n);

/* ---- Changing the kernel's table ---- */

#define BATCH 64u
#define MESSAGE_MAX 96u

struct batch {
    int fd;
    uint32_t count;
    size_t size;
    _Alignas(struct nlmsghdr) char bytes[BATCH * MESSAGE_MAX];
};

/* A message without a link-layer address deletes. */
void put_entry(struct batch *batch, const struct arpq_neigh *neigh);

/* Ends the process when there is no socket. */
void batch_open(struct batch *batch);

/* Returns how many of them the kernel carried out: it answers the others only. */
uint32_t batch_send(struct batch *batch);

/* ---- The processes that do it ---- */

#define CHURNERS 4

struct shared {
    atomic_bool stop;
    atomic_ullong operations;
};

struct churn {
    struct shared *shared;
    pid_t pids[CHURNERS + 1];
    uint64_t began_ms, least_ms, most_ms, least_operations;
};

/* States that do not change by themselves here. A new protocol without a new state or
 * address is a change that the kernel tells nobody, so it comes with the address. */
void choose_entry(uint64_t *random, struct arpq_neigh *neigh);

/* Set them going for a share of ARPQ_CHURN_SECONDS. */
void churn_start(struct churn *churn, unsigned share, unsigned shares);

/* Until the time is over and there were ARPQ_CHURN_OPS changes. */
bool churn_goes_on(const struct churn *churn);

/* Returns how many changes there were. */
unsigned long long churn_stop(struct churn *churn);

#endif
