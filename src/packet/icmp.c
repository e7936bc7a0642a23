/* SPDX-License-Identifier: MIT */
#include "arpq.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "packet/icmp_original.h"
#include "packet/icmp_shape.h"
#include "value/bytes.h"

#define HEADER 8       /* type, code, checksum, one word */
#define HEADER_LEAST 4 /* type, code, checksum */
#define IPV4_HEADER 20 /* without options */
#define IP_PACKET 65535

/* ---- Checksum ---------------------------------------------------------- */

/* One's complement addition adds the carry to the lowest bit. It works in any byte order (RFC
 * 1071 section 2), so words are added in the order of this machine. */
static uint64_t icmp_add(uint64_t sum, uint64_t word)
{
    sum += word;
    return sum + (sum < word);
}

static uint64_t add_bytes(uint64_t sum, const uint8_t *bytes, size_t size)
{
    uint64_t word;

    for (; size >= sizeof word; bytes += sizeof word, size -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        sum = icmp_add(sum, word);
    }
    word = 0;
    if (size > 0)
        memcpy(&word, bytes, size);
    return icmp_add(sum, word);
}

static uint16_t icmp_finish(uint64_t sum)
{
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~ntohs((uint16_t)sum);
}

/* Adds the pseudo-header of RFC 8200 section 8.1 to the checksum. */
static uint64_t add_pseudo_header(const struct arpq_ip *source, const struct arpq_ip *destination,
                                  size_t size)
{
    uint32_t length = htonl((uint32_t)size);
    uint32_t next = htonl(IPPROTO_ICMPV6);
    uint64_t sum = icmp_add((uint64_t)length, (uint64_t)next);

    sum = add_bytes(sum, source->bytes, sizeof source->bytes);
    return add_bytes(sum, destination->bytes, sizeof destination->bytes);
}

/* Requires both addresses or neither. Returns 0 or an error. */
static int check_addresses(const struct arpq_ip *source, const struct arpq_ip *destination)
{
    if (!source != !destination)
        return -EINVAL;
    if (source && (source->family != AF_INET6 || destination->family != AF_INET6))
        return -EAFNOSUPPORT;
    return 0;
}

uint16_t arpq_icmp_checksum(const struct arpq_ip *source, const struct arpq_ip *destination,
                            const void *message, size_t size)
{
    uint64_t sum = 0;

    if ((!message && size > 0) || check_addresses(source, destination) < 0)
        return 0;
    if (source)
        sum = add_pseudo_header(source, destination, size);
    return icmp_finish(add_bytes(sum, message, size));
}

/* ---- Sizes ------------------------------------------------------------- */

/* Returns the maximum size of a message. The IPv6 limit excludes the IP header. */
static size_t most_size(uint16_t family)
{
    return family == AF_INET ? IP_PACKET - IPV4_HEADER : IP_PACKET;
}

/* ---- Writing ----------------------------------------------------------- */

/* Returns the address for the checksum, or NULL to leave the checksum 0. */
static const struct arpq_ip *address_of(const struct arpq_ip *ip)
{
    return ip->family != 0 ? ip : NULL;
}

static int check_message(const struct arpq_icmp *icmp)
{
    if (icmp->family != AF_INET && icmp->family != AF_INET6)
        return -EAFNOSUPPORT;
    if (!arpq_icmp_is_assigned(icmp->family, icmp->type, icmp->code))
        return -EINVAL;
    if (icmp->family == AF_INET)
        return 0;
    return check_addresses(address_of(&icmp->source), address_of(&icmp->destination));
}

static uint16_t sum_to_write(const struct arpq_icmp *icmp, const uint8_t *message, size_t size)
{
    if (icmp->family == AF_INET)
        return arpq_icmp_checksum(NULL, NULL, message, size);
    if (icmp->source.family == 0)
        return 0;
    return arpq_icmp_checksum(&icmp->source, &icmp->destination, message, size);
}

static void put_header(const struct arpq_icmp *icmp, uint8_t *at)
{
    bool halves = aq_icmp_shape_has_sequence(icmp->family, icmp->type);

    *at++ = icmp->type;
    *at++ = icmp->code;
    at = aq_put16(at, 0);
    at = aq_put16(at, halves ? icmp->identifier : icmp->value >> 16);
    aq_put16(at, halves ? icmp->sequence : icmp->value & 0xffff);
}

int arpq_icmp_encode(const struct arpq_icmp *icmp, const void *payload, size_t payload_size,
                     void *message, size_t size)
{
    uint8_t *bytes = message;
    int r;

    if (!icmp || !message || (!payload && payload_size > 0))
        return -EINVAL;
    r = check_message(icmp);
    if (r < 0)
        return r;
    if (payload_size > most_size(icmp->family) - HEADER)
        return -EMSGSIZE;
    if (size < HEADER + payload_size)
        return -ENOSPC;

    if (payload_size > 0)
        memmove(bytes + HEADER, payload, payload_size);
    put_header(icmp, bytes);
    size = HEADER + payload_size;
    aq_put16(bytes + 2, sum_to_write(icmp, bytes, size));
    return (int)size;
}

/* ---- Reading ----------------------------------------------------------- */

/* Returns 0, or an error if this is not a message of that family. */
static int check_bytes(uint16_t family, const struct arpq_ip *source,
                       const struct arpq_ip *destination, const uint8_t *message, size_t size)
{
    if (size < HEADER_LEAST || size < aq_icmp_shape_least_size(family, message[0]))
        return -EBADMSG;
    if (size > most_size(family))
        return -EMSGSIZE;
    if ((family == AF_INET || source) &&
        arpq_icmp_checksum(source, destination, message, size) != 0)
        return -EILSEQ;
    return arpq_icmp_is_assigned(family, message[0], message[1]) ? 0 : -ENOMSG;
}

static void icmp_read_header(const uint8_t *message, size_t size, struct arpq_icmp *icmp)
{
    uint8_t header[HEADER] = {0};

    memcpy(header, message, size < HEADER ? size : HEADER);
    icmp->type = header[0];
    icmp->code = header[1];
    icmp->checksum = aq_get16(header + 2);
    icmp->value = aq_get32(header + 4);
    if (aq_icmp_shape_has_sequence(icmp->family, icmp->type)) {
        icmp->identifier = (uint16_t)(icmp->value >> 16);
        icmp->sequence = (uint16_t)icmp->value;
    }
    icmp->payload_offset = size < HEADER ? (uint32_t)size : HEADER;
    icmp->payload_length = (uint32_t)size - icmp->payload_offset;
}

int arpq_icmp_decode(uint16_t family, const struct arpq_ip *source,
                     const struct arpq_ip *destination, const void *message, size_t size,
                     struct arpq_icmp *icmp)
{
    int r;

    if (!icmp)
        return -EINVAL;
    memset(icmp, 0, sizeof *icmp);
    if (!message)
        return -EINVAL;
    if (family != AF_INET && family != AF_INET6)
        return -EAFNOSUPPORT;
    if (family == AF_INET) /* the ICMPv4 checksum does not cover the addresses */
        source = destination = NULL;
    r = check_addresses(source, destination);
    if (r == 0)
        r = check_bytes(family, source, destination, message, size);
    if (r < 0 && r != -EILSEQ)
        return r;

    icmp->family = family;
    if (source) {
        icmp->source = *source;
        icmp->destination = *destination;
    } else if (family == AF_INET6) {
        icmp->flags = ARPQ_ICMP_UNVERIFIED;
    }
    icmp_read_header(message, size, icmp);
    aq_icmp_original_read(message, icmp);
    return r;
}
