/* SPDX-License-Identifier: MIT */
/*
 * A simulated kernel, whose rtnetlink messages come from a script of datagrams. Link with
 *   WRAPS socket bind connect setsockopt send recv recvfrom recvmmsg poll
 */
#ifndef ARPQ_TEST_UNIT_MOCK_RTNL_H
#define ARPQ_TEST_UNIT_MOCK_RTNL_H

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/rtnl.h"

#define MOCK_FD 1000 /* not an open descriptor, so close() fails without effect */
#define STEPS_MAX 1200

extern struct aq_rtnl_detail owner_detail;
#define OWNER (&owner_detail)

/* The result of one recv or recvfrom: an error, or a datagram. */
struct step {
    int error;
    uint32_t sender;
    size_t size;
    const void *data;
    int short_name; /* the call returns no sender address */
};

extern struct step steps[STEPS_MAX];
extern size_t step_count, step_at;
/* The errors that these calls return; 0 for success. */
extern int socket_error, bind_error, setsockopt_error, poll_error;
extern int send_errors[8];
/* The number of calls, and the arguments of the last call. */
extern unsigned sent, socket_calls, bind_calls, option_calls, received, polled;
extern uint32_t bound_groups;
extern struct nlmsghdr last_sent;
/* The complete last message sent. */
extern union sent_bytes {
    struct nlmsghdr header;
    char bytes[AQ_RTNL_BATCH * 48];
} sent_bytes;
extern size_t sent_size;

/* ---- Datagrams ---- */

union packet {
    struct nlmsghdr header;
    char bytes[1024];
};

/* Begin a message with this payload. The caller may append attributes. */
void start(union packet *packet, uint16_t type, uint16_t flags, uint32_t sequence,
           const void *payload, size_t size);

/* Make an NLMSG_ERROR or NLMSG_DONE, with the text of an extended acknowledgement unless text is
 * NULL. */
void error_packet(union packet *packet, uint16_t type, uint32_t sequence, int code,
                  const void *text, size_t length);

/* Append a datagram to the script. The caller may change the step that is returned. */
struct step *add(const void *data, size_t size);

void add_packet(const union packet *packet);

void add_error(int error);

/* ---- Fixture ---- */

extern struct aq_rtnl rtnl;
extern union aq_rtnl_request request;
extern unsigned handled;
extern int handler_code;

/* Begin with an empty script, an open rtnl and a request for a dump of links. */
int set_up(void **state);

/* Count the messages in `handled` and return handler_code. */
int handler(const struct nlmsghdr *message, void *context);

/* Dump with `handler`. Returns 0 or the error. */
int dump(void);

#endif
