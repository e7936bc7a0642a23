/* SPDX-License-Identifier: MIT */
/* The header of every test: cmocka, common headers, and short helpers. */
#ifndef ARPQ_TEST_H
#define ARPQ_TEST_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpq.h>

/* cmocka 2 defines stop() as a macro, and a sweep method has a member of that name. */
#undef stop

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* A test that runs between set_up and tear_down of its file, or after set_up only. */
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define TEST_SET_UP(name) cmocka_unit_test_setup(name, set_up)

/* The comparison is unsigned, so a negative value is out of range. cmocka 1 and cmocka 2 have no
 * common name for this check that is not deprecated. */
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

/* Parse a literal. An invalid one ends the program, because a child process cannot fail a test. */
static inline struct arpq_ip ip_of(const char *text)
{
    struct arpq_ip ip;

    if (arpq_ip_parse(text, &ip, 0) != 0) {
        fprintf(stderr, "no IP address: %s\n", text);
        exit(1);
    }
    return ip;
}

static inline struct arpq_mac mac_of(const char *text)
{
    struct arpq_mac mac;

    if (arpq_mac_parse(text, &mac) != 0) {
        fprintf(stderr, "no link-layer address: %s\n", text);
        exit(1);
    }
    return mac;
}

#endif
