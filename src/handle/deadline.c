/* SPDX-License-Identifier: MIT */
#include "handle/deadline.h"

#include "kernel/sys.h"

#define US_PER_MS 1000u

uint64_t aq_deadline(int32_t timeout_ms)
{
    return timeout_ms > 0 ? aq_sys_now_us() + (uint64_t)timeout_ms * US_PER_MS : 0;
}

int aq_deadline_left(int32_t timeout_ms, uint64_t deadline_us)
{
    uint64_t now, left;

    if (timeout_ms <= 0)
        return timeout_ms < 0 ? -1 : 0;
    now = aq_sys_now_us();
    if (now >= deadline_us)
        return 0;
    left = (deadline_us - now + US_PER_MS - 1) / US_PER_MS;
    return left < (uint64_t)timeout_ms ? (int)left : timeout_ms;
}
