/* SPDX-License-Identifier: MIT */
/* What is attacked. Each function opens what it needs, uses it until the time of the lab is over,
 * and prints rows. */
#ifndef ARPQ_TEST_ATTACK_TARGETS_H
#define ARPQ_TEST_ATTACK_TARGETS_H

#include "attack/lab.h"

void attack_sweep4(struct lab *lab);
void attack_sweep6(struct lab *lab);
void attack_sniffer(struct lab *lab);
void attack_watch(struct lab *lab);
void attack_mirror(struct lab *lab);
void attack_resolver(struct lab *lab);
void attack_ping(struct lab *lab);

/* End with a message if a call failed that must not. */
void expect_code(int code, int wanted, const char *call);

#endif
