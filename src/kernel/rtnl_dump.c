/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl_dump.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>

#include "kernel/sys.h"

/* The kernel fills chunks of up to 32 KiB if the buffer is that large. A longer chunk contains a
 * single message, for example about a network card with very many virtual functions. */
#define CHUNK_MIN 32768u
#define CHUNK_MAX (16u * 1024 * 1024)

#define SHORTAGES_MAX 8u

struct dump {
    struct aq_rtnl *rtnl;
    aq_rtnl_handler handler;
    void *context;
    char *buffer;
    size_t size;
    unsigned chunks;
    unsigned shortages; /* number of receive calls that failed for lack of memory */
    bool inconsistent;
    bool cut;
    bool done;
    int code; /* the first error, or AQ_RTNL_ENOUGH; later messages are dropped */
};

static void take_message(struct dump *dump, const struct nlmsghdr *message)
{
    if (message->nlmsg_seq != dump->rtnl->sequence)
        return;
    if (message->nlmsg_flags & NLM_F_DUMP_INTR)
        dump->inconsistent = true;
    if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) {
        size_t fixed = message->nlmsg_type == NLMSG_DONE ? sizeof(int) : sizeof(struct nlmsgerr);
        int code = aq_rtnl_carried_error(dump->rtnl, message, fixed);

        if (dump->code == 0)
            dump->code = code;
        dump->done = true;
        return;
    }
    if (dump->code == 0)
        dump->code = dump->handler(message, dump->context);
}

/* The messages at the end of a truncated chunk are lost. The next dump on this socket uses a
 * larger buffer. */
static void note_cut(struct dump *dump, ssize_t length)
{
    dump->rtnl->chunk = length < (ssize_t)CHUNK_MAX ? (uint32_t)length : CHUNK_MAX;
    dump->inconsistent = dump->cut = true;
}

static int take_chunk(struct dump *dump)
{
    const struct nlmsghdr *message = (const struct nlmsghdr *)(void *)dump->buffer;
    ssize_t length = aq_rtnl_receive(dump->rtnl, dump->buffer, dump->size);
    int left;

    if (length < 0)
        return aq_rtnl_timed_out(length);
    if (length > (ssize_t)dump->size) {
        note_cut(dump, length);
        length = (ssize_t)dump->size;
    }
    dump->chunks++;
    left = (int)length;
    for (; aq_rtnl_is_whole(message, left); message = aq_netlink_next(message, &left))
        take_message(dump, message);
    if (left > 0)
        dump->inconsistent = true; /* the rest of the chunk is not a message */
    return 0;
}

/* Returns whether the dump continues after an error. After -ENOBUFS, the kernel continues it at the
 * next receive. */
static bool rtnl_dump_goes_on(struct dump *dump, int code)
{
    if (code != -ENOBUFS)
        return false;
    dump->inconsistent = true;
    return ++dump->shortages < SHORTAGES_MAX;
}

static int rtnl_dump_run(struct dump *dump, union aq_rtnl_request *request)
{
    int code = aq_rtnl_send(dump->rtnl, request);

    dump->rtnl->unfinished = code == 0;
    while (code == 0 && !dump->done && !(dump->code && dump->rtnl->disposable)) {
        code = take_chunk(dump);
        if (rtnl_dump_goes_on(dump, code))
            code = 0;
    }
    /* The lost part of a truncated chunk contained NLMSG_DONE. */
    if (code == -ETIMEDOUT && dump->cut) {
        dump->done = true;
        code = 0;
    }
    return code < 0 ? code : dump->code;
}

/* Reads an unfinished dump to its end, because the kernel refuses a new dump with EBUSY while
 * another dump is running on the socket. */
static void rtnl_dump_finish(struct dump *dump)
{
    while (dump->rtnl->unfinished &&
           aq_sys_recv(dump->rtnl->fd, dump->buffer, dump->size, MSG_DONTWAIT | MSG_TRUNC) >= 0)
        ;
    dump->rtnl->unfinished = false;
}

int aq_rtnl_dump(struct aq_rtnl *rtnl, union aq_rtnl_request *request, aq_rtnl_handler handler,
                 void *context, unsigned *chunks)
{
    struct dump dump = {
        .rtnl = rtnl,
        .handler = handler,
        .context = context,
        .size = rtnl->chunk > CHUNK_MIN ? rtnl->chunk : CHUNK_MIN,
    };
    int code;

    dump.buffer = malloc(dump.size);
    if (!dump.buffer)
        return -ENOMEM;
    rtnl_dump_finish(&dump);
    code = rtnl_dump_run(&dump, request);
    free(dump.buffer);
    if (chunks)
        *chunks = dump.chunks;
    if (dump.done)
        rtnl->unfinished = false;
    return code < 0 ? code : dump.inconsistent;
}
