/* SPDX-License-Identifier: MIT */
#include "attack/meter.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpq.h>

/* The times are read this often at most, because a read takes longer than many calls. */
#define CHECKPOINT_US 2000u

#define BUSY_PAUSE_US 3000
#define BUSY_USUAL_US 1000u

uint64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static bool read_text(int fd, char *text, size_t size)
{
    ssize_t length = fd < 0 ? -1 : pread(fd, text, size - 1, 0);

    text[length < 0 ? 0 : length] = '\0';
    return length > 0;
}

struct meter_times meter_times(const struct meter *meter)
{
    struct meter_times times = {0};
    uint64_t run_ns, waited_ns, ticks;
    char text[256];

    if (read_text(meter->schedstat, text, sizeof text) &&
        sscanf(text, "%" SCNu64 " %" SCNu64, &run_ns, &waited_ns) == 2) {
        times.run_us = run_ns / 1000;
        times.waited_us = waited_ns / 1000;
    }
    if (read_text(meter->stat, text, sizeof text) &&
        sscanf(text, "cpu %*u %*u %*u %*u %*u %*u %*u %" SCNu64, &ticks) == 1)
        times.stolen_us = ticks * 1000000u / (uint64_t)sysconf(_SC_CLK_TCK);
    if (meter->busy) {
        const uint64_t since_us = meter->busy->since_us, now = now_us();

        times.busy_us = meter->busy->sum_us + (since_us && now > since_us ? now - since_us : 0);
    }
    return times;
}

static uint64_t difference(uint64_t to, uint64_t from)
{
    return to > from ? to - from : 0;
}

uint64_t meter_other_us(const struct meter_times *from, const struct meter_times *to)
{
    return difference(to->waited_us, from->waited_us) + difference(to->stolen_us, from->stolen_us) +
           difference(to->busy_us, from->busy_us);
}

void meter_open(struct meter *meter, const struct meter_busy *busy)
{
    memset(meter, 0, sizeof *meter);
    meter->busy = busy;
    meter->schedstat = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    meter->stat = open("/proc/stat", O_RDONLY | O_CLOEXEC);
}

void meter_close(struct meter *meter)
{
    if (meter->schedstat >= 0)
        close(meter->schedstat);
    if (meter->stat >= 0)
        close(meter->stat);
}

void meter_begin(struct meter *meter, uint32_t timeout_ms)
{
    meter->timeout_us = timeout_ms * UINT64_C(1000);
    meter->began_us = now_us();
    if (meter->began_us - meter->checkpoint_us > CHECKPOINT_US) {
        meter->checkpoint = meter_times(meter);
        meter->began_us = meter->checkpoint_us = now_us();
    }
}

void meter_end(struct meter *meter)
{
    uint64_t took_us = now_us() - meter->began_us, over_us, other_us;
    struct meter_times times;

    meter->calls++;
    meter->last_us = 0;
    if (took_us <= meter->timeout_us || took_us - meter->timeout_us <= meter->net_us)
        return;
    times = meter_times(meter);
    meter->last_us = took_us;
    over_us = took_us - meter->timeout_us;
    if (over_us > meter->over_us)
        meter->over_us = over_us;
    other_us = meter_other_us(&meter->checkpoint, &times);
    over_us = over_us > other_us ? over_us - other_us : 0;
    if (over_us > meter->net_us) {
        meter->net_us = over_us;
        meter->run_us = times.run_us - meter->checkpoint.run_us;
    }
}

/* Reading all interfaces takes the lock, and otherwise some 100 us. */
_Noreturn void meter_busy_run(struct meter_busy *busy)
{
    const struct timespec pause_between = {0, BUSY_PAUSE_US * 1000};
    struct arpq_handle *h;

    if (arpq_open(&h, NULL) != 0)
        _exit(1);
    for (;;) {
        const uint64_t began_us = now_us();
        struct arpq_interfaces *list;
        uint64_t took_us;

        busy->since_us = began_us;
        (void)arpq_interfaces_get(h, ARPQ_INTERFACES_READ, &list);
        arpq_interfaces_free(list);
        took_us = now_us() - began_us;
        busy->since_us = 0;
        busy->sum_us += took_us > BUSY_USUAL_US ? took_us : 0;
        nanosleep(&pause_between, NULL);
    }
}

/* A sanitizer takes memory of its own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static uint64_t status_kib(const char *name)
{
    (void)name;
    return 0;
}
#else
static uint64_t status_kib(const char *name)
{
    FILE *status = fopen("/proc/self/status", "re");
    char line[128];
    uint64_t kib = 0;

    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, name, strlen(name)) == 0)
            kib = strtoull(line + strlen(name), NULL, 10);
    if (status)
        fclose(status);
    return kib;
}
#endif

uint64_t memory_reset_kib(void)
{
    int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

    if (fd >= 0) {
        (void)!write(fd, "5", 1);
        close(fd);
    }
    return status_kib("VmRSS:");
}

uint64_t memory_peak_kib(void)
{
    return status_kib("VmHWM:");
}
