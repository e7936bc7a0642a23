/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/time.h>

#include "kernel/rtnl_attr.h"
#include "kernel/sys.h"

/* The maximum number of early messages to drop. A socket buffer holds fewer. */
#define EARLY_MAX 4096

void aq_rtnl_init(struct aq_rtnl *rtnl, struct aq_rtnl_detail *detail)
{
    rtnl->fd = -1;
    rtnl->sequence = 0;
    rtnl->detail = detail;
    rtnl->chunk = 0;
    rtnl->unfinished = rtnl->disposable = false;
    atomic_init(&rtnl->forged, 0);
}

/* Sets options that are useful but not required. A kernel may refuse any of them. */
static void rtnl_set_options(int fd, bool events)
{
    const struct timeval wait_us = {.tv_sec = 5};

    if (events) {
        (void)aq_sys_set_int(fd, SOL_SOCKET, SO_RCVBUF, 1024 * 1024);
        return;
    }
    (void)aq_sys_set_int(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
    (void)aq_sys_set_int(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
    (void)aq_sys_set_int(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
    (void)aq_sys_setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait_us, sizeof wait_us);
}

/* Connects to the kernel, so that messages from other senders no longer arrive. Drops messages that
 * arrived between the bind and the connect: no request was sent yet, so none is an answer. */
static int rtnl_connect(int fd)
{
    const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    int code = aq_sys_connect(fd, (const struct sockaddr *)&kernel, sizeof kernel);
    char byte;

    for (int n = 0; code == 0 && n < EARLY_MAX && aq_sys_is_readable(fd); n++)
        (void)aq_sys_recv(fd, &byte, sizeof byte, MSG_DONTWAIT);
    return code;
}

int aq_rtnl_open(struct aq_rtnl *rtnl, uint32_t groups)
{
    const struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = groups};
    int fd, code;

    fd = aq_sys_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
    if (fd < 0)
        return fd;
    if (groups)
        code = aq_sys_bind(fd, (const struct sockaddr *)&address, sizeof address);
    else
        code = rtnl_connect(fd);
    if (code < 0) {
        aq_sys_close(fd);
        return code;
    }
    rtnl_set_options(fd, groups != 0);
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
    void *family = aq_netlink_begin(request->bytes, size);

    request->header.nlmsg_type = type;
    request->header.nlmsg_flags = NLM_F_REQUEST | flags;
    return family;
}

/* Receives one datagram of an answer. Request sockets are connected to the kernel, so datagrams
 * from other senders do not arrive. */
ssize_t aq_rtnl_receive(struct aq_rtnl *rtnl, void *buffer, size_t size)
{
    return aq_sys_recv(rtnl->fd, buffer, size, MSG_TRUNC);
}

/* Converts the error code of a socket timeout, -EAGAIN, to -ETIMEDOUT. */
int aq_rtnl_timed_out(ssize_t code)
{
    return code == -EAGAIN ? -ETIMEDOUT : (int)code;
}

int aq_rtnl_send(struct aq_rtnl *rtnl, union aq_rtnl_request *request)
{
    ssize_t sent;

    aq_rtnl_detail_drop(rtnl->detail);
    request->header.nlmsg_seq = ++rtnl->sequence;
    sent = aq_sys_send(rtnl->fd, request->bytes, request->header.nlmsg_len);
    return sent < 0 ? (int)sent : 0;
}

bool aq_rtnl_is_whole(const struct nlmsghdr *message, int left)
{
    return left >= (int)sizeof *message && message->nlmsg_len >= sizeof *message &&
           message->nlmsg_len <= (uint32_t)left;
}

/* Returns the error code in an NLMSG_ERROR or NLMSG_DONE message and saves its text. */
int aq_rtnl_carried_error(struct aq_rtnl *rtnl, const struct nlmsghdr *message, size_t fixed)
{
    const int *payload = aq_rtnl_payload(message, sizeof *payload);
    const struct nlattr *attribute;
    int code;

    if (!payload)
        return message->nlmsg_type == NLMSG_DONE ? 0 : -EBADMSG;
    memcpy(&code, payload, sizeof code);
    if (code > 0)
        return -EBADMSG;
    /* Text that accompanies a success is not the cause of a failure. */
    if (code == 0 || !(message->nlmsg_flags & NLM_F_ACK_TLVS) ||
        message->nlmsg_len - sizeof *message < fixed)
        return code;
    AQ_ATTR_EACH(attribute, message, fixed)
    if (aq_attr_type(attribute) == NLMSGERR_ATTR_MSG)
        aq_rtnl_detail_save(rtnl->detail, aq_attr_payload(attribute), aq_attr_length(attribute));
    return code;
}

/* Receives the next complete answer to a request with a sequence number from `first` on. */
static int receive_one(struct aq_rtnl *rtnl, uint32_t first, union aq_rtnl_answer *answer)
{
    for (;;) {
        ssize_t length = aq_rtnl_receive(rtnl, answer->bytes, sizeof answer->bytes);

        if (length < 0)
            return aq_rtnl_timed_out(length);
        if (length < (ssize_t)sizeof answer->header)
            return -EBADMSG;
        /* Skip late answers to an earlier request that timed out, and the rest of a dump that ended
         * early, whose messages may be longer than any answer. */
        if (answer->header.nlmsg_seq - first > rtnl->sequence - first)
            continue;
        if (length > (ssize_t)sizeof answer->bytes)
            return -EMSGSIZE;
        return aq_rtnl_is_whole(&answer->header, (int)length) ? 0 : -EBADMSG;
    }
}

/* Returns 0 or the error in the answer. On success the kernel answers a request with NLM_F_ACK with
 * an NLMSG_ERROR of code 0, and other requests with a message of another type. */
static int error_in(struct aq_rtnl *rtnl, const struct nlmsghdr *message, bool acked)
{
    int code;

    if (message->nlmsg_type != NLMSG_ERROR)
        return acked ? -EBADMSG : 0;
    code = aq_rtnl_carried_error(rtnl, message, sizeof(struct nlmsgerr));
    return code == 0 && !acked ? -EBADMSG : code;
}

int aq_rtnl_exchange(struct aq_rtnl *rtnl, union aq_rtnl_request *request,
                     union aq_rtnl_answer *answer)
{
    bool acked = request->header.nlmsg_flags & NLM_F_ACK;
    int code = aq_rtnl_send(rtnl, request);

    if (code == 0)
        code = receive_one(rtnl, rtnl->sequence, answer);
    return code < 0 ? code : error_in(rtnl, &answer->header, acked);
}

/* Numbers and sends `count` consecutive requests. Sets *first to the first number. */
static int send_many(struct aq_rtnl *rtnl, void *requests, size_t size, unsigned count,
                     uint32_t *first)
{
    char *request = requests;
    ssize_t sent;

    aq_rtnl_detail_drop(rtnl->detail);
    *first = rtnl->sequence + 1;
    for (unsigned n = 0; n < count; n++) {
        struct nlmsghdr *header = (struct nlmsghdr *)(void *)request;

        header->nlmsg_seq = ++rtnl->sequence;
        request += NLMSG_ALIGN(header->nlmsg_len);
    }
    sent = aq_sys_send(rtnl->fd, requests, size);
    return sent < 0 ? (int)sent : 0;
}

int aq_rtnl_exchange_many(struct aq_rtnl *rtnl, void *requests, size_t size, unsigned count,
                          aq_rtnl_answer_handler handler, void *context)
{
    union aq_rtnl_answer answer;
    uint32_t first;
    int code = send_many(rtnl, requests, size, count, &first);

    for (unsigned n = 0; code == 0 && n < count; n++) {
        code = receive_one(rtnl, first, &answer);
        if (code == 0)
            handler(answer.header.nlmsg_seq - first, error_in(rtnl, &answer.header, false),
                    &answer.header, context);
    }
    return code;
}

void aq_rtnl_acknowledge_many(struct aq_rtnl *rtnl, void *requests, size_t size, unsigned count,
                              int *codes)
{
    union aq_rtnl_answer answer;
    uint32_t first, at;
    int code = send_many(rtnl, requests, size, count, &first);

    memset(codes, 0, count * sizeof *codes);
    for (unsigned n = 0; code == 0 && n < count; n++) {
        code = receive_one(rtnl, first, &answer);
        if (code < 0)
            break;
        at = answer.header.nlmsg_seq - first;
        codes[at] = error_in(rtnl, &answer.header, true);
        if (at == count - 1)
            return;
    }
    for (unsigned n = 0; n < count; n++)
        if (codes[n] == 0)
            codes[n] = code < 0 ? code : -EBADMSG;
}
