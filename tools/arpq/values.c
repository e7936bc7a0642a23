/* SPDX-License-Identifier: MIT */
#include "values.h"

#include <errno.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "neigh.h"
#include "number_name.h"

bool value_number(const char *text, uint64_t most, uint64_t *number)
{
    size_t length = strlen(text);

    *number = 0;
    if (length == 0 || length > 18 || strspn(text, "0123456789") != length)
        return false;
    *number = strtoull(text, NULL, 10);
    return *number <= most;
}

bool value_seconds(const char *text, int64_t *ms)
{
    *ms = -1;
    if (text[0] == '\0' || strlen(text) > 12 || text[strspn(text, "0123456789.")] != '\0' ||
        strchr(text, '.') != strrchr(text, '.') || strcmp(text, ".") == 0)
        return false;
    *ms = (int64_t)(strtod(text, NULL) * 1000 + 0.5);
    return true;
}

static bool state_of(const char *text, size_t length, uint32_t *states)
{
    char word[16];

    if (length >= sizeof word)
        return false;
    memcpy(word, text, length);
    word[length] = '\0';
    if (strcasecmp(word, "all") == 0) {
        *states = ALL_STATES;
        return true;
    }
    if (strcasecmp(word, "none") == 0) {
        *states |= ARPQ_FILTER_STATE_NONE;
        return true;
    }
    uint32_t state;
    if (arpq_value(ARPQ_NAMES_STATE, word, &state) != 0)
        return false;
    *states |= state;
    return true;
}

bool value_states(const char *text, uint32_t *states)
{
    for (;;) {
        const size_t length = strcspn(text, ",");

        if (!state_of(text, length, states))
            return false;
        if (text[length] == '\0')
            return true;
        text += length + 1;
    }
}

bool value_protocol(const char *text, uint8_t *protocol)
{
    uint64_t number;
    uint32_t named;

    if (arpq_value(ARPQ_NAMES_PROTOCOL, text, &named) == 0)
        number = named;
    else if (!value_number(text, UINT8_MAX, &number))
        return false;
    *protocol = (uint8_t)number;
    return number != 0;
}

bool value_integer_ip(const char *text, struct arpq_ip *ip)
{
    const bool hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *digits = hexadecimal ? text + 2 : text;
    const size_t length = strlen(digits);
    uint64_t number;

    if (length == 0 || length > 12 || (!hexadecimal && digits[0] == '0') ||
        strspn(digits, hexadecimal ? "0123456789abcdefABCDEF" : "0123456789") != length)
        return false;
    number = strtoull(digits, NULL, hexadecimal ? 16 : 10);
    /* A small decimal number is more likely a mistake than an address of 0.0.0.0/8. */
    if (number > UINT32_MAX || (!hexadecimal && number < 0x1000000))
        return false;
    *ip = (struct arpq_ip){.family = AF_INET};
    for (int i = 3; i >= 0; i--, number >>= 8)
        ip->bytes[i] = (uint8_t)number;
    return true;
}

/* Parses the link-layer address of an IP tunnel, which is an IP address. */
static bool mac_of_tunnel(const char *text, struct arpq_mac *mac)
{
    struct arpq_ip ip;

    if (arpq_ip_parse(text, &ip, 0) != 0 || ip.scope != 0)
        return false;
    *mac = (struct arpq_mac){.type = ARPHRD_VOID, .length = ip.family == AF_INET ? 4 : 16};
    memcpy(mac->bytes, ip.bytes, mac->length);
    return true;
}

/* Parses bytes of one or two digits with colons. */
static bool mac_of_short_bytes(const char *text, struct arpq_mac *mac)
{
    char padded[ARPQ_MAC_STRLEN];
    size_t length = 0;

    for (const char *next = text;; next++) {
        const size_t digits = strcspn(next, ":");

        if (digits == 0 || digits > 2 || length + 4 > sizeof padded)
            return false;
        if (digits == 1)
            padded[length++] = '0';
        memcpy(padded + length, next, digits + 1); /* copies the colon or the NUL too */
        length += digits + 1;
        next += digits;
        if (*next == '\0')
            return arpq_mac_parse(padded, mac) == 0;
    }
}

bool value_mac(const char *text, struct arpq_mac *mac)
{
    return arpq_mac_parse(text, mac) == 0 || mac_of_short_bytes(text, mac) ||
           mac_of_tunnel(text, mac);
}

const char value_no_interface[] = "no interface of the name after '%'; 'arpq if' lists them";

/* Says why text is not a prefix. */
static const char *explain_prefix(const char *text, size_t length)
{
    char address[ARPQ_IP_STRLEN] = "";
    struct arpq_ip ip;

    if (text[length] == '\0' || length >= sizeof address)
        return "not an IP address or prefix";
    memcpy(address, text, length);
    if (arpq_ip_parse(address, &ip, 0) != 0 && !value_integer_ip(address, &ip))
        return "not an IP address or prefix";
    return ip.family == AF_INET
               ? "the part after '/' is neither a length from 0 to 32 nor a netmask"
               : "the part after '/' is not a length from 0 to 128";
}

/* Rewrites an integer before the slash as a dotted quad, which arpq_prefix_parse takes. */
static int parse_integer_prefix(const char *text, size_t length, struct arpq_ip *ip, uint32_t *bits)
{
    char number[ARPQ_IP_STRLEN] = "", dotted[2 * ARPQ_IP_STRLEN];

    if (length >= ARPQ_IP_STRLEN || strlen(text + length) >= ARPQ_IP_STRLEN)
        return -EINVAL;
    memcpy(number, text, length);
    if (!value_integer_ip(number, ip))
        return -EINVAL;
    arpq_ip_format(ip, number, sizeof number);
    snprintf(dotted, sizeof dotted, "%s%s", number, text + length);
    return arpq_prefix_parse(dotted, ip, bits, 0);
}

const char *value_prefix(const char *text, struct prefix *prefix)
{
    const size_t length = strcspn(text, "/");
    uint32_t bits;
    int code = arpq_prefix_parse(text, &prefix->ip, &bits, 0);

    if (code == -EINVAL)
        code = parse_integer_prefix(text, length, &prefix->ip, &bits);
    prefix->length = (uint8_t)bits;
    if (code == -ENODEV)
        return value_no_interface;
    return code == 0 ? NULL : explain_prefix(text, length);
}
