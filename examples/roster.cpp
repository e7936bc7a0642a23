/* SPDX-License-Identifier: MIT */
/*
 * roster - the machines on the links of this one, each with all its addresses, in C++17.
 *
 * Build:  c++ -std=c++17 roster.cpp $(pkg-config --cflags --libs arpq) -o roster
 * Run:    ./roster
 * Try:    ./roster 192.0.2.0/24 fe80::%eth0/64    (sweeps these prefixes, and then lists)
 *
 * The kernel's table has an entry for each address. This program puts those with the same MAC on
 * one line, IPv4 and IPv6, and marks the gateways of the default routes. Without a prefix it sends
 * no packet and needs no privilege. A failure on the way is an exception, with the kernel's words.
 */
#include <arpq.hpp>

#include <iostream>
#include <map>
#include <set>
#include <stdexcept>
#include <vector>

namespace
{
struct machine {
    std::set<arpq::ip> addresses;
    std::set<std::uint32_t> links;
    bool is_gateway = false;
    bool is_local = false;
};

using machines = std::map<arpq::mac, machine>;

/* Returns the machine, or nullptr if the MAC does not name one. */
machine *add(machines &roster, const arpq::mac &mac, const arpq::ip &address, std::uint32_t link)
{
    if (!mac || mac.is_zero() || mac.is_multicast()) // not known; of a loopback; of a group
        return nullptr;

    machine &found = roster[mac];

    found.addresses.insert(address);
    found.links.insert(link);
    return &found;
}

void add_table(machines &roster, const arpq::handle &handle)
{
    for (const arpq::neigh &entry : arpq::table::get(handle).value())
        add(roster, entry.mac, entry.ip, entry.ifindex);
}

void add_swept(machines &roster, const arpq::handle &handle, const arpq::prefix &prefix)
{
    const auto see = [&](const arpq::found &host) {
        machine *const found = add(roster, host.mac, host.ip, host.ifindex);

        if (found && (host.flags & arpq::found_flag::local))
            found->is_local = true;
    };

    arpq::sweep_options how;

    if (prefix.address.family == AF_INET6) // of a large prefix, the hosts are asked all at once
        how.flags = arpq::sweep_flag::force;
    handle.sweep_each(prefix, see, how).value();
}

void mark_gateways(machines &roster, const arpq::handle &handle)
{
    for (const arpq::gateway &gateway : arpq::gateways::get(handle).value())
        for (auto &[mac, machine] : roster)
            if (machine.addresses.count(gateway.ip) && machine.links.count(gateway.ifindex))
                machine.is_gateway = true;
}

void print(const machines &roster, const arpq::handle &handle)
{
    for (const auto &[mac, machine] : roster) {
        std::cout << arpq::to_string(mac);
        for (const std::uint32_t link : machine.links)
            std::cout << ' ' << handle.interface_name(link).value_or("(gone)");
        for (const arpq::ip &address : machine.addresses)
            std::cout << ' ' << handle.to_string(address);
        std::cout << (machine.is_gateway ? " gateway" : "")
                  << (machine.is_local ? " this machine" : "") << '\n';
    }
}
} // namespace

int main(int argc, char **argv)
{
    std::vector<arpq::prefix> prefixes;

    for (int n = 1; n < argc; n++) {
        const auto prefix = arpq::prefix::parse(argv[n]);

        if (!prefix) {
            std::cerr << "usage: roster [PREFIX...]; " << argv[n] << ": " << prefix.message()
                      << '\n';
            return 2;
        }
        prefixes.push_back(*prefix);
    }
    try {
        const arpq::handle handle = arpq::handle::open().value();
        machines roster;

        for (const arpq::prefix &prefix : prefixes)
            add_swept(roster, handle, prefix);
        add_table(roster, handle);
        mark_gateways(roster, handle);
        print(roster, handle);
        if (!std::cout.flush())
            throw std::runtime_error("cannot write the roster");
    } catch (const std::exception &failure) {
        std::cerr << "roster: " << failure.what() << '\n';
        return 1;
    }
    return 0;
}
