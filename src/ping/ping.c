/* SPDX-License-Identifier: MIT */
/* Send one echo request and wait for its reply. */
#include <errno.h>
#include <limits.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <string.h>

#include "handle/interfaces.h"
#include "handle/links.h"
#include "handle/namespace.h"
#include "handle/options.h"
#include "handle/wait.h"
#include "kernel/icmp_socket.h"
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

struct ping {
    struct arpq_handle *h;
    struct arpq_ping_options options;
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

/* ---- Arguments ---- */

static int ping_read_options(const struct arpq_ping_options *from,
                             struct arpq_ping_options *options)
{
    int code = aq_options_read(from, LEAST, KNOWN, ARPQ_PING_RAW, options, sizeof *options);

    if (code < 0)
        return code;
    if (options->answer_ms == ARPQ_FOREVER || options->reserved8)
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
static int ping_find_target(const struct ping *ping, const struct aq_query *query,
                            struct aq_target *target)
{
    int code = aq_interfaces_catch_up(ping->h);

    return code < 0 ? code : aq_target_find(ping->h, query, target);
}

static int ping_read_target(struct ping *ping, const struct arpq_ip *ip)
{
    struct aq_query query;
    struct aq_target target;
    int code = aq_target_query(ip, ping->options.ifindex, 0, &query);

    if (code < 0)
        return code;
    if (ping->options.source.family && ping->options.source.family != query.ip.family)
        return -EINVAL;
    ping->target = query.ip;
    ping->socket_options =
        (struct aq_icmp_options){.family = query.ip.family,
                                 .ifindex = query.route.ifindex,
                                 .hop_limit = ping->options.hop_limit,
                                 .source = ping->options.source,
                                 .raw = (ping->options.flags & ARPQ_PING_RAW) != 0};
    if (!ping_needs_scope(&query.ip))
        return 0;
    if (!ping->socket_options.ifindex) { /* use the only interface that can reach it */
        code = aq_ip_is_multicast(&query.ip) ? -EINVAL : ping_find_target(ping, &query, &target);
        if (code < 0)
            return code;
        ping->socket_options.ifindex = target.ifindex;
    }
    ping->target.scope = ping->socket_options.ifindex;
    return 0;
}

/* ---- Sending ---- */

static bool ping_is_broadcast(const struct ping *ping)
{
    const struct aq_query query = {.ip = ping->target,
                                   .route.ifindex = ping->socket_options.ifindex};
    struct aq_target target;

    return ping_find_target(ping, &query, &target) == 0 && target.answered == ARPQ_NEIGH_BROADCAST;
}

/* The kernel's code for an unusable route depends on the type of the route. */
static int ping_send_error(const struct ping *ping, int code)
{
    switch (code) {
    case -EACCES:
    case -ENETUNREACH:
        return ping_is_broadcast(ping) ? -EINVAL : -ENETUNREACH;
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

static int ping_send_request(struct ping *ping)
{
    const struct arpq_icmp request = {.family = ping->target.family,
                                      .type = ping->target.family == AF_INET6 ? ICMP6_ECHO_REQUEST
                                                                              : ICMP_ECHO,
                                      .identifier = ping->socket.identifier,
                                      .sequence = ping->options.sequence};
    const uint32_t payload_size = ping->options.payload_size;
    uint8_t *payload = ping->buffer + ICMP_SIZE;
    int code;

    ping->cookie = aq_sys_random();
    memcpy(payload, &ping->cookie,
           payload_size < sizeof ping->cookie ? payload_size : sizeof ping->cookie);
    /* The arguments are checked: this cannot fail. */
    (void)arpq_icmp_encode(&request, payload, payload_size, ping->buffer, ping->buffer_size);
    ping->sent_us = aq_sys_now_us();
    code =
        aq_icmp_socket_send(&ping->socket, &ping->target, ping->buffer, ICMP_SIZE + payload_size);
    return code < 0 ? ping_send_error(ping, code) : 0;
}

/* ---- Receiving ---- */

/* Use the kernel's two timestamps unless the clock was set between them. */
static void ping_measure(const struct ping *ping, const struct aq_icmp_message *message)
{
    const uint64_t elapsed_ns = (aq_sys_now_us() - ping->sent_us) * NS_PER_US;
    const uint64_t stamped_ns = message->time_ns - ping->sent_ns;
    struct arpq_ping_reply *reply = ping->reply;

    reply->rtt_ns = elapsed_ns;
    if (message->time_ns && ping->sent_ns && stamped_ns > 0 && stamped_ns <= elapsed_ns) {
        reply->rtt_ns = stamped_ns;
        reply->flags |= ARPQ_PING_KERNEL_TIME;
    }
}

static int ping_fill_reply(const struct ping *ping, const struct aq_icmp_message *message,
                           int outcome)
{
    struct arpq_ping_reply *reply = ping->reply;

    reply->flags = ping->socket.raw ? ARPQ_PING_RAW : 0;
    reply->from = message->from;
    reply->hop_limit = message->hop_limit;
    reply->sequence = ping->options.sequence;
    ping_measure(ping, message);
    return outcome;
}

/* Routers may truncate the packet that an error quotes. */
static bool ping_has_cookie(const struct ping *ping, const uint8_t *payload, size_t size)
{
    size_t compared = sizeof ping->cookie;

    if (compared > ping->options.payload_size)
        compared = ping->options.payload_size;
    if (compared > size)
        compared = size;
    return memcmp(payload, &ping->cookie, compared) == 0;
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
static bool ping_may_answer(const struct ping *ping, const struct arpq_ip *from)
{
    return aq_ip_is_multicast(&ping->target) || arpq_ip_compare(from, &ping->target) == 0 ||
           (ping_is_anycast(&ping->target) && ping->options.payload_size >= sizeof ping->cookie);
}

static int ping_read_reply(const struct ping *ping, const struct aq_icmp_message *message)
{
    const bool is_v6 = ping->target.family == AF_INET6;
    struct arpq_icmp icmp;

    if (arpq_icmp_decode(ping->target.family, NULL, NULL, message->bytes, message->size, &icmp) <
            0 ||
        icmp.type != (is_v6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY) ||
        icmp.sequence != ping->options.sequence ||
        (ping->socket.raw && icmp.identifier != ping->socket.identifier))
        return -ENOMSG;
    if (!ping_may_answer(ping, &message->from))
        return -ENOMSG;
    if ((icmp.payload_length < sizeof ping->cookie &&
         icmp.payload_length < ping->options.payload_size) ||
        !ping_has_cookie(ping, message->bytes + icmp.payload_offset, icmp.payload_length))
        return -ENOMSG;
    ping->reply->type = icmp.type;
    ping->reply->payload_size = (uint16_t)icmp.payload_length;
    return ping_fill_reply(ping, message, 0);
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
static bool ping_is_own_request(const struct ping *ping, const struct aq_icmp_message *message)
{
    const bool is_v6 = ping->target.family == AF_INET6;
    const uint8_t header[ICMP_SIZE] = {
        [0] = is_v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO, [4] = (uint8_t)(ping->socket.identifier >> 8),
        [5] = (uint8_t)ping->socket.identifier,       [6] = (uint8_t)(ping->options.sequence >> 8),
        [7] = (uint8_t)ping->options.sequence,
    };
    const size_t known = ping->socket.raw ? 4 : 6;

    return message->size >= ICMP_SIZE && memcmp(message->bytes, header, 2) == 0 &&
           memcmp(message->bytes + known, header + known, ICMP_SIZE - known) == 0 &&
           arpq_ip_compare(&message->to, &ping->target) == 0 &&
           ping_has_cookie(ping, message->bytes + ICMP_SIZE, message->size - ICMP_SIZE);
}

/* Returns whether the report quotes as much of the request as nobody can guess. RFC 792 requires
 * only 8 bytes. */
static bool ping_is_certain(const struct ping *ping, const struct aq_icmp_message *message)
{
    const size_t quoted = message->size - ICMP_SIZE;

    return quoted >= sizeof ping->cookie || quoted >= ping->options.payload_size;
}

/* A report that anybody on the link can forge must not end the wait for the reply. */
static int ping_read_report(struct ping *ping, const struct aq_icmp_message *message)
{
    int outcome = ping_outcome(ping->target.family, message->type);

    if (outcome == 0 || !ping_is_own_request(ping, message))
        return -ENOMSG;
    ping->reply->type = message->type;
    ping->reply->code = message->code;
    ping->reply->value = message->value;
    (void)ping_fill_reply(ping, message, outcome);
    if (ping_is_certain(ping, message))
        return outcome;
    if (ping->timeout_code == -ETIMEDOUT) {
        ping->doubtful = *ping->reply;
        ping->timeout_code = outcome;
    }
    memset(ping->reply, 0, sizeof *ping->reply);
    return -ENOMSG;
}

/* Read one message. Returns its result, -ENOMSG if it is unrelated, or -EAGAIN if there is none. */
static int ping_read_message(struct ping *ping)
{
    struct aq_icmp_message message;
    int code = aq_icmp_socket_receive(&ping->socket, ping->buffer, ping->buffer_size, &message);

    if (code <= 0)
        return code == 0 ? -EAGAIN : code;
    switch (message.kind) {
    case AQ_ICMP_MESSAGE:
        return ping_read_reply(ping, &message);
    case AQ_ICMP_REPORT:
        return ping_read_report(ping, &message);
    case AQ_ICMP_SENT:
        if (!ping->sent_ns)
            ping->sent_ns = message.time_ns;
        break;
    }
    return -ENOMSG;
}

/* Wait for a message. Returns 1 if a message may have arrived, 0 when the time is over, even if
 * unrelated messages keep coming, or an error. */
static int ping_wait(const struct ping *ping)
{
    const uint64_t answer_us = (uint64_t)ping->options.answer_ms * US_PER_MS;
    const uint64_t passed_us = aq_sys_now_us() - ping->sent_us;
    uint64_t left_ms;

    if (passed_us >= answer_us)
        return 0;
    left_ms = (answer_us - passed_us + US_PER_MS - 1) / US_PER_MS;
    return aq_wait(ping->h, ping->socket.fd, left_ms < INT_MAX ? (int)left_ms : INT_MAX);
}

static int ping_receive(struct ping *ping)
{
    int code, left = 1;

    do {
        code = ping_read_message(ping);
        if (code != -ENOMSG && code != -EAGAIN)
            return code;
        if (left == 0) {
            *ping->reply = ping->doubtful;
            return ping->timeout_code;
        }
        left = ping_wait(ping);
    } while (left >= 0);
    return left;
}

/* ---- The call ---- */

static int ping_open_socket(void *context)
{
    struct ping *ping = context;

    return aq_icmp_socket_open(&ping->socket, &ping->socket_options);
}

static int ping_run(struct ping *ping)
{
    int code;

    ping->buffer_size = AQ_ICMP_HEADER + ICMP_SIZE + ping->options.payload_size;
    ping->buffer = calloc(1, ping->buffer_size);
    if (!ping->buffer)
        return -ENOMEM;
    code = aq_namespace_run(ping->h, ping_open_socket, ping);
    if (code == 0) {
        code = ping_send_request(ping);
        if (code == 0)
            code = ping_receive(ping);
        aq_sys_close(ping->socket.fd);
    }
    free(ping->buffer);
    return code;
}

int arpq_ping(struct arpq_handle *h, const struct arpq_ip *ip,
              const struct arpq_ping_options *options, struct arpq_ping_reply *reply)
{
    struct ping ping = {.h = h, .reply = reply, .timeout_code = -ETIMEDOUT};
    int code;

    aq_rtnl_detail_clear();
    if (reply)
        memset(reply, 0, sizeof *reply);
    if (!h || !ip || !reply)
        return -EINVAL;
    code = ping_read_options(options, &ping.options);
    if (code == 0)
        code = ping_read_target(&ping, ip);
    if (code == 0 && ping.socket_options.ifindex)
        code = aq_links_check_port(h, ping.socket_options.ifindex);
    return code == 0 ? ping_run(&ping) : code;
}
