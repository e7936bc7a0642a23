/* SPDX-License-Identifier: MIT */
#include "contestants/raw_table.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "method/compare.h"
#include "method/report.h"

uint8_t *raw_get_request(char *request, int family)
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

/* The answer's header, or NULL when it is none to this request. */
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
