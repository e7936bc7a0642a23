/* SPDX-License-Identifier: MIT */
/* Sockets that threads do not have to share. */
#include <errno.h>

#include "handle/handle.h"
#include "handle/namespace.h"
#include "handle/readers.h"
#include "handle/sockets.h"
#include "kernel/solicit.h"
#include "kernel/sys.h"

static int open_inet(void *context)
{
    (void)context;
    return aq_sys_socket(AF_INET, SOCK_DGRAM, 0);
}

/* Every system call of a multi-threaded process counts the users of its descriptor: on
 * one that threads share they wait for each other's cache line. */
int aq_sockets_inet(struct arpq *h, uint32_t thread)
{
    int fd, none = -1;

    thread = (thread - h->opener) % AQ_INET_SOCKETS;
    if (thread == 0 || h->inet_fd < 0)
        return h->inet_fd;
    fd = atomic_load_explicit(&h->inet_spare[thread], memory_order_acquire);
    if (fd >= 0)
        return fd;
    fd = aq_namespace_run(h, open_inet, NULL);
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

static void sockets_release(struct aq_lock *lock)
{
    atomic_store_explicit(&lock->holder, 0, memory_order_relaxed);
    pthread_mutex_unlock(&lock->mutex);
}

/* Questions and answers on one netlink socket come in turn: threads that ask at the same
 * time need one each. The lock of the socket is held. */
static int sockets_use(struct arpq *h, size_t at, struct aq_rtnl **rtnl)
{
    struct aq_lock *lock = &h->live->rtnl[at];
    int code = 0;

    atomic_store_explicit(&lock->holder, aq_readers_thread() + 1, memory_order_relaxed);
    if (h->rtnl[at].fd < 0)
        code = aq_namespace_run(h, open_rtnl, &h->rtnl[at]);
    if (code < 0) {
        sockets_release(lock);
        return code;
    }
    h->rtnl[at].replaceable = h->netns_fd < 0;
    *rtnl = &h->rtnl[at];
    return 0;
}

int aq_sockets_reopen(struct arpq *h, struct aq_rtnl *rtnl)
{
    return rtnl->fd >= 0 ? 0 : aq_namespace_run(h, open_rtnl, rtnl);
}

int aq_sockets_lock(struct arpq *h, struct aq_rtnl **rtnl)
{
    struct aq_lock *first = &h->live->rtnl[0];
    int code = -ENOBUFS;

    aq_rtnl_detail_clear();
    if (!h->has_rtnl)
        return -EOPNOTSUPP;
    for (size_t i = 0; i < AQ_RTNL_SOCKETS; i++) {
        if (pthread_mutex_trylock(&h->live->rtnl[i].mutex) != 0)
            continue;
        code = sockets_use(h, i, rtnl);
        if (code == 0)
            return 0;
        break;
    }
    /* Short of descriptors for one more socket: wait for the first, unless this thread has
     * it itself, being in a callback of arpq_table_each. */
    if (atomic_load_explicit(&first->holder, memory_order_relaxed) == aq_readers_thread() + 1)
        return code;
    pthread_mutex_lock(&first->mutex);
    return sockets_use(h, 0, rtnl);
}

void aq_sockets_unlock(struct arpq *h, struct aq_rtnl *rtnl)
{
    sockets_release(&h->live->rtnl[rtnl - h->rtnl]);
}

/* ---- Orders and datagrams ---- */

#define REFUSED_MS 1000u

bool aq_sockets_may_edit(struct arpq *h)
{
    return atomic_load_explicit(&h->refused, memory_order_relaxed) != aq_readers_thread() + 1 ||
           aq_sys_tick() - atomic_load_explicit(&h->refused_tick, memory_order_relaxed) >=
               REFUSED_MS;
}

void aq_sockets_edit_refused(struct arpq *h)
{
    atomic_store_explicit(&h->refused_tick, aq_sys_tick(), memory_order_relaxed);
    atomic_store_explicit(&h->refused, aq_readers_thread() + 1, memory_order_relaxed);
}

static int open_solicit(void *context)
{
    const struct arpq_ip *ip = context;

    return aq_solicit_socket(ip->family);
}

/* Threads share it: what it serves for takes no turns. */
static int solicit_socket(struct arpq *h, atomic_int *slot, struct arpq_ip *ip)
{
    int fd = atomic_load_explicit(slot, memory_order_acquire), none = -1;

    if (fd >= 0)
        return fd;
    fd = aq_namespace_run(h, open_solicit, ip);
    if (fd < 0 || atomic_compare_exchange_strong(slot, &none, fd))
        return fd;
    aq_sys_close(fd);
    return none;
}

/* A datagram that waits for its address is charged to its socket, which has room for some
 * 250. A fresh socket takes the place of one that is full, under the same number, as other
 * threads may be using that: the kernel keeps the old one until its datagrams are gone. */
static int sockets_replace(struct arpq *h, int fd, struct arpq_ip *ip)
{
    int fresh = aq_namespace_run(h, open_solicit, ip), code;

    if (fresh < 0)
        return fresh;
    code = aq_sys_replace(fd, fresh);
    aq_sys_close(fresh);
    return code;
}

int aq_sockets_solicit(struct arpq *h, const struct arpq_ip *ip, uint32_t ifindex)
{
    struct arpq_ip copy = *ip;
    int fd = solicit_socket(h, &h->solicit_fd[ip->family == AF_INET6], &copy), code;

    if (fd < 0)
        return fd;
    code = aq_solicit_datagram(fd, ip, ifindex);
    if (code != -EAGAIN)
        return code;
    code = sockets_replace(h, fd, &copy);
    if (code == 0)
        code = aq_solicit_datagram(fd, ip, ifindex);
    return code == -EAGAIN ? -ENOBUFS : code;
}
