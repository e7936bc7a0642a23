/* SPDX-License-Identifier: MIT */
/* Print the state of the entries of several addresses, which one call reads. */
#include <arpq.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct arpq_ip ips[16];
    struct arpq_neigh neighs[16];
    int32_t codes[16];
    struct arpq_handle *h;
    uint32_t count = 0;

    while (count < 16 && (int)count + 1 < argc &&
           arpq_ip_parse(argv[count + 1], &ips[count], 0) == 0)
        count++;
    if (arpq_open(&h, NULL) < 0 ||
        arpq_neigh_get_many(h, ips, count, 0, 0, neighs, codes) < 0)
        return 1;
    for (uint32_t i = 0; i < count; i++)
        printf("%s %s\n", argv[i + 1],
               codes[i] < 0
                   ? arpq_strerror(codes[i])
                   : arpq_name(ARPQ_NAMES_STATE, neighs[i].state));
    arpq_close(h);
    return 0;
}
