/* SPDX-License-Identifier: MIT */
/* Add an address to an interface for one hour, and remove it. This needs CAP_NET_ADMIN. */
#include <arpq.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct arpq_address address = {.valid_s = 3600};
    struct arpq_handle *h;

    if (argc != 3 || arpq_open(&h, NULL) < 0)
        return 2;
    int code = arpq_interface_index(h, argv[1], &address.ifindex);
    if (code == 0)
        code = arpq_prefix_parse(argv[2], &address.ip,
                                 &address.prefix_length, 0);
    if (code == 0)
        code = arpq_address_add(h, &address, 0);
    if (code == 0)
        printf("%s has %s\n", argv[1], argv[2]);
    if (code == 0)
        code = arpq_address_remove(h, &address, 0);
    if (code < 0)
        printf("%s %s\n", arpq_strerror(code), arpq_detail(h));
    arpq_close(h);
    return code < 0;
}
