/* SPDX-License-Identifier: MIT */
/* A user's program in C++, which prints what consumer.c prints. */
#include <arpq.hpp>

#include <iostream>

int main()
{
    const auto mac = arpq::mac::parse("0000.5E00.532A");

    if (!mac) {
        std::cerr << "arpq::mac::parse: " << mac.message() << '\n';
        return 1;
    }
    std::cout << arpq::version() << ' ' << to_string(*mac) << '\n';
    return 0;
}
