/* SPDX-License-Identifier: MIT */
/* Look up each argument, and distinguish the reasons for a missing address. */
#include <arpq.h>
#include <errno.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct arpq_handle *h;

    if (arpq_open(&h, NULL) < 0)
        return 1;
    for (int i = 1; i < argc; i++) {
        struct arpq_mac mac;
        char text[ARPQ_MAC_STRLEN];
        int code = arpq_lookup_text(h, argv[i], NULL, 0, &mac);

        if (code == 0)
            printf("%s %s\n", argv[i],
                   arpq_mac_format(&mac, ARPQ_MAC_COLON, text,
                                   sizeof text));
        else if (code == -ENOENT || code == -EAGAIN)
            printf("%s is not known yet\n", argv[i]);
        else
            printf("%s: %s\n", argv[i], arpq_strerror(code));
    }
    arpq_close(h);
    return 0;
}
