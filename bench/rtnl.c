/* SPDX-License-Identifier: MIT */
#include "rtnl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "method/report.h"

#define BATCH_MESSAGES 200
#define MESSAGE_MAX 512
#define BUFFER_SIZE (BATCH_MESSAGES * MESSAGE_MAX)

void rtnl_open(struct rtnl *r)
{
    memset(r, 0, sizeof *r);
    r->socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
    if (!r->socket || mnl_socket_bind(r->socket, 0, MNL_SOCKET_AUTOPID))
        fail(errno, "rtnetlink socket");
    r->buffer = malloc(BUFFER_SIZE);
    if (!r->buffer)
        fail(ENOMEM, "rtnetlink buffer");
}

void rtnl_close(struct rtnl *r)
{
    rtnl_flush(r);
    free(r->buffer);
    mnl_socket_close(r->socket);
}

struct nlmsghdr *rtnl_begin(struct rtnl *r, uint16_t type, uint16_t flags, size_t header_size,
                            void **header)
{
    struct nlmsghdr *message = mnl_nlmsg_put_header(r->buffer + r->used);

    message->nlmsg_type = type;
    message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    message->nlmsg_seq = ++r->sequence;
    *header = mnl_nlmsg_put_extra_header(message, header_size);
    return message;
}

void rtnl_end(struct rtnl *r, struct nlmsghdr *message)
{
    r->used += NLMSG_ALIGN((size_t)message->nlmsg_len);
    r->last = message;
    if (++r->messages == BATCH_MESSAGES)
        rtnl_flush(r);
}

/* Only the last message asks for an acknowledgement; any other answers when it is refused. */
void rtnl_flush(struct rtnl *r)
{
    char answer[8192];
    const struct nlmsghdr *header = (const void *)answer;
    const struct nlmsgerr *error;

    if (!r->messages)
        return;
    r->last->nlmsg_flags |= NLM_F_ACK;
    if (mnl_socket_sendto(r->socket, r->buffer, r->used) < 0)
        fail(errno, "rtnetlink send");
    do {
        if (mnl_socket_recvfrom(r->socket, answer, sizeof answer) < 0)
            fail(errno, "rtnetlink receive");
        error = mnl_nlmsg_get_payload(header);
        if (header->nlmsg_type != NLMSG_ERROR || error->error)
            fail(-error->error, "setting up links and neighbours");
    } while (header->nlmsg_seq != r->sequence);
    r->used = 0;
    r->messages = 0;
}
