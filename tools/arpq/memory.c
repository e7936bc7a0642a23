/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>

#include "tool.h"

void *memory_check(void *memory)
{
    if (memory)
        return memory;
    fputs("arpq: out of memory\n", stderr);
    exit(ERROR);
}
