/* SPDX-License-Identifier: MIT */
/* rtnetlink transport: requests, dumps and events, and the rules of receiving
 * them. What the messages say is the business of rtnl_neigh.h and its sisters. */
#ifndef AQ_RTNL_H
#define AQ_RTNL_H

#include <libmnl/libmnl.h>
#include <stdatomic.h>
#include <stdint.h>

/* Room for any request this library builds, and for any single answer to one. */
#define AQ_RTNL_REQUEST_SIZE 256
#define AQ_RTNL_ANSWER_SIZE 4096

/* On cache lines of its own: several lie side by side, for several threads. */
struct aq_rtnl {
    _Alignas(64) int fd; /* -1: not open */
    uint32_t sequence;
    uint32_t owner;     /* whose kernel texts these are, see aq_rtnl_detail */
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
int aq_rtnl_open(struct aq_rtnl *rtnl, uint32_t groups);
void aq_rtnl_close(struct aq_rtnl *rtnl);

/* Start a request with a zeroed family header of `size` bytes; returns it. */
void *aq_rtnl_prepare(union aq_rtnl_request *request, uint16_t type, uint16_t flags, size_t size);

/* Send a request and wait for its one answer (bounded by the socket's timeout).
 * 0: the answer is the message in `answer`. Else the kernel's error, or the
 * system's. */
int aq_rtnl_ask(struct aq_rtnl *rtnl, union aq_rtnl_request *request, union aq_rtnl_answer *answer);

/* One message of a dump or event; a negative return stops and is passed on. */
typedef int (*aq_rtnl_handler)(const struct nlmsghdr *message, void *context);

/* Send a dump request and hand each message to the handler. Returns 0; 1 when the
 * kernel says the dump was not consistent (NLM_F_DUMP_INTR); or an error, after
 * which the socket may be closed (fd -1). */
int aq_rtnl_dump(struct aq_rtnl *rtnl, union aq_rtnl_request *request, aq_rtnl_handler handler,
                 void *context);

/* Take the messages of one waiting event datagram. 0: handled; -EAGAIN: none is
 * waiting; -ENOBUFS: the kernel dropped events; -EMSGSIZE: this one did not fit. */
int aq_rtnl_event(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context);

/* The kernel's extended-ack text of this thread's last request, if it was made for
 * that owner, else "". */
const char *aq_rtnl_detail(uint32_t owner);
void aq_rtnl_detail_clear(void);

/* The payload behind the netlink header if it holds `size` bytes, else NULL. */
const void *aq_rtnl_payload(const struct nlmsghdr *message, size_t size);

#endif
