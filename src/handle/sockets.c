/* SPDX-License-Identifier: MIT */
#include "handle/sockets.h"

#include <errno.h>

#include "handle/detail.h"
#include "handle/handle.h"
#include "handle/namespace.h"
#include "kernel/solicit.h"
#include "kernel/sys.h"

/* ---- Locks ---- */

/* The system calls under a lock are cancellation points. A thread that was cancelled in one of them
 * would never release the lock. */
void aq_lock_take(struct aq_lock *lock)
{
    int state;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    pthread_mutex_lock(&lock->mutex);
    lock->cancel_state = state;
}

bool aq_lock_try(struct aq_lock *lock)
{
    int state, ignored;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    if (pthread_mutex_trylock(&lock->mutex) != 0) {
        pthread_setcancelstate(state, &ignored);
        return false;
    }
    lock->cancel_state = state;
    return true;
}

void aq_lock_release(struct aq_lock *lock)
{
    int state = lock->cancel_state, ignored;

    pthread_mutex_unlock(&lock->mutex);
    pthread_setcancelstate(state, &ignored);
}

/* ---- Sockets for ioctls ---- */

static int open_inet(void *context)
{
    (void)context;
    return aq_sys_socket(AF_INET, SOCK_DGRAM, 0);
}

/* In a multi-threaded process, every system call changes the use count of its descriptor. Threads
 * that share a descriptor would wait for the cache line of this count. */
int aq_sockets_inet(struct arpq_handle *h, uint32_t thread)
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

/* ---- Sockets for rtnetlink ---- */

static int open_rtnl(void *context)
{
    return aq_rtnl_open(context, 0);
}

int aq_sockets_open(struct arpq_handle *h, struct aq_rtnl *rtnl)
{
    aq_detail_begin(h);
    aq_rtnl_init(rtnl, &h->live->detail);
    return h->has_rtnl ? aq_namespace_run(h, open_rtnl, rtnl) : -EOPNOTSUPP;
}

/* Open a locked socket if it is not open; unlock it if that fails. */
static int sockets_use(struct arpq_handle *h, size_t at, struct aq_rtnl **rtnl)
{
    int code = 0;

    if (h->rtnl[at].fd < 0)
        code = aq_namespace_run(h, open_rtnl, &h->rtnl[at]);
    if (code < 0) {
        aq_lock_release(&h->live->rtnl[at]);
        return code;
    }
    *rtnl = &h->rtnl[at];
    return 0;
}

/* A thread first tries the socket with its own number, so that threads rarely try the same one. If
 * all sockets are locked, it waits for that socket. It never waits for a callback, because no
 * callback runs while a socket is locked. */
int aq_sockets_lock(struct arpq_handle *h, struct aq_rtnl **rtnl)
{
    size_t own = (aq_readers_thread() - h->opener) % AQ_RTNL_SOCKETS;

    aq_detail_begin(h);
    if (!h->has_rtnl)
        return -EOPNOTSUPP;
    for (size_t i = 0; i < AQ_RTNL_SOCKETS; i++) {
        size_t at = (own + i) % AQ_RTNL_SOCKETS;

        if (!aq_lock_try(&h->live->rtnl[at]))
            continue;
        if (sockets_use(h, at, rtnl) == 0)
            return 0;
        own = 0; /* no descriptor is left; the first socket is always open */
        break;
    }
    aq_lock_take(&h->live->rtnl[own]);
    return sockets_use(h, own, rtnl);
}

void aq_sockets_unlock(struct arpq_handle *h, struct aq_rtnl *rtnl)
{
    aq_lock_release(&h->live->rtnl[rtnl - h->rtnl]);
}

int aq_sockets_enter(struct arpq_handle *h, struct aq_rtnl **rtnl)
{
    int code;

    aq_gate_enter(&h->live->gate, h->at_once);
    code = aq_sockets_lock(h, rtnl);
    if (code < 0)
        aq_gate_leave(&h->live->gate, h->at_once);
    return code;
}

void aq_sockets_leave(struct arpq_handle *h, struct aq_rtnl *rtnl)
{
    aq_sockets_unlock(h, rtnl);
    aq_gate_leave(&h->live->gate, h->at_once);
}

/* ---- Changes and datagrams ---- */

#define REFUSED_MS 1000u

bool aq_sockets_may_edit(struct arpq_handle *h)
{
    return atomic_load_explicit(&h->refused, memory_order_relaxed) != aq_readers_thread() + 1 ||
           aq_sys_tick() - atomic_load_explicit(&h->refused_tick, memory_order_relaxed) >=
               REFUSED_MS;
}

void aq_sockets_edit_refused(struct arpq_handle *h)
{
    atomic_store_explicit(&h->refused_tick, aq_sys_tick(), memory_order_relaxed);
    atomic_store_explicit(&h->refused, aq_readers_thread() + 1, memory_order_relaxed);
}

static int open_solicit(void *context)
{
    const struct arpq_ip *ip = context;

    return aq_solicit_socket(ip->family);
}

/* Threads share the socket without a lock, because sending a datagram takes one system call. */
static int solicit_socket(struct arpq_handle *h, atomic_int *slot, struct arpq_ip *ip)
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

/* While a datagram waits for the MAC of its destination, it uses buffer space of the socket, which
 * holds about 250 of them. A new socket replaces a full one under the same descriptor number,
 * because other threads may be using that number. The kernel keeps the old socket until its
 * datagrams are gone. */
static int sockets_replace(struct arpq_handle *h, int fd, struct arpq_ip *ip)
{
    int new_fd = aq_namespace_run(h, open_solicit, ip), code;

    if (new_fd < 0)
        return new_fd;
    code = aq_sys_replace(fd, new_fd);
    aq_sys_close(new_fd);
    return code;
}

int aq_sockets_solicit(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex)
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
