/* SPDX-License-Identifier: MIT */
/* Look up addresses in a mirror that a thread keeps current. A lookup makes no system call. */
#include <arpq.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct arpq_mirror_options options = {.size = sizeof options,
                                          .flags = ARPQ_MIRROR_THREAD};
    struct arpq_handle *h;
    struct arpq_mirror *mirror = NULL;

    if (arpq_open(&h, NULL) < 0 ||
        arpq_mirror_open(h, &mirror, &options) < 0)
        return 1;
    for (int i = 1; i < argc; i++) {
        struct arpq_ip ip;
        struct arpq_mac mac;
        char text[ARPQ_MAC_STRLEN];

        arpq_ip_parse(argv[i], &ip, 0);
        int code = arpq_mirror_lookup(mirror, &ip, 0, &mac);
        printf("%s %s\n", argv[i],
               code ? arpq_strerror(code)
                    : arpq_mac_format(&mac, ARPQ_MAC_COLON, text,
                                      sizeof text));
    }
    arpq_mirror_close(mirror);
    arpq_close(h);
    return 0;
}
