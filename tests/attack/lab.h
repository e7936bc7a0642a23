/* SPDX-License-Identifier: MIT */
/* The link of an attack, with the victim in one namespace and the attacker and honest machines in
 * another one; and the rows of the table that the attack prints. */
#ifndef ARPQ_TEST_ATTACK_LAB_H
#define ARPQ_TEST_ATTACK_LAB_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <arpq.h>

#include "attack/attacker.h"
#include "attack/meter.h"
#include "kernel/netns.h"

struct lab {
    const struct attack_mix *mix;
    uint32_t seconds;
    uint64_t seed;
    struct netns_second far;
    struct attack_shared *shared;
    pid_t attacker, honest, busy;
    struct arpq_handle *h;
    uint32_t ifindex;
    uint32_t damping_ms; /* suits the times of the contested addresses */
    uint64_t honest_ms;  /* when the honest machines have announced themselves */
    uint64_t end_ms, rest_ms;
    uint64_t full, full_now, full_ms; /* lab_times_full at first and now; time of the last change */
    uint64_t memory_kib;              /* before the attack */
    struct meter meter;
    unsigned broken; /* rows whose bound was broken */
};

/* Make the link with honest machines and enter the victim's namespace. Call it in a process of
 * its own. */
void lab_open(struct lab *lab, const struct attack_mix *mix, uint32_t seconds, uint64_t seed);

/* Start the honest machines that move. They announce themselves until honest_ms. */
void lab_start_honest(struct lab *lab);

/* Begin the attack, its time, and the measurement of memory. */
void lab_start_attack(struct lab *lab);

/* Start another process in the far namespace. It runs until the caller ends it. */
pid_t lab_start_far(const struct lab *lab, void (*run)(void));

/* Call a function in the far namespace, and wait for it. */
void lab_run_far(const struct lab *lab, void (*run)(bool), bool argument);

/* Whether the run is only a test of the attack. Moves follow each other so quickly then that
 * drops of the kernel may hide one. */
bool lab_is_short(const struct lab *lab);

/* Returns whether the time is not over. From time to time, does nothing for a while first, as a
 * program that is busy elsewhere. */
bool lab_goes_on(struct lab *lab);

/* Stop the frames of the attacker, but not those of the honest machines, and go on. */
void lab_pause(struct lab *lab);
void lab_resume(struct lab *lab);

void lab_close(struct lab *lab);

/* The address and the MAC of an honest machine. */
struct arpq_ip lab_honest_ip(uint16_t family, unsigned number);
struct arpq_mac lab_honest_mac(unsigned number);

/* The number of the machine that has the address, or HONEST_COUNT. */
unsigned lab_honest_number(const struct arpq_ip *ip);

/* Print a row of the table: what is bounded, the bound, and what was reached. */
void lab_row(struct lab *lab, const char *what, const char *bound, bool kept, const char *format,
             ...) __attribute__((format(printf, 5, 6)));

/* The times that a neighbour table of the kernel was full. All namespaces share the tables, and
 * other programs may fill them too. */
uint64_t lab_times_full(const struct lab *lab);

/* Whether that happened a short time ago. The kernel may have told nobody of a machine then. */
bool lab_was_full(struct lab *lab);

/* The rows of the time of calls, and of memory. */
void lab_row_time(struct lab *lab, const char *call, const char *bound, uint64_t bound_us);
void lab_row_memory(struct lab *lab, const char *bound, uint64_t bound_kib);

#endif
