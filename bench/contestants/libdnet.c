/* SPDX-License-Identifier: MIT */
#include <dumbnet.h>
#include <string.h>

#include "contestants/peers.h"

static void *open_dnet(void)
{
    return arp_open();
}

static int get_dnet(void *state, const struct target *t, uint8_t mac[6])
{
    struct arp_entry entry;

    memset(&entry, 0, sizeof entry);
    entry.arp_pa.addr_type = ADDR_TYPE_IP;
    entry.arp_pa.addr_bits = IP_ADDR_BITS;
    memcpy(&entry.arp_pa.addr_ip, t->ip.bytes, 4);
    if (arp_get(state, &entry))
        return -1;
    memcpy(mac, &entry.arp_ha.addr_eth, 6);
    return 0;
}

static void close_dnet(void *state)
{
    arp_close(state);
}

const struct peer *peer_dnet(void)
{
    static const struct peer peer = {
        "peer: libdnet arp_get", open_dnet, get_dnet, close_dnet, NULL, NULL};

    return &peer;
}
