/* SPDX-License-Identifier: MIT */
/* Print the hosts of a prefix when they are found. */
#include <arpq.h>
#include <stdio.h>

static int print_host(const struct arpq_found *found, void *context)
{
    char ip[ARPQ_IP_STRLEN], mac[ARPQ_MAC_STRLEN];

    (void)context;
    printf(
        "%s %s\n", arpq_ip_format(&found->ip, ip, sizeof ip),
        arpq_mac_format(&found->mac, ARPQ_MAC_COLON, mac, sizeof mac));
    return 0;
}

int main(int argc, char **argv)
{
    struct arpq_handle *h;
    struct arpq_ip prefix;
    uint32_t length;

    if (argc != 2 || arpq_open(&h, NULL) < 0 ||
        arpq_prefix_parse(argv[1], &prefix, &length, 0) < 0)
        return 2;
    int code = arpq_sweep_each(h, &prefix, length, NULL, print_host,
                               NULL, NULL);
    if (code < 0)
        printf("%s: %s\n", argv[1], arpq_strerror(code));
    arpq_close(h);
    return code < 0;
}
