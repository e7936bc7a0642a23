/* SPDX-License-Identifier: MIT */
/* What the library has to answer, by the kernel's own decision. */
#ifndef ARPQ_TEST_KERNEL_VERDICT_H
#define ARPQ_TEST_KERNEL_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include <arpq.h>

#include "kernel/fib.h"

struct verdict {
    enum verdict_kind {
        VERDICT_REFUSED, /* no route, or one that refuses */
        VERDICT_LOCAL,
        VERDICT_BROADCAST,
        VERDICT_MULTICAST,
        VERDICT_DIRECT,
        VERDICT_GATEWAY,
    } kind;
    uint32_t ifindex; /* where the kernel sends; 0: nowhere */
    struct arpq_ip ip;
    struct arpq_ip key; /* whose entry the kernel uses */
    struct fib_neigh neigh;
};

struct verdict verdict_of(const struct fib_query *query);

/* The functions that are asked, and by which handle. */
enum way { LOOKUP, LOOKUP_VIA, GET, GET_VIA, GET_VIA_FLAG, PEER, RESOLVE, WAYS };

const char *way_name(enum way way);

struct outcome {
    int code;
    struct arpq_neigh neigh; /* of LOOKUP and PEER: the MAC only */
};

/* Whether the library may answer so. */
bool verdict_allows(const struct verdict *verdict, enum way way, const struct outcome *outcome);

void verdict_print(const struct verdict *verdict);
void outcome_print(const struct outcome *outcome);

#endif
