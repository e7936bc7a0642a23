/* SPDX-License-Identifier: MIT */
/* ARP frames. */
#include "attack/forge.h"

#include <string.h>

#include "attack/forge_bytes.h"
#include "attack/plan.h"
#include "random.h"

#define OP_REQUEST 1
#define OP_REPLY 2

static const uint8_t victim_ip[4] = {10, 1, 0, 1};
static const uint8_t everybody[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

struct arp {
    uint16_t operation;
    const uint8_t *to, *source; /* of the frame */
    const uint8_t *sender_mac, *sender_ip, *target_mac, *target_ip;
};

static void put_arp(struct forged *out, const struct arp *arp)
{
    static const uint8_t zeros[6];

    out->size = 0;
    forge_put(out, arp->to, 6);
    forge_put(out, arp->source ? arp->source : arp->sender_mac, 6);
    forge_put16(out, 0x0806);
    forge_put16(out, 1);
    forge_put16(out, 0x0800);
    forge_put16(out, 0x0604);
    forge_put16(out, arp->operation);
    forge_put(out, arp->sender_mac, 6);
    forge_put(out, arp->sender_ip, 4);
    forge_put(out, arp->target_mac ? arp->target_mac : zeros, 6);
    forge_put(out, arp->target_ip, 4);
    forge_pad(out, 60);
}

/* An address that only the attacker uses. */
static void draw_invented(struct forge *forge, uint8_t *ip)
{
    ip[0] = 10;
    ip[1] = 1;
    ip[2] = (uint8_t)(INVENTED_NET + draw(&forge->random, 256 - INVENTED_NET));
    ip[3] = (uint8_t)draw(&forge->random, 256);
}

/* An address of the /24 that a sweep asks for, but none that is spared. */
static void draw_swept(struct forge *forge, uint8_t *ip)
{
    memcpy(ip, (const uint8_t[]){10, 1, 0}, 3);
    do
        ip[3] = (uint8_t)draw(&forge->random, 256);
    while (ip[3] == 1 || ip[3] - HONEST_FIRST < HONEST_SPARED);
}

static void draw_pool(struct forge *forge, uint8_t *ip)
{
    memcpy(ip, (const uint8_t[]){10, 1, POOL_NET}, 3);
    ip[3] = (uint8_t)draw(&forge->random, POOL_COUNT);
}

void forge_arp_answer(struct forge *forge, const uint8_t *ip, const uint8_t *to, const uint8_t *mac,
                      struct forged *out)
{
    put_arp(out, &(struct arp){OP_REPLY, forge->victim_mac, NULL, mac, ip, forge->victim_mac, to});
}

void forge_arp_claim(const uint8_t *ip, const uint8_t *mac, struct forged *out)
{
    put_arp(out, &(struct arp){OP_REQUEST, everybody, NULL, mac, ip, NULL, ip});
}

void forge_arp_reply(struct forge *forge, struct forged *out)
{
    uint8_t ip[4], mac[6];

    draw_swept(forge, ip);
    forge_draw_mac(forge, mac);
    forge_arp_answer(forge, ip, victim_ip, mac, out);
}

void forge_arp_invented(struct forge *forge, struct forged *out)
{
    uint8_t ip[4], mac[6];

    draw_invented(forge, ip);
    forge_draw_mac(forge, mac);
    forge_arp_answer(forge, ip, victim_ip, mac, out);
}

void forge_arp_announce(struct forge *forge, struct forged *out)
{
    uint16_t operation = draw(&forge->random, 2) ? OP_REQUEST : OP_REPLY;
    uint8_t ip[4], mac[6];

    draw_invented(forge, ip);
    forge_draw_mac(forge, mac);
    put_arp(out, &(struct arp){operation, everybody, NULL, mac, ip, NULL, ip});
}

void forge_arp_request(struct forge *forge, struct forged *out)
{
    uint8_t ip[4], mac[6];

    draw_pool(forge, ip);
    forge_draw_mac(forge, mac);
    put_arp(out, &(struct arp){OP_REQUEST, everybody, NULL, mac, ip, NULL, victim_ip});
}

void forge_arp_victim(struct forge *forge, struct forged *out)
{
    uint8_t ip[4], mac[6];

    draw_invented(forge, ip);
    forge_draw_mac(forge, mac);
    if (draw(&forge->random, 2))
        put_arp(out, &(struct arp){OP_REPLY, everybody, NULL, forge->victim_mac, ip, NULL, ip});
    else
        put_arp(out, &(struct arp){OP_REQUEST, everybody, NULL, mac, victim_ip, NULL, ip});
}

/* One of 64 addresses, each with eight MACs. */
void forge_arp_contest(struct forge *forge, struct forged *out)
{
    const uint8_t ip[4] = {10, 1, INVENTED_NET, (uint8_t)draw(&forge->random, 64)};
    const uint8_t mac[6] = {2, 0xc0, 0, 0, ip[3], (uint8_t)draw(&forge->random, 8)};

    forge_arp_claim(ip, mac, out);
}

void forge_arp_probe(struct forge *forge, struct forged *out)
{
    static const uint8_t nobody[4];
    uint8_t ip[4], mac[6];

    draw_invented(forge, ip);
    forge_draw_mac(forge, mac);
    put_arp(out, &(struct arp){OP_REQUEST, everybody, NULL, mac, nobody, NULL, ip});
}

void forge_arp_tagged(struct forge *forge, struct forged *out)
{
    static const uint16_t tags[] = {0x8100, 0x88a8, 0x9100};
    struct forged plain;
    unsigned count = 1 + draw(&forge->random, 3);

    forge_arp_announce(forge, &plain);
    out->size = 0;
    forge_put(out, plain.bytes, 12);
    while (count-- > 0) {
        forge_put16(out, tags[draw(&forge->random, 3)]);
        forge_put16(out, (uint16_t)draw(&forge->random, 65536));
    }
    forge_put(out, plain.bytes + 12, plain.size - 12);
}

/* Change one of the fixed fields, or cut the frame short. */
void forge_arp_malformed(struct forge *forge, struct forged *out)
{
    forge_arp_reply(forge, out);
    switch (draw(&forge->random, 4)) {
    case 0:
        out->size = 14 + draw(&forge->random, 28);
        break;
    case 1: /* the lengths of the addresses */
        out->bytes[18 + draw(&forge->random, 2)] = (uint8_t)draw(&forge->random, 256);
        break;
    case 2: /* a MAC that no machine has */
        memset(out->bytes + 22, draw(&forge->random, 2) ? 0 : 0xff, 6);
        break;
    default:
        out->bytes[14 + draw(&forge->random, 8)] = (uint8_t)draw(&forge->random, 256);
        break;
    }
}

void forge_arp_pool(struct forge *forge, struct forged *out)
{
    uint8_t ip[4], mac[6];

    draw_pool(forge, ip);
    forge_draw_mac(forge, mac);
    forge_arp_claim(ip, mac, out);
}
