/* SPDX-License-Identifier: MIT */
/* Write an ARP announcement as an Ethernet frame, and read it again. */
#include <arpq.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct arpq_mac mac;
    struct arpq_ip ip;
    struct arpq_arp arp;
    uint8_t frame[ARPQ_ARP_FRAME_SIZE];
    char text[ARPQ_MAC_STRLEN];

    if (argc != 3 || arpq_mac_parse(argv[1], &mac) < 0 ||
        arpq_ip_parse(argv[2], &ip, 0) < 0 ||
        arpq_arp_make(ARPQ_ARP_KIND_ANNOUNCEMENT, &mac, &ip, NULL, NULL,
                      &arp) < 0)
        return 2;
    int size = arpq_arp_encode(&arp, frame, sizeof frame);
    if (size < 0 || arpq_arp_decode(frame, (size_t)size, 0, &arp) < 0)
        return 1;
    printf("%d bytes to %s: %s\n", size,
           arpq_mac_format(&arp.destination, ARPQ_MAC_COLON, text,
                           sizeof text),
           arpq_name(ARPQ_NAMES_ARP_KIND, arpq_arp_kind(&arp)));
    return 0;
}
