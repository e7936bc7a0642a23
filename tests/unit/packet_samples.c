/* SPDX-License-Identifier: MIT */
/* Writes a capture (pcap) of packets that the library encoded. The capture goes to standard output.
 * With an argument, flips one bit of each ICMP message; the program that reads the capture must
 * then report an error. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "arpq.h"

static int damage;

static void require(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "packet_samples: %s\n", what);
    exit(EXIT_FAILURE);
}

static struct arpq_mac mac(const char *text)
{
    struct arpq_mac mac;

    require(arpq_mac_parse(text, &mac) == 0, text);
    return mac;
}

static struct arpq_ip ip(const char *text)
{
    struct arpq_ip ip;

    require(arpq_ip_parse(text, &ip, 0) == 0, text);
    return ip;
}

static void put(const void *bytes, size_t size)
{
    require(fwrite(bytes, 1, size, stdout) == size, "cannot write");
}

/* Write the header of the file. This header and the header before each frame are in the byte order
 * of this machine. */
static void put_file_header(void)
{
    const uint32_t magic = 0xa1b2c3d4;
    const uint16_t version[2] = {2, 4};
    const uint32_t rest[4] = {0, 0, 65535, 1}; /* time zone, accuracy, longest frame, Ethernet */

    put(&magic, sizeof magic);
    put(version, sizeof version);
    put(rest, sizeof rest);
}

static void put_frame(const uint8_t *frame, size_t size)
{
    const uint32_t words[4] = {0, 0, (uint32_t)size, (uint32_t)size};

    put(words, sizeof words);
    put(frame, size);
}

/* ---- ARP --------------------------------------------------------------- */

static void put_arp(uint32_t kind, uint32_t flags)
{
    struct arpq_mac me = mac("02:00:5e:00:53:01"), you = mac("02:00:5e:00:53:02");
    struct arpq_ip my_ip = ip("192.0.2.1"), your_ip = ip("192.0.2.2");
    uint8_t frame[ARPQ_ARP_FRAME_SIZE];
    struct arpq_arp arp;
    int size;

    require(arpq_arp_make(kind, &me, &my_ip, &you, &your_ip, &arp) == 0, "arpq_arp_make");
    arp.flags |= flags;
    arp.vlan_tci = 5u << 13 | 123;
    size = arpq_arp_encode(&arp, frame, sizeof frame);
    require(size > 0, "arpq_arp_encode");
    put_frame(frame, (size_t)size);
}

/* ---- ICMP -------------------------------------------------------------- */

static void put_sum(uint8_t *at, const void *bytes, size_t size)
{
    uint16_t sum = arpq_icmp_checksum(NULL, NULL, bytes, size);

    at[0] = (uint8_t)(sum >> 8);
    at[1] = (uint8_t)sum;
}

/* Write an IP header and return its size. */
static size_t ip_header(uint8_t *at, const struct arpq_ip *source,
                        const struct arpq_ip *destination, uint8_t protocol, size_t payload)
{
    if (source->family == AF_INET) {
        memset(at, 0, 20);
        at[0] = 0x45;
        at[2] = (uint8_t)((payload + 20) >> 8);
        at[3] = (uint8_t)(payload + 20);
        at[8] = 64;
        at[9] = protocol;
        memcpy(at + 12, source->bytes, 4);
        memcpy(at + 16, destination->bytes, 4);
        put_sum(at + 10, at, 20);
        return 20;
    }
    memset(at, 0, 8);
    at[0] = 0x60;
    at[4] = (uint8_t)(payload >> 8);
    at[5] = (uint8_t)payload;
    at[6] = protocol;
    at[7] = 64;
    memcpy(at + 8, source->bytes, 16);
    memcpy(at + 24, destination->bytes, 16);
    return 40;
}

static void put_icmp(const struct arpq_icmp *icmp, const struct arpq_ip *source,
                     const struct arpq_ip *destination, const void *payload, size_t payload_size)
{
    uint8_t frame[600] = {2, 0, 0x5e, 0, 0x53, 2, 2, 0, 0x5e, 0, 0x53, 1, 8, 0};
    uint8_t message[500];
    size_t header;
    int size;

    size = arpq_icmp_encode(icmp, payload, payload_size, message, sizeof message);
    require(size > 0, "arpq_icmp_encode");
    if (icmp->family == AF_INET6) {
        frame[12] = 0x86;
        frame[13] = 0xdd;
    }
    header =
        ip_header(frame + 14, source, destination, icmp->family == AF_INET ? 1 : 58, (size_t)size);
    message[size - 1] ^= (uint8_t)damage;
    memcpy(frame + 14 + header, message, (size_t)size);
    put_frame(frame, 14 + header + (size_t)size);
}

static void put_messages(uint16_t family, const char *here, const char *there, const char *router)
{
    struct arpq_ip source = ip(here), destination = ip(there), reporter = ip(router);
    struct arpq_icmp echo = {.family = family, .identifier = 4660, .sequence = 7};
    struct arpq_icmp error = {.family = family};
    uint8_t original[48];
    size_t size = ip_header(original, &source, &destination, 17, 8);

    /* UDP from port 1234 to port 9. */
    memcpy(original + size, "\x04\xd2\x00\x09\x00\x08\x00\x00", 8);
    size += 8;
    if (family == AF_INET6) {
        echo.source = source;
        echo.destination = destination;
        error.source = reporter;
        error.destination = source;
    }
    echo.type = family == AF_INET ? 8 : 128;
    put_icmp(&echo, &source, &destination, "an odd payload.", 15);
    error.type = family == AF_INET ? 3 : 1;
    error.code = family == AF_INET ? 3 : 4; /* port unreachable */
    put_icmp(&error, &reporter, &source, original, size);
    error.type = family == AF_INET ? 11 : 3;
    error.code = 0;
    put_icmp(&error, &reporter, &source, original, size);
    error.type = family == AF_INET ? 3 : 2;
    error.code = family == AF_INET ? 4 : 0; /* packet too big */
    error.value = 1280;
    put_icmp(&error, &reporter, &source, original, size);
}

int main(int argc, char **argv)
{
    damage = argc > 1;
    put_file_header();
    put_arp(ARPQ_ARP_KIND_REQUEST, 0);
    put_arp(ARPQ_ARP_KIND_REPLY, 0);
    put_arp(ARPQ_ARP_KIND_PROBE, 0);
    put_arp(ARPQ_ARP_KIND_ANNOUNCEMENT, 0);
    put_arp(ARPQ_ARP_KIND_GRATUITOUS, 0);
    put_arp(ARPQ_ARP_KIND_REQUEST, ARPQ_ARP_VLAN);
    put_messages(AF_INET, "192.0.2.1", "198.51.100.2", "203.0.113.3");
    put_messages(AF_INET6, "2001:db8::1", "2001:db8::2", "2001:db8::3");
    require(fflush(stdout) == 0, "cannot write");
    return EXIT_SUCCESS;
}
