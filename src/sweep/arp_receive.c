/* SPDX-License-Identifier: MIT */
#include "sweep/arp_receive.h"

#include <errno.h>
#include <string.h>

#include "kernel/sys.h"
#include "sweep/arp_state.h"
#include "sweep/reach.h"
#include "sweep/setup.h"

/* Whether the packet answers a request of this sweep, the last one or an earlier one. */
static bool is_answer(const struct arpq_sweep *sweep, const struct arpq_arp *packet,
                      uint32_t number)
{
    const struct aq_arp_state *arp = sweep->state;
    const struct arpq_ip *source = aq_sweep_source(sweep, &packet->sender_ip);

    return packet->operation == ARPQ_ARP_REPLY &&
           memcmp(packet->target_ip.bytes, source->bytes, 4) == 0 &&
           (arp->rounds.done > 0 || number < arp->cursor) &&
           !aq_sweep_is_own(sweep, &packet->sender_ip);
}

/* Returns the number of requests that the sweep has sent to a silent target. */
static uint32_t attempt_of(const struct aq_arp_state *arp, uint32_t number)
{
    bool again = arp->phase == AQ_ARP_ASKING && number < arp->cursor;

    return arp->rounds.done + again;
}

/* Note the first answer of a target. Only a target that was asked once has a round-trip time: an
 * ARP reply does not show which of several requests it answers. */
static void note_answer(struct aq_arp_state *arp, uint32_t number, uint32_t wait_us,
                        struct arpq_found *found)
{
    if (found->attempt == 1) {
        found->rtt_us = wait_us;
        aq_rounds_note(&arp->rounds, 1, wait_us);
    } else {
        aq_answers_set_lost(&arp->answers, number,
                            aq_rounds_note_unclear(&arp->rounds, found->attempt, wait_us));
    }
}

/* A machine that answers again was late: it first answered an earlier request, and now answers a
 * later one. */
static void note_repeated_answer(struct aq_arp_state *arp, uint32_t number,
                                 const struct arpq_mac *mac)
{
    uint32_t lost = aq_answers_take_lost(&arp->answers, number, mac);

    if (lost > 0)
        aq_rounds_set_late(&arp->rounds, lost);
}

/* Whether an address that the sweep has not asked yet is no target on this link. */
static bool is_elsewhere(const struct arpq_sweep *sweep, const struct arpq_ip *ip, uint32_t number)
{
    const struct aq_arp_state *arp = sweep->state;
    uint32_t ifindex;

    if (arp->rounds.done > 0 || number < arp->cursor ||
        !aq_answers_is_silent(&arp->answers, number))
        return false;
    return aq_reach_find(sweep, ip, &ifindex) != 1 || ifindex != sweep->link.ifindex;
}

static void receive_packet(struct arpq_sweep *sweep, const struct arpq_arp *packet, uint64_t now_us)
{
    struct aq_arp_state *arp = sweep->state;
    uint32_t number = aq_plan_number(&sweep->plan, &packet->sender_ip);
    bool answer = is_answer(sweep, packet, number);
    uint32_t wait_us = aq_answers_waited(&arp->answers, number, now_us);
    enum aq_answer news;
    struct arpq_found *found;

    if (is_elsewhere(sweep, &packet->sender_ip, number))
        return;
    sweep->stats.received += answer;
    if (answer)
        note_repeated_answer(arp, number, &packet->sender_mac);
    news = aq_answers_note(&arp->answers, number, &packet->sender_mac);
    if (news == AQ_ANSWER_NONE)
        return;
    found = aq_sweep_report(sweep, &packet->sender_ip);
    found->mac = packet->sender_mac;
    found->mac.type = sweep->link.type;
    if (news == AQ_ANSWER_ANOTHER) {
        found->flags = ARPQ_FOUND_DUPLICATE;
        sweep->stats.duplicates++;
    }
    if (!answer) {
        found->flags |= ARPQ_FOUND_UNASKED;
        return;
    }
    found->attempt = attempt_of(arp, number);
    if (news == AQ_ANSWER_FIRST)
        note_answer(arp, number, wait_us, found);
}

/* Whether the packet claims an address. Packets of other operations do not. */
static bool is_claim(const struct arpq_arp *packet)
{
    return packet->operation == ARPQ_ARP_REQUEST || packet->operation == ARPQ_ARP_REPLY;
}

static bool is_sound(const struct arpq_sweep *sweep, const struct arpq_arp *packet)
{
    const struct arpq_mac *mac = &packet->sender_mac;

    return mac->length == sweep->link.mac.length && !arpq_mac_is_zero(mac) &&
           !arpq_mac_is_multicast(mac);
}

static void read_frame(struct arpq_sweep *sweep, const void *bytes, size_t size, uint64_t now_us)
{
    struct arpq_arp packet;
    int code = arpq_arp_decode(bytes, size, ARPQ_ARP_PAYLOAD, &packet);

    if (code == -ENOMSG)
        return;
    if (code < 0 || !is_sound(sweep, &packet))
        sweep->stats.malformed++;
    else if (is_claim(&packet) && aq_plan_has(&sweep->plan, &packet.sender_ip))
        receive_packet(sweep, &packet, now_us);
}

int aq_arp_receive(struct arpq_sweep *sweep)
{
    struct aq_arp_state *arp = sweep->state;
    int count = aq_sys_recvmmsg(arp->socket.fd, arp->socket.in, AQ_SWEEP_BATCH, MSG_DONTWAIT);
    uint64_t now_us;

    if (count < 0)
        return count == -EAGAIN ? 0 : count;
    now_us = aq_sys_now_us();
    for (int i = 0; i < count; i++)
        read_frame(sweep, arp->socket.received[i], arp->socket.in[i].msg_len, now_us);
    return count == (int)AQ_SWEEP_BATCH;
}
