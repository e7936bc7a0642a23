/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"
#include "scene.h"

/* Where neighbours begin in the /8: 10.1.0.0, and absent ones: 10.128.0.0. */
#define FIRST_NEIGHBOUR 0x0a010000u
#define FIRST_ABSENT 0x0a800000u

#define SETTLED_NS 200000000u
#define PATIENCE_NS 10000000000u

static void put32(uint8_t *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (uint8_t)(value >> (24 - 8 * i));
}

static struct target target_v4(uint32_t address, uint32_t link)
{
    struct target t = {.ip = {.family = AF_INET}, .link = link};

    put32(t.ip.bytes, address);
    return t;
}

static struct target target_v6(uint32_t low)
{
    struct target t = {.ip = {.family = AF_INET6, .bytes = {0xfd}}};

    put32(t.ip.bytes + 12, low);
    return t;
}

struct target world_absent(uint32_t n)
{
    return target_v4(FIRST_ABSENT + n, 0);
}

static void choose_targets(struct world *w)
{
    const struct world_size *size = &w->size;
    uint32_t step = size->neighbours ? size->links / size->neighbours : 0;

    w->v4 = calloc(size->neighbours + 1u, sizeof(*w->v4));
    w->v6 = calloc(size->neighbours_v6 + 1u, sizeof(*w->v6));
    if (!w->v4 || !w->v6)
        fail(ENOMEM, "targets");
    for (uint32_t i = 0; i < size->neighbours; i++)
        w->v4[i] = size->links == 2 ? target_v4(FIRST_NEIGHBOUR + i, 0)
                                    : target_v4(scene_network(i * step) + 2, i * step);
    for (uint32_t i = 0; i < size->neighbours_v6; i++)
        w->v6[i] = target_v6(0x10000 + i);
}

static void setup_link(const struct world *w)
{
    struct rtnl r;

    rtnl_open(&r);
    scene_no_dad();
    scene_links(&r, w->size.links, w->size.addresses ? w->size.addresses : 1);
    for (uint32_t i = 0; i < w->size.neighbours; i++)
        scene_neighbour(&r, &w->v4[i]);
    for (uint32_t i = 0; i < w->size.neighbours_v6; i++)
        scene_neighbour(&r, &w->v6[i]);
    rtnl_close(&r);
}

void world_make(struct world *w, const struct world_size *size)
{
    w->size = *size;
    if (unshare(CLONE_NEWNET))
        fail(errno, "a network namespace of its own (run as root)");
    w->netns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (w->netns < 0)
        fail(errno, "/proc/thread-self/ns/net");
    choose_targets(w);
    setup_link(w);
}

void world_settle(void)
{
    uint64_t began = clock_ns(), since = began, destroyed = 0;
    struct arpq_table_stats stats;
    struct arpq *h;
    int code = arpq_open(&h, NULL);

    if (code)
        fail(-code, "arpq_open");
    while (clock_ns() - since < SETTLED_NS && clock_ns() - began < PATIENCE_NS) {
        code = arpq_table_stats(h, AF_INET, &stats);
        if (code)
            fail(-code, "arpq_table_stats");
        if (stats.destroys != destroyed)
            since = clock_ns();
        destroyed = stats.destroys;
        poll(NULL, 0, 10);
    }
    arpq_close(h);
}

void world_enter(const struct world *w)
{
    if (setns(w->netns, CLONE_NEWNET))
        fail(errno, "setns");
}

void world_drop(struct world *w)
{
    close(w->netns);
    free(w->v4);
    free(w->v6);
    memset(w, 0, sizeof(*w));
}
