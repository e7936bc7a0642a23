/* SPDX-License-Identifier: MIT */
/* IPv6 neighbour discovery messages as received from a link. */
#ifndef AQ_PACKET_NDP_H
#define AQ_PACKET_NDP_H

#include "arpq.h"

/* Types, and the flags of an advertisement, with the values of the wire format. */
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
    uint8_t flags; /* only of an advertisement */
    struct arpq_ip source;
    struct arpq_ip destination;
    struct arpq_ip target;      /* family 0: this type has no target */
    struct arpq_mac source_mac; /* from the options; length 0: absent */
    struct arpq_mac target_mac;
};

/* Reads an IPv6 packet; bytes after its end are ignored. hatype and mac_length describe link-
 * layer addresses of the link; with mac_length 0 address options are ignored. Returns 0; -ENOMSG
 * for any other packet; -EBADMSG for a packet that RFC 4861 (sections 6.1, 7.1, 8.1) tells nodes
 * to drop silently. Zeroes ndp on error. */
int aq_ndp_read(const void *packet, size_t size, uint16_t hatype, uint8_t mac_length,
                struct aq_ndp *ndp);

#endif
