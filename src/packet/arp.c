/* SPDX-License-Identifier: MIT */
#include "arpq.h"

#include <errno.h>
#include <net/if_arp.h>
#include <stdbool.h>
#include <string.h>

#include "value/bytes.h"

/*
 * An ARP packet (RFC 826) in its frame:
 *
 *   destination 6, source 6, [VLAN tag: type 2, TCI 2]..., type 2,
 *   hardware type 2, protocol 2, lengths 1 + 1, operation 2,
 *   sender MAC n, sender IP 4, target MAC n, target IP 4
 */
#define ETHERTYPE_IP 0x0800u
#define ETHERTYPE_ARP 0x0806u
#define ETHERTYPE_VLAN 0x8100u    /* IEEE 802.1Q */
#define ETHERTYPE_SERVICE 0x88a8u /* outer one of two tags, IEEE 802.1ad */

#define ETHER_LENGTH 6
#define IPV4_LENGTH 4
#define PACKET_HEADER 8
#define FRAME_LEAST 60 /* without the frame check sequence; each VLAN tag adds 4 bytes */

#define ALL_FLAGS (ARPQ_ARP_VLAN | ARPQ_ARP_PAYLOAD)

/* ---- Classification ---------------------------------------------------- */

/* Returns the address in network byte order, or 0 if ip is not IPv4. */
static uint32_t ipv4_of(const struct arpq_ip *ip)
{
    uint32_t address = 0;

    if (ip->family == AF_INET)
        memcpy(&address, ip->bytes, sizeof address);
    return address;
}

uint32_t arpq_arp_kind(const struct arpq_arp *arp)
{
    uint32_t sender;
    bool about_itself;

    if (!arp)
        return 0;
    sender = ipv4_of(&arp->sender_ip);
    about_itself = sender != 0 && sender == ipv4_of(&arp->target_ip);
    switch (arp->operation) {
    case ARPQ_ARP_REQUEST:
        if (sender == 0)
            return ARPQ_ARP_KIND_PROBE;
        return about_itself ? ARPQ_ARP_KIND_ANNOUNCEMENT : ARPQ_ARP_KIND_REQUEST;
    case ARPQ_ARP_REPLY:
        return about_itself ? ARPQ_ARP_KIND_GRATUITOUS : ARPQ_ARP_KIND_REPLY;
    default:
        return ARPQ_ARP_KIND_OTHER;
    }
}

/* ---- Building a packet ------------------------------------------------- */

static bool is_link_address(const struct arpq_mac *mac)
{
    return mac && mac->length > 0 && mac->length <= ARPQ_MAC_MAX;
}

/* Checks the addresses that this kind needs. Returns 0 or an error. */
static int check_arguments(uint32_t kind, const struct arpq_mac *mac, const struct arpq_ip *ip,
                           const struct arpq_mac *target_mac, const struct arpq_ip *target_ip)
{
    bool with_ip = kind != ARPQ_ARP_KIND_PROBE;
    bool with_target = kind <= ARPQ_ARP_KIND_PROBE;

    if (kind < ARPQ_ARP_KIND_REQUEST || kind > ARPQ_ARP_KIND_GRATUITOUS || !is_link_address(mac))
        return -EINVAL;
    if ((with_ip && !ip) || (with_target && !target_ip))
        return -EINVAL;
    if (kind == ARPQ_ARP_KIND_REPLY && (!target_mac || target_mac->length != mac->length))
        return -EINVAL;
    if ((with_ip && ip->family != AF_INET) || (with_target && target_ip->family != AF_INET))
        return -EAFNOSUPPORT;
    return 0;
}

int arpq_arp_make(uint32_t kind, const struct arpq_mac *mac, const struct arpq_ip *ip,
                  const struct arpq_mac *target_mac, const struct arpq_ip *target_ip,
                  struct arpq_arp *arp)
{
    int r;

    if (!arp)
        return -EINVAL;
    memset(arp, 0, sizeof *arp);
    r = check_arguments(kind, mac, ip, target_mac, target_ip);
    if (r < 0)
        return r;

    arp->operation = ARPQ_ARP_REQUEST;
    arp->sender_mac = *mac;
    arp->target_mac = (struct arpq_mac){.type = mac->type, .length = mac->length};
    arp->sender_ip.family = AF_INET;
    if (kind != ARPQ_ARP_KIND_PROBE)
        arp->sender_ip = *ip;
    arp->target_ip = kind <= ARPQ_ARP_KIND_PROBE ? *target_ip : *ip;
    if (kind == ARPQ_ARP_KIND_REPLY || kind == ARPQ_ARP_KIND_GRATUITOUS) {
        arp->operation = ARPQ_ARP_REPLY;
        arp->target_mac = kind == ARPQ_ARP_KIND_REPLY ? *target_mac : *mac;
    }
    if (mac->length != ETHER_LENGTH) {
        arp->flags = ARPQ_ARP_PAYLOAD;
        return 0;
    }
    arp->source = *mac;
    arp->destination = arp->target_mac;
    if (kind != ARPQ_ARP_KIND_REPLY)
        memset(arp->destination.bytes, 0xff, ETHER_LENGTH);
    return 0;
}

/* ---- Writing ----------------------------------------------------------- */

/* Copies an address if there is one; otherwise leaves zeros. */
static uint8_t *put_bytes(uint8_t *at, const uint8_t *bytes, size_t size, bool is_there)
{
    if (is_there)
        memcpy(at, bytes, size);
    return at + size;
}

/* IEEE 1394 packets contain no target MAC (RFC 2734 section 5). */
static size_t target_length(uint16_t type, size_t length)
{
    return type == ARPHRD_IEEE1394 ? 0 : length;
}

static bool is_ip_or_empty(const struct arpq_ip *ip)
{
    return ip->family == AF_INET || ip->family == 0;
}

static int check_packet(const struct arpq_arp *arp)
{
    uint8_t length = arp->sender_mac.length;
    bool framed = (arp->flags & ARPQ_ARP_PAYLOAD) == 0;

    if ((arp->flags & ~ALL_FLAGS) != 0 || arp->operation == 0 || !is_link_address(&arp->sender_mac))
        return -EINVAL;
    if (arp->target_mac.length != 0 && arp->target_mac.length != length)
        return -EINVAL;
    if (framed && (arp->destination.length != ETHER_LENGTH || arp->source.length != ETHER_LENGTH))
        return -EINVAL;
    if (!is_ip_or_empty(&arp->sender_ip) || !is_ip_or_empty(&arp->target_ip))
        return -EAFNOSUPPORT;
    return 0;
}

static uint8_t *put_link_header(uint8_t *at, const struct arpq_arp *arp)
{
    at = put_bytes(at, arp->destination.bytes, ETHER_LENGTH, true);
    at = put_bytes(at, arp->source.bytes, ETHER_LENGTH, true);
    if (arp->flags & ARPQ_ARP_VLAN)
        at = aq_put16(aq_put16(at, ETHERTYPE_VLAN), arp->vlan_tci);
    return aq_put16(at, ETHERTYPE_ARP);
}

static uint8_t *put_packet(uint8_t *at, const struct arpq_arp *arp)
{
    const struct arpq_mac *sender = &arp->sender_mac;
    const struct arpq_mac *target = &arp->target_mac;
    size_t target_size = target_length(sender->type, sender->length);

    at = aq_put16(aq_put16(at, sender->type), ETHERTYPE_IP);
    *at++ = sender->length;
    *at++ = IPV4_LENGTH;
    at = aq_put16(at, arp->operation);
    at = put_bytes(at, sender->bytes, sender->length, true);
    at = put_bytes(at, arp->sender_ip.bytes, IPV4_LENGTH, arp->sender_ip.family != 0);
    at = put_bytes(at, target->bytes, target_size, target->length != 0);
    return put_bytes(at, arp->target_ip.bytes, IPV4_LENGTH, arp->target_ip.family != 0);
}

int arpq_arp_encode(const struct arpq_arp *arp, void *frame, size_t size)
{
    uint8_t made[ARPQ_ARP_FRAME_SIZE] = {0};
    uint8_t *end = made;
    size_t least = 0;
    size_t length;
    int r;

    if (!arp || !frame)
        return -EINVAL;
    r = check_packet(arp);
    if (r < 0)
        return r;

    if ((arp->flags & ARPQ_ARP_PAYLOAD) == 0) {
        end = put_link_header(end, arp);
        least = arp->flags & ARPQ_ARP_VLAN ? FRAME_LEAST + 4 : FRAME_LEAST;
    }
    length = (size_t)(put_packet(end, arp) - made);
    if (length < least)
        length = least;
    if (length > size)
        return -ENOSPC;
    memcpy(frame, made, length);
    return (int)length;
}

/* ---- Reading ----------------------------------------------------------- */

/* The bytes that have not been read yet. */
struct reader {
    const uint8_t *at;
    size_t left;
};

/* Returns the next size bytes, or NULL if fewer are left. */
static const uint8_t *arp_take(struct reader *from, size_t size)
{
    const uint8_t *bytes = from->at;

    if (from->left < size)
        return NULL;
    from->at += size;
    from->left -= size;
    return bytes;
}

static void arp_set_mac(struct arpq_mac *mac, uint16_t type, const uint8_t *bytes, size_t length)
{
    memcpy(mac->bytes, bytes, length);
    mac->type = type;
    mac->length = (uint8_t)length;
}

static void arp_set_ip(struct arpq_ip *ip, const uint8_t *bytes)
{
    memcpy(ip->bytes, bytes, IPV4_LENGTH);
    ip->family = AF_INET;
}

/* Reads addresses and tags, up to the ARP packet. */
static int read_link_header(struct reader *from, struct arpq_arp *arp)
{
    const uint8_t *header = arp_take(from, 14);
    uint16_t type;

    if (!header)
        return -EBADMSG;
    arp_set_mac(&arp->destination, ARPHRD_ETHER, header, ETHER_LENGTH);
    arp_set_mac(&arp->source, ARPHRD_ETHER, header + ETHER_LENGTH, ETHER_LENGTH);
    type = aq_get16(header + 12);
    while (type == ETHERTYPE_VLAN || type == ETHERTYPE_SERVICE) {
        const uint8_t *tag = arp_take(from, 4);

        if (!tag)
            return -EBADMSG;
        arp->flags |= ARPQ_ARP_VLAN;
        arp->vlan_tci = aq_get16(tag);
        type = aq_get16(tag + 2);
    }
    return type == ETHERTYPE_ARP ? 0 : -ENOMSG;
}

static int read_packet(struct reader *from, struct arpq_arp *arp)
{
    const uint8_t *header = arp_take(from, PACKET_HEADER);
    const uint8_t *addresses;
    size_t length, target;
    uint16_t type;

    if (!header)
        return -EBADMSG;
    if (aq_get16(header + 2) != ETHERTYPE_IP || header[5] != IPV4_LENGTH)
        return -ENOMSG;
    type = aq_get16(header);
    length = header[4];
    target = target_length(type, length);
    addresses = arp_take(from, length + target + 2 * (size_t)IPV4_LENGTH);
    if (!addresses || length == 0 || length > ARPQ_MAC_MAX)
        return -EBADMSG;

    arp->operation = aq_get16(header + 6);
    arp_set_mac(&arp->sender_mac, type, addresses, length);
    arp_set_ip(&arp->sender_ip, addresses + length);
    addresses += length + IPV4_LENGTH;
    arp_set_mac(&arp->target_mac, type, addresses, target);
    arp_set_ip(&arp->target_ip, addresses + target);
    return 0;
}

int arpq_arp_decode(const void *frame, size_t size, uint32_t flags, struct arpq_arp *arp)
{
    struct reader from = {frame, size};
    int r = 0;

    if (!arp)
        return -EINVAL;
    memset(arp, 0, sizeof *arp);
    if (!frame || (flags & ~ARPQ_ARP_PAYLOAD) != 0)
        return -EINVAL;

    arp->flags = flags;
    if ((flags & ARPQ_ARP_PAYLOAD) == 0)
        r = read_link_header(&from, arp);
    if (r == 0)
        r = read_packet(&from, arp);
    if (r < 0)
        memset(arp, 0, sizeof *arp);
    return r;
}
