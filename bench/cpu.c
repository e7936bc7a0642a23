/* SPDX-License-Identifier: MIT */
#include "cpu.h"

#include <errno.h>
#include <sched.h>
#include <stddef.h>

#include "fail.h"

#define CPU_WANTED 2

static int usable[CPU_WANTED];
static unsigned usable_count;

unsigned cpu_count(void)
{
    cpu_set_t set;

    if (usable_count)
        return usable_count;
    if (sched_getaffinity(0, sizeof set, &set))
        fail(errno, "sched_getaffinity");
    for (int cpu = CPU_SETSIZE - 1; cpu >= 0 && usable_count < CPU_WANTED; cpu--)
        if (CPU_ISSET((size_t)cpu, &set))
            usable[usable_count++] = cpu;
    return usable_count;
}

static void set_affinity(unsigned first, unsigned end)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    for (unsigned n = first; n < end; n++)
        CPU_SET((size_t)usable[n], &set);
    if (sched_setaffinity(0, sizeof set, &set))
        fail(errno, "sched_setaffinity");
}

void cpu_pin(unsigned n)
{
    set_affinity(n, n + 1);
}

void cpu_unpin(void)
{
    set_affinity(0, usable_count);
}
