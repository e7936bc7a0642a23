/* SPDX-License-Identifier: MIT */
/*
 * epoll_daemon - which of some hosts are there, in one thread: everything libarpq has for an event
 * loop, in one epoll(7) loop.
 *
 * Build:  cc epoll_daemon.c $(pkg-config --cflags --libs arpq) -o epoll_daemon
 * Run:    ./epoll_daemon 10 192.0.2.2 2001:db8::2    (every 10 s, and when an interface changes)
 * Try:    kill -USR1 PID    (prints what is known of each host)
 *
 * In each round a resolver confirms the neighbour entry of every host, many at a time: an entry
 * that is merely there (STALE) says nothing about the host. A pinger then measures the round-trip
 * time. A mirror follows the kernel's table, for the report and for hosts whose MAC changes; a
 * watch waits for changes of interfaces. A line is printed when a host comes, goes or moves. SIGINT
 * and SIGTERM end the program.
 *
 * It needs no privilege. Without CAP_NET_ADMIN a confirmation takes 5 s more, and pings may not be
 * permitted (see ping_group_range in icmp(7)).
 */
#include <arpq.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct host {
    const char *name; /* as on the command line */
    struct arpq_ip ip;
    int code;        /* of the last resolution; 1: not known yet */
    uint64_t rtt_ns; /* 0: not known */
};

struct monitor {
    struct arpq_handle *arpq;
    struct arpq_mirror *mirror;
    struct arpq_watch *watch;
    struct arpq_resolver *resolver;
    struct arpq_pinger *pinger;
    struct host *hosts;
    uint64_t count;
    int epoll, signals, timer;
    int wanted; /* another round, as soon as this one is over */
    int ended;
};

/* ---- What happens ------------------------------------------------------- */

/* Each function is called when its descriptor is readable, takes what there is, and returns 0 or a
 * negative code that ends the program. */
typedef int ready_function(struct monitor *monitor);

static int start_round(struct monitor *monitor)
{
    int code = 0;

    monitor->wanted =
        arpq_resolver_pending(monitor->resolver) > 0 || arpq_pinger_pending(monitor->pinger) > 0;
    if (monitor->wanted)
        return 0;
    for (uint64_t n = 0; n < monitor->count && code == 0; n++)
        code = arpq_resolver_add(monitor->resolver, &monitor->hosts[n].ip, 0, n);
    return code;
}

static int timer_ready(struct monitor *monitor)
{
    uint64_t expirations;

    if (read(monitor->timer, &expirations, sizeof expirations) < 0)
        return errno == EAGAIN ? 0 : -errno;
    return start_round(monitor);
}

static int resolver_ready(struct monitor *monitor)
{
    struct arpq_resolved resolved;
    char mac[ARPQ_MAC_STRLEN];
    int code;

    while ((code = arpq_resolver_next(monitor->resolver, &resolved, 0)) == 1) {
        struct host *host = &monitor->hosts[resolved.token];

        if (resolved.code == 0 && host->code != 0)
            printf("%s is there: %s\n", host->name,
                   arpq_mac_format(&resolved.neigh.mac, ARPQ_MAC_COLON, mac, sizeof mac));
        else if (resolved.code != 0 && resolved.code != host->code)
            printf("%s is not there: %s\n", host->name, arpq_strerror(resolved.code));
        host->code = resolved.code;
        host->rtt_ns = 0;
        if (resolved.code == 0)
            code = arpq_pinger_add(monitor->pinger, &host->ip, 1, resolved.token);
        if (code < 0)
            break;
    }
    return code == -ENODATA ? 0 : code;
}

static int pinger_ready(struct monitor *monitor)
{
    struct arpq_pinged pinged;
    int code;

    while ((code = arpq_pinger_next(monitor->pinger, &pinged, 0)) == 1) {
        if (pinged.code == 0)
            monitor->hosts[pinged.token].rtt_ns = pinged.reply.rtt_ns;
    }
    return code == -ENODATA ? 0 : code;
}

static int mirror_ready(struct monitor *monitor)
{
    int changes = arpq_mirror_sync(monitor->mirror); /* calls on_neighbour */

    return changes < 0 ? changes : 0;
}

static void on_neighbour(const struct arpq_event *event, void *context)
{
    char ip[ARPQ_IP_STRLEN], from[ARPQ_MAC_STRLEN], to[ARPQ_MAC_STRLEN];

    (void)context;
    if (event->type == ARPQ_EVENT_NEIGH_MOVED)
        printf("%s has moved from %s to %s\n", arpq_ip_format(&event->neigh.ip, ip, sizeof ip),
               arpq_mac_format(&event->old_mac, ARPQ_MAC_COLON, from, sizeof from),
               arpq_mac_format(&event->neigh.mac, ARPQ_MAC_COLON, to, sizeof to));
}

static int watch_ready(struct monitor *monitor)
{
    struct arpq_event event;
    int code, changed = 0;

    while ((code = arpq_watch_next(monitor->watch, &event, 0)) == 1)
        changed = 1;
    if (code == 0 && changed)
        code = start_round(monitor);
    return code;
}

static void report(const struct monitor *monitor)
{
    for (uint64_t n = 0; n < monitor->count; n++) {
        const struct host *host = &monitor->hosts[n];
        struct arpq_mac mac;
        char text[ARPQ_MAC_STRLEN];
        int code = arpq_mirror_lookup(monitor->mirror, &host->ip, host->ip.scope, &mac);

        printf("%s: %s, ", host->name, host->code == 0 ? "there" : "not there");
        fputs(code == 0 ? arpq_mac_format(&mac, ARPQ_MAC_COLON, text, sizeof text)
                        : arpq_strerror(code),
              stdout);
        if (host->rtt_ns > 0)
            printf(", %.3f ms", (double)host->rtt_ns / 1e6);
        putchar('\n');
    }
}

static int signals_ready(struct monitor *monitor)
{
    struct signalfd_siginfo signal;

    if (read(monitor->signals, &signal, sizeof signal) < 0)
        return errno == EAGAIN ? 0 : -errno;
    if (signal.ssi_signo == SIGUSR1)
        report(monitor);
    else
        monitor->ended = 1;
    return 0;
}

/* ---- The loop ----------------------------------------------------------- */

static int add(struct monitor *monitor, int fd, ready_function **ready)
{
    struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = ready}};

    if (fd < 0)
        return fd;
    return epoll_ctl(monitor->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

static int add_all(struct monitor *monitor)
{
    static ready_function *functions[] = {signals_ready, timer_ready,    mirror_ready,
                                          watch_ready,   resolver_ready, pinger_ready};
    const int fds[] = {monitor->signals,
                       monitor->timer,
                       arpq_mirror_fd(monitor->mirror),
                       arpq_watch_fd(monitor->watch),
                       arpq_resolver_fd(monitor->resolver),
                       arpq_pinger_fd(monitor->pinger)};
    int code = 0;

    for (size_t n = 0; n < sizeof fds / sizeof fds[0] && code == 0; n++)
        code = add(monitor, fds[n], &functions[n]);
    return code;
}

static int run(struct monitor *monitor)
{
    struct epoll_event events[8];
    int code = 0;

    while (code == 0 && !monitor->ended) {
        int count = epoll_wait(monitor->epoll, events, 8, -1);

        if (count < 0 && errno != EINTR)
            return -errno;
        for (int n = 0; n < count && code == 0; n++)
            code = (*(ready_function **)events[n].data.ptr)(monitor);
        if (code == 0 && monitor->wanted)
            code = start_round(monitor);
        fflush(stdout);
    }
    return code;
}

/* ---- Beginning and end -------------------------------------------------- */

/* The descriptors that are not libarpq's. */
static int open_descriptors(struct monitor *monitor, long seconds)
{
    struct itimerspec every = {.it_interval = {.tv_sec = seconds}, .it_value = {.tv_nsec = 1}};
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGUSR1);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    monitor->epoll = epoll_create1(EPOLL_CLOEXEC);
    monitor->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    monitor->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (monitor->epoll < 0 || monitor->signals < 0 || monitor->timer < 0 ||
        timerfd_settime(monitor->timer, 0, &every, NULL) < 0)
        return -errno;
    return 0;
}

static int open_arpq(struct monitor *monitor)
{
    struct arpq_mirror_options mirror = {.size = sizeof mirror, .on_event = on_neighbour};
    struct arpq_watch_options watch = {.size = sizeof watch,
                                       .flags = ARPQ_WATCH_INTERFACES | ARPQ_WATCH_NO_NEIGHBOURS};
    struct arpq_resolve_options resolve = {.size = sizeof resolve,
                                           .flags = ARPQ_RESOLVE_REVALIDATE};
    int code = arpq_open(&monitor->arpq, NULL);

    if (code == 0)
        code = arpq_mirror_open(monitor->arpq, &monitor->mirror, &mirror);
    if (code == 0)
        code = arpq_watch_open(monitor->arpq, &monitor->watch, &watch);
    if (code == 0)
        code = arpq_resolver_open(monitor->arpq, &monitor->resolver, &resolve);
    if (code == 0)
        code = arpq_pinger_open(monitor->arpq, &monitor->pinger, NULL);
    return code;
}

static void close_all(struct monitor *monitor)
{
    const int fds[] = {monitor->epoll, monitor->signals, monitor->timer};

    for (size_t n = 0; n < sizeof fds / sizeof fds[0]; n++) {
        if (fds[n] >= 0)
            close(fds[n]);
    }
    arpq_pinger_close(monitor->pinger);
    arpq_resolver_close(monitor->resolver);
    arpq_watch_close(monitor->watch);
    arpq_mirror_close(monitor->mirror);
    arpq_close(monitor->arpq);
    free(monitor->hosts);
}

static int read_arguments(struct monitor *monitor, int argc, char **argv, long *seconds)
{
    char *end;

    if (argc < 3)
        return -EINVAL;
    *seconds = strtol(argv[1], &end, 10);
    if (*seconds < 1 || *seconds > 86400 || *end)
        return -EINVAL;
    monitor->hosts = calloc((size_t)argc, sizeof *monitor->hosts);
    if (!monitor->hosts)
        return -ENOMEM;
    for (char **name = argv + 2; *name; name++) {
        struct host *host = &monitor->hosts[monitor->count++];
        int code = arpq_ip_parse(*name, &host->ip, 0);

        if (code < 0)
            return code;
        host->name = *name;
        host->code = 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct monitor monitor = {.epoll = -1, .signals = -1, .timer = -1};
    long seconds;
    int code = read_arguments(&monitor, argc, argv, &seconds);

    if (code < 0) {
        fprintf(stderr, "usage: epoll_daemon SECONDS ADDRESS...\n");
        free(monitor.hosts);
        return 2;
    }
    code = open_descriptors(&monitor, seconds);
    if (code == 0)
        code = open_arpq(&monitor);
    if (code == 0)
        code = add_all(&monitor);
    if (code == 0)
        code = run(&monitor);
    if (code < 0)
        fprintf(stderr, "epoll_daemon: %s\n", arpq_strerror(code));
    close_all(&monitor);
    return code < 0;
}
