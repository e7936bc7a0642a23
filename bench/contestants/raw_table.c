/* SPDX-License-Identifier: MIT */
#include "contestants/raw_table.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "method/compare.h"
#include "method/report.h"

/* -- SIOCGARP -- */

#define NAMED_LINKS 1024

static char names[NAMED_LINKS][16];

void raw_arp_open(struct raw_arp *raw)
{
    memset(raw, 0, sizeof *raw);
    raw->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (raw->fd < 0)
        fail(errno, "socket");
    raw->request.arp_pa.sa_family = AF_INET;
    memcpy(raw->request.arp_dev, "b0", 3);
    for (unsigned i = 0; i < NAMED_LINKS; i++)
        snprintf(names[i], sizeof names[i], "b%u", i);
}

void raw_arp_close(struct raw_arp *raw)
{
    close(raw->fd);
}

/* Looks up the target on link 0. Returns 0 or a negative errno value. */
static int raw_arp_get(struct raw_arp *raw, const struct target *t)
{
    memcpy(raw->request.arp_pa.sa_data + 2, t->ip.bytes, 4);
    raw->request.arp_flags = 0;
    if (ioctl(raw->fd, SIOCGARP, &raw->request))
        return -errno;
    return raw->request.arp_flags & ATF_COM ? 0 : -EAGAIN;
}

size_t raw_arp_hits(void *self, const struct keys *keys, size_t start, size_t count)
{
    struct raw_arp *raw = self;
    const uint8_t *mac = (const uint8_t *)raw->request.arp_ha.sa_data;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        wrong += raw_arp_get(raw, t) || answer_wrong_v4(t, mac);
    }
    return wrong;
}

size_t raw_arp_hits_by_link(void *self, const struct keys *keys, size_t start, size_t count)
{
    struct raw_arp *raw = self;
    const uint8_t *mac = (const uint8_t *)raw->request.arp_ha.sa_data;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        memcpy(raw->request.arp_dev, names[t->link], sizeof names[0]);
        wrong += raw_arp_get(raw, t) || answer_wrong_v4(t, mac);
    }
    return wrong;
}

/* -- RTM_GETNEIGH -- */

/* Writes a request for a neighbour on link 0, which takes at most 64 bytes. Returns a pointer to
 * the address in the request. */
static uint8_t *raw_get_request(char *request, int family)
{
    static const uint8_t any[16];
    struct nlmsghdr *message = mnl_nlmsg_put_header(request);
    struct ndmsg *neighbour = mnl_nlmsg_put_extra_header(message, sizeof *neighbour);
    uint8_t *key;

    message->nlmsg_type = RTM_GETNEIGH;
    message->nlmsg_flags = NLM_F_REQUEST;
    neighbour->ndm_family = (uint8_t)family;
    neighbour->ndm_ifindex = LINK_IFINDEX;
    key = (uint8_t *)mnl_nlmsg_get_payload_tail(message) + sizeof(struct nlattr);
    mnl_attr_put(message, NDA_DST, family == AF_INET6 ? 16 : 4, any);
    return key;
}

void raw_get_open(struct raw_get *raw, int family)
{
    memset(raw, 0, sizeof *raw);
    raw->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (raw->fd < 0)
        fail(errno, "netlink socket");
    raw->key = raw_get_request(raw->request, family);
    raw->request_size = ((struct nlmsghdr *)(void *)raw->request)->nlmsg_len;
}

void raw_get_close(struct raw_get *raw)
{
    close(raw->fd);
}

/* Returns the answer, or NULL if the message is not the answer to this request. */
static const struct nlmsghdr *request_entry(struct raw_get *raw, const struct target *t,
                                            size_t size)
{
    struct nlmsghdr *request = (void *)raw->request;
    const struct nlmsghdr *answer = (const void *)raw->answer;
    ssize_t received;

    request->nlmsg_seq = ++raw->sequence;
    memcpy(raw->key, t->ip.bytes, size);
    if (send(raw->fd, raw->request, raw->request_size, 0) < 0)
        return NULL;
    received = recv(raw->fd, raw->answer, sizeof raw->answer, 0);
    if (received < (ssize_t)sizeof *answer || answer->nlmsg_seq != raw->sequence)
        return NULL;
    return answer;
}

const uint8_t *raw_get_mac(const struct nlmsghdr *answer)
{
    const char *end;
    const struct nlattr *attribute;

    if (!answer || answer->nlmsg_type != RTM_NEWNEIGH)
        return NULL;
    end = mnl_nlmsg_get_payload_tail(answer);
    attribute = mnl_nlmsg_get_payload_offset(answer, sizeof(struct ndmsg));
    while (mnl_attr_ok(attribute, (int)(end - (const char *)attribute))) {
        if (mnl_attr_get_type(attribute) == NDA_LLADDR)
            return mnl_attr_get_payload(attribute);
        attribute = mnl_attr_next(attribute);
    }
    return NULL;
}

size_t raw_get_hits_v4(void *self, const struct keys *keys, size_t start, size_t count)
{
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];
        const uint8_t *mac = raw_get_mac(request_entry(self, t, 4));

        wrong += !mac || answer_wrong_v4(t, mac);
    }
    return wrong;
}

size_t raw_get_hits_v6(void *self, const struct keys *keys, size_t start, size_t count)
{
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];
        const uint8_t *mac = raw_get_mac(request_entry(self, t, 16));

        wrong += !mac || answer_wrong_v6(t, mac);
    }
    return wrong;
}

static int is_absent(const struct nlmsghdr *answer)
{
    const struct nlmsgerr *error;

    if (!answer || answer->nlmsg_type != NLMSG_ERROR)
        return 0;
    error = mnl_nlmsg_get_payload(answer);
    return error->error == -ENOENT;
}

size_t raw_miss_run(void *self, const struct keys *keys, size_t start, size_t count)
{
    struct raw_miss *raw = self;
    size_t wrong = 0;

    for (size_t i = start; i < start + count; i++) {
        const struct target *t = &keys->at[i & keys->mask];

        wrong += raw_arp_get(&raw->arp, t) != -ENXIO || !is_absent(request_entry(&raw->get, t, 4));
    }
    return wrong;
}

/* -- batches of RTM_GETNEIGH -- */

void raw_many_open(struct raw_many *raw)
{
    char *request = raw->requests;

    memset(raw, 0, sizeof *raw);
    raw->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (raw->fd < 0)
        fail(errno, "netlink socket");
    for (unsigned i = 0; i < BATCH; i++) {
        raw->key[i] = raw_get_request(request, AF_INET);
        raw->request_size = ((struct nlmsghdr *)(void *)request)->nlmsg_len;
        request += raw->request_size;
    }
}

void raw_many_close(struct raw_many *raw)
{
    close(raw->fd);
}

static void send_requests(struct raw_many *raw, const struct keys *keys, size_t start, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct nlmsghdr *request = (void *)(raw->requests + i * raw->request_size);

        request->nlmsg_seq = ++raw->sequence;
        memcpy(raw->key[i], keys->at[(start + i) & keys->mask].ip.bytes, 4);
    }
    if (send(raw->fd, raw->requests, count * raw->request_size, 0) < 0)
        fail(errno, "send");
}

/* The kernel answers in the order of the requests. */
static size_t receive_answers(struct raw_many *raw, const struct keys *keys, size_t start,
                              size_t count)
{
    const struct nlmsghdr *answer = (const void *)raw->answer;
    uint32_t first = raw->sequence - (uint32_t)count + 1;
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++) {
        const uint8_t *mac;

        if (recv(raw->fd, raw->answer, sizeof raw->answer, 0) < (ssize_t)sizeof *answer)
            fail(errno, "recv");
        mac = answer->nlmsg_seq == first + i ? raw_get_mac(answer) : NULL;
        wrong += !mac || answer_wrong_v4(&keys->at[(start + i) & keys->mask], mac);
    }
    return wrong;
}

size_t raw_many_hits(void *self, const struct keys *keys, size_t start, size_t count)
{
    size_t wrong = 0;

    for (size_t done = 0; done < count; done += BATCH) {
        size_t batch = count - done < BATCH ? count - done : BATCH;

        send_requests(self, keys, start + done, batch);
        wrong += receive_answers(self, keys, start + done, batch);
    }
    return wrong;
}

/* -- dumps -- */

#define CHUNK 32768u /* the largest message of a dump */

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

/* A zeroed family header of any type selects all objects. */
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

/* Counts the messages of this type in a chunk. Returns 1 at the end of the dump. */
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
