/* SPDX-License-Identifier: MIT */
/* getaddrinfo may block for many seconds and cannot be interrupted. Therefore it runs in detached
 * threads, which may outlive host_lookup_close. The last user frees the shared state. */
#include "host_lookup.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arguments.h"
#include "memory.h"
#include "report.h"

#define MOST_WORKERS 8

struct host_job {
    const char *name;
    int argument;
};

struct host_lookup {
    uint16_t family;
    struct host_job *jobs;
    uint32_t count, capacity;
    uint32_t pending; /* used by the main thread only */
    int ends[2];      /* a socket pair: the main thread's end, and that of the workers */
    atomic_uint next; /* the next job */
    atomic_uint users;
};

static void release_lookup(struct host_lookup *l)
{
    if (atomic_fetch_sub(&l->users, 1) != 1)
        return;
    if (l->ends[1] >= 0)
        close(l->ends[1]);
    free(l->jobs);
    free(l);
}

static void *host_lookup_worker(void *argument)
{
    struct host_lookup *l = argument;
    uint32_t n;

    while ((n = atomic_fetch_add(&l->next, 1)) < l->count) {
        struct host_found found = {.argument = l->jobs[n].argument};

        found.wrong = arguments_find_host(l->family, l->jobs[n].name, &found.ip, &found.code);
        if (send(l->ends[1], &found, sizeof found, MSG_NOSIGNAL) < 0)
            break; /* closed */
    }
    release_lookup(l);
    return NULL;
}

struct host_lookup *host_lookup_new(uint16_t family)
{
    struct host_lookup *l = memory_check(calloc(1, sizeof *l));

    l->family = family;
    l->ends[0] = l->ends[1] = -1;
    atomic_init(&l->next, 0);
    atomic_init(&l->users, 1);
    return l;
}

void host_lookup_add(struct host_lookup *l, const char *name, int argument)
{
    if (l->count == l->capacity) {
        l->capacity = l->capacity == 0 ? 16 : 2 * l->capacity;
        l->jobs = memory_check(realloc(l->jobs, l->capacity * sizeof *l->jobs));
    }
    l->jobs[l->count++] = (struct host_job){name, argument};
}

bool host_lookup_start(struct host_lookup *l)
{
    pthread_attr_t attributes;
    uint32_t started = 0;
    int error;

    if (l->count == 0)
        return true;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, l->ends) != 0) {
        report_message("cannot create a pair of sockets: %s", strerror(errno));
        return false;
    }
    error = pthread_attr_init(&attributes);
    if (error == 0) {
        pthread_t thread;

        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        for (; started < l->count && started < MOST_WORKERS && error == 0; started += error == 0) {
            atomic_fetch_add(&l->users, 1);
            error = pthread_create(&thread, &attributes, host_lookup_worker, l);
            if (error != 0)
                atomic_fetch_sub(&l->users, 1);
        }
        pthread_attr_destroy(&attributes);
    }
    if (started == 0) {
        report_message("cannot start a thread: %s", strerror(error));
        return false;
    }
    l->pending = l->count;
    return true;
}

uint32_t host_lookup_pending(const struct host_lookup *l)
{
    return l->pending;
}

int host_lookup_fd(const struct host_lookup *l)
{
    return l->ends[0];
}

bool host_lookup_take(struct host_lookup *l, struct host_found *found)
{
    if (l->pending == 0 ||
        recv(l->ends[0], found, sizeof *found, MSG_DONTWAIT) != (ssize_t)sizeof *found)
        return false;
    l->pending--;
    return true;
}

void host_lookup_close(struct host_lookup *l)
{
    if (l->ends[0] >= 0)
        close(l->ends[0]);
    release_lookup(l);
}
