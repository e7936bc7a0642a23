/* SPDX-License-Identifier: MIT */
/* Resolve an address, and wait for its host for up to one second. */
#include <arpq.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct arpq_handle *h;
    struct arpq_ip ip;
    struct arpq_neigh neigh;
    char text[ARPQ_MAC_STRLEN];

    if (argc != 2 || arpq_ip_parse(argv[1], &ip, 0) < 0 ||
        arpq_open(&h, NULL) < 0)
        return 2;
    int code = arpq_resolve(h, &ip, 0, 0, 1000, &neigh);
    if (code < 0)
        puts(arpq_strerror(code));
    else
        puts(arpq_mac_format(&neigh.mac, ARPQ_MAC_COLON, text,
                             sizeof text));
    arpq_close(h);
    return code < 0;
}
