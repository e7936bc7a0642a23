/* SPDX-License-Identifier: MIT */
/* A set of IPv6 addresses. No system call. */
#ifndef AQ_SWEEP_IP_SET_H
#define AQ_SWEEP_IP_SET_H

#include <stddef.h>
#include <stdint.h>

#include "arpq.h"
#include "value/ip.h"

/* Whoever invents addresses does not make it grow past this. */
#define AQ_IP_SET_MAX 262144u

/* Zeroed memory is an empty set. */
struct aq_ip_set {
    struct arpq_ip *cells; /* room for a power of two of them; family 0: free */
    size_t room, count;
    uint64_t seed;
    struct arpq_ip *last; /* what was added last */
};

void aq_ip_set_free(struct aq_ip_set *seen);

/* 1: it is new; 0: it is not; -ENOMEM; -ENOBUFS: there are too many. */
int aq_ip_set_add(struct aq_ip_set *seen, const struct arpq_ip *ip);

/* What was just added is not in it after all. */
void aq_ip_set_take_back(struct aq_ip_set *seen);

#endif
