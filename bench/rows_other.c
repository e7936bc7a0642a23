/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "contestants/peers.h"
#include "method/clock.h"
#include "method/compare.h"
#include "method/report.h"
#include "rows/footprint.h"
#include "rows/rows.h"

#define OPENS 200
#define PEER_NS 150000000u /* time for one peer */
#define PEER_CALLS 20000u

void rows_footprint(void)
{
    double us = footprint_open_us(OPENS);
    double bytes = (double)footprint_library_bytes() / 1024;

    report_row(&(struct row){"arpq_open + arpq_close", "us", us, 0, us, 80, 0});
    report_row(&(struct row){"descriptors of a handle", "", 0, 0, footprint_descriptors(), 3, 0});
    if (bytes > 0)
        report_row(&(struct row){"libarpq.so, stripped", "KiB", bytes, 0, bytes, 120, 0});
}

static double time_peer(const struct peer *peer, void *state, const struct keys *keys)
{
    uint64_t began = clock_ns();
    uint64_t took;
    size_t calls = 0;

    do {
        const struct target *t = &keys->at[calls++ & keys->mask];
        uint8_t mac[6];

        if (peer->get(state, t, mac) || answer_wrong_v4(t, mac))
            fail(0, peer->name);
        took = clock_ns() - began;
    } while (took < PEER_NS && calls < PEER_CALLS);
    return (double)took / (double)calls;
}

static void report_peer(const struct peer *peer, const struct net_namespace *ns)
{
    struct keys keys;
    char name[80];
    void *state;

    if (!peer)
        return;
    state = peer->open();
    if (!state)
        fail(0, peer->name);
    keys_create(&keys, ns->v4, ns->size.neighbours);
    snprintf(name, sizeof name, "%s, %u", peer->name, ns->size.neighbours);
    report_row(&(struct row){name, "ns", 0, time_peer(peer, state, &keys), 0, 0, 0});
    keys_free(&keys);
    peer->close(state);
}

void rows_peers(const struct net_namespace *ns, int proc)
{
    report_peer(peer_dnet(), ns);
    report_peer(peer_nl(), ns);
    if (proc)
        report_peer(peer_proc(), ns);
}
