/* SPDX-License-Identifier: MIT */
/* Addresses, text and durations of arpq.hpp. */
#include "check.hpp"

#include <algorithm>
#include <limits>
#include <netinet/in.h>
#include <unordered_map>

using arpq::ip;
using arpq::mac;
using std::chrono::duration;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

static void test_ip()
{
    const auto parsed = ip::parse("192.0.2.1");
    const std::string text = "2001:db8::1";
    const ip other = *ip::parse(text);
    sockaddr_storage storage;

    CHECK(parsed && parsed.error() == 0 && *parsed);
    CHECK(parsed->family == AF_INET && parsed->bytes[3] == 1);
    CHECK(to_string(*parsed) == "192.0.2.1" && to_string(other) == text);
    CHECK(to_string(ip()).empty() && !ip());
    CHECK(*parsed == *ip::parse("192.0.2.1") && *parsed != other);
    CHECK(*parsed < other && other > *parsed && *parsed <= other && other >= *parsed);
    CHECK(parsed->to_sockaddr(80, &storage).value_or(0) == int(sizeof(sockaddr_in)));
    CHECK(*ip::from_sockaddr(reinterpret_cast<sockaddr *>(&storage), sizeof storage) == *parsed);
    CHECK(ip::from_sockaddr(nullptr, 0).error() == -EINVAL);
    CHECK(*ip::parse("3221225985", arpq::ip_parse::classic) == *parsed);
    CHECK(ip::parse("192.0.2").error() == -EINVAL && !*ip::parse("192.0.2"));
    CHECK(ip::parse(nullptr).error() == -EINVAL);
    CHECK(ip::parse(std::string("192.0.2.1\0x", 11)).error() == -EINVAL);

    const arpq_ip &plain = *parsed; /* a struct of C and back */
    CHECK(ip(plain) == *parsed && arpq::to_string(plain) == "192.0.2.1");
}

static void test_mac()
{
    const mac known = *mac::parse("00-00-5E-00-53-2a");
    mac typed = known;

    CHECK(known && to_string(known) == "00:00:5e:00:53:2a");
    CHECK(to_string(known, arpq::mac_style::cisco | arpq::mac_style::upper) == "0000.5E00.532A");
    CHECK(mac::parse("00:00").value_or(known).length == 2 &&
          mac::parse("x").value_or(known) == known);
    CHECK(to_string(*known.to_eui64()) == "02:00:5e:ff:fe:00:53:2a");
    CHECK(!known.is_multicast() && !known.is_local() && !known.is_zero());
    CHECK(mac::parse("ff:ff:ff:ff:ff:ff")->is_broadcast() && !mac().is_zero());
    typed.type = 1000; /* neither type nor origin counts */
    typed.origin = ARPQ_ORIGIN_LOCAL;
    CHECK(typed == known && !(typed < known) && std::hash<mac>()(typed) == std::hash<mac>()(known));
    CHECK(mac() < known && known != mac());
#if __cplusplus >= 202002L
    CHECK((known <=> mac()) == std::weak_ordering::greater);
    CHECK((ip() <=> ip()) == std::strong_ordering::equal);
#endif
}

static void test_prefix()
{
    const arpq::prefix net = arpq::prefix::parse("192.0.2.0/255.255.255.0").value_or({});

    CHECK(net.length == 24 && to_string(net) == "192.0.2.0/24");
    CHECK(net.contains(*ip::parse("192.0.2.9")) && !net.contains(*ip::parse("192.0.3.9")));
    CHECK(arpq::prefix::parse("192.0.2.0/33").error() == -EINVAL);
    CHECK(to_string(arpq::prefix()).empty());
}

static void test_hashes()
{
    std::unordered_map<ip, mac> neighbours;
    std::vector<ip> sorted;

    for (unsigned n = 0; n < 1000; n++) {
        ip key = *ip::parse("10.0.0.0");

        key.bytes[2] = static_cast<std::uint8_t>(n >> 8);
        key.bytes[3] = static_cast<std::uint8_t>(n);
        key.bytes[9] = 7; /* IPv4 has four bytes */
        neighbours[key].length = 6;
        sorted.push_back(key);
    }
    CHECK(neighbours.size() == 1000 && neighbours.count(*ip::parse("10.0.3.231")) == 1);
    std::reverse(sorted.begin(), sorted.end());
    std::sort(sorted.begin(), sorted.end());
    CHECK(to_string(sorted.front()) == "10.0.0.0" && to_string(sorted.back()) == "10.0.3.231");
}

static void test_timeouts()
{
    using arpq::timeout;
    const double nan = std::numeric_limits<double>::quiet_NaN();

    CHECK(timeout(seconds(2)).ms() == 2000 && timeout(milliseconds(0)).ms() == 0);
    CHECK(timeout::forever().ms() == -1);
    CHECK(timeout(microseconds(1)).ms() == 1 && timeout(microseconds(2001)).ms() == 3);
    CHECK(timeout(milliseconds(INT32_MAX)).ms() == INT32_MAX);
    CHECK(timeout(milliseconds(INT64_C(1) << 31)).ms() == -2 && timeout(hours::max()).ms() == -2);
    CHECK(timeout(hours::min()).ms() == -2 && timeout(milliseconds(-1)).ms() == -2);
    CHECK(timeout(duration<double>(nan)).ms() == -2 && timeout(duration<double>(0.5)).ms() == 500);

    CHECK(arpq::milliseconds(seconds(1)) == 1000 && arpq::milliseconds(seconds(0)) == 1);
    CHECK(arpq::milliseconds(hours::max()) == ARPQ_FOREVER);
    CHECK(arpq::milliseconds(seconds(-1)) == ARPQ_FOREVER);
}

static void test_names()
{
    CHECK(std::string(arpq::name(arpq::names::state, arpq::state::stale)) == "STALE");
    CHECK(*arpq::value(arpq::names::state, "reachable") == arpq::state::reachable);
    CHECK(arpq::value(arpq::names::state, "x").error() == -ENOENT);
    CHECK(std::string(arpq::strerror(-ENODEV)) == "no such interface");
    CHECK(arpq::version_number() == ARPQ_VERSION_NUMBER && arpq::abi() == ARPQ_ABI);
    CHECK(*arpq::version() && arpq::size_of("arpq_neigh") == sizeof(arpq::neigh));
}

static void test_packets()
{
    const mac sender = *mac::parse("02:00:00:00:00:01");
    const ip source = *ip::parse("192.0.2.1"), target = *ip::parse("192.0.2.2");
    const auto made = arpq::arp_make(arpq::arp_kind::request, sender, source, mac(), target);
    char frame[ARPQ_ARP_FRAME_SIZE], message[64];
    const int size = *arpq::arp_encode(*made, frame, sizeof frame);
    const auto read = arpq::arp_decode(frame, static_cast<std::size_t>(size));

    CHECK(made && size == 60 && read && arpq::arp_kind_of(*read) == arpq::arp_kind::request);
    CHECK(sender == read->sender_mac && target == read->target_ip);
    CHECK(arpq::arp_encode(*made, frame, 3).error() == -ENOSPC);
    CHECK(arpq::arp_decode(frame, 20).error() == -EBADMSG);

    arpq::icmp echo = arpq::icmp();
    echo.family = AF_INET;
    echo.type = 8;
    echo.identifier = 5;
    const int length = *arpq::icmp_encode(echo, "abcd", 4, message, sizeof message);
    const std::size_t used = static_cast<std::size_t>(length);
    CHECK(length == 12 && arpq::icmp_checksum(message, used) == 0);
    CHECK(arpq::icmp_decode(AF_INET, nullptr, nullptr, message, used)->identifier == 5);
    message[11]++;
    const auto wrong = arpq::icmp_decode(AF_INET, nullptr, nullptr, message, used);
    CHECK(wrong.error() == -EILSEQ && wrong->identifier == 5);      /* filled in all the same */
    CHECK(arpq::icmp_checksum(source, target, message, used) == 0); /* not IPv6 */
    CHECK(std::string(arpq::icmp_type_name(AF_INET, 0)) == "Echo Reply");
    CHECK(arpq::icmp_is_assigned(AF_INET, 3, 1) && *arpq::icmp_code_name(AF_INET, 3, 1));
}

void test_values()
{
    test_ip();
    test_mac();
    test_prefix();
    test_hashes();
    test_timeouts();
    test_names();
    test_packets();
}
