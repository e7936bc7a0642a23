/* SPDX-License-Identifier: MIT */
#include "neighmap/found.h"

#include "value/ip.h"

void aq_found_ip(const struct aq_found *found, struct arpq_ip *ip)
{
    const struct aq_fields *fields = &found->fields;

    memset(ip, 0, sizeof *ip);
    memcpy(ip->bytes, fields->ip, sizeof ip->bytes);
    ip->family = fields->family;
    if (aq_ip_is_link_local(ip))
        ip->scope = fields->ifindex;
}

void aq_found_mac(const struct aq_found *found, struct arpq_mac *mac)
{
    const struct aq_fields *fields = &found->fields;

    memset(mac, 0, sizeof *mac);
    mac->length = fields->mac_length;
    mac->type = fields->mac_type;
    if (mac->length <= AQ_ENTRY_MAC_INLINE)
        memcpy(mac->bytes, fields->mac.bytes, sizeof fields->mac.bytes);
    else
        memcpy(mac->bytes, found->long_mac, sizeof mac->bytes);
}

static uint64_t found_age(uint64_t now_ms, uint32_t tick)
{
    return (uint64_t)((uint32_t)(now_ms / AQ_ENTRY_TICK_MS) - tick) * AQ_ENTRY_TICK_MS;
}

void aq_found_neigh(const struct aq_found *found, uint64_t now_ms, struct arpq_neigh *neigh)
{
    const struct aq_fields *fields = &found->fields;

    memset(neigh, 0, sizeof *neigh);
    aq_found_ip(found, &neigh->ip);
    if (fields->mac_known)
        aq_found_mac(found, &neigh->mac);
    neigh->mac.type = fields->mac_type;
    neigh->ifindex = fields->ifindex;
    neigh->state = fields->state;
    neigh->flags = fields->flags;
    neigh->protocol = fields->protocol;
    neigh->type = fields->type;
    neigh->confirmed_ms = found_age(now_ms, fields->confirmed);
    neigh->updated_ms = found_age(now_ms, fields->updated);
}
