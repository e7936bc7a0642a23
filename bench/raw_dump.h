/* SPDX-License-Identifier: MIT */
/* What one would write by hand: dumps, received and counted but not decoded. */
#ifndef BENCH_RAW_DUMP_H
#define BENCH_RAW_DUMP_H

#include <stddef.h>
#include <stdint.h>

struct raw_dump {
    int fd;
    uint32_t sequence;
    char *buffer;
};

void raw_dump_open(struct raw_dump *raw);
void raw_dump_close(struct raw_dump *raw);

/* Read the table, both families; returns how many entries came. */
size_t raw_dump_run(struct raw_dump *raw);

/* The same of what an RTM_GET* asks for. */
size_t raw_dump_of(struct raw_dump *raw, uint16_t type);

#endif
