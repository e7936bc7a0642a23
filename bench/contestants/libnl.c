/* SPDX-License-Identifier: MIT */
#include <netlink/netlink.h>
#include <netlink/route/neighbour.h>
#include <stdlib.h>
#include <string.h>

#include "contestants/peers.h"

struct libnl {
    struct nl_sock *socket;
    struct nl_cache *cache;
};

static void libnl_close(void *self)
{
    struct libnl *s = self;

    nl_cache_free(s->cache);
    nl_socket_free(s->socket);
    free(s);
}

static void *libnl_open(void)
{
    struct libnl *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->socket = nl_socket_alloc();
    if (!s->socket || nl_connect(s->socket, NETLINK_ROUTE) ||
        rtnl_neigh_alloc_cache(s->socket, &s->cache)) {
        nl_socket_free(s->socket);
        free(s);
        return NULL;
    }
    return s;
}

static int copy_mac(struct rtnl_neigh *entry, uint8_t mac[6])
{
    struct nl_addr *address = rtnl_neigh_get_lladdr(entry);

    if (!address || nl_addr_get_len(address) != 6)
        return -1;
    memcpy(mac, nl_addr_get_binary_addr(address), 6);
    return 0;
}

static int libnl_get(void *self, const struct target *t, uint8_t mac[6])
{
    struct libnl *s = self;
    struct nl_addr *address = nl_addr_build(AF_INET, t->ip.bytes, 4);
    struct rtnl_neigh *entry;
    int code = -1;

    if (!address)
        return -1;
    entry = rtnl_neigh_get(s->cache, (int)(LINK_IFINDEX + t->link), address);
    if (entry) {
        code = copy_mac(entry, mac);
        rtnl_neigh_put(entry);
    }
    nl_addr_put(address);
    return code;
}

static long libnl_list(void)
{
    struct libnl *s = libnl_open();
    long entries;

    if (!s)
        return -1;
    entries = nl_cache_nitems(s->cache);
    libnl_close(s);
    return entries;
}

const struct peer *peer_libnl(void)
{
    static const struct peer peer = {
        "peer: libnl rtnl_neigh_get (stale cache)", libnl_open, libnl_get, libnl_close,
        "peer: libnl rtnl_neigh_alloc_cache",       libnl_list};

    return &peer;
}
