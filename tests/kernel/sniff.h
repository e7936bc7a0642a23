/* SPDX-License-Identifier: MIT */
/* Shared by the tests of sniffers: frames written byte by byte, and received frames as text. v0 has
 * the addresses of the fixture. v0 receives the frames that a test sends from v0p; no other frames
 * leave v0p. Machines are named by the last byte of their MAC, 02:00:00:00:00:xx. */
#ifndef ARPQ_TEST_KERNEL_SNIFF_H
#define ARPQ_TEST_KERNEL_SNIFF_H

#include <stddef.h>
#include <stdint.h>

#include <arpq.h>

#include "kernel/fixture.h"

#define V0 0xa0
#define ASYNC_MS 3000

#define REQUEST 1
#define REPLY 2

/* The sniffer of the running test. */
extern struct arpq_sniffer *s;

int set_up(void **state);
int tear_down(void **state);

/* Wait until v0 and a device have a carrier. */
void await_link(const char *device);

/* Open s on v0, after closing the previous sniffer. */
void sniff(uint32_t flags);
void sniff_with(const struct arpq_sniffer_options *options);
struct arpq_sniffer_options sniff_options(uint32_t flags);
struct arpq_sniffer_stats sniff_stats(void);

/* ---- Frames ---- */

struct wire {
    uint8_t bytes[1600];
    size_t size;
};

/* Write an Ethernet header, to which the other functions append. */
void wire_begin(struct wire *wire, uint8_t destination, uint8_t source);
void wire_tag(struct wire *wire, uint16_t protocol, uint16_t tci);
void wire_add(struct wire *wire, const void *bytes, size_t size);
void wire_arp(struct wire *wire, uint16_t operation, uint8_t mac, const char *sender,
              const char *target);
/* Send from a device, so that the peer receives the frame. */
void wire_send(const struct wire *wire, const char *device);

/* Broadcast an ARP packet of that machine from v0p. */
void send_arp(uint16_t operation, uint8_t mac, const char *sender, const char *target);

/* A neighbour discovery message. If target is NULL, it has no target. If option is 0, it has no
 * option, otherwise a link-layer address option of that type with the MAC of option_mac. `value` is
 * the second word of the message. */
struct ndp {
    uint8_t type;
    uint8_t mac;
    const char *source, *destination, *target;
    uint32_t value;
    uint8_t option, option_mac;
    uint8_t hop_limit; /* 0 stands for 255 */
    uint8_t spoil;     /* added to the checksum, to make it wrong */
};
void wire_ndp(struct wire *wire, const struct ndp *ndp);
void send_ndp(const struct ndp *ndp);

/* ---- Received frames ---- */

/* Writes a frame as text, for example "ARP1 10.1.0.9 aa > 10.1.0.1 NEW". */
void write_frame(const struct arpq_sniffed *frame, char *text, size_t size);

/* Wait for as many frames as `want` has lines, and compare all received frames with it. */
void expect_at(const char *file, int line, const char *want);
#define EXPECT(want) expect_at(__FILE__, __LINE__, want)

#endif
