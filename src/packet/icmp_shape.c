/* SPDX-License-Identifier: MIT */
/* Header formats of ICMP types. */
#include "packet/icmp_shape.h"

#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

#define HEADER 8       /* type, code, checksum, one word */
#define HEADER_LEAST 4 /* type, code, checksum */

/* Types without a name in the system headers. */
enum {
    TYPE_DOMAIN_REQUEST = 37, /* RFC 1788 */
    TYPE_DOMAIN_REPLY = 38,
    TYPE_EXPERIMENT = 253,                    /* RFC 4727; also higher numbers */
    TYPE_MULTICAST_ROUTER_SOLICITATION = 152, /* ICMPv6: RFC 4286 */
    TYPE_MULTICAST_ROUTER_TERMINATION = 153,
    TYPE_RPL = 155,     /* RFC 6550 */
    TYPE_MPL = 159,     /* RFC 7731 */
    TYPE_PRIVATE = 200, /* RFC 4443 section 2.1; also higher numbers */
};

bool aq_icmp_shape_has_sequence(uint16_t family, uint8_t type)
{
    if (family == AF_INET6)
        return type == ICMP6_ECHO_REQUEST || type == ICMP6_ECHO_REPLY;
    switch (type) {
    case ICMP_ECHOREPLY:
    case ICMP_ECHO:
    case ICMP_TIMESTAMP:
    case ICMP_TIMESTAMPREPLY:
    case ICMP_INFO_REQUEST:
    case ICMP_INFO_REPLY:
    case ICMP_ADDRESS:
    case ICMP_ADDRESSREPLY:
    case TYPE_DOMAIN_REQUEST:
    case TYPE_DOMAIN_REPLY:
        return true;
    default:
        return false;
    }
}

/* Some types end after the checksum (RFC 4286) or within the second word (RFC 6550, RFC 7731). The
 * format of experimental types is unknown. */
size_t aq_icmp_shape_least_size(uint16_t family, uint8_t type)
{
    if (family == AF_INET)
        return type >= TYPE_EXPERIMENT ? HEADER_LEAST : HEADER;
    switch (type) {
    case TYPE_MULTICAST_ROUTER_SOLICITATION:
    case TYPE_MULTICAST_ROUTER_TERMINATION:
    case TYPE_RPL:
    case TYPE_MPL:
        return HEADER_LEAST;
    default:
        return type >= TYPE_PRIVATE ? HEADER_LEAST : HEADER;
    }
}
