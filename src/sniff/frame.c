/* SPDX-License-Identifier: MIT */
#include "sniff/frame.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <net/if_arp.h>
#include <string.h>

#include "packet/ndp.h"
#include "value/ip.h"

#define TAG_SIZE 4u
#define TAGS_MAX 2u /* tags in the bytes; the kernel may have removed one more before them */

/* The bytes after the link-layer header. */
struct payload {
    const uint8_t *bytes;
    size_t size;
    uint16_t protocol; /* ETH_P_* */
};

static uint16_t word_at(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* ---- The link-layer header ---- */

static bool is_tag(uint16_t protocol)
{
    return protocol == ETH_P_8021Q || protocol == ETH_P_8021AD || protocol == ETH_P_QINQ1;
}

/* Add a tag. The caller adds the outermost tag first. If there are three tags, the frame keeps
 * the inner two. */
static void add_tag(struct arpq_sniffed *frame, uint16_t tci)
{
    if (frame->flags & ARPQ_SNIFFED_VLAN) {
        frame->flags |= ARPQ_SNIFFED_OUTER_VLAN;
        frame->outer_tci = frame->vlan_tci;
    }
    frame->flags |= ARPQ_SNIFFED_VLAN;
    frame->vlan_tci = tci;
}

static void frame_set_mac(struct arpq_mac *mac, const uint8_t *bytes, uint16_t hatype)
{
    memcpy(mac->bytes, bytes, ETH_ALEN);
    mac->length = ETH_ALEN;
    mac->type = hatype;
}

/* Skip the tags that are still in the bytes. */
static int read_tags(struct payload *payload, struct arpq_sniffed *frame)
{
    for (unsigned n = 0; n < TAGS_MAX && is_tag(payload->protocol); n++) {
        if (payload->size < TAG_SIZE)
            return -EBADMSG;
        add_tag(frame, word_at(payload->bytes));
        payload->protocol = word_at(payload->bytes + 2);
        payload->bytes += TAG_SIZE;
        payload->size -= TAG_SIZE;
    }
    return 0;
}

/* For Ethernet the kernel's offset of the network header is not useful: it points after the tag
 * in a sent frame, and at the tag in a received frame. */
static int read_ethernet(const struct aq_packet_received *received, struct payload *payload,
                         struct arpq_sniffed *frame)
{
    if (received->size < ETH_HLEN)
        return -EBADMSG;
    frame_set_mac(&frame->destination, received->bytes, received->hatype);
    frame_set_mac(&frame->source, received->bytes + ETH_ALEN, received->hatype);
    payload->bytes = received->bytes + ETH_HLEN;
    payload->size = received->size - ETH_HLEN;
    payload->protocol = word_at(received->bytes + ETH_HLEN - 2);
    return read_tags(payload, frame);
}

/* On other links the kernel provides the end of the header and the source address, but no
 * destination address. */
static int read_other(const struct aq_packet_received *received, struct payload *payload,
                      struct arpq_sniffed *frame)
{
    if (received->network > received->size)
        return -EBADMSG;
    frame->source = received->source;
    payload->bytes = received->bytes + received->network;
    payload->size = received->size - received->network;
    payload->protocol = received->protocol;
    return 0;
}

/* ---- Claims ---- */

bool aq_frame_is_claimable(const struct arpq_ip *ip)
{
    static const struct arpq_ip loopback = {.bytes = {[15] = 1}};

    if (ip->family == 0 || aq_ip_is_multicast(ip) || aq_ip_is_unspecified(ip))
        return false;
    if (ip->family == AF_INET) /* neither 127/8 nor 240/4 */
        return ip->bytes[0] != 127 && ip->bytes[0] < 240;
    return memcmp(ip->bytes, loopback.bytes, sizeof ip->bytes) != 0;
}

static void frame_claim(struct arpq_sniffed *frame, const struct arpq_ip *ip,
                        const struct arpq_mac *mac)
{
    if (aq_ip_is_unspecified(ip))
        return;
    frame->ip = *ip;
    if (mac && !arpq_mac_is_zero(mac))
        frame->mac = *mac;
}

static int read_arp(const struct aq_packet_received *received, const struct payload *payload,
                    struct arpq_sniffed *frame)
{
    struct arpq_arp arp;
    int code = arpq_arp_decode(payload->bytes, payload->size, ARPQ_ARP_PAYLOAD, &arp);

    if (code < 0)
        return code;
    if (received->mac_length && arp.sender_mac.length != received->mac_length)
        return -EBADMSG;
    frame->type = ARPQ_SNIFFED_ARP;
    frame->operation = arp.operation;
    frame->target = arp.target_ip;
    if (arpq_arp_kind(&arp) == ARPQ_ARP_KIND_PROBE) {
        frame->flags |= ARPQ_SNIFFED_PROBE;
        frame_claim(frame, &arp.target_ip, &arp.sender_mac);
    } else if (arp.operation == ARPQ_ARP_REQUEST || arp.operation == ARPQ_ARP_REPLY) {
        frame_claim(frame, &arp.sender_ip, &arp.sender_mac);
    } else { /* other operations claim nothing */
        frame_claim(frame, &arp.sender_ip, NULL);
    }
    return 0;
}

static void frame_read_solicitation(const struct aq_ndp *ndp, struct arpq_sniffed *frame)
{
    if (!aq_ip_is_unspecified(&ndp->source)) {
        frame_claim(frame, &ndp->source, &ndp->source_mac);
        return;
    }
    frame->flags |= ARPQ_SNIFFED_PROBE;
    frame_claim(frame, &ndp->target, &frame->source);
}

static void frame_read_advertisement(const struct aq_ndp *ndp, struct arpq_sniffed *frame)
{
    if (ndp->flags & AQ_NDP_ROUTER)
        frame->flags |= ARPQ_SNIFFED_ROUTER;
    if (ndp->flags & AQ_NDP_SOLICITED)
        frame->flags |= ARPQ_SNIFFED_SOLICITED;
    if (ndp->flags & AQ_NDP_OVERRIDE)
        frame->flags |= ARPQ_SNIFFED_OVERRIDE;
    frame_claim(frame, &ndp->target, ndp->target_mac.length ? &ndp->target_mac : &frame->source);
}

static void set_scope(struct arpq_ip *ip, uint32_t ifindex)
{
    if (aq_ip_is_link_local(ip))
        ip->scope = ifindex;
}

static int read_ndp(const struct aq_packet_received *received, const struct payload *payload,
                    struct arpq_sniffed *frame)
{
    static const uint8_t types[] = {ARPQ_SNIFFED_ROUTER_SOLICITATION,
                                    ARPQ_SNIFFED_ROUTER_ADVERTISEMENT,
                                    ARPQ_SNIFFED_NEIGHBOUR_SOLICITATION,
                                    ARPQ_SNIFFED_NEIGHBOUR_ADVERTISEMENT, ARPQ_SNIFFED_REDIRECT};
    struct aq_ndp ndp;
    int code =
        aq_ndp_read(payload->bytes, payload->size, received->hatype, received->mac_length, &ndp);

    if (code < 0)
        return code;
    frame->type = types[ndp.type - AQ_NDP_ROUTER_SOLICITATION];
    frame->target = ndp.target;
    if (frame->type == ARPQ_SNIFFED_NEIGHBOUR_SOLICITATION)
        frame_read_solicitation(&ndp, frame);
    else if (frame->type == ARPQ_SNIFFED_NEIGHBOUR_ADVERTISEMENT)
        frame_read_advertisement(&ndp, frame);
    else /* a redirect has no source link-layer address option */
        frame_claim(frame, &ndp.source, &ndp.source_mac);
    set_scope(&frame->ip, received->ifindex);
    set_scope(&frame->target, received->ifindex);
    return 0;
}

/* ---- The whole frame ---- */

static int read_payload(const struct aq_packet_received *received, struct arpq_sniffed *frame)
{
    bool ethernet = received->hatype == ARPHRD_ETHER || received->hatype == ARPHRD_LOOPBACK;
    struct payload payload;
    int code;

    if (received->has_vlan)
        add_tag(frame, received->vlan_tci);
    code =
        ethernet ? read_ethernet(received, &payload, frame) : read_other(received, &payload, frame);
    if (code < 0)
        return code;
    if (payload.protocol == ETH_P_ARP)
        return read_arp(received, &payload, frame);
    return payload.protocol == ETH_P_IPV6 ? read_ndp(received, &payload, frame) : -ENOMSG;
}

int aq_frame_read(const struct aq_packet_received *received, struct arpq_sniffed *frame)
{
    int code;

    memset(frame, 0, sizeof *frame);
    frame->ifindex = received->ifindex;
    frame->time_ns = received->time_ns;
    frame->flags = received->outgoing ? ARPQ_SNIFFED_OUTGOING : 0;
    code = read_payload(received, frame);
    if (code < 0)
        memset(frame, 0, sizeof *frame);
    else if (frame->mac.length && frame->source.length &&
             arpq_mac_compare(&frame->mac, &frame->source) != 0)
        frame->flags |= ARPQ_SNIFFED_MISMATCH;
    return code;
}
