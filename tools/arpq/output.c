/* SPDX-License-Identifier: MIT */
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "report.h"

#define BUFFER_SIZE (256 * 1024)

void output_buffer(void)
{
    static char buffer[BUFFER_SIZE];

    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
}

enum status output_finish(enum status status)
{
    if (fflush(stdout) != 0)
        report_message("cannot write the output: %s", strerror(errno));
    else if (ferror(stdout))
        report_message("cannot write the output");
    else
        return status;
    return ERROR;
}
