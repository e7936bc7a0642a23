/* SPDX-License-Identifier: MIT */
#include "value/neigh.h"

#include <errno.h>

#include "arpq.h"

int aq_neigh_without_mac(uint32_t state)
{
    switch (state) {
    case ARPQ_STATE_INCOMPLETE:
        return -EAGAIN;
    case ARPQ_STATE_FAILED:
        return -EHOSTUNREACH;
    case ARPQ_STATE_NONE:
        return -ENOENT;
    default:
        return -EOPNOTSUPP;
    }
}
