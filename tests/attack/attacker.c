/* SPDX-License-Identifier: MIT */
#include "attack/attacker.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attack/forge_bytes.h"
#include "attack/plan.h"
#include "kernel/netns.h"
#include "process.h"
#include "random.h"

#define BATCH 64u
#define LATE_MAX 4096u
#define LATE_MOST_MS 1500u
#define HEAR_MOST 256u /* frames that are read between two batches */
#define PHASE_MS 1000u

/* An answer that is sent later. */
struct late {
    uint64_t at_ms; /* 0: unused */
    struct forged frame;
};

struct attacker {
    int fd;
    const struct attack_mix *mix;
    struct attack_shared *shared;
    struct forge forge;
    unsigned kinds;
    struct forged batch[BATCH];
    unsigned filled;
    struct late *late;
    unsigned late_next;
};

static _Noreturn void attacker_die(const char *what)
{
    perror(what);
    _exit(1);
}

int attacker_socket(void)
{
    const struct sockaddr_ll address = {.sll_family = AF_PACKET,
                                        .sll_protocol = htons(ETH_P_ALL),
                                        .sll_ifindex = (int)if_nametoindex(FAR_LINK)};
    const int yes = 1;
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));

    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        attacker_die("packet socket");
    (void)setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes);
    return fd;
}

/* ---- Sending ---- */

static void flush_batch(struct attacker *a)
{
    struct mmsghdr messages[BATCH] = {0};
    struct iovec parts[BATCH];
    int sent;

    for (unsigned i = 0; i < a->filled; i++) {
        parts[i] = (struct iovec){a->batch[i].bytes, a->batch[i].size};
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    sent = sendmmsg(a->fd, messages, a->filled, 0);
    if (sent < 0 && errno != ENOBUFS && errno != EAGAIN)
        attacker_die("sendmmsg");
    a->shared->frames += (unsigned)(sent < 0 ? 0 : sent);
    a->shared->refused += a->filled - (unsigned)(sent < 0 ? 0 : sent);
    a->filled = 0;
}

static void add_frame(struct attacker *a, const struct forged *frame)
{
    a->batch[a->filled++] = *frame;
    if (a->filled == BATCH)
        flush_batch(a);
}

static void send_forged(struct attacker *a)
{
    struct forged frame;

    a->mix->kinds[draw(&a->forge.random, a->kinds)](&a->forge, &frame);
    if (frame.size >= 14)
        add_frame(a, &frame);
}

/* ---- Answering ---- */

static void send_late(struct attacker *a, uint64_t now)
{
    for (unsigned i = 0; i < LATE_MAX; i++)
        if (a->late[i].at_ms && a->late[i].at_ms <= now) {
            add_frame(a, &a->late[i].frame);
            a->late[i].at_ms = 0;
        }
}

/* Answer at once, twice, from two machines, or late. The victim asks for one target at a time, so
 * that a few places for late answers suffice. */
static void answer_arp(struct attacker *a, const uint8_t *arp)
{
    const uint8_t *from = arp + 14, *wanted = arp + 24;
    uint8_t mac[6] = {2, 0xdd, 0, 0, wanted[2], wanted[3]};
    struct forged frame;
    unsigned how = draw(&a->forge.random, 4);

    if (wanted[3] - HONEST_FIRST < HONEST_SPARED)
        return;
    if (wanted[2] == SPARSE_NET && wanted[3] % 8 != 0)
        return;
    forge_arp_answer(&a->forge, wanted, from, mac, &frame);
    a->shared->answers++;
    if (how == 0) {
        struct late *late = &a->late[a->late_next++ % LATE_MAX];

        late->at_ms = now_ms() + draw(&a->forge.random, LATE_MOST_MS);
        late->frame = frame;
        return;
    }
    add_frame(a, &frame);
    if (how == 1)
        add_frame(a, &frame);
    if (how == 2) {
        forge_draw_mac(&a->forge, mac);
        forge_arp_answer(&a->forge, wanted, from, mac, &frame);
        add_frame(a, &frame);
    }
}

/* As if the attacker had guessed everything of a request but its random number. */
static void answer_echo(struct attacker *a, bool v6)
{
    struct forged frame;

    a->shared->answers++;
    for (unsigned n = 0; n < 8; n++) {
        if (v6)
            (n % 2 ? forge_echo_single6 : forge_error6)(&a->forge, &frame);
        else
            (n % 2 ? forge_echo_single4 : forge_error4)(&a->forge, &frame);
        add_frame(a, &frame);
    }
}

static void hear_echo(struct heard_echo *heard, const uint8_t *message, size_t size)
{
    size_t payload = size - 8 < sizeof heard->payload ? size - 8 : sizeof heard->payload;

    heard->identifier = (uint16_t)(message[4] << 8 | message[5]);
    heard->sequence = (uint16_t)(message[6] << 8 | message[7]);
    heard->payload_size = payload;
    memcpy(heard->payload, message + 8, payload);
}

/* Every host of a link hears a request to all nodes. Of a request to another host the attacker
 * only uses the identifier and the sequence number, which it may have guessed from a request to
 * itself. */
static void hear_frame(struct attacker *a, const uint8_t *frame, size_t size)
{
    const uint16_t protocol = (uint16_t)(frame[12] << 8 | frame[13]);

    if (protocol == 0x0806 && size >= 42 && frame[21] == 1 && a->mix->answers_arp)
        answer_arp(a, frame + 14);
    if (protocol == 0x0800 && size >= 42 && frame[14] == 0x45 && frame[23] == 1 && frame[34] == 8) {
        hear_echo(&a->forge.single, frame + 34, size - 34);
        a->forge.single.host = frame[33];
        if (a->mix->answers_echo)
            answer_echo(a, false);
    }
    if (protocol == 0x86dd && size >= 62 && frame[20] == 58 && frame[54] == 128) {
        struct heard_echo *heard = frame[38] == 0xff ? &a->forge.all_nodes : &a->forge.single;

        hear_echo(heard, frame + 54, size - 54);
        heard->host = frame[53];
        memcpy(heard->source, frame + 22, 16);
        if (a->mix->answers_echo && heard == &a->forge.single)
            answer_echo(a, true);
    }
}

static void hear(struct attacker *a)
{
    for (unsigned n = 0; n < HEAR_MOST; n++) {
        uint8_t frame[2048];
        ssize_t size = recv(a->fd, frame, sizeof frame, MSG_DONTWAIT);

        if (size < 14)
            return;
        hear_frame(a, frame, (size_t)size);
    }
}

/* ---- The attack ---- */

/* For a second each: as fast as possible, in bursts, as fast as possible, a trickle. */
static void attack_once(struct attacker *a, uint64_t now)
{
    const unsigned phase = (unsigned)(now / PHASE_MS % 4);
    const unsigned count = phase == 1 ? 1024 : phase == 3 ? 8 : BATCH;

    for (unsigned i = 0; i < count; i++)
        send_forged(a);
    flush_batch(a);
    if (phase == 1)
        sleep_ms(10);
    if (phase == 3)
        sleep_ms(1);
}

static void wait_for_end_of_pause(struct attacker *a)
{
    a->shared->paused = true;
    while (a->shared->pause) {
        sleep_ms(5);
        hear(a);
        a->filled = 0; /* answers */
    }
    a->shared->paused = false;
}

_Noreturn void attacker_run(const struct attack_mix *mix, struct attack_shared *shared,
                            uint64_t seed)
{
    struct attacker a = {.mix = mix, .shared = shared, .forge.random = seed};
    const struct arpq_mac victim = {.bytes = {2, [5] = 0xa0}};

    memcpy(a.forge.victim_mac, victim.bytes, 6);
    a.fd = attacker_socket();
    a.late = calloc(LATE_MAX, sizeof *a.late);
    if (!a.late)
        attacker_die("calloc");
    while (a.kinds < MIX_MAX && mix->kinds[a.kinds])
        a.kinds++;
    for (uint64_t late_ms = 0;;) {
        uint64_t now = now_ms();

        if (shared->pause)
            wait_for_end_of_pause(&a);
        hear(&a);
        if (now != late_ms)
            send_late(&a, now);
        late_ms = now;
        attack_once(&a, now);
    }
}
