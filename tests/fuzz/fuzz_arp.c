/* SPDX-License-Identifier: MIT */
/* Decodes arbitrary bytes as an Ethernet frame and as a bare ARP packet. Encoding a decoded packet
 * gives the same bytes, except tags and padding. */

#include "fuzz/fuzz.h"

static void check_mac(const struct arpq_mac *mac)
{
    require(mac->length <= ARPQ_MAC_MAX && mac->origin == 0);
    for (size_t i = mac->length; i < sizeof mac->bytes; i++)
        require(mac->bytes[i] == 0);
}

static void check(const uint8_t *data, size_t size, uint32_t flags)
{
    static const struct arpq_arp zero;
    uint8_t frame[ARPQ_ARP_FRAME_SIZE];
    struct arpq_arp arp, again;
    int length;

    memset(&arp, 0xaa, sizeof arp);
    if (arpq_arp_decode(data, size, flags, &arp) < 0) {
        require(memcmp(&arp, &zero, sizeof arp) == 0);
        return;
    }
    check_mac(&arp.sender_mac);
    check_mac(&arp.target_mac);
    check_mac(&arp.source);
    check_mac(&arp.destination);
    require(arpq_arp_kind(&arp) >= 1 && arpq_arp_kind(&arp) <= ARPQ_ARP_KIND_OTHER);

    length = arpq_arp_encode(&arp, frame, sizeof frame);
    if (arp.operation == 0) { /* operation 0 can be decoded but not encoded */
        require(length < 0);
        return;
    }
    require(length > 0);
    require(arpq_arp_decode(frame, (size_t)length, flags, &again) == 0);
    require(memcmp(&arp, &again, sizeof arp) == 0);
    if (flags & ARPQ_ARP_PAYLOAD)
        require((size_t)length <= size && memcmp(frame, data, (size_t)length) == 0);
    else
        require(memcmp(frame, data, 12) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = exact_copy(data, size);

    check(copy, size, 0);
    check(copy, size, ARPQ_ARP_PAYLOAD);
    free(copy);
    return 0;
}
