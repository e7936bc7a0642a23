/* SPDX-License-Identifier: MIT */
/* Time, privileges and child processes of tests. */
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "process.h"

#define NOBODY 65534

void sleep_ms(long ms)
{
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000};

    nanosleep(&time, NULL);
}

unsigned slowness(void)
{
    const char *text = getenv("ARPQ_TEST_SLOWNESS");
    unsigned long times = text ? strtoul(text, NULL, 10) : 1;

    return times >= 1 && times <= 100 ? (unsigned)times : 1;
}

unsigned patience(unsigned limit)
{
    /* A busy machine is slower still. */
    return limit * slowness() * slowness() * (is_under_valgrind() ? 4 : 1);
}

/* It must end only a program that hangs, so it allows for a machine that does much else. */
void deadline(unsigned seconds)
{
    alarm(3 * patience(seconds));
}

static atomic_uint interrupts; /* the signals may arrive in any thread */
static timer_t interrupt_timer;

static void count_interrupt(int number)
{
    interrupts++;
}

/* SIGALRM is the deadline's. */
void interrupts_start(long interval_us)
{
    const struct sigaction action = {.sa_handler = count_interrupt};
    const struct timespec interval = {.tv_nsec = interval_us * 1000};
    const struct itimerspec often = {interval, interval};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};

    interrupts = 0;
    assert_int_equal(sigaction(SIGUSR1, &action, NULL), 0);
    assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &interrupt_timer), 0);
    assert_int_equal(timer_settime(interrupt_timer, 0, &often, NULL), 0);
}

unsigned interrupts_stop(void)
{
    assert_int_equal(timer_delete(interrupt_timer), 0);
    return atomic_load(&interrupts);
}

void settle(void)
{
    sleep_ms(25);
}

void assert_ended_well(pid_t pid)
{
    int status;

    assert_true(pid > 0); /* waitpid would accept 0 and -1 for any child */
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

/* The securebits keep a program that this process executes from getting them back as root. */
static bool drop_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};

    return prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED) == 0 &&
           syscall(SYS_capset, &header, none) == 0;
}

void become_nobody(void)
{
    bool done;

    if (setresgid(NOBODY, NOBODY, NOBODY) == 0)
        done = setgroups(0, NULL) == 0 && setresuid(NOBODY, NOBODY, NOBODY) == 0;
    else /* the group is not mapped */
        done = errno == EINVAL && drop_capabilities();
    if (!done)
        _exit(2);
}

void set_capable(bool capable)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

    assert_int_equal(syscall(SYS_capget, &header, sets), 0);
    for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
        sets[i].effective = capable ? sets[i].permitted : 0;
    assert_int_equal(syscall(SYS_capset, &header, sets), 0);
}

bool is_under_valgrind(void)
{
    const char *preload = getenv("LD_PRELOAD");

    return preload && strstr(preload, "vgpreload");
}

bool is_slow(void)
{
    return is_under_valgrind() || slowness() > 1;
}

bool kernel_before(unsigned major, unsigned minor)
{
    struct utsname name;
    unsigned running[2];

    if (uname(&name) != 0 || sscanf(name.release, "%u.%u", &running[0], &running[1]) != 2)
        fail_msg("the version of the kernel is not known");
    return running[0] < major || (running[0] == major && running[1] < minor);
}

unsigned open_descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    unsigned count = 0;

    assert_non_null(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}
