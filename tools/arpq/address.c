/* SPDX-License-Identifier: MIT */
#include "address.h"

#include <stdio.h>

#include "device.h"

const char *address_format(const struct arpq_ip *ip, char text[ARPQ_IP_STRLEN])
{
    struct arpq_ip bare = *ip;

    bare.scope = 0;
    return arpq_ip_format(&bare, text, ARPQ_IP_STRLEN);
}

const char *address_format_mac(const struct arpq_mac *mac, char text[ARPQ_MAC_STRLEN])
{
    return arpq_mac_format(mac, ARPQ_MAC_COLON, text, ARPQ_MAC_STRLEN);
}

bool address_equal(const struct arpq_ip *a, const struct arpq_ip *b)
{
    struct arpq_ip bare_a = *a, bare_b = *b;

    bare_a.scope = bare_b.scope = 0;
    return arpq_ip_compare(&bare_a, &bare_b) == 0;
}

void address_print_scoped(const struct tool *t, const struct arpq_ip *ip)
{
    char text[ARPQ_IP_STRLEN];

    fputs(address_format(ip, text), stdout);
    if (ip->scope != 0) {
        putchar('%');
        device_print(t, ip->scope);
    }
}
