/* SPDX-License-Identifier: MIT */
#include <dumbnet.h>
#include <string.h>

#include "contestants/peers.h"

static void *libdnet_open(void)
{
    return arp_open();
}

static int libdnet_get(void *state, const struct target *t, uint8_t mac[6])
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

static void libdnet_close(void *state)
{
    arp_close(state);
}

const struct peer *peer_libdnet(void)
{
    static const struct peer peer = {"peer: libdnet arp_get", libdnet_open, libdnet_get,
                                     libdnet_close,           NULL,         NULL};

    return &peer;
}
