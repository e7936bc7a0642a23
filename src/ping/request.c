/* SPDX-License-Identifier: MIT */
#include "ping/request.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <string.h>

#include "handle/interfaces.h"
#include "handle/links.h"
#include "handle/namespace.h"
#include "handle/options.h"
#include "kernel/sys.h"
#include "neigh/target.h"
#include "value/ip.h"

#define LEAST offsetof(struct arpq_ping_options, ifindex)
#define KNOWN offsetof(struct arpq_ping_options, reserved)

#define ANSWER_MS 1000
#define PAYLOAD_SIZE 56u
#define PAYLOAD_MAX 65000u
#define ICMP_SIZE 8u

#define NS_PER_US 1000u
#define US_PER_MS 1000u

/* ---- Arguments ---- */

int aq_ping_options_read(const struct arpq_ping_options *from, struct arpq_ping_options *options)
{
    int code = aq_options_read(from, LEAST, KNOWN, ARPQ_PING_RAW, options, sizeof *options);

    if (code < 0)
        return code;
    if (options->answer_ms == ARPQ_FOREVER || options->reserved8 || options->source.reserved)
        return -EINVAL;
    if (options->answer_ms == 0)
        options->answer_ms = ANSWER_MS;
    if (options->payload_size == 0)
        options->payload_size = PAYLOAD_SIZE;
    else if (options->payload_size == ARPQ_PING_EMPTY)
        options->payload_size = 0;
    return options->payload_size > PAYLOAD_MAX ? -EINVAL : 0;
}

/* Returns whether the address identifies a host only together with a link. */
static bool ping_needs_scope(const struct arpq_ip *ip)
{
    return aq_ip_is_link_local(ip) ||
           (ip->family == AF_INET6 && ip->bytes[0] == 0xff && (ip->bytes[1] & 0xf) <= 2);
}

/* Find the target with a current interface map. */
static int ping_find_target(const struct aq_ping_request *request, const struct aq_query *query,
                            struct aq_target *target)
{
    int code = aq_interfaces_catch_up(request->h);

    return code < 0 ? code : aq_target_find(request->h, query, target);
}

static int ping_read_target(struct aq_ping_request *request, const struct arpq_ip *ip)
{
    struct aq_query query;
    struct aq_target target;
    int code = aq_query_make(ip, request->options->ifindex, 0, &query);

    if (code < 0)
        return code;
    if (request->options->source.family && request->options->source.family != query.ip.family)
        return -EINVAL;
    request->target = query.ip;
    request->socket_options =
        (struct aq_icmp_options){.family = query.ip.family,
                                 .ifindex = query.route.ifindex,
                                 .hop_limit = request->options->hop_limit,
                                 .source = request->options->source,
                                 .raw = (request->options->flags & ARPQ_PING_RAW) != 0};
    if (!ping_needs_scope(&query.ip))
        return 0;
    if (!request->socket_options.ifindex) { /* use the only interface that can reach it */
        code = aq_ip_is_multicast(&query.ip) ? -EINVAL : ping_find_target(request, &query, &target);
        if (code < 0)
            return code;
        request->socket_options.ifindex = target.ifindex;
    }
    request->target.scope = request->socket_options.ifindex;
    return 0;
}

/* ---- Sending ---- */

static bool ping_is_broadcast(const struct aq_ping_request *request)
{
    const struct aq_query query = {.ip = request->target,
                                   .route.ifindex = request->socket_options.ifindex};
    struct aq_target target;

    return ping_find_target(request, &query, &target) == 0 &&
           target.answered == ARPQ_NEIGH_BROADCAST;
}

/* The kernel's code for an unusable route depends on the type of the route. */
static int ping_send_error(const struct aq_ping_request *request, int code)
{
    switch (code) {
    case -EACCES:
    case -ENETUNREACH:
        return ping_is_broadcast(request) ? -EINVAL : -ENETUNREACH;
    case -EHOSTUNREACH:
    case -EINVAL:
    case -EADDRNOTAVAIL:
    case -ENETDOWN:
        return -ENETUNREACH;
    case -EAGAIN:
        return -ENOBUFS;
    default:
        return code;
    }
}

static int ping_send_request(struct aq_ping_request *request)
{
    const struct arpq_icmp icmp = {.family = request->target.family,
                                   .type = request->target.family == AF_INET6 ? ICMP6_ECHO_REQUEST
                                                                              : ICMP_ECHO,
                                   .identifier = request->socket.identifier,
                                   .sequence = request->sequence};
    const uint32_t payload_size = request->options->payload_size;
    uint8_t *payload = request->buffer + ICMP_SIZE;
    int code;

    request->cookie = aq_sys_random();
    memcpy(payload, &request->cookie,
           payload_size < sizeof request->cookie ? payload_size : sizeof request->cookie);
    /* The arguments are checked: this cannot fail. */
    (void)arpq_icmp_encode(&icmp, payload, payload_size, request->buffer, request->buffer_size);
    request->sent_us = aq_sys_now_us();
    code = aq_icmp_socket_send(&request->socket, &request->target, request->buffer,
                               ICMP_SIZE + payload_size);
    return code < 0 ? ping_send_error(request, code) : 0;
}

/* ---- Receiving ---- */

/* Use the kernel's two timestamps unless the clock was set between them. */
static void ping_measure(const struct aq_ping_request *request,
                         const struct aq_icmp_message *message)
{
    const uint64_t elapsed_ns = (aq_sys_now_us() - request->sent_us) * NS_PER_US;
    const uint64_t stamped_ns = message->time_ns - request->sent_ns;
    struct arpq_ping_reply *reply = request->reply;

    reply->rtt_ns = elapsed_ns;
    if (message->time_ns && request->sent_ns && stamped_ns > 0 && stamped_ns <= elapsed_ns) {
        reply->rtt_ns = stamped_ns;
        reply->flags |= ARPQ_PING_KERNEL_TIME;
    }
}

static int ping_fill_reply(const struct aq_ping_request *request,
                           const struct aq_icmp_message *message, int outcome)
{
    struct arpq_ping_reply *reply = request->reply;

    reply->flags = request->socket.raw ? ARPQ_PING_RAW : 0;
    reply->from = message->from;
    reply->hop_limit = message->hop_limit;
    reply->sequence = request->sequence;
    ping_measure(request, message);
    return outcome;
}

/* Routers may truncate the packet that an error quotes. */
static bool ping_has_cookie(const struct aq_ping_request *request, const uint8_t *payload,
                            size_t size)
{
    size_t compared = sizeof request->cookie;

    if (compared > request->options->payload_size)
        compared = request->options->payload_size;
    if (compared > size)
        compared = size;
    return memcmp(payload, &request->cookie, compared) == 0;
}

/* Returns whether a router may answer for this address from another of its addresses (RFC 4291
 * section 2.6). This applies to the lowest address of a prefix, and to the addresses that RFC 2526
 * reserves in a prefix of 64 bits. */
static bool ping_is_anycast(const struct arpq_ip *ip)
{
    static const uint8_t reserved[7] = {0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

    return ip->family == AF_INET6 &&
           (ip->bytes[15] == 0 ||
            (memcmp(ip->bytes + 8, reserved, sizeof reserved) == 0 && ip->bytes[15] >= 0x80));
}

/* A reply for an anycast target may come from another address, but only with the whole cookie. */
static bool ping_may_answer(const struct aq_ping_request *request, const struct arpq_ip *from)
{
    return aq_ip_is_multicast(&request->target) || arpq_ip_compare(from, &request->target) == 0 ||
           (ping_is_anycast(&request->target) &&
            request->options->payload_size >= sizeof request->cookie);
}

static int ping_read_reply(const struct aq_ping_request *request,
                           const struct aq_icmp_message *message)
{
    const bool is_v6 = request->target.family == AF_INET6;
    struct arpq_icmp icmp;

    if (arpq_icmp_decode(request->target.family, NULL, NULL, message->bytes, message->size, &icmp) <
            0 ||
        icmp.type != (is_v6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY) ||
        icmp.sequence != request->sequence ||
        (request->socket.raw && icmp.identifier != request->socket.identifier))
        return -ENOMSG;
    if (!ping_may_answer(request, &message->from))
        return -ENOMSG;
    if ((icmp.payload_length < sizeof request->cookie &&
         icmp.payload_length < request->options->payload_size) ||
        !ping_has_cookie(request, message->bytes + icmp.payload_offset, icmp.payload_length))
        return -ENOMSG;
    request->reply->type = icmp.type;
    request->reply->payload_size = (uint16_t)icmp.payload_length;
    return ping_fill_reply(request, message, 0);
}

/* Returns the code for an ICMP error, or 0 if the wait continues, for example after a redirect. */
static int ping_outcome(uint16_t family, uint8_t type)
{
    if (type == (family == AF_INET6 ? ICMP6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED))
        return -ETIME;
    if (family == AF_INET6)
        return type >= ICMP6_DST_UNREACH && type <= ICMP6_PARAM_PROB ? -EHOSTUNREACH : 0;
    return type == ICMP_DEST_UNREACH || type == ICMP_PARAMETERPROB ? -EHOSTUNREACH : 0;
}

/* A raw socket receives errors about the requests of all processes. */
static bool ping_is_own_request(const struct aq_ping_request *request,
                                const struct aq_icmp_message *message)
{
    const bool is_v6 = request->target.family == AF_INET6;
    const uint8_t header[ICMP_SIZE] = {
        [0] = is_v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO,
        [4] = (uint8_t)(request->socket.identifier >> 8),
        [5] = (uint8_t)request->socket.identifier,
        [6] = (uint8_t)(request->sequence >> 8),
        [7] = (uint8_t)request->sequence,
    };
    const size_t known = request->socket.raw ? 4 : 6;

    return message->size >= ICMP_SIZE && memcmp(message->bytes, header, 2) == 0 &&
           memcmp(message->bytes + known, header + known, ICMP_SIZE - known) == 0 &&
           arpq_ip_compare(&message->to, &request->target) == 0 &&
           ping_has_cookie(request, message->bytes + ICMP_SIZE, message->size - ICMP_SIZE);
}

/* Returns whether the report quotes as much of the request as nobody can guess. RFC 792 requires
 * only 8 bytes. */
static bool ping_is_certain(const struct aq_ping_request *request,
                            const struct aq_icmp_message *message)
{
    const size_t quoted = message->size - ICMP_SIZE;

    return quoted >= sizeof request->cookie || quoted >= request->options->payload_size;
}

/* A report that anybody on the link can forge must not end the wait for the reply. */
static int ping_read_report(struct aq_ping_request *request, const struct aq_icmp_message *message)
{
    int outcome = ping_outcome(request->target.family, message->type);

    if (outcome == 0 || !ping_is_own_request(request, message))
        return -ENOMSG;
    request->reply->type = message->type;
    request->reply->code = message->code;
    request->reply->value = message->value;
    (void)ping_fill_reply(request, message, outcome);
    if (ping_is_certain(request, message))
        return outcome;
    if (request->timeout_code == -ETIMEDOUT) {
        request->doubtful = *request->reply;
        request->timeout_code = outcome;
    }
    memset(request->reply, 0, sizeof *request->reply);
    return -ENOMSG;
}

/* Read one message. Returns its result, -ENOMSG if it is unrelated, or -EAGAIN if there is none. */
int aq_ping_request_read(struct aq_ping_request *request)
{
    struct aq_icmp_message message;
    int code =
        aq_icmp_socket_receive(&request->socket, request->buffer, request->buffer_size, &message);

    if (code <= 0)
        return code == 0 ? -EAGAIN : code;
    switch (message.kind) {
    case AQ_ICMP_MESSAGE:
        return ping_read_reply(request, &message);
    case AQ_ICMP_REPORT:
        return ping_read_report(request, &message);
    case AQ_ICMP_SENT:
        if (!request->sent_ns)
            request->sent_ns = message.time_ns;
        break;
    }
    return -ENOMSG;
}

uint64_t aq_ping_request_left_us(const struct aq_ping_request *request)
{
    const uint64_t answer_us = (uint64_t)request->options->answer_ms * US_PER_MS;
    const uint64_t passed_us = aq_sys_now_us() - request->sent_us;

    return passed_us < answer_us ? answer_us - passed_us : 0;
}

int aq_ping_request_expire(struct aq_ping_request *request)
{
    *request->reply = request->doubtful;
    return request->timeout_code;
}

/* ---- Begin and end ---- */

static int ping_open_socket(void *context)
{
    struct aq_ping_request *request = context;

    return aq_icmp_socket_open(&request->socket, &request->socket_options);
}

static int ping_start(struct aq_ping_request *request)
{
    int code;

    request->buffer_size = AQ_ICMP_HEADER + ICMP_SIZE + request->options->payload_size;
    request->buffer = calloc(1, request->buffer_size);
    if (!request->buffer)
        return -ENOMEM;
    code = aq_namespace_run(request->h, ping_open_socket, request);
    return code < 0 ? code : ping_send_request(request);
}

/* The interface may have become a port, or left its bridge, since the last call on the handle. */
static int ping_check_port(struct arpq_handle *h, uint32_t ifindex)
{
    int code = aq_interfaces_refresh(h);

    return code < 0 ? code : aq_links_check_port(h, ifindex);
}

int aq_ping_request_begin(struct aq_ping_request *request, const struct arpq_ip *ip)
{
    int code = ping_read_target(request, ip);

    request->socket.fd = -1;
    request->timeout_code = -ETIMEDOUT;
    if (code == 0 && request->socket_options.ifindex)
        code = ping_check_port(request->h, request->socket_options.ifindex);
    if (code == 0)
        code = ping_start(request);
    if (code < 0)
        aq_ping_request_end(request);
    return code;
}

void aq_ping_request_end(struct aq_ping_request *request)
{
    aq_sys_close(request->socket.fd);
    free(request->buffer);
    request->buffer = NULL;
    request->socket.fd = -1;
}
