/* SPDX-License-Identifier: MIT */
#include "sniff/own.h"
#include "handle/interfaces.h"
#include "handle/readers.h"

/* Levels to search: the port itself and its masters. A card in a bond in a bridge has two
 * masters; one more is allowed. */
#define LEVELS_MAX 4

bool aq_own_has_mac(struct arpq_handle *h, const struct arpq_mac *mac)
{
    struct aq_reader *reader;
    bool has = aq_view_has_mac(aq_readers_enter(h, &reader), mac);

    aq_readers_leave(reader);
    return has;
}

/* A frame that arrives at a port of a bridge concerns the addresses of the bridge. */
static bool own_has_address(const struct aq_view *view, uint32_t ifindex, const struct arpq_ip *ip)
{
    for (int n = 0; ifindex && n < LEVELS_MAX; n++) {
        const struct arpq_interface *link = aq_view_link(view, ifindex);

        if (aq_view_find(view, ip, ifindex).how == AQ_OWN)
            return true;
        ifindex = link ? link->master : 0;
    }
    return false;
}

static bool is_contested(struct arpq_handle *h, uint32_t ifindex, const struct arpq_ip *ip,
                         const struct arpq_mac *mac)
{
    struct aq_reader *reader;
    const struct aq_view *view = aq_readers_enter(h, &reader);
    bool contested = own_has_address(view, ifindex, ip) && !aq_view_has_mac(view, mac);

    aq_readers_leave(reader);
    return contested;
}

/* When this machine hands an address over to another one, it removes the address just before
 * the other one announces it. The event of the removal may still be waiting. */
bool aq_own_is_contested(struct arpq_handle *h, uint32_t ifindex, const struct arpq_ip *ip,
                         const struct arpq_mac *mac)
{
    if (!is_contested(h, ifindex, ip, mac))
        return false;
    return aq_interfaces_update(h, aq_interfaces_generation(h)) != 1 ||
           is_contested(h, ifindex, ip, mac);
}
