/* SPDX-License-Identifier: MIT */
#include "method/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "method/report.h"

static uint64_t read_clock(clockid_t which)
{
    struct timespec t;

    clock_gettime(which, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t clock_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

/* Returns how long the calling thread has waited for a processor: the second number of the file. */
static uint64_t run_delay_ns(void)
{
    static _Thread_local int fd = -1;
    unsigned long long delay;
    char text[96];
    ssize_t size;

    if (fd < 0)
        fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    size = pread(fd, text, sizeof text - 1, 0);
    if (size <= 0)
        return 0;
    text[size] = 0;
    return sscanf(text, "%*u %llu", &delay) == 1 ? delay : 0;
}

uint64_t clock_thread_ns(void)
{
    uint64_t delay = run_delay_ns();

    return clock_ns() - delay;
}

uint64_t clock_cpu_ns(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare_doubles);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

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
