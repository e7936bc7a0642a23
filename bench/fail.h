/* SPDX-License-Identifier: MIT */
#ifndef BENCH_FAIL_H
#define BENCH_FAIL_H

/* Exit status: the measurement could not be made. */
#define BENCH_NO_SETUP 2

/* Say what could not be set up, with the reason in code (a positive errno value, 0: none), and
 * leave with BENCH_NO_SETUP. */
_Noreturn void fail(int code, const char *what);

#endif
