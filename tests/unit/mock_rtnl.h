/* SPDX-License-Identifier: MIT */
/*
 * A kernel behind rtnetlink made of a script of datagrams. Link with
 *   WRAPS socket bind connect setsockopt send recv recvfrom recvmmsg poll
 */
#ifndef ARPQ_TEST_UNIT_MOCK_RTNL_H
#define ARPQ_TEST_UNIT_MOCK_RTNL_H

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/rtnl.h"

#define MOCK_FD 1000 /* closing it fails, harmlessly */
#define STEPS_MAX 1200
#define OWNER 77u

/* What recv and recvfrom answer, in order: an error, or a datagram. */
struct step {
    int error;
    uint32_t sender;
    size_t size;
    const void *data;
    int short_name; /* no sender address */
};

extern struct step steps[STEPS_MAX];
extern size_t step_count, step_at;
/* Errors of these calls: none where 0. */
extern int socket_error, bind_error, setsockopt_error, poll_error;
extern int send_errors[8];
/* What was called how often, and with what. */
extern unsigned sent, socket_calls, bind_calls, option_calls, received, polled;
extern uint32_t bound_groups;
extern struct nlmsghdr last_sent;
/* Of the last send, whole. */
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

/* A message with that payload, to which attributes can be put. */
void start(union packet *packet, uint16_t type, uint16_t flags, uint32_t sequence,
           const void *payload, size_t size);

/* An NLMSG_ERROR or NLMSG_DONE, with the text of an extended acknowledgement or none. */
void error_packet(union packet *packet, uint16_t type, uint32_t sequence, int code,
                  const void *text, size_t length);

/* Add a datagram to the script; what is returned can be changed. */
struct step *add(const void *data, size_t size);

void add_packet(const union packet *packet);

void add_error(int error);

/* ---- Fixture ---- */

extern struct aq_rtnl rtnl;
extern union aq_rtnl_request request;
extern unsigned handled;
extern int handler_code;

/* Set up a test: nothing in the script, rtnl open, request a dump of links. */
int set_up(void **state);

/* Counts in handled and returns handler_code. */
int handler(const struct nlmsghdr *message, void *context);

/* Dump with handler: 0 or the error. */
int dump(void);

#endif
