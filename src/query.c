/* SPDX-License-Identifier: MIT */
/* Questions and answers on one netlink socket come in turn, so threads that ask at the
 * same time need a socket each. */
#include <errno.h>

#include "handle.h"
#include "kernel/netns.h"

static int open_socket(void *context)
{
    return aq_rtnl_open(context, 0);
}

static int use(struct arpq *h, size_t at, struct aq_rtnl **rtnl)
{
    int code = 0;

    if (h->query[at].fd < 0)
        code = aq_netns_run(h->netns_fd, open_socket, &h->query[at]);
    if (code < 0) {
        pthread_mutex_unlock(&h->live->query[at]);
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
        if (pthread_mutex_trylock(&h->live->query[i]) != 0)
            continue;
        /* Short of descriptors for one more socket: wait for the first. */
        if (use(h, i, rtnl) == 0)
            return 0;
        break;
    }
    pthread_mutex_lock(&h->live->query[0]);
    return use(h, 0, rtnl);
}

void aq_query_end(struct arpq *h, struct aq_rtnl *rtnl)
{
    pthread_mutex_unlock(&h->live->query[rtnl - h->query]);
}
