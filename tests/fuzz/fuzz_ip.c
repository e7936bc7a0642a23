/* SPDX-License-Identifier: MIT */
/* Parses text as an IP address, with strict and with classic rules. Formatting a parsed address and
 * parsing the result gives the same address. Parses it as a prefix, too. */

#include "fuzz/fuzz.h"
#include "value/ip.h"
#include "value/ip_prefix.h"

static void check_value(const struct arpq_ip *ip)
{
    char text[ARPQ_IP_STRLEN];
    char scope_name[ARPQ_IFNAME_SIZE];
    struct sockaddr_storage sa;
    struct arpq_ip again;
    struct arpq_ip unmapped = *ip;

    require(arpq_ip_format(ip, text, sizeof text) == text);
    require(aq_ip_parse(text, 0, &again, scope_name) == 0);
    require(memcmp(ip, &again, sizeof again) == 0 && scope_name[0] == '\0');

    int length = arpq_ip_to_sockaddr(ip, 0, &sa);
    require(length > 0);
    require(arpq_ip_from_sockaddr((const struct sockaddr *)&sa, (size_t)length, &again) == 0);
    aq_ip_unmap(&unmapped);
    require(memcmp(&unmapped, &again, sizeof again) == 0);
}

/* Return the code of the parser, with the address in *ip. */
static int check(const char *text, uint32_t flags, struct arpq_ip *ip)
{
    static const struct arpq_ip zero;
    char scope_name[ARPQ_IFNAME_SIZE];
    int r;

    memset(ip, 0xaa, sizeof *ip);
    memset(scope_name, 0xaa, sizeof scope_name);
    r = aq_ip_parse(text, flags, ip, scope_name);
    if (r < 0) {
        require(memcmp(ip, &zero, sizeof *ip) == 0 && scope_name[0] == '\0');
        return r;
    }
    require(aq_ip_length(ip) != 0 && ip->reserved == 0 && ip->scope <= INT32_MAX);
    require(memchr(scope_name, '\0', sizeof scope_name));
    require(scope_name[0] == '\0' || (ip->family == AF_INET6 && ip->scope == 0));
    check_value(ip);
    return 0;
}

static void check_prefix(const char *text, uint32_t flags, int ip_code)
{
    static const struct arpq_ip zero;
    char scope_name[ARPQ_IFNAME_SIZE], formatted[ARPQ_PREFIX_STRLEN];
    struct arpq_ip prefix, again;
    uint32_t length = 999, length_again;

    memset(&prefix, 0xaa, sizeof prefix);
    memset(scope_name, 0xaa, sizeof scope_name);
    if (aq_ip_prefix_parse(text, flags, &prefix, &length, scope_name) < 0) {
        require(memcmp(&prefix, &zero, sizeof prefix) == 0 && length == 0);
        require(scope_name[0] == '\0' && ip_code < 0);
        return;
    }
    require(ip_code == 0 || strchr(text, '/'));
    require(length <= aq_ip_length(&prefix) * 8);
    require(arpq_prefix_contains(&prefix, length, &prefix) == 1);
    require(arpq_prefix_format(&prefix, length, formatted, sizeof formatted) == formatted);
    require(aq_ip_prefix_parse(formatted, 0, &again, &length_again, scope_name) == 0);
    require(memcmp(&prefix, &again, sizeof again) == 0 && length == length_again);
    aq_ip_mask(&again, length);
    require(arpq_prefix_contains(&again, length, &prefix) == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = exact_text(data, size);
    struct arpq_ip strict;
    struct arpq_ip classic;

    int r = check(text, ARPQ_IP_CLASSIC, &classic);
    if (check(text, 0, &strict) == 0) /* the classic parser accepts what the strict one accepts */
        require(r == 0 && memcmp(&strict, &classic, sizeof strict) == 0);
    check_prefix(text, ARPQ_IP_CLASSIC, r);
    check_prefix(text, 0, strict.family != 0 ? 0 : -1);
    free(text);
    return 0;
}
