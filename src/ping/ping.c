/* SPDX-License-Identifier: MIT */
/* Send one echo request and wait for its reply. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "handle/detail.h"
#include "handle/handle.h"
#include "handle/wait.h"
#include "ping/request.h"

#define US_PER_MS 1000u

/* Wait for a message. Returns 1 if a message may have arrived, 0 when the time is over, even if
 * unrelated messages keep coming, or an error. */
static int ping_wait(const struct aq_ping_request *request)
{
    const uint64_t left_us = aq_ping_request_left_us(request);
    const uint64_t left_ms = (left_us + US_PER_MS - 1) / US_PER_MS;

    if (left_us == 0)
        return 0;
    return aq_wait(request->h, request->socket.fd, left_ms < INT_MAX ? (int)left_ms : INT_MAX);
}

static int ping_receive(struct aq_ping_request *request)
{
    int code, left = 1;

    do {
        code = aq_ping_request_read(request);
        if (code != -ENOMSG && code != -EAGAIN)
            return code;
        if (left == 0)
            return aq_ping_request_expire(request);
        left = ping_wait(request);
    } while (left >= 0);
    return left;
}

int arpq_ping(struct arpq_handle *h, const struct arpq_ip *ip,
              const struct arpq_ping_options *options, struct arpq_ping_reply *reply)
{
    struct arpq_ping_options checked;
    struct aq_ping_request request = {.h = h, .options = &checked, .reply = reply};
    int code;

    aq_detail_begin(h);
    if (reply)
        memset(reply, 0, sizeof *reply);
    if (!h || !ip || !reply)
        return -EINVAL;
    code = aq_ping_options_read(options, &checked);
    if (code < 0)
        return code;
    request.sequence = checked.sequence;
    code = aq_ping_request_begin(&request, ip);
    if (code < 0)
        return code;
    code = ping_receive(&request);
    aq_ping_request_end(&request);
    return code;
}
