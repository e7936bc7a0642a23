/* SPDX-License-Identifier: MIT */
#include "raw_many.h"

#include <errno.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "contestants/raw_table.h"
#include "method/compare.h"
#include "method/report.h"

void raw_many_open(struct raw_many *raw)
{
    char *request = raw->requests;

    memset(raw, 0, sizeof *raw);
    raw->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (raw->fd < 0)
        fail(errno, "netlink socket");
    for (unsigned i = 0; i < MANY_BATCH; i++) {
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

/* Answers come in the order of the requests. */
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

    for (size_t done = 0; done < count; done += MANY_BATCH) {
        size_t batch = count - done < MANY_BATCH ? count - done : MANY_BATCH;

        send_requests(self, keys, start + done, batch);
        wrong += receive_answers(self, keys, start + done, batch);
    }
    return wrong;
}
