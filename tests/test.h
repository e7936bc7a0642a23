/* SPDX-License-Identifier: MIT */
/* cmocka, and the headers that it needs before its own. */
#ifndef ARPQ_TEST_H
#define ARPQ_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
