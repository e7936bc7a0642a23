/* SPDX-License-Identifier: MIT */
#include "method/producer.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "method/clock.h"
#include "method/report.h"
#include "method/topology.h"

#define CHANGES_PER_BATCH 100u  /* changes between two readings of the clock */
#define FIRST_ROUTE 0xac100000u /* 172.16.0.0 */
#define ROUTES 1000u

void producer_change_neighbour(struct producer *p, const struct net_namespace *ns, struct rtnl *r)
{
    topology_set_neighbour(r, &ns->v4[p->next], p->second);
    if (++p->next == ns->size.neighbours) {
        p->next = 0;
        p->second++;
    }
}

void producer_change_route(struct producer *p, const struct net_namespace *ns, struct rtnl *r)
{
    const struct route route = {.to = FIRST_ROUTE + (p->next / 2 % ROUTES << 8),
                                .length = 24,
                                .type = RTN_UNICAST,
                                .table = RT_TABLE_MAIN,
                                .ifindex = LINK_IFINDEX + 1};

    (void)ns;
    if (p->next++ % 2)
        topology_delete_route(r, &route);
    else
        topology_add_route(r, &route);
}

struct producer *producer_create(void (*change)(struct producer *, const struct net_namespace *,
                                                struct rtnl *))
{
    struct producer *p =
        mmap(NULL, sizeof *p, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        fail(errno, "shared memory");
    p->change = change;
    p->second = 1;
    return p;
}

void producer_free(struct producer *p)
{
    munmap(p, sizeof *p);
}

static void send_batch(struct producer *p, const struct net_namespace *ns, struct rtnl *r,
                       uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        p->change(p, ns, r);
    rtnl_flush(r);
    __atomic_fetch_add(&p->sent, count, __ATOMIC_RELAXED);
}

static void sleep_until(uint64_t ns)
{
    const struct timespec t = {.tv_sec = (time_t)(ns / 1000000000u),
                               .tv_nsec = (long)(ns % 1000000000u)};

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
        ;
}

void producer_send(struct producer *p, const struct net_namespace *ns, uint64_t count,
                   double per_second)
{
    uint64_t began = clock_ns();
    struct rtnl r;

    rtnl_open(&r);
    for (uint64_t done = 0; done < count && !__atomic_load_n(&p->stop, __ATOMIC_RELAXED);) {
        uint64_t batch = count - done < CHANGES_PER_BATCH ? count - done : CHANGES_PER_BATCH;

        send_batch(p, ns, &r, batch);
        done += batch;
        if (per_second > 0)
            sleep_until(began + (uint64_t)((double)done * 1e9 / per_second));
    }
    rtnl_close(&r);
}

pid_t producer_start(struct producer *p, const struct net_namespace *ns, double per_second)
{
    pid_t child;

    p->stop = 0;
    child = fork();
    if (child < 0)
        fail(errno, "fork");
    if (child)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    producer_send(p, ns, UINT64_MAX, per_second);
    _exit(0);
}

void producer_stop(struct producer *p, pid_t child)
{
    int status;

    __atomic_store_n(&p->stop, 1, __ATOMIC_RELAXED);
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status))
        fail(0, "the producer of events failed");
    p->stop = 0;
}
