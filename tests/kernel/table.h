/* SPDX-License-Identifier: MIT */
/* Shared by the tests of whole tables. v0 of the fixture has 10.1.0.1/16. */
#ifndef ARPQ_TEST_KERNEL_TABLE_H
#define ARPQ_TEST_KERNEL_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include <arpq.h>

#include "kernel/fixture.h"

#define FILTER(...) (&(struct arpq_filter){.size = sizeof(struct arpq_filter), __VA_ARGS__})

int set_up(void **state);

int tear_down(void **state);

/* Whether the kernel made the entry for a membership report. */
bool is_noise(const struct arpq_neigh *neigh);

/* Read the table; fail if an entry is malformed. */
struct arpq_table *list(const struct arpq_filter *filter);

/* A callback that fails the test. */
int never(const struct arpq_neigh *neigh, void *context);

/* ---- Numbered entries ---- */

/* The address of entry n: 10.1.x.y for even numbers, fd01::x:y for odd ones. Here x:y is n + 256,
 * so that no entry has an own address. */
struct arpq_ip numbered_ip(uint32_t n);

struct arpq_mac numbered_mac(uint32_t n);

/* Add or delete numbered entries on v0; the verb is "add" or "del". */
void change_numbered(const char *verb, uint32_t first, uint32_t end);

/* Whether all members of the entry are as change_numbered set them. */
bool is_numbered(const struct arpq_neigh *neigh, uint32_t n, uint32_t ifindex);

struct tally {
    uint32_t count, ifindex, seen, wrong;
    uint8_t times[8192];
};

/* A callback that counts entries. The context is a struct tally. */
int tally_entry(const struct arpq_neigh *neigh, void *context);

/* Whether each of the first `count` entries appeared exactly once. */
bool is_right(const struct tally *tally);

struct tally tally_table(const struct arpq_table *table, uint32_t count);

/* Fail unless the table holds exactly these entries, each once. */
void check_numbered(const struct arpq_table *table, uint32_t count);

#endif
