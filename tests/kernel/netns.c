/* SPDX-License-Identifier: MIT */
#include "kernel/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMAND_MAX 4096

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "netns: %s: %s\n", what, strerror(errno));
    exit(1);
}

void netns_not_run(const char *why)
{
    const char *allow = getenv("ARPQ_ALLOW_SKIP");
    int skip = allow != NULL && strcmp(allow, "1") == 0;

    fprintf(stderr,
            "\n*********************************************************\n"
            "*** NOT RUN: %s\n"
            "*** %s\n"
            "*********************************************************\n",
            why, skip ? "allowed by ARPQ_ALLOW_SKIP=1" : "a failure unless ARPQ_ALLOW_SKIP=1");
    fflush(NULL);
    _exit(skip ? 0 : 1);
}

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    size_t length = strlen(text);

    if (fd < 0 || write(fd, text, length) != (ssize_t)length)
        netns_not_run("a user namespace cannot be mapped, and without one no network namespace");
    close(fd);
}

/* A network namespace inside a user namespace in which we are root. */
static void enter_as_user(void)
{
    unsigned uid = (unsigned)geteuid();
    unsigned gid = (unsigned)getegid();
    char map[64];

    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        netns_not_run("no network namespace can be made (needs CAP_SYS_ADMIN or a user namespace)");
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %u 1", uid);
    write_file("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %u 1", gid);
    write_file("/proc/self/gid_map", map);
}

static void loopback_up(void)
{
    struct ifreq request;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        die("socket");
    memset(&request, 0, sizeof request);
    memcpy(request.ifr_name, "lo", 3);
    if (ioctl(fd, SIOCGIFFLAGS, &request) != 0)
        die("SIOCGIFFLAGS lo");
    request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
    if (ioctl(fd, SIOCSIFFLAGS, &request) != 0)
        die("SIOCSIFFLAGS lo");
    close(fd);
}

/* The kernel does not free a proxy entry without a device with its namespace (Linux 6.18): a
 * later namespace that comes to lie at the same place in memory has it. */
static void remove_ghosts(void)
{
    sh("ip neigh show proxy | while read -r ip rest; do ip neigh del proxy $ip; done");
}

void netns_enter(void)
{
    if (unshare(CLONE_NEWNET) != 0)
        enter_as_user();
    loopback_up();
    alarm(NETNS_DEADLINE);
    remove_ghosts();
}

static void format_command(char *command, const char *format, va_list arguments)
{
    int length = vsnprintf(command, COMMAND_MAX, format, arguments);

    if (length < 0 || length >= COMMAND_MAX) {
        fprintf(stderr, "netns: command too long: %.60s...\n", format);
        exit(1);
    }
}

static int exit_status(int status)
{
    if (status == -1)
        die("running a command");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void run(const char *command)
{
    char whole[COMMAND_MAX + 16];
    int status;

    snprintf(whole, sizeof whole, "set -e\n%s", command);
    fflush(NULL);
    status = exit_status(system(whole));
    if (status != 0) {
        fprintf(stderr, "netns: exit status %d from: %s\n", status, command);
        exit(1);
    }
}

void sh(const char *format, ...)
{
    char command[COMMAND_MAX];
    va_list arguments;

    va_start(arguments, format);
    format_command(command, format, arguments);
    va_end(arguments);
    run(command);
}

int sh_read(char *text, size_t size, const char *format, ...)
{
    char command[COMMAND_MAX];
    char whole[COMMAND_MAX + 16];
    char rest[512];
    size_t length;
    va_list arguments;
    FILE *pipe;

    va_start(arguments, format);
    format_command(command, format, arguments);
    va_end(arguments);
    snprintf(whole, sizeof whole, "{ %s\n} 2>&1", command);
    fflush(NULL);
    pipe = popen(whole, "re");
    if (pipe == NULL)
        die("popen");
    length = fread(text, 1, size - 1, pipe);
    text[length] = '\0';
    while (fread(rest, 1, sizeof rest, pipe) > 0)
        continue;
    return exit_status(pclose(pipe));
}

int sh_status(const char *format, ...)
{
    char command[COMMAND_MAX];
    char whole[COMMAND_MAX + 32];
    va_list arguments;

    va_start(arguments, format);
    format_command(command, format, arguments);
    va_end(arguments);
    snprintf(whole, sizeof whole, "{ %s\n} >/dev/null 2>&1", command);
    fflush(NULL);
    return exit_status(system(whole));
}

/* The child of netns_second: says that its namespace is there, then sleeps. */
static _Noreturn void hold_namespace(int ready, pid_t parent)
{
    char ok = 1;

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        _exit(1);
    if (unshare(CLONE_NEWNET) != 0)
        _exit(1);
    loopback_up();
    if (write(ready, &ok, 1) != 1)
        _exit(1);
    for (;;)
        pause();
}

struct netns_second netns_second(void)
{
    struct netns_second second;
    pid_t parent = getpid();
    int ready[2];
    char path[64];
    char ok = 0;

    if (pipe2(ready, O_CLOEXEC) != 0)
        die("pipe2");
    fflush(NULL);
    second.pid = fork();
    if (second.pid < 0)
        die("fork");
    if (second.pid == 0)
        hold_namespace(ready[1], parent);
    close(ready[1]);
    if (read(ready[0], &ok, 1) != 1 || ok != 1)
        netns_not_run("a second network namespace cannot be made");
    close(ready[0]);
    snprintf(path, sizeof path, "/proc/%d/ns/net", second.pid);
    second.fd = open(path, O_RDONLY | O_CLOEXEC);
    if (second.fd < 0)
        die(path);
    return second;
}

void netns_sh(const struct netns_second *second, const char *format, ...)
{
    char command[COMMAND_MAX];
    va_list arguments;
    int home = netns_fd();

    va_start(arguments, format);
    format_command(command, format, arguments);
    va_end(arguments);
    if (setns(second->fd, CLONE_NEWNET) != 0)
        die("setns");
    run(command);
    if (setns(home, CLONE_NEWNET) != 0)
        die("setns back");
    close(home);
}

void netns_second_free(struct netns_second *second)
{
    kill(second->pid, SIGKILL);
    waitpid(second->pid, NULL, 0);
    close(second->fd);
    second->fd = -1;
    second->pid = -1;
}

int netns_fd(void)
{
    int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        die("/proc/thread-self/ns/net");
    return fd;
}

uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

int wait_until(int (*predicate)(void *context), void *context, unsigned ms)
{
    const struct timespec pause_between = {0, 2000000};
    uint64_t end = now_ms() + ms;

    for (;;) {
        int done = predicate(context);

        if (done != 0 || now_ms() >= end)
            return done;
        nanosleep(&pause_between, NULL);
    }
}

uint32_t ifindex_of(const char *name)
{
    unsigned index = if_nametoindex(name);

    if (index == 0)
        die(name);
    return index;
}

struct arpq_ip ip_of(const char *text)
{
    struct arpq_ip ip;

    if (arpq_ip_parse(text, &ip, 0) != 0) {
        fprintf(stderr, "netns: no IP address: %s\n", text);
        exit(1);
    }
    return ip;
}

struct arpq_mac mac_of(const char *text)
{
    struct arpq_mac mac;

    if (arpq_mac_parse(text, &mac) != 0) {
        fprintf(stderr, "netns: no link-layer address: %s\n", text);
        exit(1);
    }
    return mac;
}
