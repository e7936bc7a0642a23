/* SPDX-License-Identifier: MIT */
/* Two namespaces with a link between them, and processes that resolve addresses with and without
 * privileges while the test continues. */
#ifndef ARPQ_TEST_KERNEL_RESOLVE_H
#define ARPQ_TEST_KERNEL_RESOLVE_H

#include <stdbool.h>

#include "kernel/netns.h"

/* v0 here has 10.1.0.1/24 and fd01::1/64; v1 there has 10.1.0.2 to 10.1.0.LIVE and fd01::2. An
 * address without an answer becomes FAILED after 300 ms, and the kernel probes a DELAY entry after
 * 1 s. */
#define LIVE 100
#define DEAD "10.1.0.200"
#define DEAD6 "fd01::77"
#define DELAY_MS 1000
#define VERDICT_MS 300

struct hosts {
    struct netns_second far;
    struct arpq_mac far_mac;
    uint32_t v0;
};

extern struct hosts hosts;

void hosts_make(void);
int hosts_set_up(void **state);
int hosts_tear_down(void **state);

/* Remove all neighbour entries. */
void hosts_forget(void);

struct query {
    const char *ip;
    uint32_t ifindex;
    int32_t timeout_ms;
    uint32_t handle_flags;
    const struct arpq_resolve_options *options; /* NULL: use arpq_resolve; else arpq_resolve_many */
};

struct answer {
    int code;
    uint64_t ms;
    struct arpq_neigh neigh;
};

struct query_process {
    int pid, pipe;
};

/* Start a process that runs the query, as nobody unless privileged; fetch its answer; do both. */
struct query_process query_start(bool privileged, const struct query *query);
struct answer query_end(const struct query_process *process);
struct answer query_run(bool privileged, const struct query *query);

#endif
