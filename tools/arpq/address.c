/* SPDX-License-Identifier: MIT */
#include "address.h"

#include <linux/if_arp.h>
#include <stdio.h>
#include <string.h>

#include "escape.h"

/* address_format and address_format_mac write the common forms without printf(3), because lists may
 * be long. */
static char *put_byte(char *out, uint8_t byte)
{
    if (byte >= 100)
        *out++ = (char)('0' + byte / 100);
    if (byte >= 10)
        *out++ = (char)('0' + byte / 10 % 10);
    *out++ = (char)('0' + byte % 10);
    return out;
}

const char *address_format(const struct arpq_ip *ip, char text[ARPQ_IP_STRLEN])
{
    struct arpq_ip bare = *ip;
    char *out = text;

    bare.scope = 0;
    if (ip->family != AF_INET)
        return arpq_ip_format(&bare, text, ARPQ_IP_STRLEN);
    for (size_t i = 0; i < 4; i++) {
        out = put_byte(out, ip->bytes[i]);
        *out++ = '.';
    }
    out[-1] = '\0';
    return text;
}

/* Returns the family of the IP address that is the link-layer address of a tunnel, or 0. ip(8)
 * writes the addresses of these types and lengths as IP addresses. */
static uint16_t tunnel_family(const struct arpq_mac *mac)
{
    switch (mac->type) {
    case ARPHRD_TUNNEL:
    case ARPHRD_SIT:
    case ARPHRD_IPGRE:
        return mac->length == 4 ? AF_INET : 0;
    case ARPHRD_TUNNEL6:
    case ARPHRD_IP6GRE:
        return mac->length == 16 ? AF_INET6 : 0;
    default:
        return 0;
    }
}

static const char *format_other_mac(const struct arpq_mac *mac, char text[ARPQ_MAC_STRLEN])
{
    struct arpq_ip ip = {.family = tunnel_family(mac)};

    if (ip.family == 0)
        return arpq_mac_format(mac, ARPQ_MAC_COLON, text, ARPQ_MAC_STRLEN);
    memcpy(ip.bytes, mac->bytes, mac->length);
    return address_format(&ip, text);
}

const char *address_format_mac(const struct arpq_mac *mac, char text[ARPQ_MAC_STRLEN])
{
    static const char digits[] = "0123456789abcdef";
    char *out = text;

    if (mac->length != 6)
        return format_other_mac(mac, text);
    for (size_t i = 0; i < 6; i++) {
        *out++ = digits[mac->bytes[i] >> 4];
        *out++ = digits[mac->bytes[i] & 15];
        *out++ = ':';
    }
    out[-1] = '\0';
    return text;
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

    escape_print(arpq_ip_format_named(t->h, ip, text, sizeof text));
}

bool address_is_link_local(const struct arpq_ip *ip)
{
    if (ip->family != AF_INET6)
        return false;
    return (ip->bytes[0] == 0xfe && (ip->bytes[1] & 0xc0) == 0x80) ||
           (ip->bytes[0] == 0xff && (ip->bytes[1] & 0x0f) == 0x02);
}

bool address_is_group(const struct arpq_ip *ip)
{
    return ip->family == AF_INET ? (ip->bytes[0] & 0xf0) == 0xe0 : ip->bytes[0] == 0xff;
}

bool address_is_unspecified(const struct arpq_ip *ip)
{
    static const uint8_t zero[sizeof ip->bytes];

    return memcmp(ip->bytes, zero, ip->family == AF_INET ? 4 : 16) == 0;
}
