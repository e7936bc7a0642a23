/* SPDX-License-Identifier: MIT */
/* cmocka with the headers that it needs first, and what its versions do differently. */
#ifndef ARPQ_TEST_H
#define ARPQ_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* cmocka 2 defines stop() as a macro, and a sweep method has a member of that name. */
#undef stop

/* Unsigned, so that a negative value is out of range. cmocka has the same under a name that
 * version 2 deprecates, and under another that version 1 lacks. */
#define assert_between(value, least, most)                                                         \
    do {                                                                                           \
        const uintmax_t between_value = (uintmax_t)(value);                                        \
        const uintmax_t between_least = (uintmax_t)(least);                                        \
        const uintmax_t between_most = (uintmax_t)(most);                                          \
                                                                                                   \
        if (between_value < between_least || between_value > between_most)                         \
            fail_msg("%s is %ju, not from %ju to %ju", #value, between_value, between_least,       \
                     between_most);                                                                \
    } while (0)

#endif
