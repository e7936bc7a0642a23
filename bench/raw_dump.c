/* SPDX-License-Identifier: MIT */
#include "raw_dump.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "method/report.h"

#define CHUNK 32768u /* the kernel fills no more at once */

void raw_dump_open(struct raw_dump *raw)
{
    raw->sequence = 0;
    raw->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (raw->fd < 0)
        fail(errno, "netlink socket");
    raw->buffer = malloc(CHUNK);
    if (!raw->buffer)
        fail(ENOMEM, "dump buffer");
}

void raw_dump_close(struct raw_dump *raw)
{
    close(raw->fd);
    free(raw->buffer);
}

/* All zeros mean everything, in every family header. */
static void request_dump(struct raw_dump *raw, uint16_t type)
{
    struct {
        struct nlmsghdr header;
        char family[sizeof(struct ifinfomsg)];
    } request = {.header = {.nlmsg_len = sizeof request,
                            .nlmsg_type = type,
                            .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
                            .nlmsg_seq = ++raw->sequence}};

    if (send(raw->fd, &request, sizeof request, 0) < 0)
        fail(errno, "dump request");
}

/* Adds the messages of that type in a chunk; 1 at the end of the dump. */
static int count_chunk(const char *chunk, ssize_t size, uint16_t type, size_t *messages)
{
    const struct nlmsghdr *m = (const void *)chunk;
    uint32_t left = (uint32_t)size;

    for (; NLMSG_OK(m, left); m = NLMSG_NEXT(m, left)) {
        if (m->nlmsg_type == NLMSG_DONE)
            return 1;
        if (m->nlmsg_type == NLMSG_ERROR)
            fail(0, "the dump was refused");
        *messages += m->nlmsg_type == type;
    }
    return 0;
}

size_t raw_dump_of(struct raw_dump *raw, uint16_t type)
{
    uint16_t answer = (uint16_t)(type - (RTM_GETLINK - RTM_NEWLINK));
    size_t messages = 0;
    ssize_t size;

    request_dump(raw, type);
    do {
        size = recv(raw->fd, raw->buffer, CHUNK, 0);
        if (size < 0)
            fail(errno, "dump");
    } while (!count_chunk(raw->buffer, size, answer, &messages));
    return messages;
}

size_t raw_dump_run(struct raw_dump *raw)
{
    return raw_dump_of(raw, RTM_GETNEIGH);
}
