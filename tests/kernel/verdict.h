/* SPDX-License-Identifier: MIT */
/* The answer that the library must give, derived from the kernel's own decision. */
#ifndef ARPQ_TEST_KERNEL_VERDICT_H
#define ARPQ_TEST_KERNEL_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include <arpq.h>

#include "kernel/fib.h"

struct verdict {
    enum verdict_kind {
        VERDICT_REFUSED, /* no route, or a route that refuses packets */
        VERDICT_LOCAL,
        VERDICT_BROADCAST,
        VERDICT_MULTICAST,
        VERDICT_DIRECT,
        VERDICT_GATEWAY,
    } kind;
    uint32_t ifindex; /* the device that the kernel sends from; 0: none */
    struct arpq_ip ip;
    struct arpq_ip key; /* the address whose entry the kernel uses */
    struct fib_neigh neigh;
};

struct verdict verdict_of(const struct fib_query *query);

/* The functions under test, each with the handle that the test passes to it. */
enum way { LOOKUP, LOOKUP_VIA, GET, GET_VIA, PEER, RESOLVE, WAYS };

const char *way_name(enum way way);

struct outcome {
    int code;
    struct arpq_neigh neigh; /* LOOKUP and PEER set only the MAC */
};

/* Whether the outcome is right. */
bool verdict_allows(const struct verdict *verdict, enum way way, const struct outcome *outcome);

void verdict_print(const struct verdict *verdict);
void outcome_print(const struct outcome *outcome);

#endif
