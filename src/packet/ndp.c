/* SPDX-License-Identifier: MIT */
#include "packet/ndp.h"

#include <errno.h>
#include <net/if_arp.h>
#include <netinet/in.h>

#include "value/ip.h"

#define IP_HEADER 40u /* size of the IPv6 header; the offsets of its fields follow */
#define IP_LENGTH 4u
#define IP_NEXT 6u
#define IP_HOPS 7u
#define IP_SOURCE 8u
#define IP_DESTINATION 24u

#define TARGET 8u /* offsets of fields; not every message type has each of them */
#define REDIRECTED 24u
#define ADVERTISED_FLAGS 4u

#define OPTION_UNIT 8u
#define OPTION_SOURCE_MAC 1u
#define OPTION_TARGET_MAC 2u

/* The ICMPv6 message of a packet, and the type of the link. */
struct message {
    const uint8_t *bytes;
    size_t size;
    uint16_t hatype;
    uint8_t mac_length;
    bool has_source_option;
};

static const struct rule {
    uint8_t least; /* size before the options */
    bool has_target;
    bool from_link_local;
} rules[] = {
    [AQ_NDP_ROUTER_SOLICITATION - AQ_NDP_ROUTER_SOLICITATION] = {8, false, false},
    [AQ_NDP_ROUTER_ADVERTISEMENT - AQ_NDP_ROUTER_SOLICITATION] = {16, false, true},
    [AQ_NDP_SOLICITATION - AQ_NDP_ROUTER_SOLICITATION] = {24, true, false},
    [AQ_NDP_ADVERTISEMENT - AQ_NDP_ROUTER_SOLICITATION] = {24, true, false},
    [AQ_NDP_REDIRECT - AQ_NDP_ROUTER_SOLICITATION] = {40, true, true},
};

static struct arpq_ip ip_at(const uint8_t *bytes)
{
    struct arpq_ip ip = {.family = AF_INET6};

    memcpy(ip.bytes, bytes, sizeof ip.bytes);
    return ip;
}

/* Tests for ff02::1:ff00:0/104. */
static bool is_solicited_node(const struct arpq_ip *ip)
{
    static const uint8_t prefix[13] = {0xff, 2, [11] = 1, 0xff};

    return memcmp(ip->bytes, prefix, sizeof prefix) == 0;
}

/* ---- Options ---- */

/* An address is padded to a multiple of 8 bytes. InfiniBand puts two reserved bytes before it (RFC
 * 4391 section 9.3). If a message has several options of a kind, the first one is used, as in the
 * kernel. */
static int read_mac(const struct message *message, const uint8_t *option, struct arpq_mac *mac)
{
    size_t before = message->hatype == ARPHRD_INFINIBAND ? 4 : 2;
    size_t units = (before + message->mac_length + OPTION_UNIT - 1) / OPTION_UNIT;

    if (message->mac_length == 0 || mac->length)
        return 0;
    if (option[1] != units)
        return -EBADMSG;
    memcpy(mac->bytes, option + before, message->mac_length);
    mac->type = message->hatype;
    mac->length = message->mac_length;
    return 0;
}

static int ndp_read_options(struct message *message, size_t at, struct aq_ndp *ndp)
{
    int code = 0;

    while (code == 0 && at < message->size) {
        const uint8_t *option = message->bytes + at;
        size_t left = message->size - at;

        if (left < OPTION_UNIT || option[1] == 0 || option[1] * OPTION_UNIT > left)
            return -EBADMSG;
        if (option[0] == OPTION_SOURCE_MAC) {
            message->has_source_option = true;
            code = read_mac(message, option, &ndp->source_mac);
        } else if (option[0] == OPTION_TARGET_MAC) {
            code = read_mac(message, option, &ndp->target_mac);
        }
        at += option[1] * OPTION_UNIT;
    }
    return code;
}

/* ---- Validity ---- */

/* Checks the rules that apply to one type only. */
static bool is_allowed(const struct message *message, const struct aq_ndp *ndp)
{
    struct arpq_ip redirected;

    switch (ndp->type) {
    case AQ_NDP_SOLICITATION:
        return !aq_ip_is_unspecified(&ndp->source) || is_solicited_node(&ndp->destination);
    case AQ_NDP_ADVERTISEMENT:
        return !(ndp->flags & AQ_NDP_SOLICITED && aq_ip_is_multicast(&ndp->destination));
    case AQ_NDP_REDIRECT: /* the new hop is a router or the destination itself */
        redirected = ip_at(message->bytes + REDIRECTED);
        return !aq_ip_is_multicast(&redirected) &&
               (aq_ip_is_link_local(&ndp->target) ||
                arpq_ip_compare(&ndp->target, &redirected) == 0);
    default:
        return true;
    }
}

static int read_message(struct message *message, struct aq_ndp *ndp)
{
    const struct rule *rule = &rules[ndp->type - AQ_NDP_ROUTER_SOLICITATION];
    int code;

    if (message->size < rule->least || message->bytes[1] != 0 ||
        arpq_icmp_checksum(&ndp->source, &ndp->destination, message->bytes, message->size) != 0)
        return -EBADMSG;
    if (rule->from_link_local && !aq_ip_is_link_local(&ndp->source))
        return -EBADMSG;
    if (rule->has_target) {
        ndp->target = ip_at(message->bytes + TARGET);
        if (aq_ip_is_multicast(&ndp->target))
            return -EBADMSG;
    }
    if (ndp->type == AQ_NDP_ADVERTISEMENT)
        ndp->flags =
            message->bytes[ADVERTISED_FLAGS] & (AQ_NDP_ROUTER | AQ_NDP_SOLICITED | AQ_NDP_OVERRIDE);
    code = ndp_read_options(message, rule->least, ndp);
    if (code == 0 && message->has_source_option && aq_ip_is_unspecified(&ndp->source))
        code = -EBADMSG;
    return code == 0 && !is_allowed(message, ndp) ? -EBADMSG : code;
}

/* Reads the IPv6 header and the type of the message. */
static int ndp_read_header(const uint8_t *packet, size_t size, struct message *message,
                           struct aq_ndp *ndp)
{
    if (size < IP_HEADER || packet[0] >> 4 != 6)
        return -EBADMSG;
    message->bytes = packet + IP_HEADER;
    message->size = (size_t)packet[IP_LENGTH] << 8 | packet[IP_LENGTH + 1];
    if (packet[IP_NEXT] != IPPROTO_ICMPV6)
        return -ENOMSG;
    if (message->size < 1 || message->size > size - IP_HEADER)
        return -EBADMSG;
    ndp->type = message->bytes[0];
    if (ndp->type < AQ_NDP_ROUTER_SOLICITATION || ndp->type > AQ_NDP_REDIRECT)
        return -ENOMSG;
    ndp->source = ip_at(packet + IP_SOURCE);
    ndp->destination = ip_at(packet + IP_DESTINATION);
    return packet[IP_HOPS] != 255 || aq_ip_is_multicast(&ndp->source) ? -EBADMSG : 0;
}

int aq_ndp_read(const void *packet, size_t size, uint16_t hatype, uint8_t mac_length,
                struct aq_ndp *ndp)
{
    struct message message = {.hatype = hatype,
                              .mac_length = mac_length > ARPQ_MAC_MAX ? 0 : mac_length};
    int code;

    memset(ndp, 0, sizeof *ndp);
    code = ndp_read_header(packet, size, &message, ndp);
    if (code == 0)
        code = read_message(&message, ndp);
    if (code < 0)
        memset(ndp, 0, sizeof *ndp);
    return code;
}
