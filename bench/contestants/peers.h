/* SPDX-License-Identifier: MIT */
/* Other ways to the same answer, each in a file of its own; NULL where it is not built in. */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

#include <stdint.h>

#include "method/namespace.h"

struct peer {
    const char *name;
    void *(*open)(void);                                             /* NULL: it failed */
    int (*get)(void *state, const struct target *t, uint8_t mac[6]); /* 0: found */
    void (*close)(void *state);
    const char *list_name;
    long (*list)(void); /* read the whole table: how many entries; NULL: it cannot */
};

const struct peer *peer_dnet(void); /* libdnet, arp_get */
const struct peer *peer_nl(void);   /* libnl, rtnl_neigh_get in a cache filled once */
const struct peer *peer_proc(void); /* /proc/net/arp, read and parsed */

#endif
