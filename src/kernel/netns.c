/* SPDX-License-Identifier: MIT */
#include "kernel/netns.h"

#include <linux/sockios.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

#include "kernel/sys.h"

/* SO_NETNS_COOKIE, which headers before Linux 5.14 do not define. */
#define NETNS_COOKIE 71

struct job {
    int fd;
    int (*work)(void *context);
    void *context;
    int code;
};

static void *run_job(void *argument)
{
    struct job *job = argument;

    job->code = aq_sys_enter_netns(job->fd);
    if (job->code == 0)
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

    /* Signals of the program must not run handlers on this thread. */
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

enum { COOKIE, INODE };

void aq_netns_identify_socket(int fd, uint64_t id[2])
{
    socklen_t size = sizeof id[COOKIE];

    if (fd < 0 || aq_sys_getsockopt(fd, SOL_SOCKET, NETNS_COOKIE, &id[COOKIE], &size) < 0)
        id[COOKIE] = 0;
    id[INODE] = id[COOKIE] ? 0 : aq_sys_inode("/proc/thread-self/ns/net");
}

void aq_netns_identify(uint64_t id[2])
{
    int fd = aq_sys_socket(AF_UNIX, SOCK_DGRAM, 0);

    aq_netns_identify_socket(fd, id);
    aq_sys_close(fd);
}

bool aq_netns_is_same(const uint64_t a[2], const uint64_t b[2])
{
    if (a[COOKIE] && b[COOKIE])
        return a[COOKIE] == b[COOKIE];
    return !a[INODE] || !b[INODE] || a[INODE] == b[INODE];
}

int aq_netns_of_socket(int fd)
{
    return aq_sys_ioctl(fd, SIOCGSKNS, NULL);
}
