/* SPDX-License-Identifier: MIT */
/* What the tests of whole tables share. v0 of the fixture has 10.1.0.1/16. */
#ifndef ARPQ_TEST_KERNEL_TABLE_H
#define ARPQ_TEST_KERNEL_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include <arpq.h>

#include "kernel/fixture.h"

#define FILTER(...) (&(struct arpq_filter){.size = sizeof(struct arpq_filter), __VA_ARGS__})

int set_up(void **state);

int tear_down(void **state);

/* What the kernel enters by itself: groups that it reports its membership of. */
bool is_noise(const struct arpq_neigh *neigh);

/* The table, which may hold nothing malformed. */
struct arpq_table *list(const struct arpq_filter *filter);

/* For arpq_table_each: fails the test. */
int never(const struct arpq_neigh *neigh, void *context);

/* ---- Numbered entries ---- */

/* Even numbers are 10.1.x.y, odd ones fd01::x:y; from 256 on, to miss our own. */
struct arpq_ip numbered_ip(uint32_t n);

struct arpq_mac numbered_mac(uint32_t n);

/* Add or delete ("add", "del") these entries on v0. */
void change_numbered(const char *verb, uint32_t first, uint32_t end);

/* The whole entry is as it was made. */
bool is_numbered(const struct arpq_neigh *neigh, uint32_t n, uint32_t ifindex);

struct tally {
    uint32_t count, ifindex, seen, wrong;
    uint8_t times[8192];
};

/* For arpq_table_each, with a struct tally. */
int tally_entry(const struct arpq_neigh *neigh, void *context);

/* Each of the first entries was seen once. */
bool is_right(const struct tally *tally);

struct tally tally_table(const struct arpq_table *table, uint32_t count);

/* The table holds these entries, each once, and no other. */
void check_numbered(const struct arpq_table *table, uint32_t count);

#endif
