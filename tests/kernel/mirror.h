/* SPDX-License-Identifier: MIT */
/* What the tests of mirrors share, beside the fixture. */
#ifndef ARPQ_TEST_KERNEL_MIRROR_H
#define ARPQ_TEST_KERNEL_MIRROR_H

#include <stdbool.h>
#include <stdint.h>

#include <arpq.h>

#include "kernel/fixture.h"

/* The mirror of the test. */
extern struct arpq_mirror *m;

int set_up(void **state);

int tear_down(void **state);

/* Options with these flags, and nothing else. */
struct arpq_mirror_options options_of(uint32_t flags);

/* Open m, closing the one before. */
void open_with(const struct arpq_mirror_options *options);

void open_mirror(uint32_t flags);

void sync_mirror(void);

struct arpq_mirror_stats stats_of(void);

/* What a lookup and a get answer: the code, and the address where it is 0. */
void expect_at(const char *file, int line, const char *text, uint32_t ifindex, int want,
               const char *want_mac);

/* With the interface named, and not. */
#define MAC_IS(ip, mac) (expect_at(__FILE__, __LINE__, ip, 0, 0, mac))
#define FAILS(ip, code) (expect_at(__FILE__, __LINE__, ip, 0, code, NULL))
#define MAC_ON(ip, dev, mac) (expect_at(__FILE__, __LINE__, ip, ifindex_of(dev), 0, mac))
#define FAILS_ON(ip, dev, code) (expect_at(__FILE__, __LINE__, ip, ifindex_of(dev), code, NULL))

/* For arpq_mirror_each, with an int: counts all but groups. */
int count_up(const struct arpq_neigh *neigh, void *context);

/* The mirror holds what the kernel does, and that is not less than least entries. */
void same_as_kernel(const char *file, int line, uint32_t least);

#define SAME(least) same_as_kernel(__FILE__, __LINE__, least)

#define LARGE 5000

/* Give LARGE entries this address. */
void fill(const char *mac);

/* For children, which cannot fail a test: that code, and the last byte of that address. */
bool answers(const char *text, int code, uint8_t last);

#endif
