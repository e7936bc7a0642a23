/* SPDX-License-Identifier: MIT */
/* Two namespaces with a link between them, and processes that resolve addresses with and without
 * privileges while the test continues. */
#ifndef ARPQ_TEST_KERNEL_RESOLVE_H
#define ARPQ_TEST_KERNEL_RESOLVE_H

#include <stdbool.h>

#include "kernel/netns.h"
#include "process.h"

/* v0 in this namespace has 10.1.0.1/24 and fd01::1/64; v1 in the other namespace has 10.1.0.2 to
 * 10.1.0.LIVE and fd01::2. If nobody answers for an address, its entry becomes FAILED after VERDICT_MS.
 * The kernel probes a DELAY entry after 1 s. */
#define LIVE 100
#define DEAD "10.1.0.200"
#define DEAD6 "fd01::77"
#define DELAY_MS 1000
#define VERDICT_MS (300 * slowness())

struct hosts {
    struct netns_second far;
    struct arpq_mac far_mac;
    uint32_t v0;
};

extern struct hosts hosts;

void hosts_make(void);
int hosts_set_up(void **state);
int hosts_tear_down(void **state);

/* From now on the kernel gives up after that many milliseconds. */
void hosts_set_verdict(unsigned ms);

/* Remove all neighbour entries. */
void hosts_forget(void);

struct query {
    const char *ip;
    uint32_t ifindex;
    int32_t timeout_ms;
    uint32_t flags; /* ARPQ_RESOLVE_*, for arpq_resolve */
    /* If this is NULL, the query calls arpq_resolve, otherwise arpq_resolve_many. */
    const struct arpq_resolve_options *options;
};

struct answer {
    int code;
    uint64_t ms;
    struct arpq_neigh neigh;
};

struct query_process {
    int pid, pipe;
};

/* query_start starts a process that runs the query, as user nobody unless `privileged` is set.
 * query_end returns its answer. query_run does both. */
struct query_process query_start(bool privileged, const struct query *query);
struct answer query_end(const struct query_process *process);
struct answer query_run(bool privileged, const struct query *query);

#endif
