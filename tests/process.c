/* SPDX-License-Identifier: MIT */
/* Time, privileges and child processes of tests. */
#include "test.h"

#include <dirent.h>
#include <grp.h>
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

void deadline(unsigned seconds)
{
    alarm(seconds * slowness() * slowness()); /* a busy machine is slower still */
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

void become_nobody(void)
{
    if (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
        setresuid(NOBODY, NOBODY, NOBODY) != 0)
        _exit(2);
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
