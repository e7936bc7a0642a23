/* SPDX-License-Identifier: MIT */
/* Decodes neighbour discovery messages. The first byte of the input is the length of the link's
 * addresses. The second byte chooses the link type and whether the checksum is corrected, because
 * few inputs have a correct one. */
#include "fuzz/fuzz.h"

#include <net/if_arp.h>

#include "packet/ndp.h"
#include "value/ip.h"

static void set_sum(uint8_t *packet, size_t size)
{
    struct arpq_ip source = {.family = AF_INET6}, destination = {.family = AF_INET6};
    size_t length = size < 44 ? 0 : (size_t)(packet[4] << 8 | packet[5]);
    uint16_t sum;

    if (length < 4 || length > size - 40)
        return;
    memcpy(source.bytes, packet + 8, 16);
    memcpy(destination.bytes, packet + 24, 16);
    packet[42] = packet[43] = 0;
    sum = arpq_icmp_checksum(&source, &destination, packet + 40, length);
    packet[42] = (uint8_t)(sum >> 8);
    packet[43] = (uint8_t)sum;
}

static void check_mac(const struct arpq_mac *mac, uint16_t hatype, uint8_t length)
{
    static const uint8_t zeros[ARPQ_MAC_MAX];

    require(mac->length == 0 || (mac->length == length && mac->type == hatype));
    require(memcmp(mac->bytes + mac->length, zeros, sizeof zeros - mac->length) == 0);
}

static void check(const struct aq_ndp *ndp, uint16_t hatype, uint8_t mac_length)
{
    require(ndp->type >= AQ_NDP_ROUTER_SOLICITATION && ndp->type <= AQ_NDP_REDIRECT);
    require(ndp->source.family == AF_INET6 && !aq_ip_is_multicast(&ndp->source));
    require(ndp->destination.family == AF_INET6 && !aq_ip_is_multicast(&ndp->target));
    require((ndp->target.family != 0) == (ndp->type >= AQ_NDP_SOLICITATION));
    require(ndp->flags == 0 || ndp->type == AQ_NDP_ADVERTISEMENT);
    check_mac(&ndp->source_mac, hatype, mac_length);
    check_mac(&ndp->target_mac, hatype, mac_length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct aq_ndp none;
    uint16_t hatype;
    struct aq_ndp ndp;
    uint8_t *block;

    if (size < 2)
        return 0;
    hatype = data[1] & 1 ? ARPHRD_INFINIBAND : ARPHRD_ETHER;
    block = exact_copy(data + 2, size - 2);
    if (data[1] & 2)
        set_sum(block, size - 2);
    memset(&ndp, 0xaa, sizeof ndp);
    if (aq_ndp_read(block, size - 2, hatype, data[0], &ndp) < 0)
        require(memcmp(&ndp, &none, sizeof none) == 0);
    else
        check(&ndp, hatype, data[0]);
    free(block);
    return 0;
}
