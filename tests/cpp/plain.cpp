/* SPDX-License-Identifier: MIT */
/* Compiled with -fno-exceptions and -fno-rtti, and linked with code that has both. */
#include "check.hpp"

#if defined(__cpp_exceptions) || defined(__cpp_rtti)
#error "the test compiles this file without exceptions and without RTTI"
#endif

int plain_count(const arpq::handle &h, const arpq::filter &filter)
{
    const auto done = h.table_each(filter, count_entry);

    return done ? counted : done.error();
}
