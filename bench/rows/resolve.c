/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "contestants/raw_link.h"
#include "method/clock.h"
#include "method/compare.h"
#include "method/report.h"
#include "rows/rows.h"

#define CALLS 100 /* calls in a run */
#define NOBODY 65534

struct resolving {
    struct raw_resolve raw;
    struct arpq_handle *handle;
    uid_t user; /* the effective user while resolving; root deletes the entries */
    int (*raw_method)(struct raw_resolve *raw);
};

static int resolve_by_arpq(struct resolving *r)
{
    struct arpq_neigh neigh;

    return arpq_resolve(r->handle, &r->raw.ip, 0, 0, 5000, &neigh);
}

static int resolve_raw(struct resolving *r)
{
    return r->raw_method(&r->raw);
}

/* Returns the median time of the calls, because other work on the machine disturbs some calls. */
static uint64_t run(struct resolving *r, int (*resolve)(struct resolving *r))
{
    double ns[CALLS];

    for (int i = 0; i < CALLS; i++) {
        uint64_t began;
        int code;

        raw_resolve_delete(&r->raw);
        if (r->user && seteuid(r->user) != 0)
            fail(errno, "seteuid");
        began = clock_ns();
        code = resolve(r);
        ns[i] = (double)(clock_ns() - began);
        if (r->user && seteuid(0) != 0)
            fail(errno, "seteuid");
        if (code != 0)
            fail(-code, "a live neighbour was not resolved");
    }
    return (uint64_t)median(ns, CALLS);
}

static uint64_t run_raw(void *self)
{
    return run(self, resolve_raw);
}

static uint64_t run_arpq(void *self)
{
    return run(self, resolve_by_arpq);
}

/* Create two namespaces with a link between them and stay in one. Returns the descriptor that keeps
 * the other one alive. */
static int create_link(void)
{
    char command[512];
    int there;

    there = namespace_unshare();
    close(namespace_unshare());
    snprintf(command, sizeof command,
             "set -e; ip link add v0 type veth peer name v1; ip link set v1 netns /proc/%d/fd/%d;"
             "ip addr add 10.1.0.1/24 dev v0; ip link set v0 up;"
             "nsenter --net=/proc/%d/fd/%d sh -c 'ip link set lo up;"
             " ip addr add 10.1.0.2/24 dev v1; ip link set v1 up'",
             (int)getpid(), there, (int)getpid(), there);
    if (system(command) != 0)
        fail(0, "a link between two namespaces");
    return there;
}

static void report_resolve(const char *name, struct resolving *r, const struct timing *timing)
{
    struct score s[2];

    repeat((struct timed_run[]){{run_raw, r}, {run_arpq, r}}, 2, timing->rounds, s);
    report_row(&(struct row){name, "ns", s[1].ns, s[0].ns, s[1].ratio, 1.4, 0});
}

void rows_resolve(const struct timing *timing)
{
    struct resolving r = {.raw_method = raw_resolve_by_request};
    struct arpq_ip ip;
    int there = create_link();
    int code;

    (void)arpq_ip_parse("10.1.0.2", &ip, 0);
    raw_resolve_open(&r.raw, &ip, if_nametoindex("v0"));
    code = arpq_open(&r.handle, NULL);
    if (code)
        fail(-code, "arpq_open");
    /* The first call waits until the link is up. */
    (void)resolve_by_arpq(&r);
    report_resolve("resolve, live, CAP_NET_ADMIN", &r, timing);
    r.raw_method = raw_resolve_by_datagram;
    r.user = NOBODY;
    report_resolve("resolve, live, no privilege", &r, timing);
    arpq_close(r.handle);
    raw_resolve_close(&r.raw);
    close(there);
}
