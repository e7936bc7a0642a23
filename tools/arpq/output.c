/* SPDX-License-Identifier: MIT */
#include "output.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "flush.h"
#include "json.h"
#include "report.h"

#define BUFFER_SIZE (256 * 1024)

void output_buffer(void)
{
    static char buffer[BUFFER_SIZE];

    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
}

void output_removed(const struct tool *t, uint32_t removed, const char *one, const char *many)
{
    if (!t->json) {
        printf("%" PRIu32 " %s removed\n", removed, removed == 1 ? one : many);
        return;
    }
    struct json_object *object = json_new();

    json_number(object, "removed", removed);
    json_print(object);
}

/* Returns only if the parent process has blocked SIGPIPE. */
static enum status end_unread(void)
{
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
    return UNREAD;
}

enum status output_finish(enum status status)
{
    flush_stdout();
    const int code = flush_failure();

    if (status == UNREAD || code == EPIPE)
        return end_unread();
    if (code != 0)
        report_message("cannot write the output: %s", strerror(code));
    else if (ferror(stdout))
        report_message("cannot write the output");
    else
        return status;
    return ERROR;
}
