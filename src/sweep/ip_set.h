/* SPDX-License-Identifier: MIT */
/* A set of IPv6 addresses. No system call. */
#ifndef AQ_SWEEP_IP_SET_H
#define AQ_SWEEP_IP_SET_H

#include <stddef.h>
#include <stdint.h>

#include "arpq.h"
#include "value/ip.h"

/* Bounds the set against hosts that invent addresses. */
#define AQ_IP_SET_MAX 65536u

/* Zeroed memory is an empty set. */
struct aq_ip_set {
    struct arpq_ip *cells; /* `capacity` of them, a power of two; family 0: free */
    size_t capacity, count;
    uint64_t seed;
    struct arpq_ip *last; /* the cell that was added last */
};

void aq_ip_set_free(struct aq_ip_set *set);

/* 1: it was added; 0: it is a member already; -ENOMEM; -ENOBUFS: the set is full. */
int aq_ip_set_add(struct aq_ip_set *set, const struct arpq_ip *ip);

/* Remove the member that was added last. */
void aq_ip_set_take_back(struct aq_ip_set *set);

#endif
