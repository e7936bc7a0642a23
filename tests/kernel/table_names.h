/* SPDX-License-Identifier: MIT */
/* Tables as lists of entry names ("10.1.0.2@v0 fd01::3@v0"), and a table to filter. */
#ifndef ARPQ_TEST_KERNEL_TABLE_NAMES_H
#define ARPQ_TEST_KERNEL_TABLE_NAMES_H

#include <stdint.h>

#include <arpq.h>

/* Fail unless the table holds exactly the named entries, each once. */
void check_names(const char *what, const struct arpq_table *table, const char *want);

/* A filter and the names of the entries that match it. */
struct row {
    const char *what;
    uint32_t flags;
    const char *dev, *master;
    uint32_t states, neigh_flags;
    const char *prefix;
    uint8_t length, protocol;
    uint16_t family;
    const char *mac;
    uint16_t mac_type;
    const char *want;
};

/* Compare arpq_table_get and arpq_table_each under this filter with the names. */
void check_row(const struct row *row);

/* The entries of make_filter_table. */
#define V0_4 "10.1.0.2@v0 10.1.0.3@v0 10.1.0.130@v0 10.1.0.131@v0 10.1.0.132@v0"
#define V0_6 "fd01::2@v0 fd01::3@v0"
#define PORTS_4 "10.2.0.2@p1 10.2.0.3@p2"
#define PORTS_6 "fd01:0:0:1::2@p1"

/* Make the bridges br0 (ports p1, p2) and br1, and entries of all kinds. */
void make_filter_table(void);

#endif
