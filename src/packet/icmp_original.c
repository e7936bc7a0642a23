/* SPDX-License-Identifier: MIT */
/* Reads the datagram that an ICMP error message quotes. The quoted datagram may be truncated
 * anywhere. */
#include "packet/icmp_original.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

#include "packet/icmp_shape.h"
#include "value/bytes.h"

#define ICMP_HEADER 8
#define IPV4_HEADER 20 /* without options */
#define IPV6_HEADER 40

/* Error types without a name in the system headers. */
enum {
    TYPE_CONVERSION_ERROR = 31, /* RFC 1475 */
    TYPE_PHOTURIS = 40,         /* RFC 2521 */
};

/* The part of an IP packet that the message quotes. */
struct datagram {
    const uint8_t *bytes;
    size_t size;
    size_t payload; /* offset of the transport header; 0: truncated before it */
    uint8_t protocol;
    bool is_fragment; /* not the first fragment: no transport header */
};

static void original_set_ip(struct arpq_ip *ip, uint16_t family, const uint8_t *bytes,
                            size_t length)
{
    memcpy(ip->bytes, bytes, length);
    ip->family = family;
}

/* Truncates the datagram to the length in the IP header, because routers pad the quoted packet (RFC
 * 4884 section 3). Ignores implausible lengths: some hosts return the field in the wrong byte order
 * or with a reduced value. */
static void original_trim(struct datagram *d, size_t length, size_t least)
{
    if (length >= least && length < d->size)
        d->size = length;
}

static bool read_ipv4(struct datagram *d, struct arpq_icmp *icmp)
{
    size_t header;

    if (d->size < IPV4_HEADER || d->bytes[0] >> 4 != 4)
        return false;
    header = (d->bytes[0] & 0xfu) * 4;
    if (header < IPV4_HEADER)
        return false;
    original_trim(d, aq_get16(d->bytes + 2), header);
    original_set_ip(&icmp->original_source, AF_INET, d->bytes + 12, 4);
    original_set_ip(&icmp->original_destination, AF_INET, d->bytes + 16, 4);
    d->is_fragment = (aq_get16(d->bytes + 6) & 0x1fff) != 0;
    if (header <= d->size) {
        d->payload = header;
        d->protocol = d->bytes[9];
    }
    return true;
}

static bool is_extension(uint8_t protocol)
{
    return protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING ||
           protocol == IPPROTO_FRAGMENT || protocol == IPPROTO_DSTOPTS || protocol == IPPROTO_AH;
}

/* Returns the size of an extension header. A fragment header has no length field. */
static size_t extension_size(uint8_t protocol, const uint8_t *at)
{
    switch (protocol) {
    case IPPROTO_FRAGMENT:
        return 8;
    case IPPROTO_AH:
        return ((size_t)at[1] + 2) * 4;
    default:
        return ((size_t)at[1] + 1) * 8;
    }
}

/* Finds the transport header. Leaves payload 0 if the chain of extension headers is truncated. */
static void skip_extensions(struct datagram *d)
{
    uint8_t protocol = d->bytes[6];
    size_t at = IPV6_HEADER;

    while (is_extension(protocol) && !d->is_fragment) {
        size_t size;

        if (d->size - at < 8)
            return;
        size = extension_size(protocol, d->bytes + at);
        if (d->size - at < size)
            return;
        d->is_fragment = protocol == IPPROTO_FRAGMENT && aq_get16(d->bytes + at + 2) >> 3 != 0;
        protocol = d->bytes[at];
        at += size;
    }
    d->payload = at;
    d->protocol = protocol;
}

static bool read_ipv6(struct datagram *d, struct arpq_icmp *icmp)
{
    if (d->size < IPV6_HEADER || d->bytes[0] >> 4 != 6)
        return false;
    /* The length field of a jumbogram is 0. */
    if (aq_get16(d->bytes + 4) != 0)
        original_trim(d, IPV6_HEADER + (size_t)aq_get16(d->bytes + 4), IPV6_HEADER);
    original_set_ip(&icmp->original_source, AF_INET6, d->bytes + 8, 16);
    original_set_ip(&icmp->original_destination, AF_INET6, d->bytes + 24, 16);
    skip_extensions(d);
    return true;
}

static bool has_ports(uint8_t protocol)
{
    return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE ||
           protocol == IPPROTO_SCTP || protocol == IPPROTO_DCCP;
}

static void read_transport(const struct datagram *d, struct arpq_icmp *icmp)
{
    const uint8_t *at = d->bytes + d->payload;
    size_t left = d->size - d->payload;
    uint8_t own = icmp->family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;

    if (has_ports(d->protocol) && left >= 4) {
        icmp->original_source_port = aq_get16(at);
        icmp->original_destination_port = aq_get16(at + 2);
    }
    if (d->protocol != own || left < 2)
        return;
    icmp->original_type = at[0];
    icmp->original_code = at[1];
    if (left >= ICMP_HEADER && aq_icmp_shape_has_sequence(icmp->family, at[0])) {
        icmp->original_identifier = aq_get16(at + 4);
        icmp->original_sequence = aq_get16(at + 6);
    }
}

/* Error messages end with the packet that caused the error. */
static bool is_error(uint16_t family, uint8_t type)
{
    if (family == AF_INET6)
        return (type & ICMP6_INFOMSG_MASK) == 0;
    switch (type) {
    case ICMP_DEST_UNREACH:
    case ICMP_SOURCE_QUENCH:
    case ICMP_REDIRECT:
    case ICMP_TIME_EXCEEDED:
    case ICMP_PARAMETERPROB:
    case TYPE_CONVERSION_ERROR:
    case TYPE_PHOTURIS:
        return true;
    default:
        return false;
    }
}

/* Returns the size of the quoted packet. If extensions follow the packet, the ICMP header contains
 * its length (RFC 4884); otherwise the packet extends to the end of the message. */
static size_t original_size(const struct arpq_icmp *icmp)
{
    size_t length = 0;

    if (icmp->family == AF_INET &&
        (icmp->type == ICMP_DEST_UNREACH || icmp->type == ICMP_TIME_EXCEEDED ||
         icmp->type == ICMP_PARAMETERPROB))
        length = (size_t)(icmp->value >> 16 & 0xff) * 4;
    else if (icmp->family == AF_INET6 &&
             (icmp->type == ICMP6_DST_UNREACH || icmp->type == ICMP6_TIME_EXCEEDED))
        length = (size_t)(icmp->value >> 24) * 8;
    return length > 0 && length < icmp->payload_length ? length : icmp->payload_length;
}

void aq_icmp_original_read(const uint8_t *message, struct arpq_icmp *icmp)
{
    struct datagram d = {0};

    if (!is_error(icmp->family, icmp->type))
        return;
    d.bytes = message + ICMP_HEADER;
    d.size = original_size(icmp);
    if (!(icmp->family == AF_INET ? read_ipv4(&d, icmp) : read_ipv6(&d, icmp)))
        return;
    icmp->flags |= ARPQ_ICMP_ORIGINAL;
    icmp->original_offset = ICMP_HEADER;
    icmp->original_length = (uint32_t)d.size;
    if (d.payload == 0)
        return;
    icmp->original_payload_offset = (uint32_t)(ICMP_HEADER + d.payload);
    icmp->original_protocol = d.protocol;
    if (!d.is_fragment)
        read_transport(&d, icmp);
}
