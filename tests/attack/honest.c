/* SPDX-License-Identifier: MIT */
/* Honest machines whose announcements the victim must not miss during an attack. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attack/attacker.h"
#include "attack/plan.h"
#include "kernel/netns.h"
#include "process.h"

void honest_mover_mac(unsigned number, unsigned moves, uint8_t *mac)
{
    const uint8_t bytes[6] = {2, 0xaa, (uint8_t)number, 0, (uint8_t)(moves >> 8), (uint8_t)moves};

    memcpy(mac, bytes, sizeof bytes);
}

void honest_contested_mac(unsigned number, unsigned contest, uint8_t *mac)
{
    const uint8_t bytes[6] = {
        2, 0xab, (uint8_t)number, 0, (uint8_t)(contest >> 8), (uint8_t)contest};

    memcpy(mac, bytes, sizeof bytes);
}

/* The number in the MAC, or 0 if another machine claims the address with its own MAC. */
static unsigned count_of(uint8_t kind, unsigned number, const uint8_t *mac)
{
    const uint8_t bytes[4] = {2, kind, (uint8_t)number, 0};

    return memcmp(mac, bytes, sizeof bytes) == 0 ? (unsigned)(mac[4] << 8 | mac[5]) : 0;
}

unsigned honest_moves_of(unsigned number, const uint8_t *mac)
{
    return count_of(0xaa, number, mac);
}

unsigned honest_contest_of(unsigned number, const uint8_t *mac, const uint8_t *other)
{
    const unsigned one = count_of(0xab, number, mac), two = count_of(0xab, number, other);

    return one > two ? one : two;
}

static void announce(int fd, const uint8_t *ip, const uint8_t *mac)
{
    struct forged frame;

    forge_arp_claim(ip, mac, &frame);
    (void)send(fd, frame.bytes, frame.size, 0);
}

/* Each machine moves at another time. */
void honest_announce_quiet(bool second)
{
    int fd = attacker_socket();

    for (unsigned i = 0; i < QUIET_COUNT; i++) {
        const uint8_t ip[4] = {10, 1, QUIET_NET, (uint8_t)i};
        const uint8_t mac[6] = {2, 0xac, (uint8_t)i, 0, 0, second};

        announce(fd, ip, mac);
    }
    close(fd);
}

/* Time that the process misses does not skip a move or a contest. */
struct honest_host {
    unsigned count; /* of moves, or of contests */
    uint64_t next_ms;
    unsigned left; /* announcements until the end of a contest */
};

static void announce_mover(int fd, struct attack_shared *shared, struct honest_host *host,
                           unsigned number)
{
    const uint8_t ip[4] = {10, 1, MOVER_NET, (uint8_t)number};
    uint8_t mac[6];

    if (now_ms() >= host->next_ms) {
        host->count++;
        host->next_ms = now_ms() + shared->times.move_ms;
    }
    honest_mover_mac(number, host->count, mac);
    announce(fd, ip, mac);
    shared->moves[number] = host->count;
}

/* At first the address has one machine, so that the victim knows it before the flood. */
static void announce_contested(int fd, struct attack_shared *shared, struct honest_host *host,
                               unsigned number)
{
    const struct honest_times *times = &shared->times;
    const uint8_t ip[4] = {10, 1, CONTESTED_NET, (uint8_t)number};
    uint8_t mac[6];

    honest_contested_mac(number, 0, mac);
    announce(fd, ip, mac);
    if (now_ms() >= host->next_ms) {
        host->count++;
        host->next_ms = now_ms() + times->contest_every_ms;
        host->left = times->contest_ms / times->announce_ms;
    }
    if (host->left == 0)
        return;
    honest_contested_mac(number, host->count, mac);
    announce(fd, ip, mac);
    shared->conflicts[number] = host->count;
    host->left--;
}

_Noreturn void honest_run(struct attack_shared *shared)
{
    const struct honest_times *times = &shared->times;
    struct honest_host movers[MOVER_COUNT] = {0}, contested[CONTESTED_COUNT] = {0};
    int fd = attacker_socket();

    for (unsigned i = 0; i < MOVER_COUNT; i++)
        movers[i].next_ms = now_ms() + times->move_ms * (i + MOVER_COUNT) / MOVER_COUNT;
    for (unsigned i = 0; i < CONTESTED_COUNT; i++)
        contested[i].next_ms = now_ms() + times->contest_every_ms / 2 +
                               times->contest_every_ms * i / CONTESTED_COUNT / 2;
    for (;;) {
        for (unsigned i = 0; i < MOVER_COUNT; i++)
            announce_mover(fd, shared, &movers[i], i);
        for (unsigned i = 0; i < CONTESTED_COUNT; i++)
            announce_contested(fd, shared, &contested[i], i);
        sleep_ms((long)times->announce_ms);
    }
}
