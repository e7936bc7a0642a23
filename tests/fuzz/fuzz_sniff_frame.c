/* SPDX-License-Identifier: MIT */
/* Decodes frames with the kernel's description of them, and checks the claims in them. The input is
 * a sequence of frames. Each frame follows eight bytes of description; the last two of these bytes
 * are the length of the frame. */
#include "fuzz/fuzz.h"

#include <linux/if_ether.h>
#include <net/if_arp.h>

#include "sniff/claims.h"
#include "sniff/frame.h"
#include "sniff/own.h"
#include "value/ip.h"

#define DESCRIPTION 8u
#define MOST 8u

/* These functions replace a handle. The own addresses are fd01::1 and x.x.x.1, and own MACs end
 * with 1. */
bool __wrap_aq_own_has_mac(struct arpq_handle *h, const struct arpq_mac *mac);
bool __wrap_aq_own_has_mac(struct arpq_handle *h, const struct arpq_mac *mac)
{
    return mac->length && mac->bytes[mac->length - 1] == 1;
}

bool __wrap_aq_own_is_contested(struct arpq_handle *h, uint32_t ifindex, const struct arpq_ip *ip,
                                const struct arpq_mac *mac);
bool __wrap_aq_own_is_contested(struct arpq_handle *h, uint32_t ifindex, const struct arpq_ip *ip,
                                const struct arpq_mac *mac)
{
    return ip->bytes[ip->family == AF_INET ? 3 : 15] == 1 && !__wrap_aq_own_has_mac(h, mac);
}

static void describe(const uint8_t *data, struct aq_packet_received *answers)
{
    static const uint16_t hatypes[] = {ARPHRD_ETHER, ARPHRD_LOOPBACK, ARPHRD_NONE,
                                       ARPHRD_INFINIBAND};
    static const uint16_t protocols[] = {ETH_P_ARP, ETH_P_IPV6, ETH_P_8021Q, ETH_P_IP};
    static const uint8_t lengths[] = {6, 0, 8, 20};

    memset(answers, 0, sizeof *answers);
    answers->ifindex = 1 + (data[0] & 1);
    answers->hatype = hatypes[data[0] >> 1 & 3];
    answers->protocol = protocols[data[0] >> 3 & 3];
    answers->mac_length = lengths[data[0] >> 5 & 3];
    answers->network = data[1];
    answers->vlan_tci = (uint16_t)(data[2] << 8 | data[3]);
    answers->has_vlan = data[4] & 1;
    answers->outgoing = data[4] & 2;
    answers->source.length = data[4] & 4 ? answers->mac_length : 0;
    answers->source.type = answers->hatype;
    memset(answers->source.bytes, data[5], answers->source.length);
}

static void check_mac(const struct arpq_mac *mac)
{
    static const uint8_t zeros[ARPQ_MAC_MAX];

    require(mac->length <= ARPQ_MAC_MAX);
    require(memcmp(mac->bytes + mac->length, zeros, sizeof zeros - mac->length) == 0);
}

static void check(const struct arpq_sniffed *frame)
{
    require(arpq_name(ARPQ_NAMES_SNIFFED, frame->type)[0] != '\0');
    require(frame->mac.length == 0 || (frame->ip.family && !arpq_mac_is_zero(&frame->mac)));
    require(frame->type == ARPQ_SNIFFED_ARP || frame->operation == 0);
    require(frame->outer_tci == 0 || frame->flags & ARPQ_SNIFFED_OUTER_VLAN);
    check_mac(&frame->mac);
    check_mac(&frame->source);
    check_mac(&frame->destination);
}

static void check_judged(const struct arpq_sniffed *frame, const struct aq_claims *claims)
{
    bool is_new = frame->flags & ARPQ_SNIFFED_NEW, moved = frame->flags & ARPQ_SNIFFED_MOVED;

    require(!(is_new || moved) || aq_frame_is_claimable(&frame->ip));
    require(!(is_new && moved) && moved == (frame->old_mac.length != 0));
    require(!(frame->flags & ARPQ_SNIFFED_PROBE && (is_new || moved)));
    require(claims->count <= MOST);
    check_mac(&frame->old_mac);
}

static void try_frame(const struct aq_packet_received *answers, struct aq_claims *claims)
{
    static const struct arpq_sniffed none;
    struct arpq_sniffed frame;

    memset(&frame, 0xaa, sizeof frame);
    if (aq_frame_read(answers, &frame) < 0) {
        require(memcmp(&frame, &none, sizeof none) == 0);
        return;
    }
    check(&frame);
    require(aq_claims_reserve(claims) == 0);
    aq_claims_judge(claims, &frame, 1);
    check_judged(&frame, claims);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct aq_claims claims = {.max = MOST, .damping_ms = 10, .seed = 1};

    while (size >= DESCRIPTION) {
        struct aq_packet_received answers;
        size_t length = (size_t)(data[6] << 8 | data[7]);
        uint8_t *block;

        describe(data, &answers);
        data += DESCRIPTION;
        size -= DESCRIPTION;
        answers.size = length < size ? length : size;
        block = exact_copy(data, answers.size);
        answers.bytes = block;
        try_frame(&answers, &claims);
        free(block);
        data += answers.size;
        size -= answers.size;
    }
    aq_claims_free(&claims);
    return 0;
}
