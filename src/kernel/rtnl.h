/* SPDX-License-Identifier: MIT */
/* rtnetlink transport: sockets, requests and answers. The functions in rtnl_neigh.h and similar
 * headers read and write the messages. */
#ifndef AQ_KERNEL_RTNL_H
#define AQ_KERNEL_RTNL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "kernel/netlink.h"
#include "kernel/rtnl_detail.h"

/* The maximum size of a request that this library builds, and of an answer to a single request. */
#define AQ_RTNL_REQUEST_SIZE 256
#define AQ_RTNL_ANSWER_SIZE 4096

/* The maximum number of requests sent at once. The socket's receive buffer holds twice as many
 * answers at its default size. */
#define AQ_RTNL_BATCH 128

/* Aligned to a cache line: adjacent sockets serve different threads. */
struct aq_rtnl {
    _Alignas(64) int fd; /* -1: not open */
    uint32_t sequence;
    struct aq_rtnl_detail *detail; /* where the kernel's texts go; NULL: nowhere */
    uint32_t chunk;                /* size of the largest dump chunk that did not fit */
    bool unfinished;               /* the last dump was not read to its end */
    bool disposable;    /* closed after a dump, so a handler's error ends the dump at once */
    atomic_uint forged; /* number of messages dropped because the sender was not the kernel */
};

/* One message, aligned for its headers. */
union aq_rtnl_request {
    struct nlmsghdr header;
    char bytes[AQ_RTNL_REQUEST_SIZE];
};
union aq_rtnl_answer {
    struct nlmsghdr header;
    char bytes[AQ_RTNL_ANSWER_SIZE];
};

void aq_rtnl_init(struct aq_rtnl *rtnl, struct aq_rtnl_detail *detail);

/* groups is a bit mask as in sockaddr_nl for an event socket, 0 for a request socket. */
#define AQ_RTNL_GROUP(number) (1u << ((number)-1))
int aq_rtnl_open(struct aq_rtnl *rtnl, uint32_t groups);
void aq_rtnl_close(struct aq_rtnl *rtnl);

/* Starts a request with a zeroed family header of `size` bytes and returns that header. */
void *aq_rtnl_prepare(union aq_rtnl_request *request, uint16_t type, uint16_t flags, size_t size);

/* Sends a request and waits for one answer, up to the socket's timeout. Returns 0 and the answer,
 * or an error of the kernel or of the system call. For a request with NLM_F_ACK, 0 means that the
 * kernel has carried it out. */
int aq_rtnl_exchange(struct aq_rtnl *rtnl, union aq_rtnl_request *request,
                     union aq_rtnl_answer *answer);

/* Handles the answer to request n: a message, or the kernel's error. */
typedef void (*aq_rtnl_answer_handler)(unsigned n, int code, const struct nlmsghdr *message,
                                       void *context);

/* Sends `count` (up to AQ_RTNL_BATCH) consecutive requests of `size` bytes in total and passes each
 * answer to handler. Returns 0, or the error that ended the exchange. After an error, requests
 * whose answers were not passed to handler are unanswered. */
int aq_rtnl_exchange_many(struct aq_rtnl *rtnl, void *requests, size_t size, unsigned count,
                          aq_rtnl_answer_handler handler, void *context);

/* Like aq_rtnl_exchange_many for changes. Only the last request has NLM_F_ACK, so the kernel
 * answers only the last request and requests that fail. Sets codes[n] to the result of each
 * request. If answers are missing, each request that may be affected gets the error. */
void aq_rtnl_acknowledge_many(struct aq_rtnl *rtnl, void *requests, size_t size, unsigned count,
                              int *codes);

/* Returns the payload after the netlink header, or NULL if it has fewer than `size` bytes. */
static inline const void *aq_rtnl_payload(const struct nlmsghdr *message, size_t size)
{
    bool fits = message->nlmsg_len >= sizeof *message + size;

    return fits ? (const char *)message + sizeof *message : NULL;
}

/* Handles one message of a dump or event. A negative return value stops the loop and is returned to
 * the caller. */
typedef int (*aq_rtnl_handler)(const struct nlmsghdr *message, void *context);

/* ---- For rtnl_dump.c and rtnl_event.c ---- */

int aq_rtnl_send(struct aq_rtnl *rtnl, union aq_rtnl_request *request);
ssize_t aq_rtnl_receive(struct aq_rtnl *rtnl, void *buffer, size_t size);
bool aq_rtnl_is_whole(const struct nlmsghdr *message, int left);
int aq_rtnl_timed_out(ssize_t code);
int aq_rtnl_carried_error(struct aq_rtnl *rtnl, const struct nlmsghdr *message, size_t fixed);

#endif
