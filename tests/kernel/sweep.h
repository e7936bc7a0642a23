/* SPDX-License-Identifier: MIT */
/* What the tests of sweeps share. Each runs in a namespace of its own with a wire:
 *   w0, Ethernet, 10.1.0.1/16; who is behind it is up to the test. */
#ifndef ARPQ_TEST_KERNEL_SWEEP_H
#define ARPQ_TEST_KERNEL_SWEEP_H

#include <arpq.h>

#include "kernel/fixture.h"
#include "kernel/responder.h"

/* Behind the wire; zeroed at the beginning of each test, but for Ethernet. */
extern struct responder wire;

int set_up(void **state);
int tear_down(void **state);

/* Make w0, with wire behind it. */
void start_wire(void);

/* What a sweep found, by the last two bytes of the address. */
struct tally {
    uint32_t found, local, duplicates, unasked, table, wrong;
    uint32_t stop_after; /* 0: do not */
    struct arpq_found last;
    uint8_t times[RESPONDER_HOSTS];
};

/* An arpq_sweep_callback with a struct tally: checks what it can of each machine. */
int tally_found(const struct arpq_found *found, void *context);

/* Sweep "10.1.0.0/24" into a tally, which is zeroed, and stats: its code. */
int sweep_into(struct tally *tally, struct arpq_sweep_stats *stats, const char *prefix,
               const struct arpq_sweep_options *options);

/* The same on w0, which must be brought to its end. */
void sweep_all(struct tally *tally, struct arpq_sweep_stats *stats, const char *prefix,
               const struct arpq_sweep_options *options);

#define OPTIONS(...)                                                                               \
    (&(struct arpq_sweep_options){.size = sizeof(struct arpq_sweep_options), __VA_ARGS__})

/* "10.1.0.0/24" */
struct arpq_ip prefix_of(const char *text, uint32_t *length);

/* No IPv4 neighbour is in the kernel's table. */
void expect_no_neighbours(void);

#endif
