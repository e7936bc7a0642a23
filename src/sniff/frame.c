/* SPDX-License-Identifier: MIT */
#include "sniff/frame.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <net/if_arp.h>
#include <string.h>

#include "packet/ndp.h"
#include "value/value.h"

#define TAG_SIZE 4u
#define TAGS_MAX 2u /* in the bytes: one more may have been taken out by the kernel */

/* What a link's frame carries. */
struct payload {
    const uint8_t *bytes;
    size_t size;
    uint16_t protocol; /* ETH_P_* */
};

static uint16_t word_at(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* ---- The link's header ---- */

static bool is_tag(uint16_t protocol)
{
    return protocol == ETH_P_8021Q || protocol == ETH_P_8021AD || protocol == ETH_P_QINQ1;
}

/* From the outermost on: of three the last two are told. */
static void add_tag(struct arpq_frame *frame, uint16_t tci)
{
    if (frame->flags & ARPQ_FRAME_VLAN) {
        frame->flags |= ARPQ_FRAME_OUTER_VLAN;
        frame->outer_tci = frame->vlan_tci;
    }
    frame->flags |= ARPQ_FRAME_VLAN;
    frame->vlan_tci = tci;
}

static void frame_set_mac(struct arpq_mac *mac, const uint8_t *bytes, uint16_t hatype)
{
    memcpy(mac->bytes, bytes, ETH_ALEN);
    mac->length = ETH_ALEN;
    mac->type = hatype;
}

/* The tags that are still in the bytes; what comes behind them. */
static int read_tags(struct payload *payload, struct arpq_frame *frame)
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

/* Not by what the kernel says of an Ethernet frame: of one that is sent with a tag in it the
 * network header is behind the tag, of one that is received it is the tag. */
static int read_ethernet(const struct aq_packet_received *answers, struct payload *payload,
                         struct arpq_frame *frame)
{
    if (answers->size < ETH_HLEN)
        return -EBADMSG;
    frame_set_mac(&frame->destination, answers->bytes, answers->hatype);
    frame_set_mac(&frame->source, answers->bytes + ETH_ALEN, answers->hatype);
    payload->bytes = answers->bytes + ETH_HLEN;
    payload->size = answers->size - ETH_HLEN;
    payload->protocol = word_at(answers->bytes + ETH_HLEN - 2);
    return read_tags(payload, frame);
}

/* The kernel says where its header ends, and who sent it; to whom is not known. */
static int read_other(const struct aq_packet_received *answers, struct payload *payload,
                      struct arpq_frame *frame)
{
    if (answers->network > answers->size)
        return -EBADMSG;
    frame->source = answers->source;
    payload->bytes = answers->bytes + answers->network;
    payload->size = answers->size - answers->network;
    payload->protocol = answers->protocol;
    return 0;
}

/* ---- Who claims what ---- */

/* An address that somebody may have. */
static bool is_claimable(const struct arpq_ip *ip)
{
    static const struct arpq_ip none, loopback = {.bytes = {[15] = 1}};

    if (aq_ip_is_multicast(ip) || memcmp(ip->bytes, none.bytes, sizeof ip->bytes) == 0)
        return false;
    if (ip->family == AF_INET) /* nor 255.255.255.255 and what was set apart with it */
        return ip->bytes[0] != 127 && ip->bytes[0] < 240;
    return memcmp(ip->bytes, loopback.bytes, sizeof ip->bytes) != 0;
}

static void frame_claim(struct arpq_frame *frame, const struct arpq_ip *ip,
                        const struct arpq_mac *mac)
{
    if (!is_claimable(ip))
        return;
    frame->ip = *ip;
    if (mac && !arpq_mac_is_zero(mac))
        frame->mac = *mac;
}

static int read_arp(const struct aq_packet_received *answers, const struct payload *payload,
                    struct arpq_frame *frame)
{
    struct arpq_arp arp;
    int code = arpq_arp_decode(payload->bytes, payload->size, ARPQ_ARP_PAYLOAD, &arp);

    if (code < 0)
        return code;
    if (answers->mac_length && arp.sender_mac.length != answers->mac_length)
        return -EBADMSG;
    frame->type = ARPQ_FRAME_ARP;
    frame->operation = arp.operation;
    frame->target = arp.target_ip;
    if (arpq_arp_kind(&arp) == ARPQ_ARP_KIND_PROBE) {
        frame->flags |= ARPQ_FRAME_PROBE;
        frame_claim(frame, &arp.target_ip, &arp.sender_mac);
    } else if (arp.operation == ARPQ_ARP_REQUEST || arp.operation == ARPQ_ARP_REPLY) {
        frame_claim(frame, &arp.sender_ip, &arp.sender_mac);
    }
    return 0;
}

static void report_solicitation(const struct aq_ndp *ndp, struct arpq_frame *frame)
{
    if (is_claimable(&ndp->source)) {
        frame_claim(frame, &ndp->source, &ndp->source_mac);
        return;
    }
    frame->flags |= ARPQ_FRAME_PROBE;
    frame_claim(frame, &ndp->target, &frame->source);
}

static void report_advertisement(const struct aq_ndp *ndp, struct arpq_frame *frame)
{
    if (ndp->flags & AQ_NDP_ROUTER)
        frame->flags |= ARPQ_FRAME_ROUTER;
    if (ndp->flags & AQ_NDP_SOLICITED)
        frame->flags |= ARPQ_FRAME_SOLICITED;
    if (ndp->flags & AQ_NDP_OVERRIDE)
        frame->flags |= ARPQ_FRAME_OVERRIDE;
    frame_claim(frame, &ndp->target, ndp->target_mac.length ? &ndp->target_mac : &frame->source);
}

static void set_scope(struct arpq_ip *ip, uint32_t ifindex)
{
    if (aq_ip_is_link_local(ip))
        ip->scope = ifindex;
}

static int read_ndp(const struct aq_packet_received *answers, const struct payload *payload,
                    struct arpq_frame *frame)
{
    static const uint8_t types[] = {ARPQ_FRAME_ROUTER_SOLICITATION, ARPQ_FRAME_ROUTER_ADVERTISEMENT,
                                    ARPQ_FRAME_NEIGHBOUR_SOLICITATION,
                                    ARPQ_FRAME_NEIGHBOUR_ADVERTISEMENT, ARPQ_FRAME_REDIRECT};
    struct aq_ndp ndp;
    int code =
        aq_ndp_read(payload->bytes, payload->size, answers->hatype, answers->mac_length, &ndp);

    if (code < 0)
        return code;
    frame->type = types[ndp.type - AQ_NDP_ROUTER_SOLICITATION];
    frame->target = ndp.target;
    if (frame->type == ARPQ_FRAME_NEIGHBOUR_SOLICITATION)
        report_solicitation(&ndp, frame);
    else if (frame->type == ARPQ_FRAME_NEIGHBOUR_ADVERTISEMENT)
        report_advertisement(&ndp, frame);
    else /* a redirect has no option of its sender's */
        frame_claim(frame, &ndp.source, &ndp.source_mac);
    set_scope(&frame->ip, answers->ifindex);
    set_scope(&frame->target, answers->ifindex);
    return 0;
}

/* ---- All of it ---- */

static int read_payload(const struct aq_packet_received *answers, struct arpq_frame *frame)
{
    bool ethernet = answers->hatype == ARPHRD_ETHER || answers->hatype == ARPHRD_LOOPBACK;
    struct payload payload;
    int code;

    if (answers->has_vlan)
        add_tag(frame, answers->vlan_tci);
    code =
        ethernet ? read_ethernet(answers, &payload, frame) : read_other(answers, &payload, frame);
    if (code < 0)
        return code;
    if (payload.protocol == ETH_P_ARP)
        return read_arp(answers, &payload, frame);
    return payload.protocol == ETH_P_IPV6 ? read_ndp(answers, &payload, frame) : -ENOMSG;
}

int aq_frame_read(const struct aq_packet_received *answers, struct arpq_frame *frame)
{
    int code;

    memset(frame, 0, sizeof *frame);
    frame->ifindex = answers->ifindex;
    frame->time_ns = answers->time_ns;
    frame->flags = answers->outgoing ? ARPQ_FRAME_OUTGOING : 0;
    code = read_payload(answers, frame);
    if (code < 0)
        memset(frame, 0, sizeof *frame);
    else if (frame->mac.length && frame->source.length &&
             arpq_mac_compare(&frame->mac, &frame->source) != 0)
        frame->flags |= ARPQ_FRAME_MISMATCH;
    return code;
}
