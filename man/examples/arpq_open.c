/* SPDX-License-Identifier: MIT */
/* Open a handle in the network namespace of a file, and look up an address there. */
#include <arpq.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct arpq_options options = {.size = sizeof options,
                                   .flags = ARPQ_OPEN_IN_NETNS};
    struct arpq_handle *h;
    struct arpq_mac mac;
    char text[ARPQ_MAC_STRLEN];

    if (argc < 3)
        return 2;
    options.netns_fd = open(argv[1], O_RDONLY | O_CLOEXEC);
    int code = arpq_open(&h, &options);
    close(options.netns_fd); /* the handle has a duplicate */
    if (code == 0)
        code = arpq_lookup_text(h, argv[2], NULL, 0, &mac);
    if (code < 0)
        fprintf(stderr, "%s: %s\n", argv[2], arpq_strerror(code));
    else
        puts(arpq_mac_format(&mac, ARPQ_MAC_COLON, text, sizeof text));
    arpq_close(h);
    return code < 0;
}
