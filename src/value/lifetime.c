/* SPDX-License-Identifier: MIT */
#include "value/lifetime.h"

uint32_t aq_lifetime_end(uint32_t left, uint64_t now_s)
{
    if (left == ARPQ_FOREVER)
        return left;
    return left + now_s < ARPQ_FOREVER ? (uint32_t)(left + now_s) : ARPQ_FOREVER - 1;
}

uint32_t aq_lifetime_left(uint32_t end, uint64_t now_s)
{
    if (end == ARPQ_FOREVER)
        return end;
    return end > now_s ? end - (uint32_t)now_s : 0;
}
