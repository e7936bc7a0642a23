/* SPDX-License-Identifier: MIT */
/* Read MAC addresses in any form, write them in one, and classify them. */
#include <arpq.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct arpq_mac mac;
        char text[ARPQ_MAC_STRLEN];

        if (arpq_mac_parse(argv[i], &mac) < 0)
            return 2;
        printf("%s%s%s\n",
               arpq_mac_format(&mac, ARPQ_MAC_COLON, text, sizeof text),
               arpq_mac_is_multicast(&mac) ? " multicast" : "",
               arpq_mac_is_local(&mac) ? " locally-administered" : "");
    }
    return 0;
}
