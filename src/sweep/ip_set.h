/* SPDX-License-Identifier: MIT */
/* A set of IPv6 addresses. The functions make no system calls. */
#ifndef AQ_SWEEP_IP_SET_H
#define AQ_SWEEP_IP_SET_H

#include <stddef.h>
#include <stdint.h>

#include "arpq.h"
#include "value/ip.h"

/* The most members. This limits the memory for addresses that hosts invent. */
#define AQ_IP_SET_MAX 65536u

/* Zeroed memory is an empty set. */
struct aq_ip_set {
    struct arpq_ip *cells; /* `capacity` cells; `capacity` is a power of two; family 0: free */
    size_t capacity, count;
    uint64_t seed;
    struct arpq_ip *last; /* the cell that was added last */
};

void aq_ip_set_free(struct aq_ip_set *set);

/* Returns 1 if the address was added, 0 if it is already a member, -ENOMEM, or -ENOBUFS if the
 * set is full. */
int aq_ip_set_add(struct aq_ip_set *set, const struct arpq_ip *ip);

/* Remove the member that was added last. */
void aq_ip_set_take_back(struct aq_ip_set *set);

#endif
