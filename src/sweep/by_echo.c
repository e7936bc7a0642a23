/* SPDX-License-Identifier: MIT */
/*
 * Find the machines on an IPv6 link by an echo request to all nodes. The sweep sends the request
 * from one address of each scope and prefix that this machine has on the link, because a machine
 * answers from an address of the same scope or prefix. The sweep gets the MACs from the kernel:
 * a machine resolves this machine's address before it answers, and its solicitation contains its
 * MAC. At the end the sweep reports machines that did not answer but are in the kernel's table.
 */
#include "sweep/by_echo.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <stdlib.h>
#include <string.h>

#include "handle/links.h"
#include "handle/namespace.h"
#include "kernel/icmp_socket.h"
#include "kernel/sys.h"
#include "sweep/echo_answers.h"
#include "sweep/reach.h"
#include "sweep/setup.h"
#include "value/ip.h"

#define RESOLVE_MS 1000

/* The most time to resolve MACs, because a host may answer from invented addresses. */
#define RESOLVE_MOST_US 2000000u

#define MESSAGE_SIZE 64u

/* States of entries whose machines have been present. */
#define PRESENT_STATES                                                                             \
    (ARPQ_STATE_REACHABLE | ARPQ_STATE_STALE | ARPQ_STATE_DELAY | ARPQ_STATE_PROBE |               \
     ARPQ_STATE_PERMANENT)

/* A message without this secret does not answer a request of this sweep. */
struct echo_payload {
    uint64_t secret;
};

enum phase {
    ASKING,
    PAUSING,   /* waiting between two rounds */
    LINGERING, /* waiting after the last round */
    RESOLVING, /* waiting for the MACs of machines that answered */
    READING,   /* listing the kernel's table */
};

struct by_echo {
    struct aq_icmp_socket sockets[AQ_SWEEP_SOURCES];
    unsigned opened;
    struct arpq_table *table;
    uint32_t table_at;
    struct aq_rounds rounds;
    struct aq_echo_answers answers;
    struct echo_payload payload;
    enum phase phase;
    uint64_t ends_us;                     /* of PAUSING or LINGERING */
    uint64_t resolve_until_us;            /* end of RESOLVING */
    uint64_t sent_us[AQ_ROUNDS_MOST + 1]; /* indexed by round, from 1 */
};

/* ---- Asking ---- */

static int send_one(struct arpq_sweep *sweep, const struct aq_icmp_socket *socket)
{
    const struct by_echo *echo = sweep->state;
    const struct arpq_ip all_nodes = {
        .family = AF_INET6, .bytes = {0xff, 0x02, [15] = 1}, .scope = sweep->link.ifindex};
    const struct arpq_icmp request = {.family = AF_INET6,
                                      .type = ICMP6_ECHO_REQUEST,
                                      .identifier = socket->identifier,
                                      .sequence = (uint16_t)(echo->rounds.done + 1)};
    uint8_t message[MESSAGE_SIZE];
    int size =
        arpq_icmp_encode(&request, &echo->payload, sizeof echo->payload, message, sizeof message);
    int code = size < 0 ? size : aq_icmp_socket_send(socket, &all_nodes, message, (size_t)size);

    sweep->stats.sent += code == 0;
    return code;
}

/* A request that the link does not accept now counts as lost: another round follows. */
static int by_echo_ask(struct arpq_sweep *sweep, uint64_t now_us)
{
    struct by_echo *echo = sweep->state;
    int code = 0;

    for (unsigned i = 0; i < echo->opened && code == 0; i++) {
        code = send_one(sweep, &echo->sockets[i]);
        if (code == -EAGAIN || code == -ENOBUFS || code == -ENOMEM) {
            sweep->stats.deferred++;
            code = 0;
        }
    }
    echo->sent_us[++echo->rounds.done] = now_us;
    sweep->stats.attempts++;
    echo->phase = PAUSING;
    echo->ends_us =
        now_us + aq_rounds_wait_us(&echo->rounds, AQ_ROUNDS_PAUSE_US, aq_sweep_timeout_us(sweep));
    return code < 0 ? code : 1;
}

/* ---- Receiving ---- */

/* Returns the number of the round that a message answers, or 0 if it answers none. */
static uint32_t round_of(const struct arpq_sweep *sweep, const struct aq_icmp_message *message)
{
    const struct by_echo *echo = sweep->state;
    struct arpq_icmp reply;

    if (message->kind != AQ_ICMP_MESSAGE ||
        arpq_icmp_decode(AF_INET6, NULL, NULL, message->bytes, message->size, &reply) < 0 ||
        reply.type != ICMP6_ECHO_REPLY || reply.payload_length != sizeof echo->payload ||
        memcmp(message->bytes + reply.payload_offset, &echo->payload, sizeof echo->payload) != 0)
        return 0;
    return reply.sequence <= echo->rounds.done ? reply.sequence : 0;
}

static int by_echo_receive(struct arpq_sweep *sweep, const struct aq_icmp_message *message)
{
    struct by_echo *echo = sweep->state;
    struct aq_echo_answer answer = {.ip = message->from, .round = round_of(sweep, message)};
    int code;

    sweep->stats.received += answer.round > 0;
    if (answer.round == 0 || !aq_plan_has(&sweep->plan, &answer.ip) ||
        aq_sweep_is_own(sweep, &answer.ip))
        return 0;
    code = aq_reach_is_on(sweep, &answer.ip, sweep->link.ifindex);
    if (code != 1)
        return code;
    answer.rtt_us = (uint32_t)(aq_sys_now_us() - echo->sent_us[answer.round]);
    code = aq_echo_answers_add(&echo->answers, &answer);
    if (code == 1)
        aq_rounds_note(&echo->rounds, answer.round, answer.rtt_us);
    sweep->stats.dropped += code == -ENOBUFS;
    return code == -ENOMEM ? code : 0;
}

/* Returns 1 if more messages may be waiting, 0 if none is, or an error. */
static int by_echo_receive_from(struct arpq_sweep *sweep, const struct aq_icmp_socket *socket)
{
    uint8_t bytes[MESSAGE_SIZE];
    struct aq_icmp_message message;

    for (unsigned n = 0; n < AQ_SWEEP_BATCH; n++) {
        int code = aq_icmp_socket_receive(socket, bytes, sizeof bytes, &message);

        if (code == 1)
            code = by_echo_receive(sweep, &message);
        else if (code == -ENOMSG)
            code = 0;
        else
            return code;
        if (code < 0)
            return code;
    }
    return 1;
}

/* ---- The kernel's table ---- */

/* Reads the kernel's table. Returns 1 or an error. */
static int by_echo_read_table(struct arpq_sweep *sweep)
{
    struct by_echo *echo = sweep->state;
    const struct arpq_filter filter = {.size = sizeof filter,
                                       .family = AF_INET6,
                                       .ifindex = sweep->by_routes ? 0 : sweep->link.ifindex,
                                       .states = PRESENT_STATES};
    int code = arpq_table_get(sweep->h, &filter, &echo->table);

    echo->phase = READING;
    if (code < 0)
        return code;
    /* A link that is down receives no answers and reports no error. */
    return aq_links_facts(sweep->h, sweep->link.ifindex).flags & IFF_UP ? 1 : -ENETDOWN;
}

/* Returns whether to report an entry, or an error. Without a named interface the table also has the
 * entries of other links, where host routes may lead. */
static int is_reportable(struct arpq_sweep *sweep, const struct arpq_neigh *neigh)
{
    struct by_echo *echo = sweep->state;
    int code;

    if (!neigh->mac.length || !aq_plan_has(&sweep->plan, &neigh->ip) ||
        aq_ip_is_multicast(&neigh->ip) || aq_sweep_is_own(sweep, &neigh->ip))
        return 0;
    code = sweep->by_routes ? aq_reach_is_on(sweep, &neigh->ip, neigh->ifindex) : 1;
    if (code != 1)
        return code;
    code = aq_ip_set_add(&echo->answers.seen, &neigh->ip);
    /* 0: reported before. On -ENOBUFS report it: the table lists it only once. */
    return code == -ENOBUFS ? 1 : code;
}

static int report_table(struct arpq_sweep *sweep)
{
    struct by_echo *echo = sweep->state;
    const struct arpq_neigh *neigh;

    for (unsigned n = 0; (neigh = arpq_table_at(echo->table, echo->table_at)) != NULL; n++) {
        int code;

        if (sweep->queued == AQ_SWEEP_BATCH || n == AQ_REACH_MOST)
            return 1;
        code = is_reportable(sweep, neigh);
        if (code < 0)
            return code;
        echo->table_at++;
        if (code == 1) {
            struct arpq_found *found = aq_sweep_report(sweep, &neigh->ip);

            found->mac = neigh->mac;
            found->ifindex = neigh->ifindex;
            found->flags = ARPQ_FOUND_TABLE;
        }
    }
    sweep->over = true;
    return 0;
}

/* ---- Rounds ---- */

static void by_echo_close_sockets(struct by_echo *echo)
{
    while (echo->opened > 0)
        aq_sys_close(echo->sockets[--echo->opened].fd);
}

static int by_echo_next_round(struct arpq_sweep *sweep)
{
    struct by_echo *echo = sweep->state;

    if (echo->phase <= LINGERING && aq_rounds_next(&echo->rounds, sweep->options.attempts)) {
        echo->phase = ASKING;
        return 1;
    }
    if (echo->phase == PAUSING) {
        echo->phase = LINGERING;
        echo->ends_us = aq_sweep_end_us(sweep, echo->sent_us[1], echo->sent_us[echo->rounds.done]);
        return 1;
    }
    echo->phase = RESOLVING;
    echo->resolve_until_us = aq_sys_now_us() + RESOLVE_MOST_US;
    by_echo_close_sockets(echo); /* so that further answers cannot prolong the sweep */
    return 1;
}

/* Resolve MACs until the phase ends, then read the kernel's table. */
static int by_echo_finish(struct arpq_sweep *sweep, uint64_t now_us)
{
    struct by_echo *echo = sweep->state;
    bool late = now_us >= echo->resolve_until_us;
    int code = late ? aq_echo_answers_report(&echo->answers, sweep) : 0;

    if (code != 0)
        return code;
    sweep->wake_us = late ? AQ_WAKEUP_NEVER : echo->resolve_until_us;
    if (aq_echo_answers_left(&echo->answers))
        return 0; /* wait until the resolver's descriptor is readable */
    return by_echo_read_table(sweep);
}

static int by_echo_receive_all(struct arpq_sweep *sweep)
{
    struct by_echo *echo = sweep->state;
    int more = aq_echo_answers_fetch(&echo->answers, sweep);

    if (more >= 0 && (echo->phase != RESOLVING || aq_sys_now_us() < echo->resolve_until_us)) {
        int code = aq_echo_answers_submit(&echo->answers, sweep);

        more = code < 0 ? code : more | code;
    }
    for (unsigned i = 0; i < echo->opened && more >= 0; i++) {
        int code = by_echo_receive_from(sweep, &echo->sockets[i]);

        more = code < 0 ? code : more | code;
    }
    return more;
}

static int by_echo_step(struct arpq_sweep *sweep)
{
    struct by_echo *echo = sweep->state;
    uint64_t now_us;
    int code;

    code = aq_reach_begin(sweep);
    if (code < 0)
        return code;
    if (echo->phase == READING)
        return echo->table ? report_table(sweep) : by_echo_read_table(sweep);
    code = by_echo_receive_all(sweep);
    if (code < 0 || aq_sweep_receives_again(sweep, code == 1))
        return code;
    now_us = aq_sys_now_us();
    if (echo->phase == ASKING)
        return by_echo_ask(sweep, now_us);
    if (echo->phase == RESOLVING)
        return by_echo_finish(sweep, now_us);
    if (now_us >= echo->ends_us)
        return by_echo_next_round(sweep);
    sweep->wake_us = echo->ends_us;
    return 0;
}

/* ---- Start and stop ---- */

static int by_echo_open_socket(struct arpq_sweep *sweep, unsigned n)
{
    struct by_echo *echo = sweep->state;
    const struct aq_icmp_options options = {
        .family = AF_INET6, .ifindex = sweep->link.ifindex, .source = sweep->link.sources[n]};
    int code = aq_icmp_socket_open(&echo->sockets[echo->opened], &options);

    if (code == -EADDRNOTAVAIL)
        return 0; /* the address was removed meanwhile, or is tentative */
    if (code == 0)
        echo->opened++;
    return code;
}

static int by_echo_open_sockets(void *context)
{
    struct arpq_sweep *sweep = context;
    int code = 0;

    for (unsigned n = 0; n < sweep->link.source_count && code == 0; n++)
        code = by_echo_open_socket(sweep, n);
    return code;
}

static int watch_sockets(struct arpq_sweep *sweep)
{
    struct by_echo *echo = sweep->state;
    int code = aq_wakeup_add(&sweep->wakeup, arpq_resolver_fd(echo->answers.resolver));

    for (unsigned i = 0; i < echo->opened && code == 0; i++)
        code = aq_wakeup_add(&sweep->wakeup, echo->sockets[i].fd);
    return code;
}

static int start_echo(struct arpq_sweep *sweep)
{
    struct by_echo *echo = sweep->state;
    const struct arpq_resolve_options options = {.size = sizeof options, .answer_ms = RESOLVE_MS};
    int code = aq_namespace_run(sweep->h, by_echo_open_sockets, sweep);

    if (code == 0 && echo->opened == 0)
        code = -EADDRNOTAVAIL;
    if (code == 0)
        code = arpq_resolver_open(sweep->h, &echo->answers.resolver, &options);
    return code < 0 ? code : watch_sockets(sweep);
}

static int by_echo_start(struct arpq_sweep *sweep)
{
    struct by_echo *echo = calloc(1, sizeof *echo);
    int code;

    if (!echo)
        return -ENOMEM;
    sweep->state = echo;
    echo->answers.seen.seed = aq_sys_random();
    echo->payload.secret = aq_sys_random();
    code = start_echo(sweep);
    if (code != -EPERM)
        return code;
    sweep->stats.method = ARPQ_SWEEP_BY_TABLE;
    echo->phase = READING;
    return 0;
}

static void by_echo_count(struct arpq_sweep *sweep)
{
    const struct by_echo *echo = sweep->state;

    if (echo->phase >= LINGERING && sweep->stats.method == ARPQ_SWEEP_BY_ECHO)
        sweep->stats.waited_ms = (uint32_t)((echo->ends_us - echo->sent_us[1]) / 1000);
    aq_sweep_count_losses(sweep, &echo->rounds, sweep->stats.method == ARPQ_SWEEP_BY_ECHO);
}

static void by_echo_stop(struct arpq_sweep *sweep)
{
    struct by_echo *echo = sweep->state;

    if (!echo)
        return;
    by_echo_close_sockets(echo);
    arpq_table_free(echo->table);
    aq_echo_answers_free(&echo->answers);
    free(echo);
    sweep->state = NULL;
}

const struct aq_sweep_method aq_sweep_by_echo = {.number = ARPQ_SWEEP_BY_ECHO,
                                                 .start = by_echo_start,
                                                 .step = by_echo_step,
                                                 .count = by_echo_count,
                                                 .stop = by_echo_stop};
