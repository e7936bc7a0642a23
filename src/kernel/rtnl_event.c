/* SPDX-License-Identifier: MIT */
/* Event sockets cannot be connected to the kernel, so a process with CAP_NET_ADMIN in the namespace
 * can send messages to them. Messages from a port other than 0, the kernel's port, are counted and
 * dropped. */
#include "kernel/rtnl_event.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>

#include "kernel/sys.h"

/* The maximum number of forged datagrams dropped in one call. */
#define FORGED_MAX 1024

#define BATCH 64

static bool is_kernels(struct aq_rtnl *rtnl, const struct sockaddr_nl *sender, socklen_t size)
{
    if (size == sizeof *sender && sender->nl_pid == 0)
        return true;
    atomic_fetch_add_explicit(&rtnl->forged, 1, memory_order_relaxed);
    return false;
}

/* Receives one event datagram from the kernel. Returns its full length, even if that exceeds
 * size. */
static ssize_t receive_event(struct aq_rtnl *rtnl, void *buffer, size_t size)
{
    for (int foreign = 0; foreign < FORGED_MAX; foreign++) {
        struct sockaddr_nl sender = {0};
        socklen_t sender_size = sizeof sender;
        ssize_t length = aq_sys_recvfrom(rtnl->fd, buffer, size, MSG_DONTWAIT | MSG_TRUNC,
                                         (struct sockaddr *)&sender, &sender_size);

        if (length < 0 || is_kernels(rtnl, &sender, sender_size))
            return length;
    }
    return -EBUSY;
}

static int take_messages(const struct nlmsghdr *message, int left, aq_rtnl_handler handler,
                         void *context)
{
    for (; aq_rtnl_is_whole(message, left); message = aq_netlink_next(message, &left)) {
        int code = handler(message, context);

        if (code < 0)
            return code;
    }
    return 0;
}

int aq_rtnl_event(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context)
{
    union {
        struct nlmsghdr header;
        char bytes[AQ_RTNL_EVENT_SIZE];
    } buffer;
    ssize_t length;

    if (!aq_sys_is_readable(rtnl->fd))
        return -EAGAIN;
    length = receive_event(rtnl, buffer.bytes, sizeof buffer.bytes);
    if (length < 0)
        return (int)length;
    if (length > (ssize_t)sizeof buffer.bytes)
        return -EMSGSIZE;
    return take_messages(&buffer.header, (int)length, handler, context);
}

/* ---- Many datagrams at once ---- */

struct aq_rtnl_buffers {
    size_t size; /* size of one buffer */
    struct sockaddr_nl senders[BATCH];
    struct iovec vectors[BATCH];
    struct mmsghdr headers[BATCH];
    _Alignas(struct nlmsghdr) char bytes[];
};

struct aq_rtnl_buffers *aq_rtnl_buffers_make(size_t size)
{
    struct aq_rtnl_buffers *buffers = calloc(1, sizeof *buffers + BATCH * size);

    if (!buffers)
        return NULL;
    buffers->size = size;
    for (size_t i = 0; i < BATCH; i++) {
        buffers->vectors[i].iov_base = buffers->bytes + i * size;
        buffers->vectors[i].iov_len = size;
        buffers->headers[i].msg_hdr.msg_iov = &buffers->vectors[i];
        buffers->headers[i].msg_hdr.msg_iovlen = 1;
        buffers->headers[i].msg_hdr.msg_name = &buffers->senders[i];
        buffers->headers[i].msg_hdr.msg_namelen = sizeof buffers->senders[i];
    }
    return buffers;
}

void aq_rtnl_buffers_free(struct aq_rtnl_buffers *buffers)
{
    free(buffers);
}

/* Returns 0, -EMSGSIZE for a truncated datagram, or the handler's code. */
static int take_datagram(struct aq_rtnl *rtnl, struct aq_rtnl_buffers *buffers, int i,
                         aq_rtnl_handler handler, void *context)
{
    struct msghdr *header = &buffers->headers[i].msg_hdr;
    socklen_t sender_size = header->msg_namelen;
    unsigned length = buffers->headers[i].msg_len;

    header->msg_namelen = sizeof buffers->senders[i];
    if (!is_kernels(rtnl, &buffers->senders[i], sender_size))
        return 0;
    if (header->msg_flags & MSG_TRUNC || length > buffers->size)
        return -EMSGSIZE;
    return take_messages(header->msg_iov->iov_base, (int)length, handler, context);
}

int aq_rtnl_events(struct aq_rtnl *rtnl, struct aq_rtnl_buffers *buffers, aq_rtnl_handler handler,
                   void *context)
{
    int count = aq_sys_recvmmsg(rtnl->fd, buffers->headers, BATCH, MSG_DONTWAIT);
    int first = 0;

    for (int i = 0; i < count; i++) {
        int code = take_datagram(rtnl, buffers, i, handler, context);

        if (first == 0 || first == -EMSGSIZE)
            first = code < 0 ? code : first;
    }
    return first < 0 ? first : count;
}
