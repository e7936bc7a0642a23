/* SPDX-License-Identifier: MIT */
/* Network namespaces for tests, and the child processes that hold them. */
#ifndef ARPQ_TEST_NAMESPACE_H
#define ARPQ_TEST_NAMESPACE_H

#include <stdbool.h>
#include <sys/types.h>

/* Report that something could not be run, and exit with 1, or under ARPQ_ALLOW_SKIP=1 with 77, which
 * CTest counts as not run. */
void not_run(const char *why) __attribute__((noreturn));

/* Move the calling thread into a new network namespace with lo up. Without the privilege, use a new
 * user namespace and become root there. Returns false if neither is allowed. */
bool namespace_enter(void);

/* Wait until the calling thread's namespace sends and receives packets: on all links that have a
 * carrier, and for all IPv6 addresses that were added with "nodad". The kernel starts that some time
 * after the command, in threads that need the lock of all namespaces' interfaces. */
void namespace_await_ready(void);

/* Fork a child that sleeps in a network namespace of its own with lo up, and ends with this
 * process. Calls not_run if that is refused. */
pid_t namespace_hold(void);

/* Kill a child, wait for it and set *pid to 0. Does nothing if *pid <= 0, because kill() would then
 * signal many processes. */
void child_end(pid_t *pid);

#endif
