/* SPDX-License-Identifier: MIT */
/* A user's program, compiled as C and as C++. Prints the version and an address that it parsed and
 * formatted. */
#include <arpq.h>

#include <stdio.h>

int main(void)
{
    struct arpq_mac mac;
    char text[ARPQ_MAC_STRLEN];
    int code = arpq_mac_parse("0000.5E00.532A", &mac);

    if (code != 0) {
        fprintf(stderr, "arpq_mac_parse: %s\n", arpq_strerror(code));
        return 1;
    }
    printf("%s %s\n", arpq_version(), arpq_mac_format(&mac, ARPQ_MAC_COLON, text, sizeof text));
    return 0;
}
