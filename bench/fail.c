/* SPDX-License-Identifier: MIT */
#include "fail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void fail(int code, const char *what)
{
    fprintf(stderr, "arpq_bench: %s%s%s\n", what, code ? ": " : "", code ? strerror(code) : "");
    exit(BENCH_NO_SETUP);
}
