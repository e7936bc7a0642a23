/* SPDX-License-Identifier: MIT */
/* Results of arpq.hpp, and calls on owners without an object: each fails with -EINVAL. */
#include "check.hpp"

using arpq::ip;
using arpq::mac;

static void test_status()
{
    const arpq::status failed(-EBUSY, "v1 is a port of br0"),
        long_words(-EBUSY, std::string(999, 'x').c_str());
    arpq::status copy;

    CHECK(copy && copy.error() == 0 && !*copy.words() && copy.message().empty());
    CHECK(!arpq::status(5, "no error") == false && !*arpq::status(5, "no error").words());
    copy = failed;
    CHECK(!copy && copy.error() == -EBUSY && std::string(copy.words()) == failed.words());
    CHECK(copy.message() == std::string(failed.words()) + ": " + arpq::strerror(-EBUSY));
    CHECK(copy.error_code() == std::errc::device_or_resource_busy);
    CHECK(copy.error_code().value() == EBUSY && copy.error_code() != std::errc::no_such_device);
    CHECK(std::strlen(long_words.words()) == ARPQ_DETAIL_STRLEN - 1);
    CHECK(std::string(arpq::category().name()) == "arpq");
}

#ifdef __cpp_exceptions
/* What value() throws. */
template <typename Result> static std::string thrown(Result &&result)
{
    try {
        (void)std::forward<Result>(result).value();
    } catch (const std::system_error &caught) {
        CHECK(caught.code() == result.error_code());
        return caught.what();
    }
    return "nothing";
}

static void test_exceptions()
{
    const arpq::result<void> failed(arpq::status(-ENODEV, "what the kernel said"));
    const arpq::result<int> number(7), none(arpq::status(-ENODEV));

    CHECK(thrown(failed) == "what the kernel said: no such interface");
    CHECK(thrown(none) == "no such interface" && none.value_or(3) == 3 && *none == 0);
    CHECK(thrown(number) == "nothing" && number.value() == 7 && number.value_or(3) == 7);
    try {
        (void)mac::parse("x").value();
        CHECK(false); /* value() throws */
    } catch (const arpq::error &caught) {
        CHECK(caught.code() == std::errc::invalid_argument);
    }
}
#else
static void test_exceptions()
{
}
#endif

static void test_expected()
{
#ifdef __cpp_lib_expected
    const std::expected<mac, arpq::status> known = mac::parse("02:00:00:00:00:01");
    const std::expected<mac, arpq::status> unknown = mac::parse("x");
    const std::expected<int, arpq::status> number = arpq::result<int>(7);
    const std::expected<void, arpq::status> done = arpq::result<void>();
    std::expected<arpq::handle, arpq::status> moved = arpq::handle::open();

    CHECK(known && known->length == 6 && number == 7 && done && moved && *moved);
    CHECK(!unknown && unknown.error().error() == -EINVAL);
#endif
}

static void test_empty_handle()
{
    const arpq::handle h;
    const ip any = *ip::parse("192.0.2.1");
    const std::vector<ip> some(3, any);
    int calls = 0;

    CHECK(!h && h.raw() == nullptr && !*h.detail());
    CHECK(h.lookup("192.0.2.1").error() == -EINVAL && h.lookup(any).error() == -EINVAL);
    CHECK(h.lookup_many(some).error() == -EINVAL && h.lookup_many(some)->values.empty());
    CHECK(h.peer(0).error() == -EINVAL && h.neigh_get(any).error() == -EINVAL);
    CHECK(h.neigh_get_many(some).error() == -EINVAL && h.resolve_many(some).error() == -EINVAL);
    CHECK(h.neigh_set(arpq::neigh()).error() == -EINVAL && h.neigh_delete(any).error() == -EINVAL);
    CHECK(h.neigh_flush(arpq::filter()).error() == -EINVAL);
    CHECK(h.table_each(arpq::filter(), [&](const arpq::neigh &) { calls++; }).error() == -EINVAL);
    CHECK(h.table_stats(AF_INET).error() == -EINVAL && h.resolve(any).error() == -EINVAL);
    CHECK(h.ping(any).error() == -EINVAL && h.interface_index("lo").error() == -EINVAL);
    CHECK(h.sweep_each(arpq::prefix(), [&](const arpq::found &) { calls++; }).error() == -EINVAL);
    CHECK(h.interface_name(1).error() == -EINVAL && h.interface_name(1)->empty());
    CHECK(h.address_add(arpq::address()).error() == -EINVAL);
    CHECK(h.address_modify(arpq::address()).error() == -EINVAL);
    CHECK(h.address_remove(arpq::address()).error() == -EINVAL);
    CHECK(h.wake().error() == -EINVAL && h.wake_clear().error() == -EINVAL);
    CHECK(h.to_string(any).empty() && calls == 0);
    CHECK(arpq::table::get(h).error() == -EINVAL && arpq::interfaces::get(h).error() == -EINVAL);
    CHECK(arpq::table::find_mac(h, mac()).error() == -EINVAL);
    CHECK(arpq::gateways::get(h).error() == -EINVAL && arpq::watch::open(h).error() == -EINVAL);
    CHECK(arpq::mirror::open(h).error() == -EINVAL && arpq::resolver::open(h).error() == -EINVAL);
    CHECK(arpq::pinger::open(h).error() == -EINVAL && arpq::sniffer::open(h).error() == -EINVAL);
    CHECK(arpq::sweep::open(h, arpq::prefix()).error() == -EINVAL);
}

static void test_empty_lists()
{
    const arpq::table table;
    const arpq::interfaces interfaces;
    const arpq::gateways gateways;
    const arpq::interface other = arpq::interface();

    CHECK(table.empty() && table.begin() == table.end() && table.at(0) == nullptr);
    CHECK(table.flags() == 0 && table.malformed() == 0 && table.size() == 0);
    CHECK(interfaces.empty() && interfaces.addresses().empty() && interfaces.flags() == 0);
    CHECK(interfaces.addresses(other).empty() && !interfaces.stats(other));
    CHECK(!*interfaces.text(other, arpq::interface_text::alias) && !interfaces.altname(other, 0));
    CHECK(!interfaces.by_name("lo") && !interfaces.by_ifindex(1));
    CHECK(gateways.empty() && gateways.flags() == 0 && gateways.data() == nullptr);
}

/* Of a watch, resolver, pinger, sniffer and sweep. */
template <typename Source> static void test_empty_source()
{
    Source source;
    auto results = source.results();
    int count = 0;

    CHECK(source.next().error() == -EINVAL && source.fd().error() == -EINVAL);
    for (const auto &item : results)
        count += sizeof item > 0;
    CHECK(count == 0 && results.outcome().error() == -EINVAL && !results.is_finished());
    CHECK(source.wake().error() == -EINVAL && source.wake_clear().error() == -EINVAL);
}

static void test_empty_objects()
{
    const arpq::mirror mirror;
    const ip any = *ip::parse("192.0.2.1");
    const std::vector<ip> some(3, any);

    test_empty_source<arpq::watch>();
    test_empty_source<arpq::resolver>();
    test_empty_source<arpq::pinger>();
    test_empty_source<arpq::sniffer>();
    test_empty_source<arpq::sweep>();
    CHECK(arpq::watch().stats().error() == -EINVAL && arpq::sniffer().stats().error() == -EINVAL);
    CHECK(arpq::sweep().stats().error() == -EINVAL && arpq::resolver().pending() == 0);
    CHECK(arpq::resolver().add(any).error() == -EINVAL && arpq::pinger().pending() == 0);
    CHECK(arpq::pinger().add(any).error() == -EINVAL);
    CHECK(mirror.fd().error() == -EINVAL && mirror.sync().error() == -EINVAL);
    CHECK(mirror.lookup(any).error() == -EINVAL && mirror.get(any).error() == -EINVAL);
    CHECK(mirror.lookup_many(some).error() == -EINVAL && mirror.stats().error() == -EINVAL);
    CHECK(mirror.find_mac(*mac::parse("02:00:00:00:00:01")).error() == -EINVAL);
    CHECK(mirror.each([](const arpq::neigh &) {}).error() == -EINVAL);
    CHECK(mirror.table().error() == -EINVAL);
}

/* An owner that was moved from, closed or released has no object. */
static void test_moves()
{
    arpq::handle first = *arpq::handle::open();
    arpq::handle second = std::move(first);

    CHECK(!first && second && first.lookup("192.0.2.1").error() == -EINVAL);
    first = std::move(second);
    CHECK(first && !second);
    arpq_close(first.release());
    CHECK(!first && first.interface_index("lo").error() == -EINVAL);
    first = *arpq::handle::open();
    first.close();
    first.close();
    CHECK(!first);
    static_assert(!std::is_copy_constructible<arpq::handle>::value, "one owner");
    static_assert(!std::is_copy_assignable<arpq::table>::value, "one owner");
    static_assert(std::is_nothrow_move_constructible<arpq::watch>::value, "moves");
}

void test_empty()
{
    test_status();
    test_exceptions();
    test_expected();
    test_empty_handle();
    test_empty_lists();
    test_empty_objects();
    test_moves();
}
