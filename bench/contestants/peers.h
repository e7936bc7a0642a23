/* SPDX-License-Identifier: MIT */
/* Other libraries and interfaces that give the same answers. */
#ifndef BENCH_CONTESTANTS_PEERS_H
#define BENCH_CONTESTANTS_PEERS_H

#include <stddef.h>
#include <stdint.h>

#include "method/topology.h"

struct peer {
    const char *name;
    void *(*open)(void); /* returns NULL on failure */
    /* returns 0 if the entry was found */
    int (*get)(void *state, const struct target *t, uint8_t mac[6]);
    void (*close)(void *state);
    const char *list_name;
    /* returns the number of entries in the table; NULL if the peer cannot list */
    long (*list)(void);
};

const struct peer *peer_proc(void); /* reads and parses /proc/net/arp */

/* peer_libdnet uses arp_get(); peer_libnl uses rtnl_neigh_get() on a cache that it fills once. Each
 * returns NULL if CMake did not find the library. */
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
