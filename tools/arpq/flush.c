/* SPDX-License-Identifier: MIT */
#include "flush.h"

#include <errno.h>
#include <stdio.h>

static int first_failure;

int flush_stdout(void)
{
    if (fflush(stdout) == 0)
        return 0;
    const int code = errno;

    if (first_failure == 0)
        first_failure = code;
    return code;
}

int flush_failure(void)
{
    return first_failure;
}
