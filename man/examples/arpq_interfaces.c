/* SPDX-License-Identifier: MIT */
/* Print the MAC address of an interface, and its IP addresses. */
#include <arpq.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct arpq_handle *h;
    struct arpq_interfaces *list = NULL;
    const struct arpq_interface *link;
    char mac[ARPQ_MAC_STRLEN], prefix[ARPQ_PREFIX_STRLEN];

    if (argc != 2 || arpq_open(&h, NULL) < 0 ||
        arpq_interfaces_get(h, 0, &list) < 0)
        return 2;
    if ((link = arpq_interfaces_by_name(list, argv[1])) != NULL) {
        puts(arpq_mac_format(&link->mac, ARPQ_MAC_COLON, mac,
                             sizeof mac));
        for (uint32_t i = 0; i < link->address_count; i++) {
            const struct arpq_address *address =
                arpq_interfaces_address_at(list,
                                           link->address_first + i);

            puts(arpq_prefix_format(&address->ip,
                                    address->prefix_length, prefix,
                                    sizeof prefix));
        }
    }
    arpq_interfaces_free(list);
    arpq_close(h);
    return link == NULL;
}
