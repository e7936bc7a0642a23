/* SPDX-License-Identifier: MIT */
#include "changes.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "rtnl.h"
#include "topology.h"

#define BATCH 100u /* between two looks at the clock */

struct changes *changes_make(void)
{
    struct changes *c =
        mmap(NULL, sizeof(*c), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (c == MAP_FAILED)
        fail(errno, "shared memory");
    c->second = 1;
    return c;
}

void changes_drop(struct changes *c)
{
    munmap(c, sizeof(*c));
}

static void send_batch(struct changes *c, const struct net_namespace *ns, struct rtnl *r,
                       uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        topology_set_neighbour(r, &ns->v4[c->next], c->second);
        if (++c->next == ns->size.neighbours) {
            c->next = 0;
            c->second++;
        }
    }
    rtnl_flush(r);
    __atomic_fetch_add(&c->sent, count, __ATOMIC_RELAXED);
}

static void sleep_until(uint64_t ns)
{
    const struct timespec t = {.tv_sec = (time_t)(ns / 1000000000u),
                               .tv_nsec = (long)(ns % 1000000000u)};

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
        ;
}

void changes_send(struct changes *c, const struct net_namespace *ns, uint64_t count,
                  double per_second)
{
    uint64_t began = clock_ns();
    struct rtnl r;

    rtnl_open(&r);
    for (uint64_t done = 0; done < count && !__atomic_load_n(&c->stop, __ATOMIC_RELAXED);) {
        uint64_t batch = count - done < BATCH ? count - done : BATCH;

        send_batch(c, ns, &r, batch);
        done += batch;
        if (per_second > 0)
            sleep_until(began + (uint64_t)((double)done * 1e9 / per_second));
    }
    rtnl_close(&r);
}

pid_t changes_keep(struct changes *c, const struct net_namespace *ns, double per_second)
{
    pid_t child;

    c->stop = 0;
    child = fork();
    if (child < 0)
        fail(errno, "fork");
    if (child)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    changes_send(c, ns, UINT64_MAX, per_second);
    _exit(0);
}

void changes_end(struct changes *c, pid_t child)
{
    int status;

    __atomic_store_n(&c->stop, 1, __ATOMIC_RELAXED);
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status))
        fail(0, "the process that makes changes failed");
    c->stop = 0;
}
