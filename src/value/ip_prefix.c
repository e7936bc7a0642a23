/* SPDX-License-Identifier: MIT */
#include "value/ip_prefix.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "value/ip.h"

static uint32_t prefix_longest(const struct arpq_ip *prefix)
{
    return (uint32_t)aq_ip_length(prefix) * 8;
}

/* Rejects signs and leading zeros, so that each length has only one spelling. */
static bool prefix_read_length(const char *text, uint32_t longest, uint32_t *length)
{
    uint32_t sum = 0;

    if (text[0] == '\0' || (text[0] == '0' && text[1] != '\0'))
        return false;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return false;
        sum = sum * 10 + (uint32_t)(*text - '0');
        if (sum > longest)
            return false;
    }
    *length = sum;
    return true;
}

/* Only IPv4 has netmasks. The one bits of a netmask precede the zero bits. */
static bool prefix_read_netmask(const char *text, uint32_t *length)
{
    char scope_name[ARPQ_IFNAME_SIZE];
    struct arpq_ip mask, expected;

    if (aq_ip_parse(text, 0, &mask, scope_name) != 0 || mask.family != AF_INET)
        return false;
    *length = aq_ip_mask_length(&mask);
    expected = mask;
    aq_ip_mask(&expected, *length);
    return memcmp(expected.bytes, mask.bytes, sizeof mask.bytes) == 0;
}

static bool prefix_read_end(const char *text, const struct arpq_ip *prefix, uint32_t *length)
{
    if (prefix->family == AF_INET && strchr(text, '.'))
        return prefix_read_netmask(text, length);
    return prefix_read_length(text, prefix_longest(prefix), length);
}

int aq_ip_prefix_parse(const char *text, uint32_t flags, struct arpq_ip *prefix, uint32_t *length,
                       char scope_name[ARPQ_IFNAME_SIZE])
{
    const char *slash = text ? strchr(text, '/') : NULL;
    const size_t size = slash ? (size_t)(slash - text) : 0;
    char address[ARPQ_IP_STRLEN] = "";
    int code;

    *length = 0;
    if (slash && size < sizeof address)
        memcpy(address, text, size);
    code = aq_ip_parse(slash ? address : text, flags, prefix, scope_name);
    if (code < 0)
        return code;
    *length = prefix_longest(prefix);
    if (!slash || prefix_read_end(slash + 1, prefix, length))
        return 0;
    memset(prefix, 0, sizeof *prefix);
    memset(scope_name, 0, ARPQ_IFNAME_SIZE);
    *length = 0;
    return -EINVAL;
}

const char *arpq_prefix_format(const struct arpq_ip *prefix, uint32_t length, char *text,
                               size_t size)
{
    char address[ARPQ_IP_STRLEN];
    int written;

    if (!text || size == 0)
        return "";
    text[0] = '\0';
    if (arpq_ip_format(prefix, address, sizeof address)[0] == '\0' ||
        length > prefix_longest(prefix))
        return "";
    written = snprintf(text, size, "%s/%u", address, (unsigned)length);
    if (written >= 0 && (size_t)written < size)
        return text;
    text[0] = '\0';
    return "";
}

int arpq_prefix_contains(const struct arpq_ip *prefix, uint32_t length, const struct arpq_ip *ip)
{
    const size_t bytes = length / 8;
    const unsigned rest = (0xff00u >> length % 8) & 0xffu; /* the bits of the last byte */

    if (!prefix || !ip || prefix->family != ip->family || length > prefix_longest(prefix) ||
        aq_ip_length(prefix) == 0 || (prefix->scope != 0 && prefix->scope != ip->scope))
        return 0;
    return memcmp(prefix->bytes, ip->bytes, bytes) == 0 &&
           (rest == 0 || ((prefix->bytes[bytes] ^ ip->bytes[bytes]) & rest) == 0);
}
