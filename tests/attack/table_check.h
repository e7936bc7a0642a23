/* SPDX-License-Identifier: MIT */
/* What a watch or a mirror reports during an attack, against what happened. */
#ifndef ARPQ_TEST_ATTACK_TABLE_CHECK_H
#define ARPQ_TEST_ATTACK_TABLE_CHECK_H

#include "attack/lab.h"
#include "kernel/table_copy.h"

/* The kernel's table may change between two readings, so a comparison is repeated. */
#define TABLE_TRIES 20u

struct table_seen {
    struct lab *lab;
    struct copy played; /* the events, applied to an empty table */
    unsigned moves[MOVER_COUNT];
    uint64_t moves_total, moves_missed, moves_full; /* full: missed while the table was full */
    unsigned conflicts[CONTESTED_COUNT];
    uint64_t conflicts_total, conflicts_missed, conflicts_full;
    uint64_t overruns;
};

struct table_seen *table_seen_new(struct lab *lab);

void table_see(struct table_seen *seen, const struct arpq_event *event);

/* Count the moves and conflicts that were never reported. */
void table_seen_finish(struct table_seen *seen);

/* Returns whether the table equals the kernel's, apart from what the kernel tells nobody. Prints
 * the differences if it is the last try. */
bool table_equals(struct lab *lab, struct copy *table, bool is_last);
bool table_equals_mirror(struct lab *lab, const struct arpq_mirror *mirror, bool is_last);

#endif
