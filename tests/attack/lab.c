/* SPDX-License-Identifier: MIT */
#include "attack/lab.h"

#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack/plan.h"
#include "process.h"

/* Longer than all work before and after the attack. */
#define SPARE_SECONDS 120u

#define PAUSE_MOST_MS 5000u
#define SHORT_SECONDS 60u

/* Other programs, interrupts and the hypervisor take time that belongs to no call. A bound counts
 * as broken if it is exceeded by more than this. A short run is a test beside other tests. */
#define TOLERANCE_US 20000u
#define SHORT_TOLERANCE_US 60000u

/* Other allocations of a process, and what the kernel rounds up. */
#define MEMORY_TOLERANCE_KIB 1024u

static const struct honest_times long_times = {200, 5000, 20000, 4000};
static const struct honest_times short_times = {50, 400, 1000, 500};

bool lab_is_short(const struct lab *lab)
{
    return lab->seconds < SHORT_SECONDS;
}

static _Noreturn void lab_die(const char *what)
{
    perror(what);
    exit(2);
}

/* ---- The link ---- */

/* Each honest machine is a macvlan device: one kernel answers for all of them, but each has a MAC
 * of its own. The attacker sends through the link below them. */
static void setup_honest(const struct lab *lab)
{
    netns_sh(&lab->far, "for f in all default; do"
                        " echo 0 >/proc/sys/net/ipv6/conf/$f/accept_dad;"
                        " echo 0 >/proc/sys/net/ipv6/conf/$f/accept_ra;"
                        " echo 1 >/proc/sys/net/ipv4/conf/$f/arp_ignore;"
                        " echo 2 >/proc/sys/net/ipv4/conf/$f/arp_announce; done;"
                        "ip link set " FAR_LINK " addrgenmode none up");
    for (unsigned i = 0; i < HONEST_COUNT; i++) {
        const unsigned n = HONEST_FIRST + i;

        netns_sh(&lab->far,
                 "ip link add m%u link " FAR_LINK " address 02:00:00:00:01:%02x type macvlan"
                 " mode bridge; ip addr add 10.1.0.%u/16 dev m%u;"
                 "ip addr add 10.1.%u.%u/16 dev m%u;"
                 "ip addr add fd01::%x/64 dev m%u nodad; ip link set m%u up",
                 n, n, n, n, SPARSE_NET, n, n, n, n, n);
    }
}

static void setup_link(struct lab *lab)
{
    netns_enter();
    alarm(lab->seconds + SPARE_SECONDS);
    lab->far = netns_second();
    sh("echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad;"
       "echo '0 0' >/proc/sys/net/ipv4/ping_group_range;"
       "ip link add " VICTIM_LINK " address " VICTIM_MAC " type veth peer name " FAR_LINK
       " netns %d; ip link set " VICTIM_LINK " addrgenmode none up;"
       "ip addr add 10.1.0.1/16 dev " VICTIM_LINK ";"
       "ip addr add fd01::1/64 dev " VICTIM_LINK " nodad;"
       "ip addr add fe80::1/64 dev " VICTIM_LINK " nodad",
       lab->far.pid);
    setup_honest(lab);
    lab->ifindex = ifindex_of(VICTIM_LINK);
}

void lab_open(struct lab *lab, const struct attack_mix *mix, uint32_t seconds, uint64_t seed)
{
    *lab = (struct lab){.mix = mix, .seconds = seconds, .seed = seed};
    lab->shared =
        mmap(NULL, sizeof *lab->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (lab->shared == MAP_FAILED)
        lab_die("mmap");
    lab->shared->times = lab_is_short(lab) ? short_times : long_times;
    lab->damping_ms = lab->shared->times.contest_every_ms / 2;
    setup_link(lab);
    if (arpq_open(&lab->h, NULL) != 0)
        lab_die("arpq_open");
    meter_open(&lab->meter, &lab->shared->busy);
}

/* ---- Processes ---- */

/* Returns 0 in the child, which is in the far namespace and ends with this process. */
static pid_t fork_far(const struct lab *lab)
{
    const pid_t parent = getpid();
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid < 0)
        lab_die("fork");
    if (pid == 0 && (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent ||
                     setns(lab->far.fd, CLONE_NEWNET) != 0))
        lab_die("setns");
    if (pid == 0)
        alarm(lab->seconds + SPARE_SECONDS);
    return pid;
}

pid_t lab_start_far(const struct lab *lab, void (*run)(void))
{
    const pid_t pid = fork_far(lab);

    if (pid == 0)
        run();
    return pid;
}

void lab_run_far(const struct lab *lab, void (*run)(bool), bool argument)
{
    pid_t pid = fork_far(lab);

    if (pid == 0) {
        run(argument);
        _exit(0);
    }
    if (waitpid(pid, NULL, 0) != pid)
        lab_die("waitpid");
}

void lab_start_honest(struct lab *lab)
{
    lab->honest = fork_far(lab);
    if (lab->honest == 0)
        honest_run(lab->shared);
    lab->honest_ms = now_ms() + 2 * lab->shared->times.announce_ms;
}

void lab_start_attack(struct lab *lab)
{
    lab->attacker = fork_far(lab);
    if (lab->attacker == 0)
        attacker_run(lab->mix, lab->shared, lab->seed);
    lab->busy = fork_far(lab);
    if (lab->busy == 0)
        meter_busy_run(&lab->shared->busy);
    lab->full = lab->full_now = lab_times_full(lab);
    lab->memory_kib = memory_reset_kib();
    lab->rest_ms = now_ms() + lab->shared->times.move_ms;
    lab->end_ms = now_ms() + lab->seconds * UINT64_C(1000);
}

uint64_t lab_times_full(const struct lab *lab)
{
    struct arpq_table_stats v4, v6;

    if (arpq_table_stats(lab->h, AF_INET, &v4) != 0 || arpq_table_stats(lab->h, AF_INET6, &v6) != 0)
        return 0;
    return v4.table_full + v6.table_full;
}

static void lab_note_full(struct lab *lab)
{
    const uint64_t full = lab_times_full(lab);

    if (full != lab->full_now)
        lab->full_ms = now_ms();
    lab->full_now = full;
}

bool lab_was_full(struct lab *lab)
{
    lab_note_full(lab);
    return lab->full_ms && now_ms() - lab->full_ms < 2 * lab->shared->times.contest_every_ms;
}

bool lab_goes_on(struct lab *lab)
{
    const uint32_t every_ms = lab->shared->times.move_ms * 2;

    if (now_ms() >= lab->rest_ms) {
        lab_note_full(lab);
        sleep_ms((long)(every_ms / 10));
        lab->rest_ms = now_ms() + every_ms;
    }
    return now_ms() < lab->end_ms;
}

void lab_pause(struct lab *lab)
{
    const uint64_t until_ms = now_ms() + PAUSE_MOST_MS;

    lab->shared->pause = true;
    while (!lab->shared->paused && now_ms() < until_ms)
        sleep_ms(5);
}

void lab_resume(struct lab *lab)
{
    lab->shared->pause = false;
}

void lab_close(struct lab *lab)
{
    lab_row(lab, "frames of the attacker", "-", true, "%llu, %llu of them answers; %llu refused",
            (unsigned long long)lab->shared->frames, (unsigned long long)lab->shared->answers,
            (unsigned long long)lab->shared->refused);
    lab_row(lab, "times that a table of the kernel was full, by all programs", "-", true,
            "%" PRIu64, lab_times_full(lab) - lab->full);
    child_end(&lab->attacker);
    child_end(&lab->honest);
    child_end(&lab->busy);
    netns_second_free(&lab->far);
    meter_close(&lab->meter);
    arpq_close(lab->h);
}

/* ---- Honest machines ---- */

struct arpq_ip lab_honest_ip(uint16_t family, unsigned number)
{
    if (family == AF_INET)
        return (struct arpq_ip){.family = AF_INET,
                                .bytes = {10, 1, 0, (uint8_t)(HONEST_FIRST + number)}};
    return (struct arpq_ip){.family = AF_INET6,
                            .bytes = {0xfd, 1, [15] = (uint8_t)(HONEST_FIRST + number)}};
}

struct arpq_mac lab_honest_mac(unsigned number)
{
    return (struct arpq_mac){
        .type = 1, .length = 6, .bytes = {2, 0, 0, 0, 1, (uint8_t)(HONEST_FIRST + number)}};
}

unsigned lab_honest_number(const struct arpq_ip *ip)
{
    struct arpq_ip other = *ip;

    if (ip->family == AF_INET && ip->bytes[2] == SPARSE_NET)
        other.bytes[2] = 0;
    for (unsigned i = 0; i < HONEST_COUNT; i++) {
        const struct arpq_ip honest = lab_honest_ip(ip->family, i);

        if (memcmp(honest.bytes, other.bytes, sizeof other.bytes) == 0)
            return i;
    }
    return HONEST_COUNT;
}

/* ---- Rows ---- */

void lab_row(struct lab *lab, const char *what, const char *bound, bool kept, const char *format,
             ...)
{
    char reached[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(reached, sizeof reached, format, arguments);
    va_end(arguments);
    printf("| %s | %s | %s | %s | %s |\n", lab->mix->name, what, bound, reached,
           kept ? "" : "BROKEN");
    fflush(stdout);
    lab->broken += !kept;
}

void lab_row_time(struct lab *lab, const char *call, const char *bound, uint64_t bound_us)
{
    const uint64_t tolerance_us = lab_is_short(lab) ? SHORT_TOLERANCE_US : TOLERANCE_US;
    const struct meter *meter = &lab->meter;
    char what[96];

    snprintf(what, sizeof what, "longest %s beyond its timeout", call);
    lab_row(lab, what, bound, meter->net_us <= (bound_us + tolerance_us) * slowness(),
            "%.1f ms (%.1f ms on a processor; %.1f ms by the clock) of %" PRIu64 " calls",
            (double)meter->net_us / 1000, (double)meter->run_us / 1000,
            (double)meter->over_us / 1000, meter->calls);
}

void lab_row_memory(struct lab *lab, const char *bound, uint64_t bound_kib)
{
    const uint64_t peak_kib = memory_peak_kib();
    const uint64_t grown_kib = peak_kib > lab->memory_kib ? peak_kib - lab->memory_kib : 0;

    lab_row(lab, "memory of the process, peak", bound,
            grown_kib <= bound_kib + MEMORY_TOLERANCE_KIB, "+%" PRIu64 " KiB", grown_kib);
}
