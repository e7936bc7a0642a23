/* SPDX-License-Identifier: MIT */
#include "sweep/plan.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "value/ip.h"

#define MOST_UNFORCED 65536u
#define MAPPED_LENGTH 96u
#define V6_EACH_LENGTH 112u
#define TAIL_BITS 32u

/* The offset of the last four bytes, which number the addresses of a prefix. */
static size_t tail_of(const struct arpq_ip *ip)
{
    return ip->family == AF_INET ? 0 : 12;
}

static uint32_t read_tail(const struct arpq_ip *ip)
{
    uint32_t tail;

    memcpy(&tail, ip->bytes + tail_of(ip), sizeof tail);
    return ntohl(tail);
}

static void write_tail(struct arpq_ip *ip, uint32_t tail)
{
    tail = htonl(tail);
    memcpy(ip->bytes + tail_of(ip), &tail, sizeof tail);
}

int aq_plan_make(struct aq_plan *plan, const struct arpq_ip *prefix, uint32_t length, bool forced)
{
    memset(plan, 0, sizeof *plan);
    if (prefix->family != AF_INET && prefix->family != AF_INET6)
        return -EAFNOSUPPORT;
    if (prefix->reserved)
        return -EINVAL;
    plan->first = *prefix;
    if (aq_ip_is_mapped(prefix) && length >= MAPPED_LENGTH) {
        aq_ip_unmap(&plan->first);
        length -= MAPPED_LENGTH;
    }
    if (length > 8 * aq_ip_length(&plan->first))
        return -EINVAL;
    plan->length = length;
    aq_ip_mask(&plan->first, length);
    if (aq_ip_is_multicast(&plan->first)) /* no machine has a group's address */
        return -EINVAL;
    if (plan->first.family == AF_INET) {
        memset(plan->first.bytes + 4, 0, sizeof plan->first.bytes - 4);
        plan->count = (uint64_t)1 << (32 - length);
        return plan->count > MOST_UNFORCED && !forced ? -E2BIG : 0;
    }
    if (length >= V6_EACH_LENGTH)
        plan->count = (uint64_t)1 << (128 - length);
    return !plan->count && length > 0 && !forced ? -E2BIG : 0;
}

bool aq_plan_has(const struct aq_plan *plan, const struct arpq_ip *ip)
{
    struct arpq_ip masked = *ip;

    if (ip->family != plan->first.family)
        return false;
    aq_ip_mask(&masked, plan->length);
    return memcmp(masked.bytes, plan->first.bytes, aq_ip_length(ip)) == 0;
}

uint32_t aq_plan_number(const struct aq_plan *plan, const struct arpq_ip *ip)
{
    return read_tail(ip) - read_tail(&plan->first);
}

void aq_plan_ip(const struct aq_plan *plan, uint32_t number, struct arpq_ip *ip)
{
    *ip = plan->first;
    write_tail(ip, read_tail(ip) + number);
}

uint64_t aq_plan_reachable(const struct aq_plan *plan)
{
    uint32_t bits = 8 * (uint32_t)aq_ip_length(&plan->first) - plan->length;

    return (uint64_t)1 << (bits < TAIL_BITS ? bits : TAIL_BITS);
}

unsigned aq_plan_excluded(const struct arpq_address *address,
                          struct arpq_ip excluded[AQ_PLAN_EXCLUDED])
{
    const struct arpq_ip *ip = address->peer.family ? &address->peer : &address->ip;
    unsigned count = 0;

    if (ip->family != AF_INET)
        return 0;
    if (address->broadcast.family == AF_INET)
        excluded[count++] = address->broadcast;
    if (address->prefix_length < 31) { /* RFC 3021: both addresses of a /31 are hosts */
        excluded[count] = *ip;
        write_tail(&excluded[count++], read_tail(ip) | UINT32_MAX >> address->prefix_length);
    }
    return count;
}

bool aq_plan_lowest(const struct arpq_address *address, struct arpq_ip *lowest)
{
    *lowest = address->peer.family ? address->peer : address->ip;
    aq_ip_mask(lowest, address->prefix_length);
    return lowest->family == AF_INET && address->prefix_length < 31;
}
