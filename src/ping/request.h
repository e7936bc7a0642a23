/* SPDX-License-Identifier: MIT */
/* One echo request: its target, its socket, and what the messages on the socket mean for it. No
 * function waits. */
#ifndef AQ_PING_REQUEST_H
#define AQ_PING_REQUEST_H

#include <stdint.h>

#include "arpq.h"
#include "kernel/icmp_socket.h"

struct aq_ping_request {
    struct arpq_handle *h;
    const struct arpq_ping_options *options; /* as aq_ping_options_read fills them */
    uint16_t sequence;
    struct aq_icmp_options socket_options;
    struct arpq_ip target; /* with a scope if it needs one */
    struct aq_icmp_socket socket;
    uint8_t *buffer; /* the request, then received messages */
    size_t buffer_size;
    uint64_t cookie;  /* start of the payload; prevents forged replies from hosts off the path */
    uint64_t sent_us; /* time by the clock of this process */
    uint64_t sent_ns; /* time by the kernel's timestamp; 0: unknown */
    struct arpq_ping_reply *reply;
    int timeout_code; /* result if no reply comes: -ETIMEDOUT, or that of a doubtful error */
    struct arpq_ping_reply doubtful; /* the first error that does not show the cookie */
};

/* Reads the options of the caller, or NULL, and fills in the defaults. Returns 0 or -EINVAL. */
int aq_ping_options_read(const struct arpq_ping_options *from, struct arpq_ping_options *options);

/* Sends the request. The caller has set h, options, sequence and reply, which is zeroed, and must
 * call aq_ping_request_end, except after an error. */
int aq_ping_request_begin(struct aq_ping_request *request, const struct arpq_ip *ip);
void aq_ping_request_end(struct aq_ping_request *request);

/* Reads one message. Returns the result of the request, with 0, -EHOSTUNREACH and -ETIME in
 * *reply; -ENOMSG if the message is unrelated, or -EAGAIN if there is none. */
int aq_ping_request_read(struct aq_ping_request *request);

/* Returns the microseconds that the request may still wait. */
uint64_t aq_ping_request_left_us(const struct aq_ping_request *request);

/* Returns the result if no reply has come in time, and sets *reply. */
int aq_ping_request_expire(struct aq_ping_request *request);

#endif
