/* SPDX-License-Identifier: MIT */
#include "kernel/netns.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>

struct job {
    int fd;
    int (*work)(void *context);
    void *context;
    int code;
};

static void *run_job(void *argument)
{
    struct job *job = argument;

    if (setns(job->fd, CLONE_NEWNET) < 0)
        job->code = -errno;
    else
        job->code = job->work(job->context);
    return NULL;
}

int aq_netns_run(int fd, int (*work)(void *context), void *context)
{
    struct job job = {.fd = fd, .work = work, .context = context};
    sigset_t all, before;
    pthread_t thread;
    int error;

    if (fd < 0)
        return work(context);

    /* The program's signals are not for this thread to take. */
    sigfillset(&all);
    error = pthread_sigmask(SIG_BLOCK, &all, &before);
    if (error)
        return -error;
    error = pthread_create(&thread, NULL, run_job, &job);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error)
        return -error;
    pthread_join(thread, NULL);
    return job.code;
}
