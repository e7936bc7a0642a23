/* SPDX-License-Identifier: MIT */
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum status output_finish(enum status status)
{
    if (fflush(stdout) != 0)
        fprintf(stderr, "arpq: cannot write the output: %s\n", strerror(errno));
    else if (ferror(stdout))
        fputs("arpq: cannot write the output\n", stderr);
    else
        return status;
    return ERROR;
}
