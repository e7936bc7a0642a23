/* SPDX-License-Identifier: MIT */
#include "value/ip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* ---- Parsing ----------------------------------------------------------- */

/* Returns the value of a digit in any base up to 16, or 16 for any other character. isxdigit(3)
 * depends on the locale. */
static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 16;
}

/* Reads one number in C notation (10, 012, 0xa) and moves *text past it. Returns false if there is
 * no digit or the value exceeds 32 bits. */
static bool read_number(const char **text, uint32_t *value)
{
    const char *p = *text;
    unsigned base = 10;
    uint64_t sum = 0;
    const char *first;

    if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
        base = 16;
        p += 2;
    } else if (p[0] == '0') {
        base = 8;
    }
    for (first = p; digit_value(*p) < base; p++) {
        sum = sum * base + digit_value(*p);
        if (sum > UINT32_MAX)
            return false;
    }
    *text = p;
    *value = (uint32_t)sum;
    return p > first;
}

/* The last number of a classic address fills all bytes from n on. */
static bool fill_rest(uint8_t bytes[4], unsigned n, uint64_t value)
{
    if (value >> (8 * (4 - n)) != 0)
        return false;
    for (unsigned i = 4; i > n; i--) {
        bytes[i - 1] = (uint8_t)(value & 0xff);
        value >>= 8;
    }
    return true;
}

/* Accepts one to four numbers as inet_aton(3) does, but rejects trailing white space and text. */
static bool parse_ipv4_classic(const char *text, uint8_t bytes[4])
{
    for (unsigned n = 0; n < 4; n++) {
        uint32_t value;

        if (!read_number(&text, &value))
            return false;
        if (*text == '\0')
            return fill_rest(bytes, n, value);
        if (*text++ != '.' || value > 0xff)
            return false;
        bytes[n] = (uint8_t)value;
    }
    return false;
}

static bool parse_ipv4(const char *text, uint32_t flags, uint8_t bytes[4])
{
    if (flags & ARPQ_IP_CLASSIC)
        return parse_ipv4_classic(text, bytes);
    return inet_pton(AF_INET, text, bytes) == 1; /* rejects leading zeros */
}

/* Rejects signs and leading zeros, so that each number has only one spelling. */
static bool parse_scope_number(const char *text, uint32_t *scope)
{
    uint64_t sum = 0;

    if (*text == '0')
        return false;
    for (; *text != '\0'; text++) {
        sum = sum * 10 + digit_value(*text);
        if (sum > INT32_MAX)
            return false;
    }
    *scope = (uint32_t)sum;
    return true;
}

static bool parse_scope(const char *text, uint32_t *scope, char name[ARPQ_IFNAME_SIZE])
{
    size_t length = strlen(text);

    if (length == 0)
        return false;
    if (strspn(text, "0123456789") == length)
        return parse_scope_number(text, scope);
    /* The kernel's dev_valid_name rejects these. */
    if (length >= ARPQ_IFNAME_SIZE || strpbrk(text, "/ \t\n\v\f\r"))
        return false;
    memcpy(name, text, length + 1);
    return true;
}

/* Splits text at its first '%'. Every valid address is shorter than ARPQ_IP_STRLEN, so longer text
 * is rejected without parsing. */
static bool ip_split(const char *text, char copy[ARPQ_IP_STRLEN], const char **scope)
{
    size_t length = strnlen(text, ARPQ_IP_STRLEN);
    char *percent;

    if (length == ARPQ_IP_STRLEN)
        return false;
    memcpy(copy, text, length + 1);
    percent = strchr(copy, '%');
    *scope = percent ? percent + 1 : NULL;
    if (percent)
        *percent = '\0';
    return true;
}

static bool parse_ip(const char *text, uint32_t flags, struct arpq_ip *ip,
                     char scope_name[ARPQ_IFNAME_SIZE])
{
    char address[ARPQ_IP_STRLEN];
    const char *scope;

    if (!ip_split(text, address, &scope))
        return false;
    if (strchr(address, ':')) {
        ip->family = AF_INET6;
        return inet_pton(AF_INET6, address, ip->bytes) == 1 &&
               (!scope || parse_scope(scope, &ip->scope, scope_name));
    }
    ip->family = AF_INET;
    return !scope && parse_ipv4(address, flags, ip->bytes);
}

int aq_ip_parse(const char *text, uint32_t flags, struct arpq_ip *ip,
                char scope_name[ARPQ_IFNAME_SIZE])
{
    if (!ip || !scope_name)
        return -EINVAL;
    memset(ip, 0, sizeof *ip);
    memset(scope_name, 0, ARPQ_IFNAME_SIZE);
    if (!text || (flags & ~ARPQ_IP_CLASSIC) != 0)
        return -EINVAL;

    if (!parse_ip(text, flags, ip, scope_name)) {
        memset(ip, 0, sizeof *ip); /* scope_name is still empty: parse_ip writes it last */
        return -EINVAL;
    }
    return 0;
}

/* ---- Properties -------------------------------------------------------- */

size_t aq_ip_length(const struct arpq_ip *ip)
{
    switch (ip->family) {
    case AF_INET:
        return 4;
    case AF_INET6:
        return 16;
    default:
        return 0;
    }
}

void aq_ip_unmap(struct arpq_ip *ip)
{
    struct arpq_ip ipv4 = {.family = AF_INET};

    if (!aq_ip_is_mapped(ip))
        return;
    memcpy(ipv4.bytes, ip->bytes + 12, 4);
    *ip = ipv4;
}

bool aq_ip_is_unspecified(const struct arpq_ip *ip)
{
    uint64_t words[2];

    memcpy(words, ip->bytes, sizeof words);
    return (words[0] | words[1]) == 0;
}

bool aq_ip_is_multicast(const struct arpq_ip *ip)
{
    if (ip->family == AF_INET)
        return (ip->bytes[0] & 0xf0) == 0xe0;
    return ip->family == AF_INET6 && ip->bytes[0] == 0xff;
}

bool aq_ip_is_limited_broadcast(const struct arpq_ip *ip)
{
    static const uint8_t ones[4] = {255, 255, 255, 255};

    return ip->family == AF_INET && memcmp(ip->bytes, ones, sizeof ones) == 0;
}

bool aq_ip_is_link_local(const struct arpq_ip *ip)
{
    return ip->family == AF_INET6 && ip->bytes[0] == 0xfe && (ip->bytes[1] & 0xc0) == 0x80;
}

void aq_ip_mask(struct arpq_ip *ip, unsigned length)
{
    size_t size = aq_ip_length(ip);

    for (size_t i = 0; i < sizeof ip->bytes; i++) {
        unsigned kept = 0; /* bits of this byte to keep */

        if (i < size && length > 8 * i)
            kept = length - 8 * i < 8 ? (unsigned)(length - 8 * i) : 8;
        ip->bytes[i] &= (uint8_t)(0xff00u >> kept);
    }
}

unsigned aq_ip_mask_length(const struct arpq_ip *mask)
{
    unsigned length = 0;

    while (length < aq_ip_length(mask) * 8 && mask->bytes[length / 8] & (0x80u >> length % 8))
        length++;
    return length;
}

int arpq_ip_compare(const struct arpq_ip *a, const struct arpq_ip *b)
{
    int order;

    if (!a || !b)
        return (a != NULL) - (b != NULL);
    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    order = memcmp(a->bytes, b->bytes, a->family == AF_INET ? 4 : sizeof a->bytes);
    if (order != 0)
        return order;
    return (a->scope > b->scope) - (a->scope < b->scope);
}

/* ---- Formatting -------------------------------------------------------- */

static unsigned group_at(const uint8_t bytes[16], unsigned n)
{
    return (unsigned)bytes[2 * n] << 8 | bytes[2 * n + 1];
}

/* Finds the groups that "::" replaces: the longest run of two or more zero groups, the first one
 * of equal runs (RFC 5952 section 4.2). Sets *length to 0 if there is none. */
static unsigned find_zeros(const uint8_t bytes[16], unsigned *length)
{
    unsigned best = 0;
    unsigned run = 0;

    *length = 0;
    for (unsigned n = 0; n < 8; n++) {
        run = group_at(bytes, n) == 0 ? run + 1 : 0;
        if (run > *length) {
            *length = run;
            best = n + 1 - run;
        }
    }
    if (*length < 2)
        *length = 0;
    return best;
}

/* inet_ntop(3) is not used: musl does not replace the first of two equal runs, and glibc writes all
 * of ::/96 in IPv4 notation. */
static void write_ipv6(const uint8_t bytes[16], char text[ARPQ_IP_STRLEN])
{
    unsigned zeros;
    unsigned first = find_zeros(bytes, &zeros);
    char *p = text;

    for (unsigned n = 0; n < 8;) {
        if (zeros > 0 && n == first) {
            p += sprintf(p, "::");
            n += zeros;
            continue;
        }
        p += sprintf(p, "%s%x", n == 0 || p[-1] == ':' ? "" : ":", group_at(bytes, n));
        n++;
    }
}

static void write_ip(const struct arpq_ip *ip, char text[ARPQ_IP_STRLEN])
{
    const uint8_t *b = ip->bytes;
    size_t length;

    if (ip->family == AF_INET) {
        snprintf(text, ARPQ_IP_STRLEN, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
        return;
    }
    if (aq_ip_is_mapped(ip)) /* well-known prefix, RFC 5952 section 5 */
        snprintf(text, ARPQ_IP_STRLEN, "::ffff:%u.%u.%u.%u", b[12], b[13], b[14], b[15]);
    else
        write_ipv6(b, text);
    if (ip->scope != 0) {
        length = strlen(text);
        snprintf(text + length, ARPQ_IP_STRLEN - length, "%%%u", (unsigned)ip->scope);
    }
}

const char *arpq_ip_format(const struct arpq_ip *ip, char *text, size_t size)
{
    char whole[ARPQ_IP_STRLEN];
    size_t length;

    if (!text || size == 0)
        return "";
    text[0] = '\0';
    if (!ip || aq_ip_length(ip) == 0)
        return "";

    write_ip(ip, whole);
    length = strlen(whole);
    if (length >= size)
        return "";
    memcpy(text, whole, length + 1);
    return text;
}

/* ---- Socket addresses -------------------------------------------------- */

static int from_ipv4(const struct sockaddr *sa, size_t size, struct arpq_ip *ip)
{
    struct sockaddr_in in;

    if (size < sizeof in)
        return -EINVAL;
    memcpy(&in, sa, sizeof in); /* sa may be unaligned */
    ip->family = AF_INET;
    memcpy(ip->bytes, &in.sin_addr, 4);
    return 0;
}

static int from_ipv6(const struct sockaddr *sa, size_t size, struct arpq_ip *ip)
{
    struct sockaddr_in6 in6;

    if (size < sizeof in6)
        return -EINVAL;
    memcpy(&in6, sa, sizeof in6);
    ip->family = AF_INET6;
    memcpy(ip->bytes, &in6.sin6_addr, 16);
    ip->scope = in6.sin6_scope_id;
    aq_ip_unmap(ip);
    return 0;
}

int arpq_ip_from_sockaddr(const struct sockaddr *sa, size_t size, struct arpq_ip *ip)
{
    sa_family_t family;

    if (!ip)
        return -EINVAL;
    memset(ip, 0, sizeof *ip);
    if (!sa || size < offsetof(struct sockaddr, sa_family) + sizeof family)
        return -EINVAL;

    memcpy(&family, (const char *)sa + offsetof(struct sockaddr, sa_family), sizeof family);
    switch (family) {
    case AF_INET:
        return from_ipv4(sa, size, ip);
    case AF_INET6:
        return from_ipv6(sa, size, ip);
    default:
        return -EAFNOSUPPORT;
    }
}

static int to_ipv4(const struct arpq_ip *ip, uint16_t port, struct sockaddr_storage *sa)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};

    memcpy(&in.sin_addr, ip->bytes, 4);
    memcpy(sa, &in, sizeof in);
    return (int)sizeof in;
}

static int to_ipv6(const struct arpq_ip *ip, uint16_t port, struct sockaddr_storage *sa)
{
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};

    memcpy(&in6.sin6_addr, ip->bytes, 16);
    in6.sin6_scope_id = ip->scope;
    memcpy(sa, &in6, sizeof in6);
    return (int)sizeof in6;
}

int arpq_ip_to_sockaddr(const struct arpq_ip *ip, uint16_t port, struct sockaddr_storage *sa)
{
    if (!sa)
        return -EINVAL;
    memset(sa, 0, sizeof *sa);
    if (!ip)
        return -EINVAL;

    switch (ip->family) {
    case AF_INET:
        return to_ipv4(ip, port, sa);
    case AF_INET6:
        return to_ipv6(ip, port, sa);
    default:
        return -EAFNOSUPPORT;
    }
}
