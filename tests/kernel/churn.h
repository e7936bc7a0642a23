/* SPDX-License-Identifier: MIT */
/*
 * Four processes that change the neighbour table, and a fifth that sets the link b0 down and up.
 *
 *   ARPQ_CHURN_SECONDS  minimum duration, divided into shares (6)
 *   ARPQ_CHURN_OPS      minimum number of changes in each share (20000)
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

/* The seed of all random choices. */
extern uint64_t seed;

/* ---- Which entries ---- */

#define DEVICES 2u
#define HOSTS 300u /* changing entries of each family on each device */
#define STEADY 64u /* unchanging entries of each family on the first device */

/* The ifindexes of the devices; the second device is b0, which goes down and up. */
extern uint32_t devices[DEVICES];

/* The IP address of host number `host`. Numbers of at least HOSTS belong to steady entries. */
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

/* Append a request that sets the entry, or deletes it if it has no MAC. */
void put_entry(struct batch *batch, const struct arpq_neigh *neigh);

/* Ends the process if there is no socket. */
void batch_open(struct batch *batch);

/* Return the number of successful requests. The kernel answers only the failed ones. */
uint32_t batch_send(struct batch *batch);

/* ---- The processes ---- */

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

/* Choose an entry, in a state that no kernel timer changes during the test. The kernel sends no
 * event if only the protocol changes, so the MAC changes together with the protocol. */
void choose_entry(uint64_t *random, struct arpq_neigh *neigh);

/* Start the processes for a share of ARPQ_CHURN_SECONDS. */
void churn_start(struct churn *churn, unsigned share, unsigned shares);

/* True until the time has passed, ARPQ_CHURN_OPS changes are done, and the follower has lost enough
 * events: one that a slow machine seldom runs needs longer for that. */
bool churn_goes_on(const struct churn *churn, bool enough_lost);

/* Stop the processes and return the number of changes. */
unsigned long long churn_stop(struct churn *churn);

#endif
