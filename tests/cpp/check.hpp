/* SPDX-License-Identifier: MIT */
/* The tests of arpq.hpp in C++: what they share. There is no framework, so that they compile
 * wherever the header does. */
#ifndef ARPQ_TEST_CPP_CHECK_HPP
#define ARPQ_TEST_CPP_CHECK_HPP

#include <arpq.hpp>

#include <cstdio>

/* How many checks have failed. */
extern int failures;

/* Count and print a condition that is false. */
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);         \
            failures++;                                                                            \
        }                                                                                          \
    } while (0)

/* values.cpp: without the kernel. */
void test_values();
/* empty.cpp: owners without an object, and results. */
void test_empty();
/* plain.cpp, compiled without exceptions and without RTTI: how many entries of the
 * table match; table_each hands them to a function that main.cpp hands over too. */
int plain_count(const arpq::handle &h, const arpq::filter &filter);
/* The callback of both: counts in counted, and throws when that reaches throw_at (0: never). */
bool count_entry(const arpq::neigh &entry);
extern int counted, throw_at;

#endif
