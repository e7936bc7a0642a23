/* SPDX-License-Identifier: MIT */
#include "namespace.h"

#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/ipv6_route.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

void not_run(const char *why)
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
    _exit(skip ? 77 : 1);
}

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    size_t length = strlen(text);

    if (fd < 0 || write(fd, text, length) != (ssize_t)length)
        not_run("a user namespace cannot be mapped, and without one no network namespace");
    close(fd);
}

/* Enter a network namespace in a new user namespace, in which the program is root. */
static bool enter_as_user(void)
{
    unsigned uid = (unsigned)geteuid();
    unsigned gid = (unsigned)getegid();
    char map[64];

    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return false;
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %u 1", uid);
    write_file("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %u 1", gid);
    write_file("/proc/self/gid_map", map);
    return true;
}

static bool set_loopback_up(void)
{
    struct ifreq request = {.ifr_name = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool done;

    if (fd < 0)
        return false;
    done = ioctl(fd, SIOCGIFFLAGS, &request) == 0;
    request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
    done = done && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
    close(fd);
    return done;
}

bool namespace_enter(void)
{
    if (unshare(CLONE_NEWNET) != 0 && !enter_as_user())
        return false;
    if (!set_loopback_up())
        not_run("lo cannot be set up in a new network namespace");
    return true;
}

/* ---- Links and addresses ---- */

#define READY_MS 5000
#define PAUSE_MS 5
#define ADDRESSES_MOST 50 /* no test sends to one of thousands */

/* From linux/if.h, which cannot be included together with net/if.h. */
#define LOWER_UP 0x10000u
#define OPER_DOWN 2
#define OPER_LOWER_LAYER_DOWN 3

static bool has_local_route(const char *address, const char *link)
{
    FILE *routes = fopen("/proc/thread-self/net/ipv6_route", "re");
    char to[33], device[32];
    unsigned flags;
    bool has = false;

    while (routes && !has &&
           fscanf(routes, "%32s %*s %*s %*s %*s %*s %*s %*s %x %31s", to, &flags, device) == 3)
        has = flags & RTF_LOCAL && strcmp(to, address) == 0 &&
              (strcmp(device, link) == 0 || strcmp(device, "lo") == 0);
    if (routes)
        fclose(routes);
    return has;
}

static bool addresses_are_ready(void)
{
    FILE *addresses = fopen("/proc/thread-self/net/if_inet6", "re");
    char address[33], link[32];
    unsigned flags, count = 0;
    bool ready = true;

    while (addresses && ready && count++ < ADDRESSES_MOST &&
           fscanf(addresses, "%32s %*s %*s %*s %x %31s", address, &flags, link) == 3)
        ready = !(flags & IFA_F_NODAD) || has_local_route(address, link);
    if (addresses)
        fclose(addresses);
    return ready;
}

/* Until the kernel has dealt with a new carrier, the link drops what is sent, and a bridge does not
 * use it. */
static bool link_is_ready(const struct nlmsghdr *message)
{
    const struct ifinfomsg *link = NLMSG_DATA(message);
    const unsigned carrier = IFF_UP | LOWER_UP;
    size_t at = NLMSG_SPACE(sizeof *link);

    if ((link->ifi_flags & carrier) != carrier)
        return true;
    while (at + RTA_LENGTH(1) <= message->nlmsg_len) {
        const struct rtattr *attribute = (const void *)((const char *)message + at);
        const char *value = RTA_DATA(attribute);

        if (attribute->rta_type == IFLA_QDISC && strcmp(value, "noop") == 0)
            return false;
        if (attribute->rta_type == IFLA_OPERSTATE &&
            (*value == OPER_DOWN || *value == OPER_LOWER_LAYER_DOWN))
            return false;
        at += RTA_ALIGN(attribute->rta_len);
    }
    return true;
}

/* Reads the answer to a dump of all links. */
static bool read_links(int fd)
{
    static _Thread_local _Alignas(struct nlmsghdr) char answer[65536];
    bool ready = true;
    ssize_t size;

    while ((size = recv(fd, answer, sizeof answer, 0)) > 0) {
        for (size_t at = 0; at + NLMSG_HDRLEN <= (size_t)size;) {
            const struct nlmsghdr *message = (const void *)(answer + at);

            if (message->nlmsg_type != RTM_NEWLINK)
                return ready;
            ready = link_is_ready(message) && ready;
            at += NLMSG_ALIGN(message->nlmsg_len);
        }
    }
    return ready;
}

static bool links_are_ready(void)
{
    const struct {
        struct nlmsghdr header;
        struct ifinfomsg link;
    } request = {.header = {.nlmsg_len = sizeof request,
                            .nlmsg_type = RTM_GETLINK,
                            .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    bool ready = fd < 0 || send(fd, &request, sizeof request, 0) < 0 || read_links(fd);

    if (fd >= 0)
        close(fd);
    return ready;
}

/* Neither need become ready, for example if a test sets the state of a link itself. */
void namespace_await_ready(void)
{
    for (int ms = 0; ms < READY_MS && !(links_are_ready() && addresses_are_ready()); ms += PAUSE_MS)
        usleep(PAUSE_MS * 1000);
}

/* ---- Children ---- */

static _Noreturn void hold(int ready, pid_t parent)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        _exit(1);
    if (unshare(CLONE_NEWNET) != 0 || !set_loopback_up() || write(ready, "", 1) != 1)
        _exit(1);
    for (;;)
        pause();
}

pid_t namespace_hold(void)
{
    pid_t parent = getpid(), pid = -1;
    int ready[2];
    char byte;

    fflush(NULL);
    if (pipe2(ready, O_CLOEXEC) == 0)
        pid = fork();
    if (pid < 0)
        not_run("a child that holds a network namespace cannot be made");
    if (pid == 0)
        hold(ready[1], parent);
    close(ready[1]); /* so that the read ends if the child fails */
    if (read(ready[0], &byte, 1) != 1)
        not_run("a second network namespace cannot be made");
    close(ready[0]);
    return pid;
}

void child_end(pid_t *pid)
{
    if (*pid <= 0)
        return;
    kill(*pid, SIGKILL);
    waitpid(*pid, NULL, 0);
    *pid = 0;
}
