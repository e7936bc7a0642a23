/* SPDX-License-Identifier: MIT */
/* Report a failure by its name, its text, and the text of the kernel if there is one. */
#include <arpq.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct arpq_handle *h;
    struct arpq_mac mac;

    if (argc < 2 || arpq_open(&h, NULL) < 0)
        return 2;
    int code = arpq_lookup_text(h, argv[1], NULL, 0, &mac);
    if (code < 0) {
        const char *detail = arpq_detail(h);

        printf("%s: %s: %s%s%s\n", argv[1],
               arpq_name(ARPQ_NAMES_ERROR, (uint32_t)-code),
               arpq_strerror(code), detail[0] ? ": " : "", detail);
    }
    arpq_close(h);
    return 0;
}
