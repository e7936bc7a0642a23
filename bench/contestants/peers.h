/* SPDX-License-Identifier: MIT */
/* Other programs' ways to the same answer. */
#ifndef BENCH_CONTESTANTS_PEERS_H
#define BENCH_CONTESTANTS_PEERS_H

#include <stddef.h>
#include <stdint.h>

#include "method/topology.h"

struct peer {
    const char *name;
    void *(*open)(void);                                             /* NULL: it failed */
    int (*get)(void *state, const struct target *t, uint8_t mac[6]); /* 0: found */
    void (*close)(void *state);
    const char *list_name;
    long (*list)(void); /* the number of entries in the table; NULL: it has no list */
};

const struct peer *peer_proc(void); /* /proc/net/arp, read and parsed */

/* libdnet's arp_get(), and rtnl_neigh_get() of libnl in a cache filled once. NULL where CMake
 * did not find the library. */
#ifdef BENCH_HAVE_LIBDNET
const struct peer *peer_libdnet(void);
#else
static inline const struct peer *peer_libdnet(void)
{
    return NULL;
}
#endif

#ifdef BENCH_HAVE_LIBNL
const struct peer *peer_libnl(void);
#else
static inline const struct peer *peer_libnl(void)
{
    return NULL;
}
#endif

#endif
