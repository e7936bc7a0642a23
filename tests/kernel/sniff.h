/* SPDX-License-Identifier: MIT */
/* What the tests of sniffers share: frames written byte by byte, and frames heard as text. Each
 * test runs in a namespace of its own with
 *   v0 02:00:00:00:00:a0, Ethernet, 10.1.0.1/24 and fd01::1/64 - what is sent into v0p comes
 *   out of it; v0p, its peer, which says nothing of its own.
 * Machines are called by the last byte of their link-layer address, 02:00:00:00:00:xx. */
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

/* The sniffer of the test. */
extern struct arpq_sniffer *s;

int set_up(void **state);
int tear_down(void **state);

/* Wait until v0 and a device carry frames. */
void await_link(const char *device);

/* Open s on v0 with these flags, closing it before. */
void sniff(uint32_t flags);
void sniff_with(const struct arpq_sniffer_options *options);
struct arpq_sniffer_options sniff_options(uint32_t flags);
struct arpq_sniffer_stats sniff_stats(void);

/* ---- Frames ---- */

struct wire {
    uint8_t bytes[1600];
    size_t size;
};

/* A header, to which tags and the rest are added. */
void wire_begin(struct wire *wire, uint8_t destination, uint8_t source);
void wire_tag(struct wire *wire, uint16_t protocol, uint16_t tci);
void wire_add(struct wire *wire, const void *bytes, size_t size);
void wire_arp(struct wire *wire, uint16_t operation, uint8_t mac, const char *sender,
              const char *target);
/* Out of a device, through which it comes into the other one. */
void wire_send(const struct wire *wire, const char *device);

/* ARP from that machine to all, by v0p. */
void send_arp(uint16_t operation, uint8_t mac, const char *sender, const char *target);

/* Neighbour discovery; target NULL: none; option 0: none, else a link-layer address option of
 * that type with that machine's address. `value` is the message's second word. */
struct ndp {
    uint8_t type;
    uint8_t mac;
    const char *source, *destination, *target;
    uint32_t value;
    uint8_t option, option_mac;
    uint8_t hop_limit; /* 0: 255 */
    uint8_t spoil;     /* is added to the checksum */
};
void wire_ndp(struct wire *wire, const struct ndp *ndp);
void send_ndp(const struct ndp *ndp);

/* ---- What is heard ---- */

/* "ARP1 10.1.0.9 aa > 10.1.0.1 NEW" */
void write_frame(const struct arpq_frame *frame, char *text, size_t size);

/* All that there is, waiting for as many lines as are wanted. */
void expect_at(const char *file, int line, const char *want);
#define EXPECT(want) expect_at(__FILE__, __LINE__, want)

#endif
