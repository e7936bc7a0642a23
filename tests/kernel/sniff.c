/* SPDX-License-Identifier: MIT */
#include "test.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/sniff.h"

#define LOG_SIZE 8192
#define LINE 256

struct arpq_sniffer *s;
static int packet_fd = -1; /* kept open, because closing a packet socket takes 10 ms */

/* Whether v0 and another device have a carrier. The kernel drops frames before they have one. */
static int is_carrying(void *context)
{
    return sh_status("ip link show v0 | grep 'noqueue state UP' &&"
                     " ip link show %s | grep 'noqueue state UP'",
                     (const char *)context) == 0;
}

void await_link(const char *device)
{
    char name[ARPQ_IFNAME_SIZE];

    snprintf(name, sizeof name, "%s", device);
    assert_true(wait_until(is_carrying, name, ASYNC_MS));
}

int set_up(void **state)
{
    netns_enter();
    sh("ip link add v0 address " MAC_V0 " type veth peer name v0p address " MAC_V0P ";"
       "sysctl -qw net.ipv6.conf.v0p.disable_ipv6=1 net.ipv6.conf.v0.accept_dad=0"
       " net.ipv6.conf.v0.router_solicitations=0;"
       "ip link set v0p up; ip link set v0 up;"
       "ip address add 10.1.0.1/24 dev v0; ip address add fd01::1/64 dev v0 nodad");
    await_link("v0p");
    packet_fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    assert_true(packet_fd >= 0);
    assert_int_equal(arpq_open(&h, NULL), 0);
    return 0;
}

int tear_down(void **state)
{
    arpq_sniffer_close(s);
    s = NULL;
    close(packet_fd);
    return fixture_tear_down(state);
}

struct arpq_sniffer_options sniff_options(uint32_t flags)
{
    return (struct arpq_sniffer_options){
        .size = sizeof(struct arpq_sniffer_options), .flags = flags, .ifindex = ifindex_of("v0")};
}

void sniff_with(const struct arpq_sniffer_options *options)
{
    arpq_sniffer_close(s);
    assert_int_equal(arpq_sniffer_open(h, &s, options), 0);
}

void sniff(uint32_t flags)
{
    const struct arpq_sniffer_options options = sniff_options(flags);

    sniff_with(&options);
}

struct arpq_sniffer_stats sniff_stats(void)
{
    struct arpq_sniffer_stats stats;

    memset(&stats, 0xaa, sizeof stats);
    assert_int_equal(arpq_sniffer_stats(s, &stats), 0);
    return stats;
}

/* ---- Frames ---- */

void wire_add(struct wire *wire, const void *bytes, size_t size)
{
    assert_true(wire->size + size <= sizeof wire->bytes);
    memcpy(wire->bytes + wire->size, bytes, size);
    wire->size += size;
}

static void add_word(struct wire *wire, uint16_t word)
{
    const uint8_t bytes[] = {(uint8_t)(word >> 8), (uint8_t)word};

    wire_add(wire, bytes, sizeof bytes);
}

static void add_mac(struct wire *wire, uint8_t last)
{
    const uint8_t broadcast[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    const uint8_t mac[] = {2, 0, 0, 0, 0, last};

    wire_add(wire, last == 0xff ? broadcast : mac, sizeof mac);
}

static void add_ip(struct wire *wire, const char *text)
{
    const struct arpq_ip ip = ip_of(text);

    wire_add(wire, ip.bytes, ip.family == AF_INET ? 4 : 16);
}

void wire_begin(struct wire *wire, uint8_t destination, uint8_t source)
{
    wire->size = 0;
    add_mac(wire, destination);
    add_mac(wire, source);
}

void wire_tag(struct wire *wire, uint16_t protocol, uint16_t tci)
{
    add_word(wire, protocol);
    add_word(wire, tci);
}

void wire_arp(struct wire *wire, uint16_t operation, uint8_t mac, const char *sender,
              const char *target)
{
    const uint8_t fixed[] = {8, 6, 0, 1, 8, 0, 6, 4};
    const uint8_t zeros[6] = {0};

    wire_add(wire, fixed, sizeof fixed);
    add_word(wire, operation);
    add_mac(wire, mac);
    add_ip(wire, sender);
    wire_add(wire, zeros, sizeof zeros);
    add_ip(wire, target);
}

void wire_send(const struct wire *wire, const char *device)
{
    const struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = (int)ifindex_of(device)};

    assert_int_equal(sendto(packet_fd, wire->bytes, wire->size, 0, (const void *)&to, sizeof to),
                     (ssize_t)wire->size);
}

void send_arp(uint16_t operation, uint8_t mac, const char *sender, const char *target)
{
    struct wire wire;

    wire_begin(&wire, 0xff, mac);
    wire_arp(&wire, operation, mac, sender, target);
    wire_send(&wire, "v0p");
}

/* The checksum over the pseudo-header and the message after it. */
static uint16_t sum_of(const uint8_t *bytes, size_t size)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < size; i += 2)
        sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static void add_message(struct wire *wire, const struct ndp *ndp)
{
    const uint8_t begin[] = {ndp->type, 0, 0, 0};

    wire_add(wire, begin, sizeof begin);
    add_word(wire, (uint16_t)(ndp->value >> 16));
    add_word(wire, (uint16_t)ndp->value);
    if (ndp->type == 134)
        wire_add(wire, begin + 1, 2), wire_add(wire, "\0\0\0\0\0", 6);
    if (ndp->target)
        add_ip(wire, ndp->target);
    if (ndp->type == 137)
        add_ip(wire, ndp->target);
    if (ndp->option) {
        const uint8_t option[] = {ndp->option, 1};

        wire_add(wire, option, sizeof option);
        add_mac(wire, ndp->option_mac);
    }
}

void wire_ndp(struct wire *wire, const struct ndp *ndp)
{
    struct wire message = {.size = 0}, pseudo = {.size = 0};
    const uint8_t begin[] = {0x86, 0xdd, 0x60, 0, 0, 0};
    const uint8_t next[] = {0, 0, 0, 58};
    const uint8_t hops[] = {58, ndp->hop_limit ? ndp->hop_limit : 255};
    uint16_t sum;

    add_message(&message, ndp);
    add_ip(&pseudo, ndp->source);
    add_ip(&pseudo, ndp->destination);
    add_word(&pseudo, 0);
    add_word(&pseudo, (uint16_t)message.size);
    wire_add(&pseudo, next, sizeof next);
    wire_add(&pseudo, message.bytes, message.size);
    sum = (uint16_t)(sum_of(pseudo.bytes, pseudo.size) + ndp->spoil);
    message.bytes[2] = (uint8_t)(sum >> 8);
    message.bytes[3] = (uint8_t)sum;
    wire_add(wire, begin, sizeof begin);
    add_word(wire, (uint16_t)message.size);
    wire_add(wire, hops, sizeof hops);
    add_ip(wire, ndp->source);
    add_ip(wire, ndp->destination);
    wire_add(wire, message.bytes, message.size);
}

void send_ndp(const struct ndp *ndp)
{
    struct wire wire;

    wire_begin(&wire, 0xff, ndp->mac);
    wire_ndp(&wire, ndp);
    wire_send(&wire, "v0p");
}

/* ---- Received frames ---- */

static const struct {
    uint32_t flag;
    const char *name;
} flag_names[] = {
    {ARPQ_SNIFFED_OUTGOING, "OUT"},      {ARPQ_SNIFFED_PROBE, "PROBE"},
    {ARPQ_SNIFFED_NEW, "NEW"},           {ARPQ_SNIFFED_MOVED, "MOVED"},
    {ARPQ_SNIFFED_CONFLICT, "CONFLICT"}, {ARPQ_SNIFFED_OURS, "OURS"},
    {ARPQ_SNIFFED_ROUTER, "ROUTER"},     {ARPQ_SNIFFED_SOLICITED, "SOLICITED"},
    {ARPQ_SNIFFED_OVERRIDE, "OVERRIDE"}, {ARPQ_SNIFFED_MISMATCH, "MISMATCH"},
};

static const char *name_of_type(const struct arpq_sniffed *frame)
{
    static const char *const names[] = {"?", "ARP", "NS", "NA", "RS", "RA", "REDIRECT"};

    return frame->type < LENGTH(names) ? names[frame->type] : "?";
}

static void add(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void add(char *text, size_t size, const char *format, ...)
{
    size_t length = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text + length, size - length, format, arguments);
    va_end(arguments);
}

static void add_address(char *text, size_t size, struct arpq_ip ip)
{
    char address[ARPQ_IP_STRLEN];

    if (ip.scope)
        assert_int_equal(ip.bytes[0], 0xfe);
    ip.scope = 0;
    add(text, size, " %s", ip.family ? arpq_ip_format(&ip, address, sizeof address) : "-");
}

static void add_last(char *text, size_t size, const struct arpq_mac *mac)
{
    if (mac->length)
        add(text, size, " %02x", mac->bytes[mac->length - 1]);
    else
        add(text, size, " -");
}

void write_frame(const struct arpq_sniffed *frame, char *text, size_t size)
{
    text[0] = '\0';
    add(text, size, "%s", name_of_type(frame));
    if (frame->type == ARPQ_SNIFFED_ARP)
        add(text, size, "%u", frame->operation);
    add_address(text, size, frame->ip);
    add_last(text, size, &frame->mac);
    if (frame->target.family) {
        add(text, size, " >");
        add_address(text, size, frame->target);
    }
    if (frame->flags & ARPQ_SNIFFED_OUTER_VLAN)
        add(text, size, " outer %u", frame->outer_tci);
    if (frame->flags & ARPQ_SNIFFED_VLAN)
        add(text, size, " vlan %u", frame->vlan_tci);
    for (size_t i = 0; i < LENGTH(flag_names); i++)
        if (frame->flags & flag_names[i].flag)
            add(text, size, " %s", flag_names[i].name);
    if (frame->old_mac.length) {
        add(text, size, " was");
        add_last(text, size, &frame->old_mac);
    }
}

void expect_at(const char *file, int line, const char *want)
{
    static char log[LOG_SIZE];
    struct arpq_sniffed frame;
    char text[LINE];
    size_t done = strlen(want);

    log[0] = '\0';
    while (arpq_sniffer_next(s, &frame, strlen(log) < done ? ASYNC_MS : 0) == 1) {
        write_frame(&frame, text, sizeof text);
        add(log, sizeof log, "%s\n", text);
    }
    if (strcmp(log, want) == 0)
        return;
    print_error("%s:%d: got:\n%swant:\n%s", file, line, log, want);
    fail();
}
