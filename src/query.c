/* SPDX-License-Identifier: MIT */
/* Sockets that threads do not have to share. */
#include <errno.h>

#include "handle.h"
#include "kernel/netns.h"
#include "kernel/sys.h"

static int open_inet(void *context)
{
    (void)context;
    return aq_sys_socket(AF_INET, SOCK_DGRAM, 0);
}

/* Every system call of a multi-threaded process counts the users of its descriptor: on
 * one that threads share they wait for each other's cache line. */
int aq_query_inet(struct arpq *h, uint32_t thread)
{
    int fd, none = -1;

    thread = (thread - h->opener) % AQ_INET_SOCKETS;
    if (thread == 0 || h->inet_fd < 0)
        return h->inet_fd;
    fd = atomic_load_explicit(&h->inet_spare[thread], memory_order_acquire);
    if (fd >= 0)
        return fd;
    fd = aq_netns_run(h->netns_fd, open_inet, NULL);
    if (fd < 0)
        return h->inet_fd;
    if (atomic_compare_exchange_strong(&h->inet_spare[thread], &none, fd))
        return fd;
    aq_sys_close(fd);
    return none;
}

static int open_rtnl(void *context)
{
    return aq_rtnl_open(context, 0);
}

/* Questions and answers on one netlink socket come in turn: threads that ask at the same
 * time need one each. */
static int use(struct arpq *h, size_t at, struct aq_rtnl **rtnl)
{
    int code = 0;

    if (h->query[at].fd < 0)
        code = aq_netns_run(h->netns_fd, open_rtnl, &h->query[at]);
    if (code < 0) {
        pthread_mutex_unlock(&h->live->query[at].mutex);
        return code;
    }
    *rtnl = &h->query[at];
    return 0;
}

int aq_query_begin(struct arpq *h, struct aq_rtnl **rtnl)
{
    aq_rtnl_detail_clear();
    if (!h->has_rtnl)
        return -EOPNOTSUPP;
    for (size_t i = 0; i < AQ_QUERY_SOCKETS; i++) {
        if (pthread_mutex_trylock(&h->live->query[i].mutex) != 0)
            continue;
        /* Short of descriptors for one more socket: wait for the first. */
        if (use(h, i, rtnl) == 0)
            return 0;
        break;
    }
    pthread_mutex_lock(&h->live->query[0].mutex);
    return use(h, 0, rtnl);
}

void aq_query_end(struct arpq *h, struct aq_rtnl *rtnl)
{
    pthread_mutex_unlock(&h->live->query[rtnl - h->query].mutex);
}
