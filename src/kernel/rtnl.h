/* SPDX-License-Identifier: MIT */
/* rtnetlink transport: requests, dumps and events, and the rules of receiving
 * them. What the messages say is the business of rtnl_neigh.h and its sisters. */
#ifndef AQ_KERNEL_RTNL_H
#define AQ_KERNEL_RTNL_H

#include <libmnl/libmnl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Room for any request this library builds, and for any single answer to one. */
#define AQ_RTNL_REQUEST_SIZE 256
#define AQ_RTNL_ANSWER_SIZE 4096

/* Questions on their way at a time: their answers wait in the socket's buffer, which at
 * its default size holds twice as many. */
#define AQ_RTNL_BATCH 128

/* On cache lines of its own: several lie side by side, for several threads. */
struct aq_rtnl {
    _Alignas(64) int fd; /* -1: not open */
    uint32_t sequence;
    uint32_t owner;     /* whose kernel texts these are, see aq_rtnl_detail */
    uint32_t chunk;     /* of a dump, the largest that did not fit */
    bool replaceable;   /* whoever uses it next can open it anew */
    atomic_uint forged; /* messages dropped because the kernel did not send them */
};

/* One message to build or to read, aligned as libmnl wants it. */
union aq_rtnl_request {
    struct nlmsghdr header;
    char bytes[AQ_RTNL_REQUEST_SIZE];
};
union aq_rtnl_answer {
    struct nlmsghdr header;
    char bytes[AQ_RTNL_ANSWER_SIZE];
};

void aq_rtnl_init(struct aq_rtnl *rtnl, uint32_t owner);

/* groups is a mask as in sockaddr_nl for a socket of events, 0 for one that asks. */
#define AQ_RTNL_GROUP(number) (1u << ((number)-1))
int aq_rtnl_open(struct aq_rtnl *rtnl, uint32_t groups);
void aq_rtnl_close(struct aq_rtnl *rtnl);

/* Start a request with a zeroed family header of `size` bytes; returns it. */
void *aq_rtnl_prepare(union aq_rtnl_request *request, uint16_t type, uint16_t flags, size_t size);

/* Send a request and wait for its one answer (bounded by the socket's timeout).
 * 0: the answer is the message in `answer`, or, of a request with NLM_F_ACK, that it was
 * carried out. Else the kernel's error, or the system's. */
int aq_rtnl_exchange(struct aq_rtnl *rtnl, union aq_rtnl_request *request,
                     union aq_rtnl_answer *answer);

/* The answer to question n of several: a message, or the kernel's error. */
typedef void (*aq_rtnl_answer_handler)(unsigned n, int code, const struct nlmsghdr *message,
                                       void *context);

/* Send `count` (up to AQ_RTNL_BATCH) requests that lie one behind the other in `size`
 * bytes, and hand over each answer. 0, or why there are no more answers: the questions
 * from the first that was not handed over on are then unanswered. */
int aq_rtnl_exchange_many(struct aq_rtnl *rtnl, void *requests, size_t size, unsigned count,
                          aq_rtnl_answer_handler handler, void *context);

/* The same for orders, of which only the last one has NLM_F_ACK: the kernel answers those that
 * fail, and that one. codes receives what became of each; of an order whose answer might be
 * among those that did not come, why that is so. */
void aq_rtnl_acknowledge_many(struct aq_rtnl *rtnl, void *requests, size_t size, unsigned count,
                              int *codes);

/* The kernel's extended-ack text of this thread's last request, if it was made for
 * that owner, else "". */
const char *aq_rtnl_detail(uint32_t owner);
void aq_rtnl_detail_clear(void);

/* The payload behind the netlink header if it holds `size` bytes, else NULL. */
const void *aq_rtnl_payload(const struct nlmsghdr *message, size_t size);

/* One message of a dump or event; a negative return stops and is passed on. */
typedef int (*aq_rtnl_handler)(const struct nlmsghdr *message, void *context);

/* ---- For rtnl_dump.c and rtnl_event.c ---- */

int aq_rtnl_send(struct aq_rtnl *rtnl, union aq_rtnl_request *request);
ssize_t aq_rtnl_receive(struct aq_rtnl *rtnl, void *buffer, size_t size);
bool aq_rtnl_is_whole(const struct nlmsghdr *message, int left);
int aq_rtnl_timed_out(ssize_t code);
int aq_rtnl_carried_error(struct aq_rtnl *rtnl, const struct nlmsghdr *message, size_t fixed);

#endif
