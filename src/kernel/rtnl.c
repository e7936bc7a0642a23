/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "kernel/rtnl_attr.h"
#include "kernel/sys.h"

/* The kernel fills dump chunks of up to 32 KiB when the buffer offers that. */
#define DUMP_BUFFER 32768u

/* A link event with every attribute; a longer one (a card with many virtual
 * functions) is reported as -EMSGSIZE and read by a dump instead. */
#define EVENT_BUFFER 8192u

/* Foreign datagrams to drop before giving up on a busy forger. */
#define FORGED_MAX 1024

static _Thread_local struct {
    uint32_t owner;
    char text[160];
} detail;

const char *aq_rtnl_detail(uint32_t owner)
{
    return detail.owner == owner ? detail.text : "";
}

void aq_rtnl_detail_clear(void)
{
    detail.owner = 0;
}

static void detail_save(uint32_t owner, const struct nlattr *text)
{
    size_t length = mnl_attr_get_payload_len(text);

    if (length >= sizeof detail.text)
        length = sizeof detail.text - 1;
    memcpy(detail.text, mnl_attr_get_payload(text), length);
    detail.text[length] = '\0';
    detail.owner = owner;
}

void aq_rtnl_init(struct aq_rtnl *rtnl, uint32_t owner)
{
    rtnl->fd = -1;
    rtnl->sequence = 0;
    rtnl->owner = owner;
    atomic_init(&rtnl->forged, 0);
}

static void set_int(int fd, int level, int name, int value)
{
    /* All of these make a good socket better; a kernel may refuse any of them. */
    (void)aq_sys_setsockopt(fd, level, name, &value, sizeof value);
}

int aq_rtnl_open(struct aq_rtnl *rtnl, uint32_t groups)
{
    const struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
    const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    const struct timeval patience = {.tv_sec = 5};
    int fd, code;

    fd = aq_sys_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    if (fd < 0)
        return fd;
    if (groups)
        code = aq_sys_bind(fd, (const struct sockaddr *)&address, sizeof address);
    else
        code = aq_sys_connect(fd, (const struct sockaddr *)&kernel, sizeof kernel);
    if (code < 0) {
        aq_sys_close(fd);
        return code;
    }
    if (groups) {
        set_int(fd, SOL_SOCKET, SO_RCVBUF, 1024 * 1024);
    } else {
        set_int(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
        set_int(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
        set_int(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
        (void)aq_sys_setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    rtnl->fd = fd;
    return 0;
}

void aq_rtnl_close(struct aq_rtnl *rtnl)
{
    aq_sys_close(rtnl->fd);
    rtnl->fd = -1;
}

void *aq_rtnl_prepare(union aq_rtnl_request *request, uint16_t type, uint16_t flags, size_t size)
{
    mnl_nlmsg_put_header(request->bytes);
    request->header.nlmsg_type = type;
    request->header.nlmsg_flags = NLM_F_REQUEST | flags;
    return mnl_nlmsg_put_extra_header(&request->header, size);
}

const void *aq_rtnl_payload(const struct nlmsghdr *message, size_t size)
{
    return mnl_nlmsg_get_payload_len(message) >= size ? mnl_nlmsg_get_payload(message) : NULL;
}

/* Take the datagram at the head of the queue off it, unread. */
static void discard(struct aq_rtnl *rtnl)
{
    char byte;

    (void)aq_sys_recv(rtnl->fd, &byte, sizeof byte, MSG_DONTWAIT);
}

/* One event datagram from the kernel; its true length, which may be above size, when it
 * was cut. Any process with CAP_NET_ADMIN in the namespace may send to this socket too:
 * what does not come from port 0 is dropped and counted. */
static ssize_t receive_event(struct aq_rtnl *rtnl, void *buffer, size_t size)
{
    for (int foreign = 0; foreign < FORGED_MAX; foreign++) {
        struct sockaddr_nl sender = {0};
        socklen_t sender_size = sizeof sender;
        ssize_t length = aq_sys_recvfrom(rtnl->fd, buffer, size, MSG_DONTWAIT | MSG_TRUNC,
                                         (struct sockaddr *)&sender, &sender_size);

        if (length < 0)
            return length;
        if (sender_size == sizeof sender && sender.nl_pid == 0)
            return length;
        atomic_fetch_add_explicit(&rtnl->forged, 1, memory_order_relaxed);
    }
    return -EAGAIN;
}

/* One datagram of an answer. These sockets are connected to the kernel, which keeps
 * everybody else's messages out. */
static ssize_t receive_answer(struct aq_rtnl *rtnl, void *buffer, size_t size, int flags)
{
    return aq_sys_recv(rtnl->fd, buffer, size, flags | MSG_TRUNC);
}

/* A wait that ran into the socket's timeout. */
static int timed_out(ssize_t code)
{
    return code == -EAGAIN ? -ETIMEDOUT : (int)code;
}

static int send_request(struct aq_rtnl *rtnl, union aq_rtnl_request *request)
{
    ssize_t sent;

    detail.owner = 0;
    request->header.nlmsg_seq = ++rtnl->sequence;
    sent = aq_sys_send(rtnl->fd, request->bytes, request->header.nlmsg_len);
    return sent < 0 ? (int)sent : 0;
}

/* libmnl compares lengths as signed numbers: one of 2 GiB and more would pass. */
static bool is_whole(const struct nlmsghdr *message, int left)
{
    return mnl_nlmsg_ok(message, left) && message->nlmsg_len <= (uint32_t)left;
}

/* The error code that an NLMSG_ERROR or NLMSG_DONE carries, its text kept. */
static int carried_error(struct aq_rtnl *rtnl, const struct nlmsghdr *message, size_t fixed)
{
    const int *payload = aq_rtnl_payload(message, sizeof *payload);
    const struct nlattr *attribute;
    int code;

    if (!payload)
        return message->nlmsg_type == NLMSG_DONE ? 0 : -EBADMSG;
    memcpy(&code, payload, sizeof code);
    if (code > 0)
        return -EBADMSG;
    if (!(message->nlmsg_flags & NLM_F_ACK_TLVS) || mnl_nlmsg_get_payload_len(message) < fixed)
        return code;
    AQ_ATTR_EACH(attribute, message, fixed)
    if (mnl_attr_get_type(attribute) == NLMSGERR_ATTR_MSG)
        detail_save(rtnl->owner, attribute);
    return code;
}

int aq_rtnl_ask(struct aq_rtnl *rtnl, union aq_rtnl_request *request, union aq_rtnl_answer *answer)
{
    int code = send_request(rtnl, request);

    if (code < 0)
        return code;
    for (;;) {
        ssize_t length = receive_answer(rtnl, answer->bytes, sizeof answer->bytes, 0);

        if (length < 0)
            return timed_out(length);
        if (length > (ssize_t)sizeof answer->bytes)
            return -EMSGSIZE;
        if (!is_whole(&answer->header, (int)length))
            return -EBADMSG;
        /* What is left of a request that timed out is not for us. */
        if (answer->header.nlmsg_seq != rtnl->sequence)
            continue;
        if (answer->header.nlmsg_type == NLMSG_ERROR) {
            code = carried_error(rtnl, &answer->header, sizeof(struct nlmsgerr));
            return code == 0 ? -EBADMSG : code;
        }
        return 0;
    }
}

struct dump {
    struct aq_rtnl *rtnl;
    aq_rtnl_handler handler;
    void *context;
    char *buffer;
    size_t size;
    int interrupted;
    int done;
    int code; /* the first failure; the rest of the dump is drained unread */
};

static void dump_message(struct dump *dump, const struct nlmsghdr *message)
{
    if (message->nlmsg_seq != dump->rtnl->sequence)
        return;
    if (message->nlmsg_flags & NLM_F_DUMP_INTR)
        dump->interrupted = 1;
    if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) {
        size_t fixed = message->nlmsg_type == NLMSG_DONE ? sizeof(int) : sizeof(struct nlmsgerr);
        int code = carried_error(dump->rtnl, message, fixed);

        if (dump->code == 0)
            dump->code = code;
        dump->done = 1;
        return;
    }
    if (dump->code == 0)
        dump->code = dump->handler(message, dump->context);
}

/* Look at the next chunk whole, growing the buffer to it, before taking it off the
 * queue: a chunk that were cut could not be had again. */
static ssize_t receive_chunk(struct dump *dump)
{
    for (;;) {
        ssize_t length = receive_answer(dump->rtnl, dump->buffer, dump->size, MSG_PEEK);
        char *larger;

        if (length < 0)
            return length;
        if (length <= (ssize_t)dump->size) {
            discard(dump->rtnl);
            return length;
        }
        larger = realloc(dump->buffer, (size_t)length);
        if (!larger)
            return -ENOMEM;
        dump->buffer = larger;
        dump->size = (size_t)length;
    }
}

static int run_dump(struct dump *dump, union aq_rtnl_request *request)
{
    int code = send_request(dump->rtnl, request);

    if (code < 0)
        return code;
    while (!dump->done) {
        ssize_t length = receive_chunk(dump);
        const struct nlmsghdr *message = (const struct nlmsghdr *)(void *)dump->buffer;
        int left = (int)length;

        if (length < 0)
            return timed_out(length);
        for (; is_whole(message, left); message = mnl_nlmsg_next(message, &left))
            dump_message(dump, message);
    }
    return dump->code;
}

int aq_rtnl_dump(struct aq_rtnl *rtnl, union aq_rtnl_request *request, aq_rtnl_handler handler,
                 void *context)
{
    struct dump dump = {
        .rtnl = rtnl,
        .handler = handler,
        .context = context,
        .buffer = malloc(DUMP_BUFFER),
        .size = DUMP_BUFFER,
    };
    int code;

    if (!dump.buffer)
        return -ENOMEM;
    code = run_dump(&dump, request);
    free(dump.buffer);
    /* The kernel answers a new dump on a socket that still has one running with
     * EBUSY: the next user opens a new socket. */
    if (!dump.done)
        aq_rtnl_close(rtnl);
    return code < 0 ? code : dump.interrupted;
}

int aq_rtnl_event(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context)
{
    union {
        struct nlmsghdr header;
        char bytes[EVENT_BUFFER];
    } buffer;
    const struct nlmsghdr *message = &buffer.header;
    ssize_t length;
    int left;

    if (!aq_sys_is_readable(rtnl->fd))
        return -EAGAIN;
    length = receive_event(rtnl, buffer.bytes, sizeof buffer.bytes);
    if (length < 0)
        return (int)length;
    if (length > (ssize_t)sizeof buffer.bytes)
        return -EMSGSIZE;
    left = (int)length;
    for (; is_whole(message, left); message = mnl_nlmsg_next(message, &left)) {
        int code = handler(message, context);

        if (code < 0)
            return code;
    }
    return 0;
}
