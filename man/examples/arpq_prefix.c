/* SPDX-License-Identifier: MIT */
/* Test which addresses are in a prefix. */
#include <arpq.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct arpq_ip prefix, ip;
    uint32_t length;
    char text[ARPQ_PREFIX_STRLEN];

    if (argc < 2 || arpq_prefix_parse(argv[1], &prefix, &length, 0) < 0)
        return 2;
    arpq_prefix_format(&prefix, length, text, sizeof text);
    for (int i = 2; i < argc; i++) {
        if (arpq_ip_parse(argv[i], &ip, 0) < 0)
            return 2;
        printf("%s is %s %s\n", argv[i],
               arpq_prefix_contains(&prefix, length, &ip) ? "in"
                                                          : "not in",
               text);
    }
    return 0;
}
