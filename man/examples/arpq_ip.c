/* SPDX-License-Identifier: MIT */
/* Read each argument as an address, and write it in its shortest form. */
#include <arpq.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct arpq_ip ip;
        char text[ARPQ_IP_STRLEN];
        int code = arpq_ip_parse(argv[i], &ip, 0);

        if (code < 0)
            printf("%s: %s\n", argv[i], arpq_strerror(code));
        else
            printf("%s: %s\n", argv[i],
                   arpq_ip_format(&ip, text, sizeof text));
    }
    return 0;
}
