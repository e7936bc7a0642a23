/* SPDX-License-Identifier: MIT */
/* Frames as a hostile host can send them. Written byte by byte, without the library under test. */
#ifndef ARPQ_TEST_ATTACK_FORGE_H
#define ARPQ_TEST_ATTACK_FORGE_H

#include <stddef.h>
#include <stdint.h>

#define FORGED_MAX 512u

struct forged {
    uint8_t bytes[FORGED_MAX];
    size_t size;
};

/* Everything that a forged frame needs to be taken for an answer. */
struct forge {
    uint64_t random;
    uint8_t victim_mac[6];
    uint8_t own_mac[6];
    /* The last echo requests to all nodes (IPv6) and to one machine that were heard. The attacker
     * knows the whole payload of the first and does not know that of the second. */
    struct heard_echo {
        uint16_t identifier, sequence;
        uint8_t payload[64];
        size_t payload_size;
        uint8_t source[16];
        uint8_t host; /* the last byte of the address that was asked */
    } all_nodes, single;
};

/* One kind of frame. Fills in *out. */
typedef void (*forge_function)(struct forge *forge, struct forged *out);

/* ---- ARP ---- */

void forge_arp_reply(struct forge *forge, struct forged *out);     /* of any machine of the /24 */
void forge_arp_invented(struct forge *forge, struct forged *out);  /* of an address of the /16 */
void forge_arp_announce(struct forge *forge, struct forged *out);  /* by request and by reply */
void forge_arp_request(struct forge *forge, struct forged *out);   /* enters the victim's table */
void forge_arp_victim(struct forge *forge, struct forged *out);    /* its MAC, or its address */
void forge_arp_contest(struct forge *forge, struct forged *out);   /* several MACs an address */
void forge_arp_probe(struct forge *forge, struct forged *out);     /* RFC 5227 */
void forge_arp_tagged(struct forge *forge, struct forged *out);    /* up to three VLAN tags */
void forge_arp_malformed(struct forge *forge, struct forged *out); /* lengths, types, cut short */
void forge_arp_pool(struct forge *forge, struct forged *out);      /* moves a table entry */

/* An answer to a request that was heard. */
void forge_arp_answer(struct forge *forge, const uint8_t *ip, const uint8_t *to, const uint8_t *mac,
                      struct forged *out);

/* An announcement of a machine that has this MAC. */
void forge_arp_claim(const uint8_t *ip, const uint8_t *mac, struct forged *out);

/* ---- Neighbour and router discovery ---- */

void forge_na_invented(struct forge *forge, struct forged *out);
void forge_na_pool(struct forge *forge, struct forged *out);
void forge_ns_pool(struct forge *forge, struct forged *out); /* enters the victim's table */
void forge_ndp_any(struct forge *forge, struct forged *out); /* any message, options and lengths */
void forge_ra(struct forge *forge, struct forged *out);      /* one of few prefixes */

/* ---- Echo replies and errors ---- */

void forge_echo_all_nodes(struct forge *forge, struct forged *out); /* from invented sources */
void forge_echo_wrong(struct forge *forge, struct forged *out); /* to all nodes: number, payload */
void forge_echo_single4(struct forge *forge, struct forged *out); /* from an honest machine */
void forge_echo_single6(struct forge *forge, struct forged *out);
void forge_error4(struct forge *forge, struct forged *out); /* about a request that was guessed */
void forge_error6(struct forge *forge, struct forged *out);

#endif
