/* SPDX-License-Identifier: MIT */
/* Applies event datagrams to a replica without a kernel. The input is a sequence of steps. A
 * byte below 0x80 is the length of a raw datagram that follows. A larger byte chooses a message
 * about one of a small set of entries; the next two bytes give its contents. After each step the
 * map must be consistent, and must equal a second map that is built from the reported changes. */
#include "fuzz/fuzz.h"

#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include "ifmap/view_build.h"
#include "kernel/sys.h"
#include "mirror/apply.h"
#include "neighmap/chain.h"
#include "neighmap/found.h"

#define STEPS_MAX 128
#define SHARE 8 /* each step checks one in SHARE entries, in turn; the last step checks all */

static struct aq_replica replica;
static struct aq_neighmap *replayed; /* the map rebuilt from the reported changes */
static bool refuse_next;             /* the next reservation for a report fails */

/* ---- Reported changes ---- */

static void replay(const struct aq_change *change)
{
    struct aq_before before;
    struct arpq_neigh last;
    struct arpq_mac mac;
    int result;

    if (change->type == ARPQ_EVENT_NEIGH_REMOVED) {
        require(aq_neighmap_remove(replayed, &change->neigh->ip, change->neigh->ifindex, 0, &last,
                                   &mac));
        require(arpq_mac_compare(&mac, change->old_mac) == 0);
        return;
    }
    result = aq_neighmap_put(replayed, change->neigh, 0, &before);
    require((change->type == ARPQ_EVENT_NEIGH_ADDED) == (result == AQ_PUT_ADDED));
    require((change->type == ARPQ_EVENT_NEIGH_CHANGED) == (result == AQ_PUT_CHANGED));
    require((change->type == ARPQ_EVENT_NEIGH_MOVED) == (result == AQ_PUT_MOVED));
    if (result == AQ_PUT_ADDED)
        return;
    require(before.state == change->old_state);
    require(arpq_mac_compare(&before.mac, change->old_mac) == 0);
}

static void notify(const struct aq_change *change, void *context)
{
    require(context == &replica);
    require(!(change->flags & ARPQ_EVENT_RESYNC));
    switch (change->type) {
    case ARPQ_EVENT_NEIGH_ADDED:
    case ARPQ_EVENT_NEIGH_CHANGED:
    case ARPQ_EVENT_NEIGH_MOVED:
    case ARPQ_EVENT_NEIGH_REMOVED:
        require(change->neigh && change->old_mac);
        replay(change);
        break;
    case ARPQ_EVENT_CONFLICT:
        require(change->neigh && change->old_mac);
        require(arpq_mac_compare(&change->neigh->mac, change->old_mac) != 0);
        break;
    default:
        require(change->interface || change->address);
        break;
    }
}

static int reserve(void *context)
{
    require(context == &replica);
    return refuse_next ? -1 : 0;
}

/* ---- The replica ---- */

static struct arpq_handle h;
static struct aq_live live;
static int no_events = -1; /* a descriptor that is never readable */

static void make_view(void)
{
    struct arpq_interface link = {.name = "ether", .ifindex = 1, .flags = IFF_UP, .type = 1};
    struct aq_ifmap map = {0};
    struct aq_view *view;

    link.mac = (struct arpq_mac){.length = 6, .type = 1, .bytes = {2}};
    require(aq_ifmap_put_link(&map, &link) == 0);
    require(aq_ifmap_settle(&map) == 0);
    require(aq_view_build(&map, NULL, &view) == 0);
    atomic_store(&h.view, view);
    aq_ifmap_clear(&map);
}

static void set_up(void)
{
    struct aq_neighmap *map;

    if (!atomic_load(&h.view)) {
        make_view();
        no_events = aq_sys_event();
    }
    h.live = &live;
    h.netns_fd = -1;
    memset(&replica, 0, sizeof replica);
    replica.h = &h;
    replica.options.interfaces = replica.options.addresses = true;
    replica.options.damping_ms = 10000;
    replica.options.notify = notify;
    replica.options.reserve = reserve;
    replica.options.context = &replica;
    aq_wakeup_init(&replica.wakeup);
    replica.event.fd = -1;
    aq_links_init(&replica.links, &h);
    h.event.fd = no_events; /* the replica reads this socket to find unknown links */
    require(aq_neighmap_make(&map, 1) == 0);
    atomic_store(&replica.map, map);
    require(aq_neighmap_make(&replayed, 2) == 0);
}

/* ---- Comparison ---- */

static bool find_in(const struct aq_neighmap *map, const struct arpq_neigh *neigh,
                    struct aq_found *found)
{
    struct aq_key key;

    aq_key_make(&key, &neigh->ip, neigh->ifindex);
    return aq_neighmap_find(map, &key, aq_key_hash(&key, map->seed), found);
}

static uint32_t count_mac(const struct aq_neighmap *map, const struct arpq_mac *mac)
{
    struct aq_found found;
    uint32_t number = 0, count = 0;

    while ((number = aq_neighmap_next(map, number, &found))) {
        struct arpq_neigh neigh;

        aq_found_neigh(&found, 0, &neigh);
        count += neigh.mac.length && arpq_mac_compare(&neigh.mac, mac) == 0;
    }
    return count;
}

static void check_entry(const struct aq_neighmap *map, const struct aq_found *listed)
{
    struct arpq_neigh neigh, other;
    struct aq_found found;

    aq_found_neigh(listed, 0, &neigh);
    require(neigh.ifindex > 0 && !(neigh.flags & ARPQ_NEIGH_PROXY));
    require(find_in(map, &neigh, &found));
    require(memcmp(&found.fields, &listed->fields, sizeof found.fields) == 0);
    if (neigh.mac.length)
        require(aq_chain_find(map, &neigh.mac, 0, NULL, 0) == count_mac(map, &neigh.mac));
    require(find_in(replayed, &neigh, &found));
    aq_found_neigh(&found, 0, &other);
    require(other.state == neigh.state && other.flags == neigh.flags);
    require(other.protocol == neigh.protocol);
    require(arpq_mac_compare(&other.mac, &neigh.mac) == 0);
}

static void check(uint32_t share, uint32_t turn)
{
    const struct aq_neighmap *map = atomic_load(&replica.map);
    struct aq_found found;
    uint32_t number = 0, count = 0;

    while ((number = aq_neighmap_next(map, number, &found)))
        if (count++ % share == turn % share)
            check_entry(map, &found);
    require(count == aq_neighmap_count(map));
    require(count == aq_neighmap_count(replayed));
}

/* ---- Steps ---- */

/* Apply the messages of a datagram in the same way as aq_rtnl_events. */
static void apply(const void *bytes, size_t size)
{
    char *block = exact_copy(bytes, size);
    const struct nlmsghdr *message = (const struct nlmsghdr *)(void *)block;
    int left = (int)size;

    for (; mnl_nlmsg_ok(message, left) && message->nlmsg_len <= (uint32_t)left;
         message = mnl_nlmsg_next(message, &left)) {
        int code = aq_apply_neigh(message, &replica);

        require(code == 0 || (refuse_next && code == -1));
        if (code < 0)
            break;
    }
    free(block);
}

/* Apply a message about one of 16 addresses on one of four interfaces, with one of eight MACs. */
static void apply_made(uint8_t pick, uint8_t key, uint8_t what)
{
    static const uint8_t lengths[] = {6, 6, 6, 6, 6, 8, 20, 0};
    uint8_t mac[32] = {2}, ip[16] = {0};
    union {
        struct nlmsghdr header;
        char bytes[256];
    } message = {0};
    struct ndmsg *header;

    mnl_nlmsg_put_header(message.bytes);
    message.header.nlmsg_type = pick & 3 ? RTM_NEWNEIGH : RTM_DELNEIGH;
    header = mnl_nlmsg_put_extra_header(&message.header, sizeof *header);
    header->ndm_family = key & 0x10 ? AF_INET6 : AF_INET;
    header->ndm_ifindex = 1 + (key >> 6);
    header->ndm_state = (uint16_t)(1u << (what & 7));
    header->ndm_flags = pick & 0x40 ? NTF_ROUTER : 0;
    ip[0] = key & 0x20 ? 0xfe : 10;
    ip[1] = 0x80;
    ip[3] = key & 15;
    mac[5] = what >> 3 & 7;
    mnl_attr_put(&message.header, NDA_DST, key & 0x10 ? 16 : 4, ip);
    if (lengths[mac[5]] && pick & 0x20)
        mnl_attr_put(&message.header, NDA_LLADDR, lengths[mac[5]], mac);
    apply(message.bytes, message.header.nlmsg_len);
}

static size_t step(const uint8_t *data, size_t size)
{
    size_t length = data[0];

    if (length & 0x80) {
        if (size < 3)
            return size;
        refuse_next = (length & 0x1c) == 0x1c;
        apply_made((uint8_t)length, data[1], data[2]);
        return 3;
    }
    refuse_next = false;
    if (length > size - 1)
        length = size - 1;
    apply(data + 1, length);
    return 1 + length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    set_up();
    for (uint32_t n = 0; n < STEPS_MAX && size > 0; n++) {
        size_t taken = step(data, size);

        data += taken;
        size -= taken;
        check(SHARE, n);
    }
    check(1, 0);
    aq_neighmap_free(replayed);
    aq_replica_stop(&replica);
    return 0;
}
