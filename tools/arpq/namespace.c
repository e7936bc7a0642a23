/* SPDX-License-Identifier: MIT */
#include "namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "report.h"

/* The whole tool enters the namespace, so that it also looks up host names and scopes there. */
static enum status enter(const char *option, const char *text, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum status status = FOUND;

    if (fd < 0 && errno == ENOENT) {
        report_value(option, text,
                     strcmp(option, "--pid") == 0 ? "no such process" : "no such namespace");
        return ERROR;
    }
    if (fd < 0 || setns(fd, CLONE_NEWNET) != 0) {
        report_value(option, text,
                     errno == EPERM || errno == EACCES ? "entering it needs CAP_SYS_ADMIN"
                     : errno == EINVAL                 ? "not a network namespace"
                                                       : strerror(errno));
        status = ERROR;
    }
    if (fd >= 0)
        close(fd);
    return status;
}

enum status namespace_enter(const struct tool *t)
{
    char path[4096];

    if (options_given(t, OPTION_PID)) {
        char text[24];

        snprintf(text, sizeof text, "%llu", (unsigned long long)t->pid);
        snprintf(path, sizeof path, "/proc/%s/ns/net", text);
        return enter("--pid", text, path);
    }
    if (!t->netns)
        return FOUND;
    if (t->netns[0] == '\0')
        return report_value("--netns", t->netns, "a namespace has a name, or is a path");
    snprintf(path, sizeof path, "%s%s", strchr(t->netns, '/') ? "" : "/run/netns/", t->netns);
    return enter("--netns", t->netns, path);
}
