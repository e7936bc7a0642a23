/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/responder.h"
#include "kernel/tun.h"
#include "process.h"

#define TYPE_IEEE802154 804 /* addresses of 8 bytes */

#define HEADER 14u /* size of an Ethernet header; a TAP device of any type uses one */
#define TAG 4u     /* size of a tag, between the two MACs and the protocol */
#define TAG_AT 12u
#define ARP_FIXED 8u
#define IP_SIZE 4u

static void die(const char *what)
{
    perror(what);
    exit(1);
}

struct arpq_mac responder_mac(const struct responder *responder, const struct arpq_ip *ip,
                              unsigned n)
{
    struct arpq_mac mac = {.length = (uint8_t)responder->mac_length,
                           .type = responder->mac_length == 8 ? TYPE_IEEE802154 : 1,
                           .bytes = {2, (uint8_t)n}};

    memcpy(mac.bytes + 2, ip->bytes, IP_SIZE);
    return mac;
}

void responder_send(struct responder *responder, const void *frame, size_t size)
{
    if (write(responder->fd, frame, size) < 0 && errno != EIO)
        die("write to a TAP device");
}

/* Writes the packet byte by byte, without the library, because the library is under test. */
static size_t put_arp(uint8_t *frame, uint16_t operation, const struct arpq_mac *mac,
                      const struct arpq_ip *sender, const struct arpq_ip *target)
{
    uint8_t *at = frame;

    memset(at, 0xff, 6);
    memcpy(at + 6, mac->bytes, 6);
    at += 12;
    *at++ = 0x08;
    *at++ = 0x06;
    *at++ = (uint8_t)(mac->type >> 8);
    *at++ = (uint8_t)mac->type;
    *at++ = 0x08;
    *at++ = 0x00;
    *at++ = mac->length;
    *at++ = IP_SIZE;
    *at++ = (uint8_t)(operation >> 8);
    *at++ = (uint8_t)operation;
    memcpy(at, mac->bytes, mac->length);
    at += mac->length;
    memcpy(at, sender->bytes, IP_SIZE);
    at += IP_SIZE;
    memset(at, 0, mac->length);
    at += mac->length;
    memcpy(at, target->bytes, IP_SIZE);
    return (size_t)(at + IP_SIZE - frame);
}

/* Writes a tag into a packet, and returns its new size. */
static size_t put_tag(uint8_t *frame, size_t size, unsigned vlan)
{
    const uint8_t tag[TAG] = {0x81, 0x00, (uint8_t)(vlan >> 8), (uint8_t)vlan};

    memmove(frame + TAG_AT + TAG, frame + TAG_AT, size - TAG_AT);
    memcpy(frame + TAG_AT, tag, TAG);
    return size + TAG;
}

void responder_announce(struct responder *responder, uint16_t operation, const struct arpq_mac *mac,
                        const struct arpq_ip *sender, const struct arpq_ip *target)
{
    uint8_t frame[128];

    responder_send(responder, frame, put_arp(frame, operation, mac, sender, target));
}

static bool is_lost(struct responder *responder)
{
    uint64_t *random = &responder->random;

    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return *random % 1000 < responder->loss_permille;
}

/* Reply by unicast: the kernel does not treat a broadcast as a reply. */
static void answer(struct responder *responder, const struct arpq_ip *target,
                   const struct arpq_ip *sender, const uint8_t *sender_mac, uint32_t host)
{
    unsigned machines = responder->crowd && host == responder->crowded ? responder->crowd : 1;

    if (responder->late_ms && host == responder->late)
        sleep_ms((long)responder->late_ms);
    for (unsigned n = 0; n < machines; n++) {
        const struct arpq_mac mac = responder_mac(responder, target, n);
        uint8_t frame[128];
        size_t size = put_arp(frame, ARPQ_ARP_REPLY, &mac, target, sender);

        if (n > 0 && responder->crowd_ms)
            sleep_ms((long)responder->crowd_ms);
        memcpy(frame, sender_mac, 6);
        if (responder->vlan != 0)
            size = put_tag(frame, size, responder->vlan);
        responder_send(responder, frame, size);
    }
}

/* Returns the size of the header of an ARP packet in this VLAN, or 0 if it is another packet. */
static size_t arp_header(const uint8_t *frame, size_t size, unsigned vlan)
{
    const uint8_t tag[TAG] = {0x81, 0x00, (uint8_t)(vlan >> 8), (uint8_t)vlan};
    const size_t header = vlan ? HEADER + TAG : HEADER;

    if (size < header || (vlan && memcmp(frame + TAG_AT, tag, TAG) != 0))
        return 0;
    return frame[header - 2] == 0x08 && frame[header - 1] == 0x06 ? header : 0;
}

/* Returns the number of answers to the request that the host has just received. */
static unsigned answers_due(const struct responder *responder, uint32_t host)
{
    const unsigned request = responder->requests_for[host], from = responder->answers_from;

    if (from == 0 || host != responder->reluctant || request > from)
        return 1;
    if (request < from)
        return 0;
    return responder->answers_ignored ? from : 1;
}

static void hear(struct responder *responder, const uint8_t *frame, size_t size)
{
    const size_t n = responder->mac_length;
    const size_t header = arp_header(frame, size, responder->vlan);
    const uint8_t *arp = frame + header;
    struct arpq_ip target = {.family = AF_INET}, sender = {.family = AF_INET};
    static const uint8_t nobody[IP_SIZE];
    uint32_t host;

    if (header == 0 || size < header + ARP_FIXED + 2 * (n + IP_SIZE) || arp[7] != ARPQ_ARP_REQUEST)
        return;
    memcpy(sender.bytes, arp + ARP_FIXED + n, IP_SIZE);
    memcpy(target.bytes, arp + ARP_FIXED + n + IP_SIZE + n, IP_SIZE);
    host = (uint32_t)target.bytes[2] << 8 | target.bytes[3];
    responder->requests++;
    responder->last_sender = (uint32_t)sender.bytes[0] << 24 | (uint32_t)sender.bytes[1] << 16 |
                             (uint32_t)sender.bytes[2] << 8 | sender.bytes[3];
    responder->probes += memcmp(sender.bytes, nobody, IP_SIZE) == 0;
    responder->requests_for[host]++;
    responder->senders[host] = responder->last_sender;
    if (host - responder->first >= responder->count || is_lost(responder))
        return;
    for (unsigned left = answers_due(responder, host); left > 0; left--)
        answer(responder, &target, &sender, frame + 6, host);
}

/* Real hosts answer at once, no matter how busy this machine is. Without the privilege the thread
 * keeps its normal priority. */
static void take_priority(void)
{
    const struct sched_param lowest = {.sched_priority = sched_get_priority_min(SCHED_RR)};

    (void)pthread_setschedparam(pthread_self(), SCHED_RR, &lowest);
}

static void *run(void *argument)
{
    struct responder *responder = argument;
    struct pollfd waiting = {.fd = responder->fd, .events = POLLIN};
    uint8_t frame[2048];

    take_priority();
    while (!responder->stop) {
        ssize_t size;

        if (poll(&waiting, 1, 20) <= 0)
            continue;
        size = read(responder->fd, frame, sizeof frame);
        if (size > 0)
            hear(responder, frame, (size_t)size);
    }
    return NULL;
}

void responder_start(struct responder *responder, const char *name)
{
    responder->fd =
        open_tun(name, IFF_TAP, responder->mac_length == 8 ? TYPE_IEEE802154 : TUN_KEEPS_TYPE);
    sh("ip link set %s txqueuelen 20000 up", name);
    responder->random = 0x9e3779b97f4a7c15u;
    responder->stop = false;
    if (pthread_create(&responder->thread, NULL, run, responder) != 0)
        die("pthread_create");
}

void responder_stop(struct responder *responder)
{
    responder->stop = true;
    pthread_join(responder->thread, NULL);
    close(responder->fd);
}
