/* SPDX-License-Identifier: MIT */
/* Parses text as an IP address, with strict and with classic rules. Formatting a parsed address and
 * parsing the result gives the same address. */

#include "fuzz/fuzz.h"
#include "value/ip.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = exact_text(data, size);
    struct arpq_ip strict;
    struct arpq_ip classic;

    int r = check(text, ARPQ_IP_CLASSIC, &classic);
    if (check(text, 0, &strict) == 0) /* the classic parser accepts what the strict one accepts */
        require(r == 0 && memcmp(&strict, &classic, sizeof strict) == 0);
    free(text);
    return 0;
}
