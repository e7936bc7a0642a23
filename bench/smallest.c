/* SPDX-License-Identifier: MIT */
/* The program of README.md. The build links it with the library's objects, so that the benchmark
 * can measure its smallest size. */
#include <arpq.h>
#include <stdio.h>

int main(void)
{
    struct arpq_handle *h;
    struct arpq_ip ip;
    struct arpq_mac mac;
    char text[ARPQ_MAC_STRLEN];
    int code = arpq_open(&h, NULL);

    if (code == 0)
        code = arpq_ip_parse("192.0.2.1", &ip, 0);
    if (code == 0)
        code = arpq_lookup(h, &ip, 0, 0, &mac);
    puts(code ? arpq_strerror(code) : arpq_mac_format(&mac, ARPQ_MAC_COLON, text, sizeof text));
    arpq_close(h);
    return code ? 1 : 0;
}
