/* SPDX-License-Identifier: MIT */
/*
 * Who has which address on the link of an attack.
 *
 *   10.1.0.1, fd01::1, fe80::1           the victim, which runs the library
 *   10.1.0.10 to .17, fd01::a to ::11    honest machines; the attacker claims only the second
 *                                        half of these addresses, and only against a sweep
 *   10.1.4.10 to .17                     the same machines in a network that a sweep asks for, and
 *                                        of which the attacker answers for few addresses
 *   10.1.8.0 to .15                      machines that change their MAC
 *   10.1.9.0 to .15                      addresses that two machines use from time to time
 *   10.1.10.0 to .15                     machines that are silent during the attack
 *   10.1.0.20, fd01::14                  a machine that answers an echo request after some time
 *   10.1.1.0 to .149, fd01::1:0 to :95   addresses that the attacker puts into the victim's
 *                                        neighbour table: few, because the kernel has one limit for
 *                                        all namespaces
 *   10.1.16.0 to 10.1.255.255, fd01::x   addresses that the attacker invents
 */
#ifndef ARPQ_TEST_ATTACK_PLAN_H
#define ARPQ_TEST_ATTACK_PLAN_H

#define VICTIM_MAC "02:00:00:00:00:a0"
#define VICTIM_LINK "v0"
#define FAR_LINK "v1"

#define HONEST_FIRST 10u
#define HONEST_COUNT 8u
#define SPARSE_NET 4u
#define HONEST_SPARED 4u /* the attacker never claims the first ones */

#define MOVER_COUNT 16u
#define MOVER_NET 8u
#define CONTESTED_COUNT 16u
#define CONTESTED_NET 9u
#define QUIET_COUNT 16u
#define QUIET_NET 10u
#define SLOW_HOST 20u
#define POOL_COUNT 150u
#define POOL_NET 1u
#define INVENTED_NET 16u

/* The hop limits that tell an honest packet from a forged one. */
#define HONEST_HOPS 64u
#define FORGED_HOPS 99u

#endif
