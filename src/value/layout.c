/* SPDX-License-Identifier: MIT */
/* The size and the offsets of public structs are part of the ABI, and equal on every
 * architecture. */
#include <stddef.h>
#include <string.h>

#include "arpq.h"

_Static_assert(sizeof(struct arpq_options) == 32, "arpq_options");
_Static_assert(offsetof(struct arpq_options, netns_fd) == 8, "arpq_options.netns_fd");

_Static_assert(sizeof(struct arpq_ip) == 24, "arpq_ip");
_Static_assert(offsetof(struct arpq_ip, scope) == 16, "arpq_ip.scope");
_Static_assert(offsetof(struct arpq_ip, family) == 20, "arpq_ip.family");

_Static_assert(sizeof(struct arpq_mac) == 36, "arpq_mac");
_Static_assert(offsetof(struct arpq_mac, type) == 32, "arpq_mac.type");
_Static_assert(offsetof(struct arpq_mac, length) == 34, "arpq_mac.length");

_Static_assert(sizeof(struct arpq_neigh) == 128, "arpq_neigh");
_Static_assert(offsetof(struct arpq_neigh, mac) == 24, "arpq_neigh.mac");
_Static_assert(offsetof(struct arpq_neigh, ifindex) == 60, "arpq_neigh.ifindex");
_Static_assert(offsetof(struct arpq_neigh, confirmed_ms) == 80, "arpq_neigh.confirmed_ms");
_Static_assert(offsetof(struct arpq_neigh, protocol) == 104, "arpq_neigh.protocol");

_Static_assert(sizeof(struct arpq_filter) == 128, "arpq_filter");
_Static_assert(offsetof(struct arpq_filter, prefix) == 24, "arpq_filter.prefix");
_Static_assert(offsetof(struct arpq_filter, mac) == 52, "arpq_filter.mac");

_Static_assert(sizeof(struct arpq_table_stats) == 200, "arpq_table_stats");
_Static_assert(offsetof(struct arpq_table_stats, gc_interval_ms) == 24, "gc_interval_ms");

_Static_assert(sizeof(struct arpq_event) == 736, "arpq_event");
_Static_assert(offsetof(struct arpq_event, neigh) == 16, "arpq_event.neigh");
_Static_assert(offsetof(struct arpq_event, old_mac) == 144, "arpq_event.old_mac");
_Static_assert(offsetof(struct arpq_event, interface) == 184, "arpq_event.interface");
_Static_assert(offsetof(struct arpq_event, address) == 504, "arpq_event.address");

_Static_assert(sizeof(struct arpq_watch_options) == 176, "arpq_watch_options");

_Static_assert(sizeof(struct arpq_sync_stats) == 256, "arpq_sync_stats");

_Static_assert(sizeof(struct arpq_interface) == 320, "arpq_interface");
_Static_assert(offsetof(struct arpq_interface, mac) == 40, "arpq_interface.mac");
_Static_assert(offsetof(struct arpq_interface, broadcast) == 76, "arpq_interface.broadcast");
_Static_assert(offsetof(struct arpq_interface, address_first) == 112, "address_first");
_Static_assert(offsetof(struct arpq_interface, kind) == 164, "arpq_interface.kind");
_Static_assert(offsetof(struct arpq_interface, group) == 220, "arpq_interface.group");

_Static_assert(sizeof(struct arpq_interface_stats) == 288, "arpq_interface_stats");
_Static_assert(offsetof(struct arpq_interface_stats, qdisc) == 224, "arpq_interface_stats.qdisc");

_Static_assert(sizeof(struct arpq_address) == 192, "arpq_address");
_Static_assert(offsetof(struct arpq_address, ifindex) == 72, "arpq_address.ifindex");
_Static_assert(offsetof(struct arpq_address, label) == 88, "arpq_address.label");
_Static_assert(offsetof(struct arpq_address, anycast) == 104, "arpq_address.anycast");
_Static_assert(offsetof(struct arpq_address, created_ms) == 136, "arpq_address.created_ms");
_Static_assert(offsetof(struct arpq_address, metric) == 152, "arpq_address.metric");

_Static_assert(sizeof(struct arpq_gateway) == 256, "arpq_gateway");
_Static_assert(offsetof(struct arpq_gateway, source) == 24, "arpq_gateway.source");
_Static_assert(offsetof(struct arpq_gateway, ifindex) == 48, "arpq_gateway.ifindex");
_Static_assert(offsetof(struct arpq_gateway, code) == 76, "arpq_gateway.code");
_Static_assert(offsetof(struct arpq_gateway, family) == 80, "arpq_gateway.family");
_Static_assert(offsetof(struct arpq_gateway, neigh) == 88, "arpq_gateway.neigh");

_Static_assert(sizeof(struct arpq_resolve_options) == 48, "arpq_resolve_options");

_Static_assert(sizeof(struct arpq_resolved) == 200, "arpq_resolved");
_Static_assert(offsetof(struct arpq_resolved, token) == 160, "arpq_resolved.token");

_Static_assert(sizeof(struct arpq_ping_options) == 64, "arpq_ping_options");

_Static_assert(sizeof(struct arpq_pinged) == 128, "arpq_pinged");
_Static_assert(offsetof(struct arpq_pinged, token) == 104, "arpq_pinged.token");

_Static_assert(sizeof(struct arpq_sniffer_options) == 64, "arpq_sniffer_options");

_Static_assert(sizeof(struct arpq_sniffed) == 248, "arpq_sniffed");
_Static_assert(offsetof(struct arpq_sniffed, time_ns) == 16, "arpq_sniffed");
_Static_assert(offsetof(struct arpq_sniffed, outer_tci) == 216, "arpq_sniffed");

_Static_assert(sizeof(struct arpq_sniffer_stats) == 128, "arpq_sniffer_stats");

/* Arrays instead of pointers: the table needs no relocations. */
#define LAYOUT(name)                                                                               \
    {                                                                                              \
#name, sizeof(struct arpq_##name)                                                          \
    }
static const struct {
    char name[18];
    uint16_t size;
} struct_sizes[] = {
    LAYOUT(ip),
    LAYOUT(mac),
    LAYOUT(options),
    LAYOUT(neigh),
    LAYOUT(filter),
    LAYOUT(table_stats),
    LAYOUT(resolve_options),
    LAYOUT(resolved),
    LAYOUT(interface),
    LAYOUT(interface_stats),
    LAYOUT(address),
    LAYOUT(event),
    LAYOUT(watch_options),
    LAYOUT(mirror_options),
    LAYOUT(sync_stats),
    LAYOUT(arp),
    LAYOUT(icmp),
    LAYOUT(ping_options),
    LAYOUT(ping_reply),
    LAYOUT(pinged),
    LAYOUT(gateway),
    LAYOUT(sweep_options),
    LAYOUT(found),
    LAYOUT(sweep_stats),
    LAYOUT(sniffer_options),
    LAYOUT(sniffed),
    LAYOUT(sniffer_stats),
};

size_t arpq_sizeof(const char *name)
{
    static const char keyword[] = "struct ", prefix[] = "arpq_";

    if (!name)
        return 0;
    if (strncmp(name, keyword, sizeof keyword - 1) == 0)
        name += sizeof keyword - 1;
    if (strncmp(name, prefix, sizeof prefix - 1) != 0)
        return 0;
    name += sizeof prefix - 1;
    for (size_t i = 0; i < sizeof struct_sizes / sizeof struct_sizes[0]; i++)
        if (strcmp(name, struct_sizes[i].name) == 0)
            return struct_sizes[i].size;
    return 0;
}
