/* SPDX-License-Identifier: MIT */
/* IPv6 neighbour discovery messages, as they come from a link. */
#ifndef AQ_PACKET_NDP_H
#define AQ_PACKET_NDP_H

#include "arpq.h"

/* Types, and the flags of an advertisement, as they are on the wire. */
#define AQ_NDP_ROUTER_SOLICITATION 133u
#define AQ_NDP_ROUTER_ADVERTISEMENT 134u
#define AQ_NDP_SOLICITATION 135u
#define AQ_NDP_ADVERTISEMENT 136u
#define AQ_NDP_REDIRECT 137u
#define AQ_NDP_ROUTER 0x80u
#define AQ_NDP_SOLICITED 0x40u
#define AQ_NDP_OVERRIDE 0x20u

struct aq_ndp {
    uint8_t type;
    uint8_t flags; /* of an advertisement */
    struct arpq_ip source;
    struct arpq_ip destination;
    struct arpq_ip target;      /* family 0: the type has none */
    struct arpq_mac source_mac; /* the options; length 0: not there */
    struct arpq_mac target_mac;
};

/* Read a packet from its IPv6 header on; what follows the packet (padding) does not count.
 * hatype and mac_length say what addresses the link has; with length 0 address options are
 * not told. 0; -ENOMSG for a packet that is something else, -EBADMSG for one that a rule of
 * RFC 4861 (section 6.1, 7.1, 8.1) has a node drop without a word. ndp is zeroed then. */
int aq_ndp_read(const void *packet, size_t size, uint16_t hatype, uint8_t mac_length,
                struct aq_ndp *ndp);

#endif
