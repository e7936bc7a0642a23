/* SPDX-License-Identifier: MIT */
/* Request an address, and print the first claim to it that arrives. */
#include <arpq.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct arpq_sniffer_options options = {
        .size = sizeof options, .flags = ARPQ_SNIFFER_CLAIMS};
    struct arpq_handle *h;
    struct arpq_sniffer *sniffer = NULL;
    struct arpq_sniffed frame;
    struct arpq_ip ip;
    struct arpq_neigh neigh;
    char mac[ARPQ_MAC_STRLEN];

    if (argc != 2 || arpq_ip_parse(argv[1], &ip, 0) < 0 ||
        arpq_open(&h, NULL) < 0 ||
        arpq_sniffer_open(h, &sniffer, &options) < 0)
        return 2;
    arpq_resolve(h, &ip, 0, 0, 0, &neigh);
    while (arpq_sniffer_next(sniffer, &frame, 1000) == 1)
        if (arpq_ip_compare(&frame.ip, &ip) == 0) {
            printf("%s is at %s\n", argv[1],
                   arpq_mac_format(&frame.mac, ARPQ_MAC_COLON, mac,
                                   sizeof mac));
            break;
        }
    arpq_sniffer_close(sniffer);
    arpq_close(h);
    return 0;
}
