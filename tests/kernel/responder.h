/* SPDX-License-Identifier: MIT */
/* A simulated link: a TAP device, and a thread that plays the machines of a /16 with their
 * faults. */
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
    /* Set before the start. Hosts are numbered by the last two bytes of their address. */
    unsigned mac_length;   /* 6 or 8 */
    uint32_t first, count; /* the hosts that exist */
    unsigned loss_permille;
    uint32_t crowded; /* `crowd` machines use this host's address */
    unsigned crowd;
    unsigned crowd_ms; /* time between the answers of two of these machines */
    uint32_t late;     /* this host answers after late_ms */
    unsigned late_ms;
    uint32_t reluctant; /* this host ignores its requests before number answers_from */
    unsigned answers_from;
    bool answers_ignored; /* with request answers_from it answers the ignored ones as well */

    /* May change at any time. */
    atomic_uint vlan; /* the hosts receive and send only packets with this tag; 0: without a tag */

    /* The responder counts these while it runs. */
    atomic_uint requests;
    atomic_uint probes;      /* requests from 0.0.0.0 */
    atomic_uint last_sender; /* the sender of the last request, as a number */
    atomic_uchar requests_for[RESPONDER_HOSTS];
    atomic_uint senders[RESPONDER_HOSTS]; /* sender of the last request for each host */

    int fd;
    uint64_t random;
    pthread_t thread;
    atomic_bool stop;
};

/* Create the device and set it up. Its MACs have mac_length bytes. */
void responder_start(struct responder *responder, const char *name);
void responder_stop(struct responder *responder);

/* The MAC of machine number n (from 0) at a host's address: 02:n, then the last bytes of the
 * address, then zeros. */
struct arpq_mac responder_mac(const struct responder *responder, const struct arpq_ip *ip,
                              unsigned n);

/* Broadcast an unrequested ARP packet with this sender MAC, sender address and target address. */
void responder_announce(struct responder *responder, uint16_t operation, const struct arpq_mac *mac,
                        const struct arpq_ip *sender, const struct arpq_ip *target);

/* Send a frame into the link. */
void responder_send(struct responder *responder, const void *frame, size_t size);

#endif
