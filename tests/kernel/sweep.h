/* SPDX-License-Identifier: MIT */
/* Shared by the tests of sweeps. Each test has a namespace with a simulated link:
 *   w0, Ethernet, 10.1.0.1/16; the test chooses the machines behind it. */
#ifndef ARPQ_TEST_KERNEL_SWEEP_H
#define ARPQ_TEST_KERNEL_SWEEP_H

#include <arpq.h>

#include "kernel/fixture.h"
#include "kernel/responder.h"

/* The machines behind w0. Each test starts with zeros and Ethernet. */
extern struct responder wire;

int set_up(void **state);
int tear_down(void **state);

/* Create w0 with these machines behind it. */
void start_wire(void);

/* Make the lowest address of a subnet a host, as it is since Linux 5.14. */
void make_host(const char *lowest, const char *dev);

/* The results of a sweep, counted by the last two bytes of the address. */
struct tally {
    uint32_t found, local, duplicates, unasked, table, wrong;
    uint32_t stop_after; /* the sweep ends after this many results; 0: never */
    struct arpq_found last;
    uint8_t times[RESPONDER_HOSTS];
};

/* A callback for arpq_sweep_each that checks and counts each machine. The context is a struct tally. */
int tally_found(const struct arpq_found *found, void *context);

/* Sweep a prefix such as "10.1.0.0/24", store the results in *tally and *stats, and return the
 * code. */
int sweep_into(struct tally *tally, struct arpq_sweep_stats *stats, const char *prefix,
               const struct arpq_sweep_options *options);

/* Like sweep_into, but on w0. The sweep must finish. */
void sweep_all(struct tally *tally, struct arpq_sweep_stats *stats, const char *prefix,
               const struct arpq_sweep_options *options);

#define OPTIONS(...)                                                                               \
    (&(struct arpq_sweep_options){.size = sizeof(struct arpq_sweep_options), __VA_ARGS__})

/* Parses a prefix such as "10.1.0.0/24". */
struct arpq_ip prefix_of(const char *text, uint32_t *length);

/* Fail if the kernel's table has an IPv4 entry. */
void expect_no_neighbours(void);

#endif
