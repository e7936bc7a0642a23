/* SPDX-License-Identifier: MIT */
/* The attacker: a process that sends forged frames through one end of the link. */
#ifndef ARPQ_TEST_ATTACK_ATTACKER_H
#define ARPQ_TEST_ATTACK_ATTACKER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "attack/forge.h"
#include "attack/meter.h"
#include "attack/plan.h"

/* What the processes of one attack share. */
struct attack_shared {
    struct meter_busy busy;
    atomic_bool pause;  /* the attacker is to send nothing */
    atomic_bool paused; /* it sends nothing */
    atomic_ullong frames;
    atomic_ullong refused;                  /* frames that the link did not accept */
    atomic_ullong answers;                  /* frames that answer what was heard */
    atomic_uint moves[MOVER_COUNT];         /* times that a machine has changed its MAC */
    atomic_uint conflicts[CONTESTED_COUNT]; /* times that a second machine began to use it */
    struct honest_times {
        uint32_t announce_ms;
        uint32_t move_ms;                      /* time between two moves of a machine */
        uint32_t contest_every_ms, contest_ms; /* an address is contested so often and so long */
    } times;
};

/* The kinds of frames of an attack, each as often as it is named. */
#define MIX_MAX 16u

struct attack_mix {
    const char *name;
    forge_function kinds[MIX_MAX]; /* ends with NULL */
    bool answers_arp;              /* also answers each ARP request that it hears */
    bool answers_echo;             /* guesses each echo request, except its random number */
};

/* Send frames of the mix through FAR_LINK until the process is killed. */
_Noreturn void attacker_run(const struct attack_mix *mix, struct attack_shared *shared,
                            uint64_t seed);

/* Announce the honest machines that move, and the addresses that two machines use, until the
 * process is killed. */
_Noreturn void honest_run(struct attack_shared *shared);

/* Announce the machines that are silent during the attack, with their first or their second MAC. */
void honest_announce_quiet(bool second);

/* Answer echo requests to SLOW_HOST after some milliseconds, until the process is killed. */
_Noreturn void slow_run(void);

/* The MAC of a moving machine after `moves` moves. The MAC of the owner of a contested address
 * (contest 0), and of the other machine in a contest, from 1. */
void honest_mover_mac(unsigned number, unsigned moves, uint8_t *mac);
void honest_contested_mac(unsigned number, unsigned contest, uint8_t *mac);

/* How often the machine has moved, from its MAC; 0 for a MAC that the attacker claims. */
unsigned honest_moves_of(unsigned number, const uint8_t *mac);

/* The number of the contest, from two MACs of a contested address; 0 if the attacker claims both. */
unsigned honest_contest_of(unsigned number, const uint8_t *mac, const uint8_t *other);

/* Open a packet socket that sends and receives through FAR_LINK. */
int attacker_socket(void);

#endif
