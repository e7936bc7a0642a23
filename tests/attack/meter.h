/* SPDX-License-Identifier: MIT */
/* What calls take, in time and in memory. */
#ifndef ARPQ_TEST_ATTACK_METER_H
#define ARPQ_TEST_ATTACK_METER_H

#include <stdatomic.h>
#include <stdint.h>

/* The time in which the kernel's RTNL lock was held for other namespaces. A process that does
 * nothing but take the lock measures it. */
struct meter_busy {
    atomic_ullong sum_us;
    atomic_ullong since_us; /* the process waits for the lock since then; 0: it does not wait */
};

/* Times since the thread or the machine began. */
struct meter_times {
    uint64_t run_us;    /* on a processor */
    uint64_t waited_us; /* for a processor */
    uint64_t stolen_us; /* by the hypervisor, from all processors */
    uint64_t busy_us;   /* as in struct meter_busy */
};

struct meter {
    int schedstat, stat;
    const struct meter_busy *busy; /* NULL: not known */
    uint64_t began_us, timeout_us;
    uint64_t calls;
    uint64_t over_us; /* the most time that a call took beyond its timeout */
    uint64_t last_us; /* time of the last call, if it was longer than all before; or 0 */
    uint64_t net_us;  /* as over_us, without the time of other threads, RTNL and the hypervisor */
    uint64_t run_us;  /* the time on a processor of that call, and of what was just before it */
    uint64_t checkpoint_us;
    struct meter_times checkpoint;
};

void meter_open(struct meter *meter, const struct meter_busy *busy);
void meter_close(struct meter *meter);

/* Read the times. A kernel that does not tell them lets all time count. */
struct meter_times meter_times(const struct meter *meter);

/* Around each call. */
void meter_begin(struct meter *meter, uint32_t timeout_ms);
void meter_end(struct meter *meter);

uint64_t now_us(void);

/* Returns the sum of the times that do not belong to the caller. */
uint64_t meter_other_us(const struct meter_times *from, const struct meter_times *to);

/* Take the RTNL lock again and again, and note how long that takes, until the process is killed. */
_Noreturn void meter_busy_run(struct meter_busy *busy);

/* Reset the peak of the memory of this process, and return its present size; and the peak since
 * then. In KiB, 0 if unknown. */
uint64_t memory_reset_kib(void);
uint64_t memory_peak_kib(void);

#endif
