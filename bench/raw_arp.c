/* SPDX-License-Identifier: MIT */
#include "raw_arp.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "method/compare.h"
#include "method/report.h"

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

int raw_arp_get(struct raw_arp *raw, const struct target *t)
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
