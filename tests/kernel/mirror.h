/* SPDX-License-Identifier: MIT */
/* Shared by the tests of mirrors, in addition to the fixture. */
#ifndef ARPQ_TEST_KERNEL_MIRROR_H
#define ARPQ_TEST_KERNEL_MIRROR_H

#include <stdbool.h>
#include <stdint.h>

#include <arpq.h>

#include "kernel/fixture.h"

/* The mirror of the running test. */
extern struct arpq_mirror *m;

int set_up(void **state);

int tear_down(void **state);

/* Returns options with these flags and default values for the other members. */
struct arpq_mirror_options options_of(uint32_t flags);

/* Open m, after closing the previous mirror. */
void open_with(const struct arpq_mirror_options *options);

void open_mirror(uint32_t flags);

void sync_mirror(void);

struct arpq_sync_stats stats_of(void);

/* Expect lookup and get to return this code, and this MAC if the code is 0. */
void expect_at(const char *file, int line, const char *text, uint32_t ifindex, int want,
               const char *want_mac);

/* MAC_IS and FAILS name no interface; MAC_ON and FAILS_ON name one. */
#define MAC_IS(ip, mac) (expect_at(__FILE__, __LINE__, ip, 0, 0, mac))
#define FAILS(ip, code) (expect_at(__FILE__, __LINE__, ip, 0, code, NULL))
#define MAC_ON(ip, dev, mac) (expect_at(__FILE__, __LINE__, ip, ifindex_of(dev), 0, mac))
#define FAILS_ON(ip, dev, code) (expect_at(__FILE__, __LINE__, ip, ifindex_of(dev), code, NULL))

/* A callback for arpq_mirror_each. Counts all entries except those of groups; the context is an
 * int. */
int count_up(const struct arpq_neigh *neigh, void *context);

/* Fail unless the mirror equals the kernel's table and has at least `least` entries. */
void same_as_kernel(const char *file, int line, uint32_t least);

#define SAME(least) same_as_kernel(__FILE__, __LINE__, least)

#define LARGE 5000

/* Set the MAC of LARGE entries. */
void fill(const char *mac);

/* Whether a lookup returns this code and a MAC with this last byte. Child processes use this
 * function because they cannot use assertions. */
bool answers(const char *text, int code, uint8_t last);

#endif
