/* SPDX-License-Identifier: MIT */
/* Resolve several addresses at a time, and print each result when it is known. */
#include <arpq.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct arpq_resolve_options options = {.size = sizeof options,
                                           .answer_ms = 500};
    struct arpq_handle *h;
    struct arpq_resolver *resolver = NULL;
    struct arpq_resolved result;
    struct arpq_ip ip;
    char text[ARPQ_MAC_STRLEN];

    if (arpq_open(&h, NULL) < 0 ||
        arpq_resolver_open(h, &resolver, &options) < 0)
        return 1;
    for (int i = 1; i < argc; i++)
        if (arpq_ip_parse(argv[i], &ip, 0) == 0)
            arpq_resolver_add(resolver, &ip, 0, (uint64_t)i);
    while (arpq_resolver_next(resolver, &result, -1) == 1)
        printf("%s %s\n", argv[result.token],
               result.code
                   ? arpq_strerror(result.code)
                   : arpq_mac_format(&result.neigh.mac, ARPQ_MAC_COLON,
                                     text, sizeof text));
    arpq_resolver_close(resolver);
    arpq_close(h);
    return 0;
}
