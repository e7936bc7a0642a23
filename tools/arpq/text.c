/* SPDX-License-Identifier: MIT */
/* Text that is safe to print, and the words for numbers. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpq_tool.h"

const struct number_name neigh_flag_names[] = {
    {ARPQ_NEIGH_ROUTER, "router"},
    {ARPQ_NEIGH_PROXY, "proxy"},
    {ARPQ_NEIGH_EXT_LEARNED, "extern_learn"},
    {ARPQ_NEIGH_OFFLOADED, "offload"},
    {ARPQ_NEIGH_MANAGED, "managed"},
    {ARPQ_NEIGH_STICKY, "sticky"},
    {ARPQ_NEIGH_LOCAL, "local"},
    {ARPQ_NEIGH_MULTICAST, "multicast"},
    {ARPQ_NEIGH_BROADCAST, "broadcast"},
    {ARPQ_NEIGH_GATEWAY, "gateway"},
    {0, NULL},
};

const struct number_name neigh_protocol_names[] = {
    {RTPROT_REDIRECT, "redirect"},
    {RTPROT_KERNEL, "kernel"},
    {RTPROT_BOOT, "boot"},
    {RTPROT_STATIC, "static"},
    {RTPROT_GATED, "gated"},
    {RTPROT_RA, "ra"},
    {RTPROT_MRT, "mrt"},
    {RTPROT_ZEBRA, "zebra"},
    {RTPROT_BIRD, "bird"},
    {RTPROT_DNROUTED, "dnrouted"},
    {RTPROT_XORP, "xorp"},
    {RTPROT_NTK, "ntk"},
    {RTPROT_DHCP, "dhcp"},
    {RTPROT_KEEPALIVED, "keepalived"},
    {RTPROT_BABEL, "babel"},
    {RTPROT_BGP, "bgp"},
    {RTPROT_ISIS, "isis"},
    {RTPROT_OSPF, "ospf"},
    {RTPROT_RIP, "rip"},
    {RTPROT_EIGRP, "eigrp"},
    {0, NULL},
};

const char *number_name_text(const struct number_name *names, uint32_t number,
                             char digits[NUMBER_STRLEN])
{
    for (; names->name; names++)
        if (names->number == number)
            return names->name;
    snprintf(digits, NUMBER_STRLEN, "%u", number);
    return digits;
}

const char *error_name(int code)
{
    static const struct {
        int code;
        const char *name;
    } names[] = {
        {ENOENT, "ENOENT"},
        {EAGAIN, "EAGAIN"},
        {EHOSTUNREACH, "EHOSTUNREACH"},
        {ENETUNREACH, "ENETUNREACH"},
        {ENODEV, "ENODEV"},
        {EOPNOTSUPP, "EOPNOTSUPP"},
        {EINVAL, "EINVAL"},
        {EAFNOSUPPORT, "EAFNOSUPPORT"},
        {ENOMEM, "ENOMEM"},
        {ENOBUFS, "ENOBUFS"},
        {EMFILE, "EMFILE"},
        {ENFILE, "ENFILE"},
        {ETIMEDOUT, "ETIMEDOUT"},
        {EPERM, "EPERM"},
        {EACCES, "EACCES"},
        {EBADMSG, "EBADMSG"},
        {EBUSY, "EBUSY"},
        {EEXIST, "EEXIST"},
        {EADDRNOTAVAIL, "EADDRNOTAVAIL"},
        {ETIME, "ETIME"},
        {EMSGSIZE, "EMSGSIZE"},
        {ENETDOWN, "ENETDOWN"},
        {E2BIG, "E2BIG"},
        {ENAMETOOLONG, "ENAMETOOLONG"},
        {ERANGE, "ERANGE"},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].code == -code)
            return names[i].name;
    return "EOTHER";
}

void memory_exhausted(void)
{
    fputs("arpq: out of memory\n", stderr);
    exit(ERROR);
}

void *memory_check(void *memory)
{
    if (!memory)
        memory_exhausted();
    return memory;
}

/* The length of the UTF-8 sequence at s (RFC 3629: no surrogates, nothing over-long,
 * nothing above U+10FFFF); 0 if there is none. */
static size_t utf8_length(const unsigned char *s)
{
    size_t length = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

    if (s[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return length;
}

static size_t plain_length(const unsigned char *s, bool keep_utf8)
{
    if (*s == '\\')
        return 0;
    if (keep_utf8)
        return utf8_length(s);
    return *s >= 0x20 && *s < 0x7f;
}

char *escape_text(const char *text, bool keep_utf8)
{
    const unsigned char *in = (const unsigned char *)text;
    char *copy = malloc(4 * strlen(text) + 1), *out = copy;

    if (!copy)
        memory_exhausted();
    while (*in != '\0') {
        size_t length = plain_length(in, keep_utf8);

        if (length == 0) {
            out += sprintf(out, "\\x%02x", *in++);
        } else {
            memcpy(out, in, length);
            out += length;
            in += length;
        }
    }
    *out = '\0';
    return copy;
}

void escape_print(const char *text)
{
    char *safe = escape_text(text, false);

    fputs(safe, stdout);
    free(safe);
}

void device_name(const struct tool *t, uint32_t ifindex, char name[ARPQ_IFNAME_SIZE])
{
    /* The interface may be gone by now: then its number is still true. */
    if (arpq_index_to_name(t->h, ifindex, name) != 0)
        snprintf(name, ARPQ_IFNAME_SIZE, "if%u", ifindex);
}

const char *address_format(const struct arpq_ip *ip, char text[ARPQ_IP_STRLEN])
{
    struct arpq_ip bare = *ip;

    bare.scope = 0;
    return arpq_ip_format(&bare, text, ARPQ_IP_STRLEN);
}

bool address_equal(const struct arpq_ip *a, const struct arpq_ip *b)
{
    struct arpq_ip bare_a = *a, bare_b = *b;

    bare_a.scope = bare_b.scope = 0;
    return arpq_ip_compare(&bare_a, &bare_b) == 0;
}

bool neigh_is_synthetic(const struct arpq_neigh *neigh)
{
    return (neigh->flags & (ARPQ_NEIGH_LOCAL | ARPQ_NEIGH_MULTICAST | ARPQ_NEIGH_BROADCAST)) != 0;
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

void device_print(const struct tool *t, uint32_t ifindex)
{
    char name[ARPQ_IFNAME_SIZE];

    device_name(t, ifindex, name);
    escape_print(name);
}

void neigh_each_state(uint32_t state, word_function *one, void *context)
{
    if (state == ARPQ_STATE_NONE)
        one("NONE", context);
    for (uint32_t bit = ARPQ_STATE_INCOMPLETE; bit <= ARPQ_STATE_PERMANENT; bit <<= 1)
        if (state & bit)
            one(arpq_state_name(bit), context);
}

void words_print(const char *word, void *unused)
{
    (void)unused;
    printf(" %s", word);
}

void neigh_print(const struct tool *t, const struct arpq_neigh *neigh)
{
    char ip[ARPQ_IP_STRLEN], mac[ARPQ_MAC_STRLEN];

    printf("%s dev ", address_format(&neigh->ip, ip));
    device_print(t, neigh->ifindex);
    if (neigh->mac.length != 0)
        printf(" lladdr %s", arpq_mac_format(&neigh->mac, ARPQ_MAC_COLON, mac, sizeof mac));
    neigh_each_state(neigh->state, words_print, NULL);
}

void neigh_print_answer(const struct tool *t, const char *asked, const struct arpq_mac *mac)
{
    char text[ARPQ_MAC_STRLEN];

    if (t->several) {
        escape_print(asked);
        putchar(' ');
    }
    fputs(arpq_mac_format(mac, ARPQ_MAC_COLON, text, sizeof text), stdout);
    if (t->vendor)
        vendor_print(mac, " ");
    putchar('\n');
}

void neigh_print_origin(const struct arpq_neigh *neigh)
{
    char number[NUMBER_STRLEN];

    if (neigh->protocol != 0)
        printf(" proto %s", number_name_text(neigh_protocol_names, neigh->protocol, number));
    for (const struct number_name *f = neigh_flag_names; f->name; f++)
        if (neigh->flags & f->number)
            printf(" %s", f->name);
}
