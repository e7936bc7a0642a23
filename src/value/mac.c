/* SPDX-License-Identifier: MIT */
#include "arpq.h"

#include <errno.h>
#include <net/if_arp.h>
#include <stdbool.h>
#include <string.h>

/* A style puts a separator between groups of `group` bytes. */
struct layout {
    char separator;
    unsigned group; /* 0: no separator */
};

static const struct layout layouts[] = {
    [ARPQ_MAC_COLON] = {':', 1},
    [ARPQ_MAC_DASH] = {'-', 1},
    [ARPQ_MAC_CISCO] = {'.', 2},
    [ARPQ_MAC_BARE] = {'\0', 0},
};

/* isxdigit(3) depends on the locale. */
static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Returns the value of the two digits at text, or -1. Does not read past a NUL. */
static int byte_value(const char *text)
{
    int high = hex_value(text[0]);
    int low = high < 0 ? -1 : hex_value(text[1]);

    return low < 0 ? -1 : high * 16 + low;
}

/* The first separator determines the style. */
static const struct layout *find_layout(const char *text)
{
    for (uint32_t style = ARPQ_MAC_COLON; style < ARPQ_MAC_BARE; style++) {
        size_t width = 2 * (size_t)layouts[style].group;

        if (strnlen(text, width) == width && text[width] == layouts[style].separator)
            return &layouts[style];
    }
    return &layouts[ARPQ_MAC_BARE];
}

/* Returns the number of bytes read, or 0 if text is not an address. */
static unsigned read_bytes(const char *text, uint8_t bytes[ARPQ_MAC_MAX])
{
    const struct layout *layout = find_layout(text);

    for (unsigned n = 0; n < ARPQ_MAC_MAX;) {
        int value = byte_value(text);

        if (value < 0)
            return 0;
        bytes[n++] = (uint8_t)value;
        text += 2;

        if (layout->group == 0 || n % layout->group != 0) {
            if (*text == '\0')
                return layout->group == 0
                           ? n
                           : 0; /* an incomplete group of a dotted address is an error */
            continue;
        }
        if (*text == '\0')
            return n;
        if (*text++ != layout->separator)
            return 0;
    }
    return 0;
}

static uint16_t type_of_length(unsigned length)
{
    switch (length) {
    case 6:
        return ARPHRD_ETHER;
    case 8:
        return ARPHRD_EUI64;
    case 20:
        return ARPHRD_INFINIBAND;
    default:
        return ARPHRD_VOID;
    }
}

int arpq_mac_parse(const char *text, struct arpq_mac *mac)
{
    unsigned length;

    if (!mac)
        return -EINVAL;
    memset(mac, 0, sizeof *mac);
    if (!text)
        return -EINVAL;

    length = read_bytes(text, mac->bytes);
    if (length == 0) {
        memset(mac, 0, sizeof *mac);
        return -EINVAL;
    }
    mac->length = (uint8_t)length;
    mac->type = type_of_length(length);
    return 0;
}

static size_t text_size(unsigned length, const struct layout *layout)
{
    size_t separators = 0;

    if (length > 0 && layout->group > 0)
        separators = (length - 1) / layout->group;
    return 2 * (size_t)length + separators + 1;
}

const char *arpq_mac_format(const struct arpq_mac *mac, uint32_t style, char *text, size_t size)
{
    const char *digits = style & ARPQ_MAC_UPPER ? "0123456789ABCDEF" : "0123456789abcdef";
    uint32_t base = style & ~ARPQ_MAC_UPPER;
    const struct layout *layout;
    char *p = text;

    if (!text || size == 0)
        return "";
    text[0] = '\0';
    if (!mac || mac->length > ARPQ_MAC_MAX || base > ARPQ_MAC_BARE)
        return "";
    layout = &layouts[base];
    if (size < text_size(mac->length, layout))
        return "";

    for (unsigned i = 0; i < mac->length; i++) {
        if (i > 0 && layout->group > 0 && i % layout->group == 0)
            *p++ = layout->separator;
        *p++ = digits[mac->bytes[i] >> 4];
        *p++ = digits[mac->bytes[i] & 0xf];
    }
    *p = '\0';
    return text;
}

int arpq_mac_compare(const struct arpq_mac *a, const struct arpq_mac *b)
{
    size_t length;

    if (!a || !b)
        return (a != NULL) - (b != NULL);
    if (a->length != b->length)
        return a->length < b->length ? -1 : 1;
    length = a->length < ARPQ_MAC_MAX ? a->length : ARPQ_MAC_MAX;
    return memcmp(a->bytes, b->bytes, length);
}

static bool mac_has_address(const struct arpq_mac *mac)
{
    return mac && mac->length > 0 && mac->length <= ARPQ_MAC_MAX;
}

/* IEEE 802 addresses have 6 or 8 bytes and contain the group bit and the local bit in the first
 * byte. Other addresses do not have these bits: the address of an IP tunnel, for example, is an IP
 * address. */
static bool is_ieee802(const struct arpq_mac *mac)
{
    return mac && (mac->length == 6 || mac->length == 8);
}

static bool is_infiniband(const struct arpq_mac *mac)
{
    return mac && mac->type == ARPHRD_INFINIBAND && mac->length == 20;
}

static bool is_filled_with(const uint8_t *bytes, size_t length, uint8_t value)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != value)
            return false;
    }
    return true;
}

int arpq_mac_is_multicast(const struct arpq_mac *mac)
{
    if (is_infiniband(mac))
        return mac->bytes[4] == 0xff; /* the GID follows 4 bytes of flags and queue pair */
    return is_ieee802(mac) && (mac->bytes[0] & 0x01) != 0;
}

/* Tests for the GID ff1<scope>:401b:<partition>::ffff:ffff (RFC 4391 section 4). */
static bool is_infiniband_broadcast(const uint8_t *gid)
{
    return gid[0] == 0xff && gid[1] >> 4 == 0x1 && gid[2] == 0x40 && gid[3] == 0x1b &&
           is_filled_with(gid + 6, 6, 0x00) && is_filled_with(gid + 12, 4, 0xff);
}

int arpq_mac_is_broadcast(const struct arpq_mac *mac)
{
    if (is_infiniband(mac))
        return is_infiniband_broadcast(mac->bytes + 4);
    return mac_has_address(mac) && is_filled_with(mac->bytes, mac->length, 0xff);
}

int arpq_mac_is_local(const struct arpq_mac *mac)
{
    return is_ieee802(mac) && (mac->bytes[0] & 0x02) != 0;
}

int arpq_mac_is_zero(const struct arpq_mac *mac)
{
    return mac_has_address(mac) && is_filled_with(mac->bytes, mac->length, 0x00);
}

int arpq_mac_to_eui64(const struct arpq_mac *mac, struct arpq_mac *eui64)
{
    struct arpq_mac made = {.length = 8}; /* a copy: mac and eui64 may be the same object */

    if (!eui64)
        return -EINVAL;
    if (!is_ieee802(mac)) {
        memset(eui64, 0, sizeof *eui64);
        return -EINVAL;
    }

    if (mac->length == 8) {
        made.type = mac->type;
        memcpy(made.bytes, mac->bytes, 8);
    } else {
        made.type = ARPHRD_EUI64;
        memcpy(made.bytes, mac->bytes, 3);
        made.bytes[3] = 0xff;
        made.bytes[4] = 0xfe;
        memcpy(made.bytes + 5, mac->bytes + 3, 3);
    }
    made.bytes[0] ^= 0x02;
    *eui64 = made;
    return 0;
}
