/* SPDX-License-Identifier: MIT */
/* Neighbour discovery, echo replies and ICMP errors. */
#include "attack/forge.h"

#include <string.h>

#include "attack/forge_bytes.h"
#include "attack/plan.h"
#include "random.h"

#define ICMPV6 58
#define ICMP 1

static const uint8_t victim_v4[4] = {10, 1, 0, 1};
static const uint8_t victim_v6[16] = {0xfd, 1, [15] = 1};
static const uint8_t all_nodes[16] = {0xff, 2, [15] = 1};
static const uint8_t any_v6[16];

/* ---- Checksums ---- */

static uint32_t sum_of(const uint8_t *bytes, size_t size, uint32_t sum)
{
    for (size_t i = 0; i < size; i++)
        sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
    return sum;
}

static void put_checksum(uint8_t *at, uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    at[0] = (uint8_t)(~sum >> 8);
    at[1] = (uint8_t)~sum;
}

/* ---- Headers ---- */

static void put_ethernet(struct forge *forge, struct forged *out, uint16_t protocol)
{
    uint8_t mac[6];

    out->size = 0;
    forge_draw_mac(forge, mac);
    forge_put(out, forge->victim_mac, 6);
    forge_put(out, mac, 6);
    forge_put16(out, protocol);
}

static void put_v6(struct forge *forge, struct forged *out, const uint8_t *from, const uint8_t *to,
                   uint8_t hops, const struct forged *message)
{
    uint8_t header[40] = {0x60, [4] = (uint8_t)(message->size >> 8), [5] = (uint8_t)message->size,
                          [6] = ICMPV6, [7] = hops};
    uint32_t sum = ICMPV6 + (uint32_t)message->size;

    memcpy(header + 8, from, 16);
    memcpy(header + 24, to, 16);
    put_ethernet(forge, out, 0x86dd);
    if (to[0] == 0xff) {
        memcpy(out->bytes, (const uint8_t[]){0x33, 0x33}, 2);
        memcpy(out->bytes + 2, to + 12, 4);
    }
    forge_put(out, header, sizeof header);
    forge_put(out, message->bytes, message->size);
    sum = sum_of(header + 8, 32, sum);
    put_checksum(out->bytes + 14 + 40 + 2, sum_of(message->bytes, message->size, sum));
}

static void put_v4(struct forge *forge, struct forged *out, const uint8_t *from, uint8_t hops,
                   const struct forged *message)
{
    const size_t size = 20 + message->size;
    uint8_t header[20] = {
        0x45, [2] = (uint8_t)(size >> 8), [3] = (uint8_t)size, [8] = hops, [9] = ICMP};

    memcpy(header + 12, from, 4);
    memcpy(header + 16, victim_v4, 4);
    put_checksum(header + 10, sum_of(header, sizeof header, 0));
    put_ethernet(forge, out, 0x0800);
    forge_put(out, header, sizeof header);
    forge_put(out, message->bytes, message->size);
    put_checksum(out->bytes + 14 + 20 + 2, sum_of(message->bytes, message->size, 0));
}

static void begin_message(struct forged *message, uint8_t type, uint8_t code)
{
    const uint8_t header[4] = {type, code};

    message->size = 0;
    forge_put(message, header, sizeof header);
}

/* ---- Neighbour and router discovery ---- */

static void draw_invented_v6(struct forge *forge, uint8_t *ip)
{
    memset(ip, 0, 16);
    ip[0] = draw(&forge->random, 2) ? 0xfd : 0xfe;
    ip[1] = ip[0] == 0xfd ? 1 : 0x80;
    draw_bytes(&forge->random, ip + 8, 8);
    ip[8] |= 1; /* no honest machine has this bit */
}

static void draw_pool_v6(struct forge *forge, uint8_t *ip)
{
    memset(ip, 0, 16);
    ip[0] = 0xfd;
    ip[1] = 1;
    ip[13] = 1;
    ip[15] = (uint8_t)draw(&forge->random, POOL_COUNT);
}

static void put_link_option(struct forge *forge, struct forged *message, uint8_t type)
{
    uint8_t option[8] = {type, 1};

    forge_draw_mac(forge, option + 2);
    forge_put(message, option, sizeof option);
}

static void put_advertisement(struct forge *forge, struct forged *out, const uint8_t *ip)
{
    const uint8_t flags[4] = {(uint8_t)(draw(&forge->random, 2) ? 0x20 : 0xa0)};
    struct forged message;

    begin_message(&message, 136, 0);
    forge_put(&message, flags, sizeof flags);
    forge_put(&message, ip, 16);
    put_link_option(forge, &message, 2);
    put_v6(forge, out, ip, all_nodes, 255, &message);
}

void forge_na_invented(struct forge *forge, struct forged *out)
{
    uint8_t ip[16];

    draw_invented_v6(forge, ip);
    put_advertisement(forge, out, ip);
}

void forge_na_pool(struct forge *forge, struct forged *out)
{
    uint8_t ip[16];

    draw_pool_v6(forge, ip);
    put_advertisement(forge, out, ip);
}

void forge_ns_pool(struct forge *forge, struct forged *out)
{
    struct forged message;
    uint8_t ip[16];

    draw_pool_v6(forge, ip);
    begin_message(&message, 135, 0);
    forge_put(&message, any_v6, 4);
    forge_put(&message, victim_v6, 16);
    put_link_option(forge, &message, 1);
    put_v6(forge, out, ip, victim_v6, 255, &message);
}

/* The kernel keeps a router and its prefixes that an advertisement names. Therefore these come from
 * few sources, have no lifetime, and have no prefix option of the right length. */
static void restrain_router(struct forge *forge, uint8_t *from, uint8_t *body)
{
    const uint8_t router[16] = {0xfe, 0x80, [14] = 0xbb, [15] = (uint8_t)draw(&forge->random, 8)};

    memcpy(from, router, sizeof router);
    memset(body, 0, 12);
}

static void put_any_option(struct forge *forge, struct forged *message)
{
    uint8_t option[40];

    draw_bytes(&forge->random, option, sizeof option);
    option[0] = (uint8_t)draw(&forge->random, 6);
    option[1] = (uint8_t)draw(&forge->random, option[0] == 3 ? 4 : 6);
    forge_put(message, option, draw(&forge->random, 2) ? option[1] * 8u : option[1] * 7u);
}

void forge_ndp_any(struct forge *forge, struct forged *out)
{
    const uint8_t type = (uint8_t)(133 + draw(&forge->random, 5));
    uint8_t from[16], body[20];
    struct forged message;

    draw_invented_v6(forge, from);
    draw_invented_v6(forge, body + 4);
    draw_bytes(&forge->random, body, 4);
    if (type == 134)
        restrain_router(forge, from, body);
    begin_message(&message, type, 0);
    forge_put(&message, body, sizeof body);
    for (unsigned n = draw(&forge->random, 5); n > 0; n--)
        put_any_option(forge, &message);
    put_v6(forge, out, draw(&forge->random, 8) ? from : any_v6,
           draw(&forge->random, 2) ? all_nodes : victim_v6, draw(&forge->random, 8) ? 255 : 64,
           &message);
    if (draw(&forge->random, 8) == 0)
        out->bytes[14 + 40 + 3] ^= 1; /* a wrong checksum */
}

/* Few prefixes, because the kernel remembers a route to each; without a lifetime as a router. */
void forge_ra(struct forge *forge, struct forged *out)
{
    uint8_t from[16] = {0xfe, 0x80, [15] = 0xbb};
    uint8_t prefix[32] = {3, 4, 64, 0xc0, [6] = 0x0e, [10] = 0x0e, [16] = 0xfd, [17] = 2};
    struct forged message;

    prefix[23] = (uint8_t)draw(&forge->random, 4);
    begin_message(&message, 134, 0);
    forge_put(&message, (const uint8_t[12]){64}, 12);
    put_link_option(forge, &message, 1);
    forge_put(&message, prefix, sizeof prefix);
    put_v6(forge, out, from, all_nodes, 255, &message);
}

/* ---- Echo replies ---- */

static void begin_echo(struct forged *message, uint8_t type, uint16_t identifier, uint16_t sequence)
{
    begin_message(message, type, 0);
    forge_put16(message, identifier);
    forge_put16(message, sequence);
}

void forge_echo_all_nodes(struct forge *forge, struct forged *out)
{
    const struct heard_echo *heard = &forge->all_nodes;
    struct forged message;
    uint8_t from[16];

    draw_invented_v6(forge, from);
    begin_echo(&message, 129, heard->identifier, heard->sequence);
    forge_put(&message, heard->payload, heard->payload_size);
    put_v6(forge, out, from, heard->source, FORGED_HOPS, &message);
}

void forge_echo_wrong(struct forge *forge, struct forged *out)
{
    const struct heard_echo *heard = &forge->all_nodes;
    struct forged message;
    uint8_t from[16], noise[64];

    draw_invented_v6(forge, from);
    draw_bytes(&forge->random, noise, sizeof noise);
    begin_echo(&message, 129, heard->identifier,
               (uint16_t)(heard->sequence + draw(&forge->random, 3)));
    forge_put(&message, noise, draw(&forge->random, sizeof noise));
    put_v6(forge, out, from, heard->source, FORGED_HOPS, &message);
}

/* An identifier that the kernel may give the next socket, since it counts up. */
static uint16_t guess_identifier(struct forge *forge)
{
    if (draw(&forge->random, 8) == 0)
        return (uint16_t)draw(&forge->random, 65536);
    return (uint16_t)(forge->single.identifier + draw(&forge->random, 2));
}

static uint16_t guess_sequence(struct forge *forge)
{
    return draw(&forge->random, 8) ? forge->single.sequence : (uint16_t)draw(&forge->random, 65536);
}

static uint8_t draw_honest(struct forge *forge)
{
    if (draw(&forge->random, 4))
        return forge->single.host;
    return (uint8_t)(HONEST_FIRST + draw(&forge->random, HONEST_COUNT + 1));
}

static void put_guessed_echo(struct forge *forge, struct forged *message, uint8_t type)
{
    uint8_t noise[80];

    begin_echo(message, type, guess_identifier(forge), guess_sequence(forge));
    draw_bytes(&forge->random, noise, sizeof noise);
    forge_put(message, noise, draw(&forge->random, 2) ? 56 : draw(&forge->random, sizeof noise));
}

void forge_echo_single4(struct forge *forge, struct forged *out)
{
    const uint8_t from[4] = {10, 1, 0, draw_honest(forge)};
    struct forged message;

    put_guessed_echo(forge, &message, 0);
    put_v4(forge, out, from, FORGED_HOPS, &message);
}

void forge_echo_single6(struct forge *forge, struct forged *out)
{
    const uint8_t from[16] = {0xfd, 1, [15] = draw_honest(forge)};
    struct forged message;

    put_guessed_echo(forge, &message, 129);
    put_v6(forge, out, from, victim_v6, FORGED_HOPS, &message);
}

/* ---- Errors about a request that was guessed ---- */

/* The quoted packet has only the first 8 bytes of the request, or some noise after them. */
void forge_error4(struct forge *forge, struct forged *out)
{
    static const uint8_t types[] = {3, 11, 12, 4, 5};
    const uint8_t router[4] = {10, 1, INVENTED_NET, (uint8_t)draw(&forge->random, 256)};
    struct forged message, quoted, request;

    put_guessed_echo(forge, &request, 8);
    if (draw(&forge->random, 2))
        request.size = 8;
    put_v4(forge, &quoted, victim_v4, HONEST_HOPS, &request);
    memcpy(quoted.bytes + 14 + 16, (const uint8_t[]){10, 1, 0, draw_honest(forge)}, 4);
    memset(quoted.bytes + 14 + 10, 0, 2);
    put_checksum(quoted.bytes + 14 + 10, sum_of(quoted.bytes + 14, 20, 0));
    begin_message(&message, types[draw(&forge->random, sizeof types)],
                  (uint8_t)draw(&forge->random, 5));
    forge_put(&message, any_v6, 4);
    forge_put(&message, quoted.bytes + 14, quoted.size - 14);
    put_v4(forge, out, router, FORGED_HOPS, &message);
}

void forge_error6(struct forge *forge, struct forged *out)
{
    const uint8_t to[16] = {0xfd, 1, [15] = draw_honest(forge)};
    struct forged message, quoted, request;
    uint8_t router[16];

    draw_invented_v6(forge, router);
    put_guessed_echo(forge, &request, 128);
    if (draw(&forge->random, 2))
        request.size = 8;
    put_v6(forge, &quoted, victim_v6, to, HONEST_HOPS, &request);
    begin_message(&message, (uint8_t)(1 + draw(&forge->random, 4)),
                  (uint8_t)draw(&forge->random, 5));
    forge_put(&message, any_v6, 4);
    forge_put(&message, quoted.bytes + 14, quoted.size - 14);
    put_v6(forge, out, router, victim_v6, FORGED_HOPS, &message);
}
