/* SPDX-License-Identifier: MIT */
/* List the permanent IPv4 entries of the neighbour table. */
#include <arpq.h>
#include <stdio.h>

int main(void)
{
    struct arpq_filter filter = {.size = sizeof filter,
                                 .family = AF_INET,
                                 .states = ARPQ_STATE_PERMANENT};
    struct arpq_handle *h;
    struct arpq_table *table = NULL;
    char ip[ARPQ_IP_STRLEN], mac[ARPQ_MAC_STRLEN];

    if (arpq_open(&h, NULL) < 0 ||
        arpq_table_get(h, &filter, &table) < 0)
        return 1;
    for (uint32_t i = 0; i < arpq_table_count(table); i++) {
        const struct arpq_neigh *neigh = arpq_table_at(table, i);

        printf("%s %s\n", arpq_ip_format(&neigh->ip, ip, sizeof ip),
               arpq_mac_format(&neigh->mac, ARPQ_MAC_COLON, mac,
                               sizeof mac));
    }
    arpq_table_free(table);
    arpq_close(h);
    return 0;
}
