/* SPDX-License-Identifier: MIT */
/* getnameinfo may block for many seconds and cannot be interrupted. Therefore it runs in detached
 * threads. The last user of the shared state, a thread or the tool itself, frees the state. */
#include "host_names.h"

#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "memory.h"

#define MOST_WORKERS 8
#define BUCKETS 4096
#define MOST_JOBS 65536      /* the most jobs that host_names_find_new keeps */
#define KEEP_MS 600000       /* a name that is older is looked up again */
#define NEW_WAIT_MS 200      /* host_names_find_new waits for this time */
#define NEW_PATIENCE_MS 1000 /* after a timeout, host_names_find_new does not wait for this time */

struct job {
    struct job *next;        /* in the bucket */
    struct job *next_queued; /* in the queue */
    struct arpq_ip ip;
    enum { WAITING, RUNNING, DONE } state;
    int64_t done_at;
    char *name; /* NULL if there is no name or no answer yet */
};

struct resolver {
    pthread_mutex_t lock;
    pthread_cond_t work; /* a job was queued, or closed was set */
    pthread_cond_t done; /* a job has become DONE */
    struct job *buckets[BUCKETS];
    struct job *first, **last; /* the queue */
    uint32_t jobs;
    uint32_t queued;        /* jobs in the queue */
    uint32_t workers, idle; /* a worker is idle until it has woken up */
    uint32_t users;         /* the workers and the main thread */
    bool closed;
};

static struct resolver *resolver; /* used by the main thread only */

static void free_job(struct job *job)
{
    free(job->name);
    free(job);
}

/* Removes one user of r and frees r after the last one. The caller holds the lock; this function
 * releases it. */
static void release_resolver(struct resolver *r)
{
    bool last = --r->users == 0;

    pthread_mutex_unlock(&r->lock);
    if (!last)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct job *job = r->buckets[i], *next; job; job = next) {
            next = job->next;
            free_job(job);
        }
    pthread_cond_destroy(&r->done);
    pthread_cond_destroy(&r->work);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

/* Returns NULL when there is no name or no memory. */
static char *resolve_name(const struct arpq_ip *ip)
{
    struct sockaddr_storage address;
    char name[NI_MAXHOST];
    int size = arpq_ip_to_sockaddr(ip, 0, &address);

    if (size < 0 || getnameinfo((const struct sockaddr *)&address, (socklen_t)size, name,
                                sizeof name, NULL, 0, NI_NAMEREQD) != 0)
        return NULL;
    return strdup(name);
}

static void *host_names_worker(void *argument)
{
    struct resolver *r = argument;

    pthread_mutex_lock(&r->lock);
    while (!r->closed) {
        struct job *job = r->first;

        if (!job) {
            r->idle++;
            pthread_cond_wait(&r->work, &r->lock);
            r->idle--;
            continue;
        }
        r->first = job->next_queued;
        if (!r->first)
            r->last = &r->first;
        r->queued--;
        job->state = RUNNING;
        pthread_mutex_unlock(&r->lock);
        char *name = resolve_name(&job->ip); /* a RUNNING job is not freed */
        pthread_mutex_lock(&r->lock);
        free(job->name);
        job->name = name;
        job->done_at = clock_ms();
        job->state = DONE;
        pthread_cond_broadcast(&r->done);
    }
    release_resolver(r);
    return NULL;
}

/* If no thread can be started, the tool prints no names; this is not a failure. Workers block all
 * signals, so that the main thread receives the signals. */
static void start_worker(struct resolver *r)
{
    sigset_t all, before;
    pthread_attr_t attributes;
    pthread_t thread;

    sigfillset(&all);
    if (pthread_attr_init(&attributes) != 0)
        return;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&thread, &attributes, host_names_worker, r) == 0) {
        r->workers++;
        r->users++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
}

static struct resolver *new_resolver(void)
{
    struct resolver *r = memory_check(calloc(1, sizeof *r));
    pthread_condattr_t monotonic;

    r->users = 1;
    r->last = &r->first;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->work, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&r->done, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return r;
}

static struct job **bucket_of(struct resolver *r, const struct arpq_ip *ip)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < sizeof ip->bytes; i++)
        hash = (hash ^ ip->bytes[i]) * 16777619u;
    return &r->buckets[(hash ^ hash >> 16) % BUCKETS];
}

static struct job *find_job(struct resolver *r, const struct arpq_ip *ip)
{
    struct job *job = *bucket_of(r, ip);

    while (job && arpq_ip_compare(&job->ip, ip) != 0)
        job = job->next;
    return job;
}

static void enqueue_job(struct resolver *r, struct job *job)
{
    job->state = WAITING;
    job->next_queued = NULL;
    *r->last = job;
    r->last = &job->next_queued;
    r->queued++;
    if (r->queued > r->idle && r->workers < MOST_WORKERS)
        start_worker(r);
    pthread_cond_signal(&r->work);
}

static void ask_locked(struct resolver *r, const struct arpq_ip *ip)
{
    struct job *job = find_job(r, ip);

    if (!job) {
        struct job **bucket = bucket_of(r, ip);

        job = memory_check(calloc(1, sizeof *job));
        job->ip = *ip;
        job->next = *bucket;
        *bucket = job;
        r->jobs++;
        enqueue_job(r, job);
    } else if (job->state == DONE && clock_ms() - job->done_at > KEEP_MS) {
        enqueue_job(r, job);
    }
}

void host_names_ask(const struct arpq_ip *ip)
{
    if (!resolver)
        resolver = new_resolver();
    pthread_mutex_lock(&resolver->lock);
    ask_locked(resolver, ip);
    pthread_mutex_unlock(&resolver->lock);
}

/* Returns true if the job is done before the deadline. If not, *name may be an earlier answer. */
static bool wait_for_name(const struct arpq_ip *ip, int64_t deadline_ms, const char **name)
{
    static char copy[NI_MAXHOST];
    const struct timespec until = {.tv_sec = (time_t)(deadline_ms / 1000),
                                   .tv_nsec = (long)(deadline_ms % 1000 * 1000000)};

    *name = NULL;
    if (!resolver)
        return false;
    pthread_mutex_lock(&resolver->lock);
    const struct job *job = find_job(resolver, ip);
    while (job && job->state != DONE)
        if (pthread_cond_timedwait(&resolver->done, &resolver->lock, &until) != 0)
            break;
    if (job && job->name) {
        snprintf(copy, sizeof copy, "%s", job->name);
        *name = copy;
    }
    bool done = job && job->state == DONE;
    pthread_mutex_unlock(&resolver->lock);
    return done;
}

const char *host_names_find(const struct arpq_ip *ip, int64_t deadline_ms)
{
    const char *name;

    wait_for_name(ip, deadline_ms, &name);
    return name;
}

/* Frees finished jobs when there are too many. Returns false if no job may be added. */
static bool make_capacity(struct resolver *r)
{
    if (r->jobs < MOST_JOBS)
        return true;
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct job **at = &r->buckets[i]; *at;) {
            struct job *job = *at;

            if (job->state != DONE) {
                at = &job->next;
                continue;
            }
            *at = job->next;
            r->jobs--;
            free_job(job);
        }
    return r->jobs < MOST_JOBS;
}

/* A slow resolver must not delay the events. Therefore, after a timeout, the calls in the next
 * NEW_PATIENCE_MS do not wait. A name that arrives late is returned for the next event of the
 * address. */
const char *host_names_find_new(const struct arpq_ip *ip)
{
    static int64_t patient_from;
    int64_t now = clock_ms();
    const char *name = NULL;

    if (!resolver)
        resolver = new_resolver();
    pthread_mutex_lock(&resolver->lock);
    bool room = make_capacity(resolver);
    if (room)
        ask_locked(resolver, ip);
    pthread_mutex_unlock(&resolver->lock);
    if (room && !wait_for_name(ip, now < patient_from ? now : now + NEW_WAIT_MS, &name))
        if (now >= patient_from)
            patient_from = clock_ms() + NEW_PATIENCE_MS;
    return name;
}

void host_names_close(void)
{
    struct resolver *r = resolver;

    if (!r)
        return;
    resolver = NULL;
    pthread_mutex_lock(&r->lock);
    r->closed = true;
    pthread_cond_broadcast(&r->work);
    release_resolver(r);
}
