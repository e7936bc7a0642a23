/* SPDX-License-Identifier: MIT */
/*
 * arpq.hpp with a real kernel, in a network namespace of its own:
 *   v0    10.1.0.1/24, the neighbours 10.1.0.7 and 10.1.0.8, and a default route by 10.1.0.2
 *   v0p   its peer in a second namespace, 10.1.0.2/24
 *   v1    a port of the bridge br0
 */
#include "check.hpp"

extern "C" {
#include "../namespace.h"
}

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <thread>
#include <unistd.h>

#if __cplusplus >= 202002L
#include <ranges>
#endif

using arpq::ip;
using arpq::mac;
using std::chrono::milliseconds;
using std::chrono::seconds;

int failures, counted, throw_at;

static const mac mac_a = *mac::parse("02:00:00:00:00:aa");
static const ip known = *ip::parse("10.1.0.7"), peer = *ip::parse("10.1.0.2");
static const ip unknown = *ip::parse("10.1.0.99");

bool count_entry(const arpq::neigh &)
{
    counted++;
#ifdef __cpp_exceptions
    if (counted == throw_at)
        throw counted;
#endif
    return true;
}

static void run(const std::string &commands)
{
    if (std::system(("set -e; " + commands).c_str()) != 0) {
        std::fprintf(stderr, "failed: %s\n", commands.c_str());
        std::exit(1);
    }
}

static void make_links(pid_t second)
{
    const std::string pid = std::to_string(second);

    run("ip link add v0 address 02:00:00:00:00:a0 type veth peer name v0p address "
        "02:00:00:00:00:a1; ip link set v0 addrgenmode none; ip link set v0p addrgenmode none; "
        "ip link set v0p netns " +
        pid);
    run("ip address add 10.1.0.1/24 dev v0; ip link set v0 up");
    run("nsenter -t " + pid +
        " -n ip address add 10.1.0.2/24 dev v0p; "
        "nsenter -t " +
        pid + " -n ip link set v0p up");
    run("ip link add br0 type bridge; ip link add v1 type veth peer name v1p; "
        "ip link set v1 master br0; ip link set v1 up; ip link set v1p up; ip link set br0 up");
    run("ip route add default via 10.1.0.2; "
        "ip neigh add 10.1.0.7 lladdr 02:00:00:00:00:aa dev v0 nud permanent; "
        "ip neigh add 10.1.0.8 lladdr 02:00:00:00:00:aa dev v0 nud permanent");
    namespace_await_ready();
}

/* ---- Handle ---- */

static void test_lookup(const arpq::handle &h)
{
    const auto hit = h.lookup(known), named = h.lookup("10.1.0.7", std::string("v0"));
    const std::vector<ip> both = {known, unknown};
    const auto answers = h.lookup_many(both);

    CHECK(hit && *hit == mac_a && hit->origin == arpq::origin::table && named && *named == mac_a);
    CHECK(h.lookup(unknown).error() == -ENOENT && !*h.lookup(unknown));
    CHECK(h.lookup("10.1.0.7", "none").error() == -ENODEV && h.lookup("x").error() == -EINVAL);
    CHECK(h.lookup("10.1.0.1")->origin == arpq::origin::local);
    CHECK(h.lookup("10.1.0.1", nullptr, arpq::lookup_flag::table_only).error() == -ENOENT);
    CHECK(answers && answers->found == 1 && answers->values[0] == mac_a);
    CHECK(answers->codes[0] == 0 && answers->codes[1] == -ENOENT && !answers->values[1]);

    const auto entry = h.neigh_get(known);
    CHECK(entry && entry->state == arpq::state::permanent && mac_a == entry->mac);
    CHECK(h.lookup(entry->ip) && h.neigh_get_many(both)->found == 1);
    CHECK(h.peer(-1).error() == -EBADF && h.table_stats(AF_INET)->entries >= 2);
    CHECK(h.table_stats(0).error() == -EAFNOSUPPORT);
}

/* The kernel's words are in the result, and stay there. */
static void test_words(const arpq::handle &h)
{
    const std::uint32_t v1 = *h.interface_index("v1");
    const auto busy = h.resolve(unknown, milliseconds(100), v1);

    CHECK(h.lookup(known)); /* another call in between */
    CHECK(busy.error() == -EBUSY && std::string(busy.words()) == "v1 is a port of br0");
    CHECK(busy.message().find("v1 is a port of br0: ") == 0);
#ifdef __cpp_exceptions
    try {
        (void)busy.value();
        CHECK(false); /* value() throws */
    } catch (const arpq::error &caught) {
        CHECK(std::string(caught.what()) == busy.message());
        CHECK(caught.code() == std::errc::device_or_resource_busy);
    }
#endif
}

static void test_edit(const arpq::handle &h)
{
    arpq::neigh entry = arpq::neigh();
    arpq::address address = arpq::address();
    arpq::filter filter;

    entry.ip = *ip::parse("10.1.0.20");
    entry.mac = mac_a;
    entry.protocol = 99;
    CHECK(h.neigh_set(entry, arpq::set_flag::create) && h.lookup("10.1.0.20"));
    CHECK(h.neigh_set(entry, arpq::set_flag::create).error() == -EEXIST);
    filter.protocol = 99;
    CHECK(*h.neigh_flush(filter) == 1 && h.neigh_delete(unknown).error() == -ENOENT);
    address.ip = *ip::parse("10.2.0.1");
    address.ifindex = *h.interface_index("v0");
    CHECK(h.address_add(address) && h.address_add(address).error() == -EEXIST);
    CHECK(h.address_modify(address) && h.address_remove(address));
    CHECK(h.address_remove(address).error() == -ENOENT);
}

/* What a callback throws arrives here, and the handle goes on working. */
static void test_each(const arpq::handle &h)
{
    int calls = 0;
    arpq::filter permanent;
    const auto flags = h.table_each(arpq::filter(), [&](const arpq::neigh &) { calls++; });

    CHECK(flags && *flags == 0 && calls >= 2);
    counted = 0;
    permanent.states = arpq::state::permanent;
    CHECK(plain_count(h, permanent) == 2 && counted == 2);
    calls = 0;
    CHECK(h.table_each(arpq::filter(), [&](const arpq::neigh &) { return ++calls < 1; }));
    CHECK(calls == 1);
#ifdef __cpp_exceptions
    const arpq::mirror mirror = arpq::mirror::open(h).value();
    const arpq::prefix net = *arpq::prefix::parse("10.1.0.0/30");
    for (int round = 0; round < 3; round++) {
        counted = 0;
        throw_at = 2;
        try {
            if (round == 0)
                (void)h.table_each(arpq::filter(), count_entry);
            else if (round == 1)
                (void)mirror.each(count_entry);
            else
                (void)h.sweep_each(net, [](const arpq::found &) { throw 2; });
            CHECK(false); /* the exception arrives here */
        } catch (int thrown) {
            CHECK(thrown == 2);
        }
        throw_at = 0;
        CHECK(h.lookup(known));
    }
#endif
}

/* ---- Lists ---- */

static void test_table(const arpq::handle &h)
{
    arpq::filter filter;
    int count = 0;

    filter.states = arpq::state::permanent;
    filter.family = AF_INET;
    auto table = *arpq::table::get(h, filter);
    for (const arpq::neigh &entry : table) {
        CHECK(mac_a == entry.mac && entry.state == arpq::state::permanent);
        count++;
    }
    CHECK(count == 2 && table.size() == 2 && !table.empty() && table.flags() == 0);
    CHECK(std::any_of(table.begin(), table.end(),
                      [](const arpq::neigh &entry) { return known == entry.ip; }));
    CHECK(table.at(1) == &table[1] && table.at(2) == nullptr && table.data() == table.begin());
    for (const arpq::neigh &entry : *arpq::table::find_mac(h, mac_a)) /* of a temporary list */
        count += known == entry.ip;
    CHECK(count == 3);

    const arpq::neigh *first = table.begin();
    const arpq::table moved = std::move(table);
    CHECK(moved.begin() == first && table.empty() && moved.malformed() == 0);
    filter.flags = 0x80000000u;
    CHECK(arpq::table::get(h, filter).error() == -EINVAL && arpq::table::get(h, filter)->empty());
#if __cplusplus >= 202002L
    static_assert(std::ranges::contiguous_range<arpq::table>);
    static_assert(std::ranges::contiguous_range<arpq::view<arpq::address>>);
    static_assert(std::ranges::input_range<arpq::watch::range>);
#endif
}

static void test_interfaces(const arpq::handle &h)
{
    const auto list = *arpq::interfaces::get(h, arpq::interfaces_flag::read);
    const arpq::interface *v0 = list.by_name("v0");
    static const arpq::interface below = *v0; /* copies, below and above the list in memory */
    const arpq::interface above = *v0;

    CHECK(v0 && list.by_ifindex(v0->ifindex) == v0 && !list.by_name("none") && list.size() >= 5);
    CHECK(std::string(v0->kind) == "veth" && *h.interface_name(v0->ifindex) == "v0");
    CHECK(*h.interface_index("v0") == v0->ifindex && h.interface_name(0).error() == -EINVAL);
    int count = 0;
    for (const arpq::address &one : list.addresses(*v0))
        count += arpq::to_string(one.ip) == "10.1.0.1" && one.prefix_length == 24;
    CHECK(count == 1 && list.addresses().size() > list.addresses(*v0).size());
    CHECK(list.stats(*v0) && !*list.text(*v0, arpq::interface_text::alias) &&
          !list.altname(*v0, 0));
    CHECK(!list.stats(below) && list.addresses(below).empty() && list.addresses(above).empty());
    ip scoped = *ip::parse("fe80::1");
    scoped.scope = v0->ifindex;
    CHECK(h.to_string(scoped) == "fe80::1%v0");
}

static void test_gateways(const arpq::handle &h)
{
    const auto list = *arpq::gateways::get(h, AF_INET);

    CHECK(list.size() == 1 && list[0].flags & arpq::gateway_flag::chosen && peer == list[0].ip);
    CHECK(arpq::gateways::get(h, 1).error() == -EAFNOSUPPORT);
}

/* ---- Changes and the mirror ---- */

static void test_watch(const arpq::handle &h)
{
    arpq::watch_options how;

    how.flags = arpq::watch_flag::existing;
    arpq::watch watch = *arpq::watch::open(h, how);
    int before = 0, added = 0;
    for (const arpq::event &event : watch.results(seconds(5))) {
        if (event.type == arpq::event_type::synced)
            break;
        before += known == event.neigh.ip;
    }
    CHECK(before == 1 && *watch.fd() >= 0 && watch.stats()->entries >= 2);
    CHECK(watch.next(milliseconds(0)).error() == -ETIMEDOUT);

    arpq::neigh entry = arpq::neigh();
    entry.ip = *ip::parse("10.1.0.30");
    entry.mac = mac_a;
    CHECK(h.neigh_set(entry) && h.neigh_delete(entry.ip));
    arpq::watch moved = std::move(watch);
    auto events = moved.results(milliseconds(300));
    for (const arpq::event &event : events)
        added += event.type == arpq::event_type::neigh_added &&
                 arpq::to_string(event.neigh.ip) == "10.1.0.30";
    CHECK(added == 1 && events.outcome() && !events.is_finished());
    CHECK(watch.next(seconds(1)).error() == -EINVAL);
    CHECK(moved.next(seconds(-1)).error() == -EINVAL);
    how.filter.ifindex = 999999;
    CHECK(arpq::watch::open(h, how).error() == -ENODEV);
}

/* Another thread ends a wait. The handle is closed before its watch. */
static void test_wake()
{
    arpq::handle h = *arpq::handle::open();
    arpq::watch watch = *arpq::watch::open(h);
    auto events = watch.results();
    std::thread waker([&] { (void)h.wake(); });

    for (const arpq::event &event : events)
        (void)event;
    waker.join();
    CHECK(events.outcome().error() == -ECANCELED);
    CHECK(watch.wake_clear() && watch.next(milliseconds(1)).error() == -ETIMEDOUT);
    h.close();
    CHECK(watch.wake() && watch.next(seconds(5)).error() == -ECANCELED);
}

static void test_mirror(const arpq::handle &h)
{
    arpq::mirror mirror = *arpq::mirror::open(h);
    const std::vector<ip> both = {known, unknown};
    int calls = 0;

    CHECK(*mirror.lookup(known) == mac_a && mirror.lookup(unknown).error() == -ENOENT);
    CHECK(mirror.get(known)->state == arpq::state::permanent && *mirror.fd() >= 0);
    CHECK(mirror.lookup_many(both)->found == 1 && mirror.find_mac(mac_a)->size() == 2);
    CHECK(mirror.find_mac(mac()).error() == -EINVAL && mirror.stats()->entries >= 2);
    CHECK(mirror.each([&](const arpq::neigh &) { calls++; }) && calls >= 2);
    CHECK(mirror.table()->size() >= 2);

    arpq::neigh entry = arpq::neigh();
    entry.ip = *ip::parse("10.1.0.40");
    entry.mac = mac_a;
    CHECK(h.neigh_set(entry));
    pollfd ready = {*mirror.fd(), POLLIN, 0};
    CHECK(poll(&ready, 1, 5000) == 1 && *mirror.sync() >= 1 && mirror.lookup(entry.ip));
    CHECK(h.neigh_delete(entry.ip));
}

/* ---- On the wire ---- */

static void test_resolve(const arpq::handle &h)
{
    const std::vector<ip> two = {peer, known};

    CHECK(arpq::to_string(h.resolve(peer, seconds(5))->mac) == "02:00:00:00:00:a1");
    CHECK(h.resolve(unknown, milliseconds(0)).error() == -EAGAIN);
    CHECK(h.resolve_many(two)->found == 2);
    arpq::resolver resolver = *arpq::resolver::open(h);
    CHECK(resolver.next(seconds(1)).error() == -ENODATA);
    CHECK(resolver.add(peer, 0, 1) && resolver.add(known, 0, 2) && resolver.pending() == 2);
    auto results = resolver.results(seconds(5));
    std::uint64_t tokens = 0;
    for (const arpq::resolved &one : results)
        tokens += one.code == 0 ? one.token : 0;
    CHECK(tokens == 3 && results.outcome() && results.is_finished());
}

static void test_ping(const arpq::handle &h)
{
    arpq::ping_options how;

    how.answer_ms = arpq::milliseconds(seconds(5));
    const auto reply = h.ping(peer, how);
    arpq::pinger pinger = *arpq::pinger::open(h, how);
    CHECK(reply && peer == reply->from && reply->rtt_ns > 0);
    CHECK(pinger.add(peer, 1, 7) && pinger.pending() == 1);
    const auto pinged = pinger.next(seconds(5));
    CHECK(pinged && pinged->code == 0 && pinged->token == 7 && pinged->sequence == 1);
    CHECK(pinger.next().error() == -ENODATA);
}

/* Two machines are there: this one and the peer. The sniffer hears the sweep. */
static void test_sweep(const arpq::handle &h)
{
    const arpq::prefix net = *arpq::prefix::parse("10.1.0.0/30");
    arpq::sniffer_options listen;
    arpq::sweep_options how;
    int found = 0, heard = 0, each = 0;

    listen.flags = arpq::sniffer_flag::arp | arpq::sniffer_flag::outgoing;
    how.answer_ms = arpq::milliseconds(milliseconds(300));
    arpq::sniffer sniffer = *arpq::sniffer::open(h, listen);
    arpq::sweep sweep = *arpq::sweep::open(h, net, how);
    auto results = sweep.results();
    for (const arpq::found &one : results) {
        CHECK(peer == one.ip || one.flags & arpq::found_flag::local);
        found++;
    }
    CHECK(found == 2 && results.is_finished() && sweep.stats()->finished == 1);
    CHECK(sweep.stats()->method == arpq::sweep_method::arp);
    for (const arpq::sniffed &frame : sniffer.results(milliseconds(50)))
        heard += frame.type == arpq::sniffed_type::arp;
    CHECK(heard >= 2 && sniffer.stats()->frames >= 2);
    const auto stats = h.sweep_each(
        net, [&](const arpq::found &) { each++; }, how);
    CHECK(stats && stats->found == 2 && each == 2);
    CHECK(h.sweep_each(*arpq::prefix::parse("10.0.0.0/8"), [](const arpq::found &) {}).error() ==
          -E2BIG);
}

int main()
{
    alarm(120);
    if (!namespace_enter())
        not_run("no network namespace can be made here");
    make_links(namespace_hold());

    arpq::options how;
    how.flags = arpq::open_flag::in_netns;
    how.netns_fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    const arpq::handle h = *arpq::handle::open(how);
    how.netns_fd = -1;
    CHECK(h && arpq::handle::open(how).error() == -EBADF);

    test_values();
    test_empty();
    test_lookup(h);
    test_words(h);
    test_edit(h);
    test_each(h);
    test_table(h);
    test_interfaces(h);
    test_gateways(h);
    test_watch(h);
    test_wake();
    test_mirror(h);
    test_resolve(h);
    test_ping(h);
    test_sweep(h);
    std::printf("%d failed\n", failures);
    return failures != 0;
}
