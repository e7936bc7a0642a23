/* SPDX-License-Identifier: MIT */
/* Print the gateways of the default routes that the kernel uses, and their MAC addresses. */
#include <arpq.h>
#include <stdio.h>

int main(void)
{
    struct arpq_handle *h;
    struct arpq_gateways *list = NULL;
    char ip[ARPQ_IP_STRLEN], mac[ARPQ_MAC_STRLEN];

    if (arpq_open(&h, NULL) < 0 ||
        arpq_gateways_get(h, 0, 0, &list) < 0)
        return 1;
    for (uint32_t i = 0; i < arpq_gateways_count(list); i++) {
        const struct arpq_gateway *gateway = arpq_gateways_at(list, i);

        if (gateway->flags & ARPQ_GATEWAY_CHOSEN)
            printf("%s %s\n",
                   arpq_ip_format(&gateway->ip, ip, sizeof ip),
                   arpq_mac_format(&gateway->neigh.mac, ARPQ_MAC_COLON,
                                   mac, sizeof mac));
    }
    arpq_gateways_free(list);
    arpq_close(h);
    return 0;
}
