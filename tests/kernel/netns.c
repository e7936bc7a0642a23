/* SPDX-License-Identifier: MIT */
#include "kernel/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "process.h"

#define COMMAND_MAX 4096
#define TRIES 10u
#define SLOW_MS 1000u /* the first call of a function takes that long under Valgrind */
#define PING_GROUPS "/proc/sys/net/ipv4/ping_group_range"

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "netns: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* Linux 6.18 does not free a proxy entry without a device when it frees the namespace. A later
 * namespace at the same memory address then contains the entry. */
static void remove_ghosts(void)
{
    sh("ip neigh show proxy | while read -r ip rest; do ip neigh del proxy $ip; done");
}

uint32_t netns_links;

static uint32_t count_links(void)
{
    struct if_nameindex *list = if_nameindex();
    uint32_t count = 0;

    if (!list)
        die("if_nameindex");
    while (list[count].if_index)
        count++;
    if_freenameindex(list);
    return count;
}

void netns_enter(void)
{
    if (!namespace_enter())
        not_run("no network namespace can be made (needs CAP_SYS_ADMIN or a user namespace)");
    deadline(NETNS_DEADLINE);
    netns_links = count_links();
    remove_ghosts();
}

static bool set_ping_groups(const char *range)
{
    int fd = open(PING_GROUPS, O_WRONLY | O_CLOEXEC);
    bool done = fd >= 0 && write(fd, range, strlen(range)) == (ssize_t)strlen(range);

    if (fd >= 0)
        close(fd);
    return done;
}

/* A new namespace has the range "1 0". Where group 1 is not mapped, both groups are shown as 65534. */
static bool no_group_may_ping(void)
{
    unsigned first = 0, last = 0;
    FILE *file = fopen(PING_GROUPS, "re");
    bool known = file && fscanf(file, "%u %u", &first, &last) == 2;

    if (file)
        fclose(file);
    return known && (first > last || (first == 65534 && last == 65534));
}

bool netns_allow_ping(bool allowed)
{
    if (allowed)
        return set_ping_groups("0 2147483647") || set_ping_groups("0 0");
    return set_ping_groups("1 0") || no_group_may_ping();
}

void report_not_runnable(const char *test, const char *why)
{
    fprintf(stderr, "NOT RUN: %s: %s\n", test, why);
}

__attribute__((format(printf, 2, 0))) static void format_command(char *command, const char *format,
                                                                 va_list arguments)
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
    if (strstr(command, " up") || strstr(command, "nodad"))
        namespace_await_ready();
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
    if (!pipe)
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

struct netns_second netns_second(void)
{
    struct netns_second second = {.pid = namespace_hold()};
    char path[64];

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
    if (second->pid <= 0) /* the set-up failed before it made the second namespace */
        return;
    child_end(&second->pid);
    close(second->fd);
    second->fd = -1;
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

bool timing_continues(struct timing *timing)
{
    uint64_t now = now_ms(), took = now - timing->began_ms;
    const uint64_t most_ms = timing->most_ms * patience(1) + (is_slow() ? SLOW_MS : 0);

    if (timing->tries > 0 && took < timing->least_ms) {
        fprintf(stderr, "netns: %llu ms, less than %llu\n", (unsigned long long)took,
                (unsigned long long)timing->least_ms);
        exit(1);
    }
    if (timing->tries > 0 && took <= most_ms)
        return false;
    if (timing->tries == TRIES) {
        fprintf(stderr, "netns: %llu ms, more than %llu in each of %u tries\n",
                (unsigned long long)took, (unsigned long long)most_ms, TRIES);
        exit(1);
    }
    timing->tries++;
    timing->began_ms = now;
    return true;
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

/* The kernel refuses before it finds that the name is the same. */
bool can_rename_up(void)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_newname = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool can = ioctl(fd, SIOCSIFNAME, &request) == 0;

    close(fd);
    return can;
}

bool can_manage(void)
{
    return !kernel_before(5, 16);
}

void rename_link(const char *from, const char *to)
{
    struct ifreq request = {0};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    memcpy(request.ifr_name, from, strlen(from) + 1);
    memcpy(request.ifr_newname, to, strlen(to) + 1);
    if (ioctl(fd, SIOCSIFNAME, &request) != 0)
        die("SIOCSIFNAME");
    close(fd);
}
