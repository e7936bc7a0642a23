/* SPDX-License-Identifier: MIT */
/* Set a permanent entry, read it again, and remove it. This needs CAP_NET_ADMIN. */
#include <arpq.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct arpq_neigh neigh = {.state = ARPQ_STATE_PERMANENT};
    struct arpq_handle *h;
    struct arpq_mac mac;
    char text[ARPQ_MAC_STRLEN];

    if (argc != 3 || arpq_ip_parse(argv[1], &neigh.ip, 0) < 0 ||
        arpq_mac_parse(argv[2], &neigh.mac) < 0 ||
        arpq_open(&h, NULL) < 0)
        return 2;
    int code = arpq_neigh_set(h, &neigh, ARPQ_NEIGH_SET_CREATE);
    if (code == 0)
        code = arpq_lookup(h, &neigh.ip, 0, 0, &mac);
    if (code == 0)
        puts(arpq_mac_format(&mac, ARPQ_MAC_COLON, text, sizeof text));
    if (code == 0)
        code = arpq_neigh_delete(h, &neigh.ip, 0, 0);
    if (code < 0)
        printf("%s %s\n", arpq_strerror(code), arpq_detail(h));
    arpq_close(h);
    return code < 0;
}
