/* SPDX-License-Identifier: MIT */
/*
 * A wire of our own: a TAP device, behind which a thread plays the machines of a /16,
 * with whatever they do wrong.
 */
#ifndef ARPQ_TEST_KERNEL_RESPONDER_H
#define ARPQ_TEST_KERNEL_RESPONDER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <arpq.h>

#define RESPONDER_HOSTS 65536u

struct responder {
    /* Set before it is started. Hosts are numbered by the last two bytes of their address. */
    unsigned mac_length;   /* 6 or 8 */
    uint32_t first, count; /* the hosts that are there */
    unsigned loss_permille;
    uint32_t crowded; /* this host's address is used by so many machines */
    unsigned crowd;
    unsigned crowd_ms; /* between the answers of any two of them */
    uint32_t late;     /* this host answers after so long */
    unsigned late_ms;
    uint32_t deaf; /* this host hears the n-th question only */
    unsigned deaf_until;

    /* What it has seen. */
    atomic_uint questions;
    atomic_uint probes; /* of these, from 0.0.0.0 */
    atomic_uint asker;  /* the address of the last one, as a number */
    atomic_uchar asked[RESPONDER_HOSTS];
    atomic_uint askers[RESPONDER_HOSTS]; /* the address that asked for each host last */

    int fd;
    uint64_t random;
    pthread_t thread;
    atomic_bool stop;
};

/* The device, up: link-layer addresses are of mac_length bytes. */
void responder_start(struct responder *responder, const char *name);
void responder_stop(struct responder *responder);

/* The machine number n (from 0) at a host's address: 02:n and the last bytes of that, with
 * zeros behind where the link wants more. */
struct arpq_mac responder_mac(const struct responder *responder, const struct arpq_ip *ip,
                              unsigned n);

/* Say something that was not asked for: an ARP packet of the sender mac and ip about the
 * target ip, to everybody. */
void responder_say(struct responder *responder, uint16_t operation, const struct arpq_mac *mac,
                   const struct arpq_ip *sender, const struct arpq_ip *target);

/* Put a frame on the wire. */
void responder_send(struct responder *responder, const void *frame, size_t size);

#endif
