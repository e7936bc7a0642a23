/* SPDX-License-Identifier: MIT */
/* IPv6 neighbour discovery messages as received from a link. */
#ifndef AQ_PACKET_NDP_H
#define AQ_PACKET_NDP_H

#include "arpq.h"

/* Message types and advertisement flags, with the values of the wire format. */
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
    uint8_t flags; /* set only for an advertisement */
    struct arpq_ip source;
    struct arpq_ip destination;
    struct arpq_ip target;      /* family 0: this type has no target */
    struct arpq_mac source_mac; /* from the options; length 0: absent */
    struct arpq_mac target_mac;
};

/* Reads an IPv6 packet and ignores bytes after its end. hatype and mac_length describe the
 * addresses of the link. If mac_length is 0, ignores options that contain such addresses. Returns
 * 0; -ENOMSG if the packet is not one of these messages; or -EBADMSG for a packet that nodes must
 * silently discard according to RFC 4861 (sections 6.1, 7.1, 8.1). Zeroes ndp on error. */
int aq_ndp_read(const void *packet, size_t size, uint16_t hatype, uint8_t mac_length,
                struct aq_ndp *ndp);

#endif
