/* SPDX-License-Identifier: MIT */
/*
 * libarpq for C++ - the interface of arpq.h with owners, results, ranges and durations.
 *
 * C++11 to C++23. It needs the standard library, arpq.h and the library itself, and nothing else.
 *
 * Names: arpq_X is arpq::X, or a member of the class whose object it takes. arpq_lookup is
 * handle::lookup, arpq_watch_next is watch::next, arpq_table_get is table::get. ARPQ_STATE_STALE is
 * state::stale (the section "Constants"). The comments here say what C++ adds. The meaning of each
 * call, its parameters, its error codes and the privilege that it needs are documented in arpq.h
 * under the name in C.
 *
 * Rules that hold for every function:
 *  - A call that can fail returns result<T>. It converts to true if the call succeeded; error()
 *    is the negative errno value of arpq.h. value() returns the value, or throws arpq::error. No
 *    other function of this file throws, except std::bad_alloc from those that return a
 *    std::string or std::vector, and what a callback of yours throws.
 *  - The value of a failed call is zeroed or empty, as in C: *r is always defined.
 *  - With -fno-exceptions value() does not exist; everything else does. -fno-rtti is possible
 *    with and without exceptions.
 *  - An owner (handle, table, interfaces, gateways, watch, mirror, resolver, pinger, sniffer,
 *    sweep) closes its object in its destructor. It can be moved and not copied. A call on an
 *    owner that was moved from, released or closed fails with -EINVAL, and its lists are empty.
 *  - const means what it means in the standard library: several threads may call const functions
 *    of one object at the same time.
 *  - Every parameter that is an IP or MAC address takes arpq::ip or arpq::mac, and also the struct
 *    of arpq.h, such as the member ip of a neighbour.
 *  - raw() gives the pointer for a function of arpq.h.
 */
#ifndef ARPQ_HPP
#define ARPQ_HPP

#include <arpq.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#if __cplusplus >= 202002L
#include <compare>
#endif
#if __cplusplus > 202002L
#include <version>
#endif
#ifdef __cpp_lib_expected
#include <expected>
#endif

namespace arpq
{

/* ---- Results ----------------------------------------------------------- */

#if __cplusplus >= 201703L
template <typename T> class [[nodiscard]] result;
#else
template <typename T> class result;
#endif

/* The outcome of a call: success, or an error code with the kernel's words. It allocates no
 * memory. */
class status
{
public:
    /* Success. */
    status() noexcept { words_[0] = '\0'; }

    /* code   as a function of arpq.h returned it: an error if it is negative.
     * words  are copied, up to ARPQ_DETAIL_STRLEN - 1 bytes, if code is an error. */
    explicit status(int code, const char *words = "") noexcept : code_(code < 0 ? code : 0)
    {
        std::size_t length = 0;

        for (; code < 0 && length < sizeof words_ - 1 && words[length]; length++)
            words_[length] = words[length];
        words_[length] = '\0';
    }

    status(const status &other) noexcept : status(other.code_, other.words_) {}

    status &operator=(const status &other) noexcept
    {
        code_ = other.code_;
        std::memmove(words_, other.words_, std::strlen(other.words_) + 1);
        return *this;
    }

    ~status() = default;

    /* Whether the call succeeded. */
    bool has_value() const noexcept { return code_ == 0; }
    explicit operator bool() const noexcept { return code_ == 0; }

    /* The negative errno value as arpq.h documents it for the call, or 0. */
    int error() const noexcept { return code_; }

    /* What the kernel said about the failure (arpq_detail), or "". Valid as long as this object. */
    const char *words() const noexcept { return words_; }

    /* The same as an error of the standard library, with a positive value. It can be compared with
     * std::errc: r.error_code() == std::errc::host_unreachable. */
    std::error_code error_code() const noexcept;

    /* arpq_strerror, after the kernel's words and a colon if there are words. "" for a success. */
    std::string message() const;

private:
    int code_ = 0;
    char words_[ARPQ_DETAIL_STRLEN];
};

/* The category of errors: message() is arpq_strerror. Its values are positive errno values and
 * equal to those of std::generic_category. */
inline const std::error_category &category() noexcept
{
    class arpq_category : public std::error_category
    {
    public:
        const char *name() const noexcept override { return "arpq"; }
        std::string message(int value) const override { return arpq_strerror(value); }

        std::error_condition default_error_condition(int value) const noexcept override
        {
            return std::error_condition(value, std::generic_category());
        }
    };
    static const arpq_category only;

    return only;
}

inline std::error_code status::error_code() const noexcept
{
    return std::error_code(-code_, category());
}

inline std::string status::message() const
{
    if (code_ == 0)
        return std::string();
    return (*words_ ? std::string(words_) + ": " : std::string()) + arpq_strerror(code_);
}

/* The exception of value(). code() is status::error_code(); what() is the kernel's words, if there
 * are any, and arpq_strerror. */
class __attribute__((visibility("default"))) error : public std::system_error
{
public:
    explicit error(const status &failure)
        : std::system_error(*failure.words()
                                ? std::system_error(failure.error_code(), failure.words())
                                : std::system_error(failure.error_code()))
    {
    }
};

/*
 * A value, or the status of the call that failed to get it.
 *
 * T must be default-constructible: the value of a failed call is T(), except where the call
 * documents that it has outputs on failure too. With C++23 a result converts to
 * std::expected<T, arpq::status>.
 */
template <typename T> class result : public status
{
public:
    /* A value. came is a failure if the call has an output on failure too. */
    explicit result(T value, const status &came = status()) noexcept
        : status(came), value_(std::move(value))
    {
    }

    /* A failure. */
    explicit result(const status &failure) noexcept : status(failure), value_() {}

    /* The value without a check; T() if the call failed. */
    T &operator*() &noexcept { return value_; }
    const T &operator*() const &noexcept { return value_; }
    T operator*() &&noexcept { return std::move(value_); }
    T *operator->() noexcept { return &value_; }
    const T *operator->() const noexcept { return &value_; }

    /* The value, or another one if the call failed. */
    T value_or(T other) && { return has_value() ? std::move(value_) : std::move(other); }
    T value_or(T other) const & { return has_value() ? value_ : std::move(other); }

#ifdef __cpp_exceptions
    /* The value; throws arpq::error if the call failed. */
    T &value() &
    {
        check();
        return value_;
    }

    const T &value() const &
    {
        check();
        return value_;
    }

    T value() &&
    {
        check();
        return std::move(value_);
    }
#endif

#ifdef __cpp_lib_expected
    operator std::expected<T, status>() &&
    {
        if (!has_value())
            return std::unexpected<status>(*this);
        return std::move(value_);
    }

    operator std::expected<T, status>() const &
    {
        if (!has_value())
            return std::unexpected<status>(*this);
        return value_;
    }
#endif

private:
#ifdef __cpp_exceptions
    void check() const
    {
        if (!has_value())
            throw arpq::error(*this);
    }
#endif

    T value_;
};

/* The result of a call that returns nothing but its success. */
#if __cplusplus >= 201703L
template <> class [[nodiscard]] result<void> : public status
#else
template <> class result<void> : public status
#endif
{
public:
    result() noexcept = default;

    explicit result(const status &came) noexcept : status(came) {}

#ifdef __cpp_exceptions
    /* Does nothing; throws arpq::error if the call failed. */
    void value() const
    {
        if (!has_value())
            throw arpq::error(*this);
    }
#endif

#ifdef __cpp_lib_expected
    operator std::expected<void, status>() const
    {
        if (!has_value())
            return std::unexpected<status>(*this);
        return {};
    }
#endif
};

/* ---- Text and time ----------------------------------------------------- */

/* A NUL-terminated text as a parameter: a literal, a pointer (also nullptr) or a std::string. */
class text
{
public:
    text(const char *pointer) noexcept : pointer_(pointer) {}

    /* A string with a NUL byte inside is taken for "", which is no address and no name. */
    text(const std::string &string) noexcept
        : pointer_(string.find('\0') == std::string::npos ? string.c_str() : "")
    {
    }

    const char *c_str() const noexcept { return pointer_; }

private:
    const char *pointer_;
};

namespace impl
{
/* A duration in milliseconds, rounded up; -2, which every function refuses, if it is negative or
 * more than most. */
template <typename Rep, typename Period>
double to_ms(const std::chrono::duration<Rep, Period> &duration, double most) noexcept
{
    const double ms = std::chrono::duration<double, std::milli>(duration).count();

    if (!(ms >= 0 && ms <= most))
        return -2;
    return ms > static_cast<double>(static_cast<std::int64_t>(ms))
               ? static_cast<double>(static_cast<std::int64_t>(ms) + 1)
               : ms;
}
} // namespace impl

/* How long a call may wait: a duration of std::chrono, or forever(). 0 does not wait. A part of a
 * millisecond counts as a whole one. A call with a negative timeout, or one above INT32_MAX
 * milliseconds (24 days), fails with -EINVAL. */
class timeout
{
public:
    template <typename Rep, typename Period>
    timeout(const std::chrono::duration<Rep, Period> &duration) noexcept
        : ms_(static_cast<std::int32_t>(impl::to_ms(duration, INT32_MAX)))
    {
    }

    /* No limit. */
    static timeout forever() noexcept
    {
        timeout limit{std::chrono::milliseconds(0)};

        limit.ms_ = -1;
        return limit;
    }

    /* The parameter timeout_ms of arpq.h. */
    std::int32_t ms() const noexcept { return ms_; }

private:
    std::int32_t ms_;
};

/* A duration as a member answer_ms, max_age_ms or damping_ms of a struct of options. 0 in such a
 * member selects the default, so the least duration is 1 ms; a duration that is negative or has
 * more than 32 bits of milliseconds becomes ARPQ_FOREVER. */
template <typename Rep, typename Period>
std::uint32_t milliseconds(const std::chrono::duration<Rep, Period> &duration) noexcept
{
    const double ms = impl::to_ms(duration, ARPQ_FOREVER - 1.0);

    return ms < 0 ? ARPQ_FOREVER : ms < 1 ? 1 : static_cast<std::uint32_t>(ms);
}

/* ---- Values ------------------------------------------------------------ */

/* An IP address: struct arpq_ip with functions. It has the size and layout of that struct. */
struct ip : arpq_ip {
    /* No address: family 0. */
    ip() noexcept : arpq_ip() {}

    ip(const arpq_ip &other) noexcept : arpq_ip(other) {}

    /* arpq_ip_parse: an address from text. flags: ip_parse::classic or 0. */
    static result<ip> parse(text source, std::uint32_t flags = 0) noexcept;

    /* arpq_ip_from_sockaddr: the address in a sockaddr_in or sockaddr_in6 of size bytes. */
    static result<ip> from_sockaddr(const sockaddr *sa, std::size_t size) noexcept;

    /* arpq_ip_to_sockaddr: write a sockaddr_in or sockaddr_in6 to *sa. The value is its size in
     * bytes. port is in host byte order. */
    result<int> to_sockaddr(std::uint16_t port, sockaddr_storage *sa) const noexcept;

    /* Whether there is an address. */
    explicit operator bool() const noexcept { return family != 0; }
};

/* A link-layer address: struct arpq_mac with functions. It has the size and layout of that struct.
 * Comparisons, hashes and the functions below do not look at type and origin. */
struct mac : arpq_mac {
    /* No address: length 0. */
    mac() noexcept : arpq_mac() {}

    mac(const arpq_mac &other) noexcept : arpq_mac(other) {}

    /* arpq_mac_parse: an address from text. */
    static result<mac> parse(text source) noexcept;

    /* arpq_mac_to_eui64: the modified EUI-64 of an address of 6 or 8 bytes. */
    result<mac> to_eui64() const noexcept;

    /* Whether there is an address. */
    explicit operator bool() const noexcept { return length != 0; }

    /* arpq_mac_is_multicast and so on: false for no address. */
    bool is_multicast() const noexcept { return arpq_mac_is_multicast(this) != 0; }
    bool is_broadcast() const noexcept { return arpq_mac_is_broadcast(this) != 0; }
    bool is_local() const noexcept { return arpq_mac_is_local(this) != 0; }
    bool is_zero() const noexcept { return arpq_mac_is_zero(this) != 0; }
};

static_assert(sizeof(ip) == sizeof(arpq_ip) && std::is_standard_layout<ip>::value, "layout");
static_assert(sizeof(mac) == sizeof(arpq_mac) && std::is_standard_layout<mac>::value, "layout");

/* A prefix: an address and a length in bits. */
struct prefix {
    ip address;
    std::uint32_t length = 0;

    /* arpq_prefix_parse: "192.0.2.0/24", or an address alone. flags: ip_parse::classic or 0. */
    static result<prefix> parse(text source, std::uint32_t flags = 0) noexcept;

    /* arpq_prefix_contains: whether an address is in the prefix. */
    bool contains(const arpq_ip &other) const noexcept
    {
        return arpq_prefix_contains(&address, length, &other) != 0;
    }
};

/* arpq_ip_format: "" for no address. */
inline std::string to_string(const ip &value)
{
    char buffer[ARPQ_IP_STRLEN];

    return arpq_ip_format(&value, buffer, sizeof buffer);
}

/* arpq_mac_format: "" for no address. style: one of mac_style, or-ed with mac_style::upper. */
inline std::string to_string(const mac &value, std::uint32_t style = ARPQ_MAC_COLON)
{
    char buffer[ARPQ_MAC_STRLEN];

    return arpq_mac_format(&value, style, buffer, sizeof buffer);
}

/* arpq_prefix_format: "" for no prefix. */
inline std::string to_string(const prefix &value)
{
    char buffer[ARPQ_PREFIX_STRLEN];

    return arpq_prefix_format(&value.address, value.length, buffer, sizeof buffer);
}

/* Comparisons, in the order of arpq_ip_compare and arpq_mac_compare. */
inline bool operator==(const ip &a, const ip &b) noexcept { return arpq_ip_compare(&a, &b) == 0; }

inline bool operator==(const mac &a, const mac &b) noexcept
{
    return arpq_mac_compare(&a, &b) == 0;
}

#if defined(__cpp_impl_three_way_comparison) && defined(__cpp_lib_three_way_comparison)
inline std::strong_ordering operator<=>(const ip &a, const ip &b) noexcept
{
    return arpq_ip_compare(&a, &b) <=> 0;
}

/* Weak: equal addresses may differ in type and origin. */
inline std::weak_ordering operator<=>(const mac &a, const mac &b) noexcept
{
    return arpq_mac_compare(&a, &b) <=> 0;
}
#else
inline bool operator!=(const ip &a, const ip &b) noexcept { return arpq_ip_compare(&a, &b) != 0; }

inline bool operator<(const ip &a, const ip &b) noexcept { return arpq_ip_compare(&a, &b) < 0; }

inline bool operator>(const ip &a, const ip &b) noexcept { return arpq_ip_compare(&a, &b) > 0; }

inline bool operator<=(const ip &a, const ip &b) noexcept { return arpq_ip_compare(&a, &b) <= 0; }

inline bool operator>=(const ip &a, const ip &b) noexcept { return arpq_ip_compare(&a, &b) >= 0; }

inline bool operator!=(const mac &a, const mac &b) noexcept
{
    return arpq_mac_compare(&a, &b) != 0;
}

inline bool operator<(const mac &a, const mac &b) noexcept { return arpq_mac_compare(&a, &b) < 0; }

inline bool operator>(const mac &a, const mac &b) noexcept { return arpq_mac_compare(&a, &b) > 0; }

inline bool operator<=(const mac &a, const mac &b) noexcept
{
    return arpq_mac_compare(&a, &b) <= 0;
}

inline bool operator>=(const mac &a, const mac &b) noexcept
{
    return arpq_mac_compare(&a, &b) >= 0;
}
#endif

/* The other structs of arpq.h, under names without prefix. */
using neigh = struct ::arpq_neigh;
using interface = struct ::arpq_interface;
using interface_stats = struct ::arpq_interface_stats;
using address = struct ::arpq_address;
using gateway = struct ::arpq_gateway;
using event = struct ::arpq_event;
using resolved = struct ::arpq_resolved;
using ping_reply = struct ::arpq_ping_reply;
using pinged = struct ::arpq_pinged;
using found = struct ::arpq_found;
using sniffed = struct ::arpq_sniffed;
using arp = struct ::arpq_arp;
using icmp = struct ::arpq_icmp;
using table_stats = struct ::arpq_table_stats;
using sync_stats = struct ::arpq_sync_stats;
using sweep_stats = struct ::arpq_sweep_stats;
using sniffer_stats = struct ::arpq_sniffer_stats;

/* A struct of options: that of arpq.h, with size set and every other member 0, which selects the
 * defaults. */
template <typename Struct> struct sized : Struct {
    sized() noexcept : Struct() { this->size = sizeof(Struct); }
};

using options = sized<::arpq_options>;
using filter = sized<::arpq_filter>;
using resolve_options = sized<::arpq_resolve_options>;
using mirror_options = sized<::arpq_mirror_options>;
using ping_options = sized<::arpq_ping_options>;
using sweep_options = sized<::arpq_sweep_options>;
using sniffer_options = sized<::arpq_sniffer_options>;

/* Its member filter is as filter() makes it. */
struct watch_options : sized<::arpq_watch_options> {
    watch_options() noexcept { filter.size = sizeof filter; }
};

/* ---- Parts of the classes below ---------------------------------------- */

/* Objects that lie one behind the other and belong to somebody else: a contiguous range. */
template <typename T> class view
{
public:
    using value_type = T;
    using const_iterator = const T *;
    using iterator = const_iterator;

    view() noexcept = default;

    view(const T *first, std::size_t count) noexcept : first_(first), count_(count) {}

    const T *begin() const noexcept { return first_; }
    const T *end() const noexcept { return first_ + count_; }
    const T *data() const noexcept { return first_; }
    std::size_t size() const noexcept { return count_; }
    bool empty() const noexcept { return count_ == 0; }

    /* The n-th, from 0; n must be less than size(). */
    const T &operator[](std::size_t n) const noexcept { return first_[n]; }

    /* The n-th, or nullptr out of range. */
    const T *at(std::size_t n) const noexcept { return n < count_ ? first_ + n : nullptr; }

private:
    const T *first_ = nullptr;
    std::size_t count_ = 0;
};

/* The answers to a call about many addresses: the n-th value and the n-th code, as the call for one
 * address returns it, belong to the n-th address. */
template <typename T> struct many {
    std::vector<T> values;
    std::vector<std::int32_t> codes;
    std::uint32_t found = 0; /* how many codes are 0 */
};

namespace impl
{
struct closer {
    void operator()(arpq_handle *object) const noexcept { arpq_close(object); }
    void operator()(arpq_table *object) const noexcept { arpq_table_free(object); }
    void operator()(arpq_interfaces *object) const noexcept { arpq_interfaces_free(object); }
    void operator()(arpq_gateways *object) const noexcept { arpq_gateways_free(object); }
    void operator()(arpq_watch *object) const noexcept { arpq_watch_close(object); }
    void operator()(arpq_mirror *object) const noexcept { arpq_mirror_close(object); }
    void operator()(arpq_resolver *object) const noexcept { arpq_resolver_close(object); }
    void operator()(arpq_pinger *object) const noexcept { arpq_pinger_close(object); }
    void operator()(arpq_sniffer *object) const noexcept { arpq_sniffer_close(object); }
    void operator()(arpq_sweep *object) const noexcept { arpq_sweep_close(object); }
};

/* Call a function of the user: one that returns nothing goes on, false ends. */
template <typename Function, typename T>
bool goes_on(Function &function, const T &item, std::true_type)
{
    function(item);
    return true;
}

template <typename Function, typename T>
bool goes_on(Function &function, const T &item, std::false_type)
{
    return static_cast<bool>(function(item));
}

/* A function of the user as a callback of C. An exception must not pass through frames of C: it is
 * kept, ends the iteration, and is thrown again by finish(). Mode tells code with exceptions from
 * code without in a program that has both. */
struct throwing;
struct plain;
template <typename Function, typename T, typename Mode> class visitor;

template <typename Function, typename T> class visitor<Function, T, plain>
{
public:
    explicit visitor(Function &function) noexcept : function_(function) {}

    static int call(const T *item, void *context)
    {
        using returned = decltype(std::declval<Function &>()(*item));

        return goes_on(static_cast<visitor *>(context)->function_, *item, std::is_void<returned>())
                   ? 0
                   : 1;
    }

    void finish() noexcept {}

private:
    Function &function_;
};

#ifdef __cpp_exceptions
using mode = throwing;

template <typename Function, typename T> class visitor<Function, T, throwing>
{
public:
    explicit visitor(Function &function) noexcept : inner_(function) {}

    static int call(const T *item, void *context) noexcept
    {
        visitor *self = static_cast<visitor *>(context);

        try {
            return visitor<Function, T, plain>::call(item, &self->inner_);
        } catch (...) {
            self->thrown_ = std::current_exception();
            return 1;
        }
    }

    void finish()
    {
        if (thrown_)
            std::rethrow_exception(thrown_);
    }

private:
    visitor<Function, T, plain> inner_;
    std::exception_ptr thrown_;
};
#else
using mode = plain;
#endif
} // namespace impl

/* An owner of an object of arpq.h: the common part of the classes below. */
template <typename Object> class owner
{
public:
    /* Owns nothing. */
    owner() noexcept = default;

    /* Takes over an object that a function of arpq.h made. */
    explicit owner(Object *object) noexcept : object_(object) {}

    /* Whether there is an object. */
    explicit operator bool() const noexcept { return object_ != nullptr; }

    /* The object, for functions of arpq.h; nullptr if there is none. */
    Object *raw() const noexcept { return object_.get(); }

    /* Give the object away: the caller must close it. */
    Object *release() noexcept { return object_.release(); }

    /* Close the object now. */
    void close() noexcept { object_.reset(); }

private:
    std::unique_ptr<Object, impl::closer> object_;
};

/* An owner of a constant list: a contiguous range of T. Pointers into it live as long as the list,
 * also when it is moved. */
template <typename Object, typename T,
          const T *(*Entries)(const Object *, std::uint32_t *, std::uint32_t *)>
class list : public owner<Object>
{
public:
    using owner<Object>::owner;
    using value_type = T;
    using const_iterator = const T *;
    using iterator = const_iterator;

    view<T> entries() const noexcept
    {
        std::uint32_t count = 0, stride = 0;
        const T *first = Entries(this->raw(), &count, &stride);

        return stride == sizeof(T) ? view<T>(first, count) : view<T>();
    }

    const T *begin() const noexcept { return entries().begin(); }
    const T *end() const noexcept { return entries().end(); }
    const T *data() const noexcept { return entries().data(); }
    std::size_t size() const noexcept { return entries().size(); }
    bool empty() const noexcept { return entries().empty(); }

    /* The n-th, from 0; n must be less than size(). */
    const T &operator[](std::size_t n) const noexcept { return entries()[n]; }

    /* The n-th, or nullptr out of range. */
    const T *at(std::size_t n) const noexcept { return entries().at(n); }

protected:
    /* The status of a new list. A library whose structs have another size is of another ABI. */
    status came(int code, const char *words) const noexcept
    {
        std::uint32_t count = 0, stride = 0;

        if (code == 0 && Entries(this->raw(), &count, &stride) && stride != sizeof(T))
            return status(-EPROTO, "the library has structs of another size than arpq.hpp");
        return status(code, words);
    }
};

/* An owner of an object that was opened on a handle. The handle may be closed before. */
template <typename Object> class opened : public owner<Object>
{
public:
    opened() noexcept = default;

    /* h is the handle that the object was opened on, for the kernel's words. */
    explicit opened(Object *object, arpq_handle *h = nullptr) noexcept
        : owner<Object>(object), handle_(h)
    {
    }

    /* arpq_wake and arpq_wake_clear of the handle, also when it is closed. */
    result<void> wake() const noexcept
    {
        return result<void>(status(arpq_wake(this->raw() ? handle_ : nullptr)));
    }

    result<void> wake_clear() const noexcept
    {
        return result<void>(status(arpq_wake_clear(this->raw() ? handle_ : nullptr)));
    }

protected:
    /* The status of a call on the object. */
    status came(int code) const noexcept
    {
        char words[ARPQ_DETAIL_STRLEN] = "";

        if (code < 0 && this->raw() && handle_)
            (void)arpq_detail_copy(handle_, words, sizeof words);
        return status(code, words);
    }

private:
    arpq_handle *handle_ = nullptr;
};

/* An owner of an object that gives results one after the other: those of a watch, resolver, pinger,
 * sniffer or sweep. */
template <typename Object, typename T, int (*Next)(Object *, T *, std::int32_t),
          int (*Fd)(const Object *)>
class source : public opened<Object>
{
public:
    using opened<Object>::opened;

    /* arpq_X_next. error() is -ETIMEDOUT when the time has passed, and -ENODATA when no result will
     * come any more. */
    result<T> next(timeout limit = timeout::forever()) noexcept
    {
        T item = T();
        const int code = Next(this->raw(), &item, limit.ms());

        return result<T>(item, code == 0 ? status(-ETIMEDOUT) : this->came(code));
    }

    /* arpq_X_fd: readable when next() is to be called. It belongs to the object. */
    result<int> fd() const noexcept
    {
        const int code = Fd(this->raw());

        return result<int>(code < 0 ? 0 : code, this->came(code));
    }

    /* The results as an input range. It ends when no result comes for the time of the timeout, when
     * no result will come any more, and at a failure. */
    class range
    {
    public:
        class iterator
        {
        public:
            using iterator_category = std::input_iterator_tag;
            using value_type = T;
            using difference_type = std::ptrdiff_t;
            using pointer = const T *;
            using reference = const T &;

            iterator() noexcept = default;

            explicit iterator(range *from) noexcept : from_(from) {}

            const T &operator*() const noexcept { return from_->item_; }
            const T *operator->() const noexcept { return &from_->item_; }

            iterator &operator++() noexcept
            {
                from_->advance();
                return *this;
            }

            void operator++(int) noexcept { from_->advance(); }

            friend bool operator==(const iterator &a, const iterator &b) noexcept
            {
                return a.is_end() == b.is_end();
            }

            friend bool operator!=(const iterator &a, const iterator &b) noexcept
            {
                return a.is_end() != b.is_end();
            }

        private:
            bool is_end() const noexcept { return !from_ || from_->code_ != 1; }

            range *from_ = nullptr;
        };

        /* from must be neither moved nor destroyed as long as the range is used. */
        range(source &from, timeout limit) noexcept : source_(&from), limit_(limit) {}

        /* Waits for the first result; called again, for the next one. */
        iterator begin() noexcept
        {
            advance();
            return iterator(this);
        }

        iterator end() noexcept { return iterator(); }

        /* Why the range has ended: success if the time has passed or no result will come any more,
         * otherwise the failure. */
        const status &outcome() const noexcept { return outcome_; }

        /* Whether no result will come any more (-ENODATA). */
        bool is_finished() const noexcept { return code_ == -ENODATA; }

    private:
        void advance() noexcept
        {
            code_ = Next(source_->raw(), &item_, limit_.ms());
            outcome_ = code_ == -ENODATA ? status() : source_->came(code_);
        }

        source *source_;
        timeout limit_;
        int code_ = 0;
        T item_ = T();
        status outcome_;
    };

    /* Every step of the range waits up to limit for its result. The range must not be used after
     * this object was moved or destroyed. */
    range results(timeout limit = timeout::forever()) &noexcept { return range(*this, limit); }
};

/* ---- Handle ------------------------------------------------------------ */

/* What arpq_open makes. Any number of threads may use one handle. The objects that are opened on it
 * go on working when it is closed. */
class handle : public owner<arpq_handle>
{
public:
    using owner<arpq_handle>::owner;

    /* arpq_open: make a handle. */
    static result<handle> open(const ::arpq_options &how = options()) noexcept;

    /* arpq_wake: end the waits of all calls on this handle and on objects of it. */
    result<void> wake() const noexcept;

    /* arpq_wake_clear: let calls wait again. */
    result<void> wake_clear() const noexcept;

    /* arpq_lookup, arpq_lookup_text: the link-layer address of an IP address. With ifindex 0 or
     * ifname nullptr the interface is chosen as the kernel does. flags: lookup_flag. */
    result<mac> lookup(const arpq_ip &target, std::uint32_t ifindex = 0,
                       std::uint32_t flags = 0) const noexcept;
    result<mac> lookup(text target, text ifname = nullptr, std::uint32_t flags = 0) const noexcept;

    /* arpq_lookup_many: the same for many addresses. targets is a std::vector, std::array or
     * similar, of ip or struct arpq_ip. */
    template <typename Targets>
    result<many<mac>> lookup_many(const Targets &targets, std::uint32_t ifindex = 0,
                                  std::uint32_t flags = 0) const;

    /* arpq_peer: the link-layer address of the peer of a connected socket. fd stays the caller's.
     * flags: lookup_flag. */
    result<mac> peer(int fd, std::uint32_t flags = 0) const noexcept;

    /* arpq_neigh_get: the whole neighbour entry of an address. flags: lookup_flag. */
    result<neigh> neigh_get(const arpq_ip &target, std::uint32_t ifindex = 0,
                            std::uint32_t flags = 0) const noexcept;

    /* arpq_neigh_get_many: the same for many addresses, as lookup_many. */
    template <typename Targets>
    result<many<neigh>> neigh_get_many(const Targets &targets, std::uint32_t ifindex = 0,
                                       std::uint32_t flags = 0) const;

    /* arpq_neigh_set: make or change an entry. flags: set_flag. */
    result<void> neigh_set(const arpq_neigh &entry, std::uint32_t flags = 0) const noexcept;

    /* arpq_neigh_delete: remove an entry. flags: delete_flag. */
    result<void> neigh_delete(const arpq_ip &target, std::uint32_t ifindex = 0,
                              std::uint32_t flags = 0) const noexcept;

    /* arpq_neigh_flush: remove the entries that match a filter, which must name something. The
     * value is how many were removed, on failure too. */
    result<std::uint32_t> neigh_flush(const arpq_filter &which) const noexcept;

    /* arpq_table_each: call function(const neigh &) for every entry that matches the filter, while
     * the table is being read. The function returns nothing, or a bool: false ends the iteration,
     * which is a success. An exception of the function ends it too, and leaves table_each. The
     * value is table_flag. */
    template <typename Function, typename Mode = impl::mode>
    result<std::uint32_t> table_each(const arpq_filter &which, Function &&function) const;

    /* arpq_table_stats: the kernel's figures for a table. family: AF_INET or AF_INET6. */
    result<arpq::table_stats> table_stats(std::uint16_t family) const noexcept;

    /* arpq_resolve: the entry of an address, resolved by the kernel if it does not know it. flags:
     * resolve_flag. */
    result<neigh> resolve(const arpq_ip &target, timeout limit = timeout::forever(),
                          std::uint32_t ifindex = 0, std::uint32_t flags = 0) const noexcept;

    /* arpq_resolve_many: the same for many addresses, as lookup_many. */
    template <typename Targets>
    result<many<neigh>> resolve_many(const Targets &targets, std::uint32_t ifindex = 0,
                                     const arpq_resolve_options &how = resolve_options()) const;

    /* arpq_ping: send an echo request and wait for the reply. With -EHOSTUNREACH and -ETIME the
     * value is the reply that reports the error. */
    result<ping_reply> ping(const arpq_ip &target,
                            const arpq_ping_options &how = ping_options()) const noexcept;

    /* arpq_sweep_each: sweep a prefix, and call function(const found &) for every machine, as
     * table_each does. The value is what was done, on failure too. */
    template <typename Function, typename Mode = impl::mode>
    result<sweep_stats> sweep_each(const prefix &where, Function &&function,
                                   const arpq_sweep_options &how = sweep_options()) const;

    /* arpq_interface_index: the ifindex of a name, alternative name or address label. */
    result<std::uint32_t> interface_index(text name) const noexcept;

    /* arpq_interface_name: the name of an interface. */
    result<std::string> interface_name(std::uint32_t ifindex) const;

    /* arpq_address_add, _modify, _remove: an address of this machine. flags: address_edit. */
    result<void> address_add(const arpq_address &what, std::uint32_t flags = 0) const noexcept;
    result<void> address_modify(const arpq_address &what, std::uint32_t flags = 0) const noexcept;
    result<void> address_remove(const arpq_address &what, std::uint32_t flags = 0) const noexcept;

    /* arpq_ip_format_named: an address with the name of its scope, "fe80::1%eth0". "" for no
     * address. */
    std::string to_string(const arpq_ip &value) const;

    /* arpq_detail: the kernel's words about the last call of this thread, valid until the next one.
     * A result has a copy: status::words. */
    const char *detail() const noexcept;

private:
    status came(int code) const noexcept;
    template <typename T, typename Targets, typename Call>
    result<many<T>> ask_many(const Targets &targets, Call call) const;
};

/* ---- Lists ------------------------------------------------------------- */

/* Entries of the neighbour table: a contiguous range of neigh. */
class table : public list<arpq_table, neigh, arpq_table_entries>
{
public:
    using list::list;

    /* arpq_table_get: the entries that match the filter; a filter() matches all. */
    static result<table> get(const handle &h, const arpq_filter &which = filter()) noexcept;

    /* arpq_table_find_mac: the entries with this link-layer address. */
    static result<table> find_mac(const handle &h, const arpq_mac &which) noexcept;

    /* arpq_table_flags: table_flag. */
    std::uint32_t flags() const noexcept { return arpq_table_flags(raw()); }

    /* arpq_table_malformed: how many messages of the kernel could not be read. */
    std::uint32_t malformed() const noexcept { return arpq_table_malformed(raw()); }

private:
    static result<table> take(const handle &h, int code, arpq_table *made) noexcept;
    friend class mirror;
};

/* Interfaces with their addresses: a contiguous range of interface. */
class interfaces : public list<arpq_interfaces, interface, arpq_interfaces_entries>
{
public:
    using list::list;

    /* arpq_interfaces_get: all interfaces. flags: interfaces_flag::read or 0. */
    static result<interfaces> get(const handle &h, std::uint32_t flags = 0) noexcept;

    /* arpq_interfaces_flags: interfaces_flag. */
    std::uint32_t flags() const noexcept { return arpq_interfaces_flags(raw()); }

    /* arpq_interfaces_addresses: all addresses of all interfaces. */
    view<address> addresses() const noexcept;

    /* The addresses of an interface of this list. */
    view<address> addresses(const interface &of) const noexcept;

    /* arpq_interfaces_stats_at: the counters of an interface of this list; nullptr without
     * interfaces_flag::read. */
    const interface_stats *stats(const interface &of) const noexcept;

    /* arpq_interfaces_text_at: a text of an interface of this list. which: interface_text. "" if
     * there is none. */
    const char *text(const interface &of, std::uint32_t which) const noexcept;

    /* arpq_interfaces_altname_at: the n-th alternative name, from 0, of an interface of this list;
     * nullptr if there is none. */
    const char *altname(const interface &of, std::uint32_t n) const noexcept;

    /* arpq_interfaces_by_name, arpq_interfaces_by_ifindex: nullptr if there is none. */
    const interface *by_name(arpq::text name) const noexcept
    {
        return arpq_interfaces_by_name(raw(), name.c_str());
    }

    const interface *by_ifindex(std::uint32_t ifindex) const noexcept
    {
        return arpq_interfaces_by_ifindex(raw(), ifindex);
    }

private:
    bool has(const interface &one, std::uint32_t *n) const noexcept;
};

/* Default routes: a contiguous range of gateway. Those that the kernel uses come first. */
class gateways : public list<arpq_gateways, gateway, arpq_gateways_entries>
{
public:
    using list::list;

    /* arpq_gateways_get: the default routes with the entries of their gateways. family: AF_INET,
     * AF_INET6 or 0 for both. flags: gateways_flag::all_tables or 0. */
    static result<gateways> get(const handle &h, std::uint16_t family = 0,
                                std::uint32_t flags = 0) noexcept;

    /* arpq_gateways_flags: gateways_flag. */
    std::uint32_t flags() const noexcept { return arpq_gateways_flags(raw()); }
};

/* ---- Changes and the mirror -------------------------------------------- */

/* Changes of the table, of interfaces and of addresses, as events. One thread at a time may use
 * it. */
class watch : public source<arpq_watch, event, arpq_watch_next, arpq_watch_fd>
{
public:
    using source::source;

    /* arpq_watch_open: report the changes from now on. */
    static result<watch> open(const handle &h,
                              const arpq_watch_options &how = watch_options()) noexcept;

    /* arpq_watch_stats: the counters of the watch. */
    result<sync_stats> stats() const noexcept;
};

/* A copy of the table in memory. Any number of threads may ask it. */
class mirror : public opened<arpq_mirror>
{
public:
    using opened::opened;

    /* arpq_mirror_open: read the table. A function that on_event points to must not throw. */
    static result<mirror> open(const handle &h,
                               const arpq_mirror_options &how = mirror_options()) noexcept;

    /* arpq_mirror_fd: readable when sync() is to be called. It belongs to the mirror. */
    result<int> fd() const noexcept;

    /* arpq_mirror_sync: apply the changes that wait. The value is how many there were. */
    result<int> sync() const noexcept;

    /* arpq_mirror_lookup: the link-layer address of an IP address. */
    result<mac> lookup(const arpq_ip &target, std::uint32_t ifindex = 0) const noexcept;

    /* arpq_mirror_lookup_many: the same for many addresses, as handle::lookup_many. */
    template <typename Targets>
    result<many<mac>> lookup_many(const Targets &targets, std::uint32_t ifindex = 0) const;

    /* arpq_mirror_get: the whole entry of an address. */
    result<neigh> get(const arpq_ip &target, std::uint32_t ifindex = 0) const noexcept;

    /* arpq_mirror_find_mac: the entries with a link-layer address. If entries keep coming
     * meanwhile, some of them are left out. */
    result<std::vector<neigh>> find_mac(const arpq_mac &which) const;

    /* arpq_mirror_each: call function(const neigh &) for every entry, as handle::table_each
     * does. */
    template <typename Function, typename Mode = impl::mode>
    result<void> each(Function &&function) const;

    /* arpq_mirror_table: the entries that match a filter, as a list of their own. */
    result<arpq::table> table(const arpq_filter &which = filter()) const noexcept;

    /* arpq_mirror_stats: the counters of the mirror. */
    result<sync_stats> stats() const noexcept;
};

/* ---- Resolving, pinging, and on the wire ------------------------------- */

/* Resolves many addresses from an event loop. One thread at a time may use it. */
class resolver : public source<arpq_resolver, resolved, arpq_resolver_next, arpq_resolver_fd>
{
public:
    using source::source;

    /* arpq_resolver_open: make a resolver. */
    static result<resolver> open(const handle &h,
                                 const arpq_resolve_options &how = resolve_options()) noexcept;

    /* arpq_resolver_add: ask for an address. token comes back with the result. */
    result<void> add(const arpq_ip &target, std::uint32_t ifindex = 0,
                     std::uint64_t token = 0) noexcept;

    /* arpq_resolver_pending: how many results are still to come. */
    std::uint32_t pending() const noexcept { return arpq_resolver_pending(raw()); }
};

/* Pings many hosts from an event loop. One thread at a time may use it. */
class pinger : public source<arpq_pinger, pinged, arpq_pinger_next, arpq_pinger_fd>
{
public:
    using source::source;

    /* arpq_pinger_open: make a pinger. */
    static result<pinger> open(const handle &h,
                               const arpq_ping_options &how = ping_options()) noexcept;

    /* arpq_pinger_add: send an echo request. token comes back with the result. */
    result<void> add(const arpq_ip &target, std::uint16_t sequence = 0,
                     std::uint64_t token = 0) noexcept;

    /* arpq_pinger_pending: how many results are still to come. */
    std::uint32_t pending() const noexcept { return arpq_pinger_pending(raw()); }
};

/* A sweep of a prefix: its results are the machines that are there, and the range of them ends with
 * the sweep. One thread at a time may use it. */
class sweep : public source<arpq_sweep, found, arpq_sweep_next, arpq_sweep_fd>
{
public:
    using source::source;

    /* arpq_sweep_open: begin a sweep. */
    static result<sweep> open(const handle &h, const prefix &where,
                              const arpq_sweep_options &how = sweep_options()) noexcept;

    /* arpq_sweep_stats: what was done so far. */
    result<sweep_stats> stats() const noexcept;
};

/* ARP and NDP as seen on the link. One thread at a time may use it. */
class sniffer : public source<arpq_sniffer, sniffed, arpq_sniffer_next, arpq_sniffer_fd>
{
public:
    using source::source;

    /* arpq_sniffer_open: begin to listen. */
    static result<sniffer> open(const handle &h,
                                const arpq_sniffer_options &how = sniffer_options()) noexcept;

    /* arpq_sniffer_stats: the counters of the sniffer. */
    result<sniffer_stats> stats() const noexcept;
};

/* ---- Packets ----------------------------------------------------------- */

/* arpq_arp_kind: one of arp_kind. */
inline std::uint32_t arp_kind_of(const arp &packet) noexcept { return arpq_arp_kind(&packet); }

/* arpq_arp_make: a packet of a kind. kind: arp_kind. The addresses that the kind does not need are
 * not read. */
inline result<arp> arp_make(std::uint32_t kind, const arpq_mac &sender_mac, const arpq_ip &sender,
                            const arpq_mac &target_mac = mac(),
                            const arpq_ip &target = ip()) noexcept
{
    arp packet = arp();
    const int code = arpq_arp_make(kind, &sender_mac, &sender, &target_mac, &target, &packet);

    return result<arp>(packet, status(code));
}

/* arpq_arp_encode: the value is how many of the size bytes at frame were written. */
inline result<int> arp_encode(const arp &packet, void *frame, std::size_t size) noexcept
{
    const int code = arpq_arp_encode(&packet, frame, size);

    return result<int>(code < 0 ? 0 : code, status(code));
}

/* arpq_arp_decode: read a frame. flags: arp_flag::payload or 0. */
inline result<arp> arp_decode(const void *frame, std::size_t size, std::uint32_t flags = 0) noexcept
{
    arp packet = arp();
    const int code = arpq_arp_decode(frame, size, flags, &packet);

    return result<arp>(packet, status(code));
}

/* arpq_icmp_is_assigned: whether the registry has the code for the type. */
inline bool icmp_is_assigned(std::uint16_t family, std::uint8_t type, std::uint8_t code) noexcept
{
    return arpq_icmp_is_assigned(family, type, code) != 0;
}

/* arpq_icmp_type_name, arpq_icmp_code_name: constant texts, "" for no name. */
inline const char *icmp_type_name(std::uint16_t family, std::uint8_t type) noexcept
{
    return arpq_icmp_type_name(family, type);
}

inline const char *icmp_code_name(std::uint16_t family, std::uint8_t type,
                                  std::uint8_t code) noexcept
{
    return arpq_icmp_code_name(family, type, code);
}

/* arpq_icmp_checksum: of ICMP, or of ICMPv6 with the addresses of the packet. */
inline std::uint16_t icmp_checksum(const void *message, std::size_t size) noexcept
{
    return arpq_icmp_checksum(nullptr, nullptr, message, size);
}

inline std::uint16_t icmp_checksum(const arpq_ip &from, const arpq_ip &to, const void *message,
                                   std::size_t size) noexcept
{
    return arpq_icmp_checksum(&from, &to, message, size);
}

/* arpq_icmp_encode: the value is how many of the size bytes at message were written. */
inline result<int> icmp_encode(const icmp &header, const void *payload, std::size_t payload_size,
                               void *message, std::size_t size) noexcept
{
    const int code = arpq_icmp_encode(&header, payload, payload_size, message, size);

    return result<int>(code < 0 ? 0 : code, status(code));
}

/* arpq_icmp_decode: read a message. from and to are the addresses of an ICMPv6 packet, or nullptr.
 * The value is filled with -EILSEQ (a wrong checksum) too. */
inline result<icmp> icmp_decode(std::uint16_t family, const arpq_ip *from, const arpq_ip *to,
                                const void *message, std::size_t size) noexcept
{
    icmp header = icmp();
    const int code = arpq_icmp_decode(family, from, to, message, size, &header);

    return result<icmp>(header, status(code));
}

/* ---- The library ------------------------------------------------------- */

/* arpq_name: the name of a value or flag. set: names. "" for no name. */
inline const char *name(std::uint32_t set, std::uint32_t value) noexcept
{
    return arpq_name(set, value);
}

/* arpq_value: the value of a name. set: names. */
inline result<std::uint32_t> value(std::uint32_t set, text name) noexcept
{
    std::uint32_t number = 0;
    const int code = arpq_value(set, name.c_str(), &number);

    return result<std::uint32_t>(number, status(code));
}

/* arpq_strerror: a constant text. */
inline const char *strerror(int code) noexcept { return arpq_strerror(code); }

/* arpq_version, arpq_version_number, arpq_abi, arpq_sizeof: of the library that is running. */
inline const char *version() noexcept { return arpq_version(); }

inline std::uint32_t version_number() noexcept { return arpq_version_number(); }

inline std::uint32_t abi() noexcept { return arpq_abi(); }

inline std::size_t size_of(text name) noexcept { return arpq_sizeof(name.c_str()); }

/* ---- Constants ---------------------------------------------------------
 * Each has the value and the meaning of its macro in arpq.h. A constant converts to std::uint32_t,
 * and flags are or-ed: lookup_flag::via_gateway | lookup_flag::table_only. */

namespace origin // mac::origin
{
enum : std::uint32_t {
    table = ARPQ_ORIGIN_TABLE,
    gateway = ARPQ_ORIGIN_GATEWAY,
    local = ARPQ_ORIGIN_LOCAL,
    multicast = ARPQ_ORIGIN_MULTICAST,
    broadcast = ARPQ_ORIGIN_BROADCAST,
};
}

namespace ip_parse // ip::parse and prefix::parse
{
enum : std::uint32_t {
    classic = ARPQ_IP_CLASSIC,
};
}

namespace mac_style // to_string of a mac
{
enum : std::uint32_t {
    colon = ARPQ_MAC_COLON,
    dash = ARPQ_MAC_DASH,
    cisco = ARPQ_MAC_CISCO,
    bare = ARPQ_MAC_BARE,
    upper = ARPQ_MAC_UPPER,
};
}

namespace open_flag // options
{
enum : std::uint32_t {
    in_netns = ARPQ_OPEN_IN_NETNS,
    interruptible = ARPQ_OPEN_INTERRUPTIBLE,
};
}

namespace names // the sets of name and value
{
enum : std::uint32_t {
    state = ARPQ_NAMES_STATE,
    neigh_flag = ARPQ_NAMES_NEIGH_FLAG,
    event = ARPQ_NAMES_EVENT,
    event_flag = ARPQ_NAMES_EVENT_FLAG,
    sniffed = ARPQ_NAMES_SNIFFED,
    sniffed_flag = ARPQ_NAMES_SNIFFED_FLAG,
    found_flag = ARPQ_NAMES_FOUND_FLAG,
    arp_operation = ARPQ_NAMES_ARP_OPERATION,
    arp_kind = ARPQ_NAMES_ARP_KIND,
    arp_flag = ARPQ_NAMES_ARP_FLAG,
    icmp_flag = ARPQ_NAMES_ICMP_FLAG,
    operstate = ARPQ_NAMES_OPERSTATE,
    link_mode = ARPQ_NAMES_LINK_MODE,
    scope = ARPQ_NAMES_SCOPE,
    address_flag = ARPQ_NAMES_ADDRESS_FLAG,
    address_protocol = ARPQ_NAMES_ADDRESS_PROTOCOL,
    interface_flag = ARPQ_NAMES_INTERFACE_FLAG,
    link_type = ARPQ_NAMES_LINK_TYPE,
    protocol = ARPQ_NAMES_PROTOCOL,
    sweep_method = ARPQ_NAMES_SWEEP_METHOD,
    table_flag = ARPQ_NAMES_TABLE_FLAG,
    ping_flag = ARPQ_NAMES_PING_FLAG,
    error = ARPQ_NAMES_ERROR,
    mac_style = ARPQ_NAMES_MAC_STYLE,
    interface_text = ARPQ_NAMES_INTERFACE_TEXT,
    ip_parse = ARPQ_NAMES_IP_PARSE,
    open = ARPQ_NAMES_OPEN,
    lookup = ARPQ_NAMES_LOOKUP,
    neigh_set = ARPQ_NAMES_NEIGH_SET,
    neigh_delete = ARPQ_NAMES_NEIGH_DELETE,
    filter = ARPQ_NAMES_FILTER,
    resolve = ARPQ_NAMES_RESOLVE,
    interfaces = ARPQ_NAMES_INTERFACES,
    address_edit = ARPQ_NAMES_ADDRESS_EDIT,
    watch = ARPQ_NAMES_WATCH,
    mirror = ARPQ_NAMES_MIRROR,
    sweep = ARPQ_NAMES_SWEEP,
    sniffer = ARPQ_NAMES_SNIFFER,
    origin = ARPQ_NAMES_ORIGIN,
    gateway_flag = ARPQ_NAMES_GATEWAY_FLAG,
    gateways = ARPQ_NAMES_GATEWAYS,
};
}

namespace lookup_flag // lookups
{
enum : std::uint32_t {
    via_gateway = ARPQ_LOOKUP_VIA_GATEWAY,
    table_only = ARPQ_LOOKUP_TABLE_ONLY,
    any_interface = ARPQ_LOOKUP_ANY_INTERFACE,
};
}

namespace state // neigh::state
{
enum : std::uint32_t {
    none = ARPQ_STATE_NONE,
    incomplete = ARPQ_STATE_INCOMPLETE,
    reachable = ARPQ_STATE_REACHABLE,
    stale = ARPQ_STATE_STALE,
    delay = ARPQ_STATE_DELAY,
    probe = ARPQ_STATE_PROBE,
    failed = ARPQ_STATE_FAILED,
    noarp = ARPQ_STATE_NOARP,
    permanent = ARPQ_STATE_PERMANENT,
};
}

namespace neigh_flag // neigh::flags
{
enum : std::uint32_t {
    proxy = ARPQ_NEIGH_PROXY,
    ext_learned = ARPQ_NEIGH_EXT_LEARNED,
    offloaded = ARPQ_NEIGH_OFFLOADED,
    sticky = ARPQ_NEIGH_STICKY,
    router = ARPQ_NEIGH_ROUTER,
    managed = ARPQ_NEIGH_MANAGED,
    ext_validated = ARPQ_NEIGH_EXT_VALIDATED,
    local = ARPQ_NEIGH_LOCAL,
    multicast = ARPQ_NEIGH_MULTICAST,
    broadcast = ARPQ_NEIGH_BROADCAST,
    gateway = ARPQ_NEIGH_GATEWAY,
};
}

namespace filter_flag // filter
{
enum : std::uint32_t {
    proxy = ARPQ_FILTER_PROXY,
    state_none = ARPQ_FILTER_STATE_NONE,
};
}

namespace table_flag // table::flags
{
enum : std::uint32_t {
    inconsistent = ARPQ_TABLE_INCONSISTENT,
};
}

namespace set_flag // handle::neigh_set
{
enum : std::uint32_t {
    create = ARPQ_NEIGH_SET_CREATE,
    replace = ARPQ_NEIGH_SET_REPLACE,
    insist = ARPQ_NEIGH_SET_INSIST,
    netmask = ARPQ_NEIGH_SET_NETMASK,
};
}

namespace delete_flag // handle::neigh_delete
{
enum : std::uint32_t {
    proxy = ARPQ_NEIGH_DELETE_PROXY,
    netmask = ARPQ_NEIGH_DELETE_NETMASK,
};
}

namespace resolve_flag // handle::resolve and resolve_options
{
enum : std::uint32_t {
    via_gateway = ARPQ_RESOLVE_VIA_GATEWAY,
    revalidate = ARPQ_RESOLVE_REVALIDATE,
};
}

namespace address_flag // address::flags
{
enum : std::uint32_t {
    secondary = ARPQ_ADDRESS_SECONDARY,
    no_dad = ARPQ_ADDRESS_NO_DAD,
    optimistic = ARPQ_ADDRESS_OPTIMISTIC,
    dad_failed = ARPQ_ADDRESS_DAD_FAILED,
    home = ARPQ_ADDRESS_HOME,
    deprecated = ARPQ_ADDRESS_DEPRECATED,
    tentative = ARPQ_ADDRESS_TENTATIVE,
    permanent = ARPQ_ADDRESS_PERMANENT,
    manage_temp = ARPQ_ADDRESS_MANAGE_TEMP,
    no_prefix_route = ARPQ_ADDRESS_NO_PREFIX_ROUTE,
    multicast_join = ARPQ_ADDRESS_MULTICAST_JOIN,
    stable_privacy = ARPQ_ADDRESS_STABLE_PRIVACY,
};
}

namespace scope // address::scope
{
enum : std::uint32_t {
    universe = ARPQ_SCOPE_UNIVERSE,
    site = ARPQ_SCOPE_SITE,
    link = ARPQ_SCOPE_LINK,
    host = ARPQ_SCOPE_HOST,
    nowhere = ARPQ_SCOPE_NOWHERE,
};
}

namespace interfaces_flag // interfaces
{
enum : std::uint32_t {
    read = ARPQ_INTERFACES_READ,
    inconsistent = ARPQ_INTERFACES_INCONSISTENT,
};
}

namespace interface_text // interfaces::text
{
enum : std::uint32_t {
    alias = ARPQ_INTERFACE_ALIAS,
    device = ARPQ_INTERFACE_DEVICE,
    bus = ARPQ_INTERFACE_BUS,
};
}

namespace gateway_flag // gateway::flags
{
enum : std::uint32_t {
    dead = ARPQ_GATEWAY_DEAD,
    onlink = ARPQ_GATEWAY_ONLINK,
    offloaded = ARPQ_GATEWAY_OFFLOADED,
    linkdown = ARPQ_GATEWAY_LINKDOWN,
    chosen = ARPQ_GATEWAY_CHOSEN,
    selective = ARPQ_GATEWAY_SELECTIVE,
};
}

namespace gateways_flag // gateways
{
enum : std::uint32_t {
    all_tables = ARPQ_GATEWAYS_ALL_TABLES,
    inconsistent = ARPQ_GATEWAYS_INCONSISTENT,
};
}

namespace address_edit // handle::address_add and the others
{
enum : std::uint32_t {
    create = ARPQ_ADDRESS_EDIT_CREATE,
    prefix = ARPQ_ADDRESS_EDIT_PREFIX,
};
}

namespace event_type // event::type
{
enum : std::uint32_t {
    neigh_added = ARPQ_EVENT_NEIGH_ADDED,
    neigh_changed = ARPQ_EVENT_NEIGH_CHANGED,
    neigh_moved = ARPQ_EVENT_NEIGH_MOVED,
    neigh_removed = ARPQ_EVENT_NEIGH_REMOVED,
    conflict = ARPQ_EVENT_CONFLICT,
    overrun = ARPQ_EVENT_OVERRUN,
    synced = ARPQ_EVENT_SYNCED,
    interface_added = ARPQ_EVENT_INTERFACE_ADDED,
    interface_changed = ARPQ_EVENT_INTERFACE_CHANGED,
    interface_removed = ARPQ_EVENT_INTERFACE_REMOVED,
    address_added = ARPQ_EVENT_ADDRESS_ADDED,
    address_changed = ARPQ_EVENT_ADDRESS_CHANGED,
    address_removed = ARPQ_EVENT_ADDRESS_REMOVED,
};
}

namespace event_flag // event::flags
{
enum : std::uint32_t {
    resync = ARPQ_EVENT_RESYNC,
    damped = ARPQ_EVENT_DAMPED,
};
}

namespace watch_flag // watch_options
{
enum : std::uint32_t {
    existing = ARPQ_WATCH_EXISTING,
    interfaces = ARPQ_WATCH_INTERFACES,
    addresses = ARPQ_WATCH_ADDRESSES,
    no_neighbours = ARPQ_WATCH_NO_NEIGHBOURS,
};
}

namespace mirror_flag // mirror_options
{
enum : std::uint32_t {
    thread = ARPQ_MIRROR_THREAD,
};
}

namespace arp_operation // arp::operation
{
enum : std::uint32_t {
    request = ARPQ_ARP_REQUEST,
    reply = ARPQ_ARP_REPLY,
    reverse_request = ARPQ_ARP_REVERSE_REQUEST,
    reverse_reply = ARPQ_ARP_REVERSE_REPLY,
    inverse_request = ARPQ_ARP_INVERSE_REQUEST,
    inverse_reply = ARPQ_ARP_INVERSE_REPLY,
};
}

namespace arp_flag // arp::flags
{
enum : std::uint32_t {
    vlan = ARPQ_ARP_VLAN,
    payload = ARPQ_ARP_PAYLOAD,
};
}

namespace arp_kind // the purpose of an ARP packet
{
enum : std::uint32_t {
    request = ARPQ_ARP_KIND_REQUEST,
    reply = ARPQ_ARP_KIND_REPLY,
    probe = ARPQ_ARP_KIND_PROBE,
    announcement = ARPQ_ARP_KIND_ANNOUNCEMENT,
    gratuitous = ARPQ_ARP_KIND_GRATUITOUS,
    other = ARPQ_ARP_KIND_OTHER,
};
}

namespace icmp_flag // icmp::flags
{
enum : std::uint32_t {
    original = ARPQ_ICMP_ORIGINAL,
    unverified = ARPQ_ICMP_UNVERIFIED,
};
}

namespace ping_flag // ping_options and ping_reply
{
enum : std::uint32_t {
    raw = ARPQ_PING_RAW,
    kernel_time = ARPQ_PING_KERNEL_TIME,
};
}

namespace sweep_flag // sweep_options
{
enum : std::uint32_t {
    force = ARPQ_SWEEP_FORCE,
    no_source = ARPQ_SWEEP_NO_SOURCE,
    no_raw = ARPQ_SWEEP_NO_RAW,
};
}

namespace found_flag // found::flags
{
enum : std::uint32_t {
    duplicate = ARPQ_FOUND_DUPLICATE,
    unasked = ARPQ_FOUND_UNASKED,
    table = ARPQ_FOUND_TABLE,
    local = ARPQ_FOUND_LOCAL,
};
}

namespace sweep_method // sweep_stats::method
{
enum : std::uint32_t {
    arp = ARPQ_SWEEP_BY_ARP,
    resolve = ARPQ_SWEEP_BY_RESOLVE,
    echo = ARPQ_SWEEP_BY_ECHO,
    table = ARPQ_SWEEP_BY_TABLE,
};
}

namespace sniffer_flag // sniffer_options
{
enum : std::uint32_t {
    arp = ARPQ_SNIFFER_ARP,
    ndp = ARPQ_SNIFFER_NDP,
    claims = ARPQ_SNIFFER_CLAIMS,
    outgoing = ARPQ_SNIFFER_OUTGOING,
    promiscuous = ARPQ_SNIFFER_PROMISCUOUS,
};
}

namespace sniffed_type // sniffed::type
{
enum : std::uint32_t {
    arp = ARPQ_SNIFFED_ARP,
    neighbour_solicitation = ARPQ_SNIFFED_NEIGHBOUR_SOLICITATION,
    neighbour_advertisement = ARPQ_SNIFFED_NEIGHBOUR_ADVERTISEMENT,
    router_solicitation = ARPQ_SNIFFED_ROUTER_SOLICITATION,
    router_advertisement = ARPQ_SNIFFED_ROUTER_ADVERTISEMENT,
    redirect = ARPQ_SNIFFED_REDIRECT,
};
}

namespace sniffed_flag // sniffed::flags
{
enum : std::uint32_t {
    vlan = ARPQ_SNIFFED_VLAN,
    outgoing = ARPQ_SNIFFED_OUTGOING,
    probe = ARPQ_SNIFFED_PROBE,
    new_claim = ARPQ_SNIFFED_NEW,
    moved = ARPQ_SNIFFED_MOVED,
    conflict = ARPQ_SNIFFED_CONFLICT,
    router = ARPQ_SNIFFED_ROUTER,
    solicited = ARPQ_SNIFFED_SOLICITED,
    override = ARPQ_SNIFFED_OVERRIDE,
    mismatch = ARPQ_SNIFFED_MISMATCH,
    ours = ARPQ_SNIFFED_OURS,
    outer_vlan = ARPQ_SNIFFED_OUTER_VLAN,
};
}

/* ---- Definitions: values ----------------------------------------------- */

inline result<ip> ip::parse(text source, std::uint32_t flags) noexcept
{
    ip parsed;
    const int code = arpq_ip_parse(source.c_str(), &parsed, flags);

    return result<ip>(parsed, status(code));
}

inline result<ip> ip::from_sockaddr(const sockaddr *sa, std::size_t size) noexcept
{
    ip taken;
    const int code = arpq_ip_from_sockaddr(sa, size, &taken);

    return result<ip>(taken, status(code));
}

inline result<int> ip::to_sockaddr(std::uint16_t port, sockaddr_storage *sa) const noexcept
{
    const int code = arpq_ip_to_sockaddr(this, port, sa);

    return result<int>(code < 0 ? 0 : code, status(code));
}

inline result<mac> mac::parse(text source) noexcept
{
    mac parsed;
    const int code = arpq_mac_parse(source.c_str(), &parsed);

    return result<mac>(parsed, status(code));
}

inline result<mac> mac::to_eui64() const noexcept
{
    mac eui64;
    const int code = arpq_mac_to_eui64(this, &eui64);

    return result<mac>(eui64, status(code));
}

inline result<prefix> prefix::parse(text source, std::uint32_t flags) noexcept
{
    prefix parsed;
    const int code = arpq_prefix_parse(source.c_str(), &parsed.address, &parsed.length, flags);

    return result<prefix>(parsed, status(code));
}

/* ---- Definitions: handle ----------------------------------------------- */

/* Called right after the failed call, in its thread. */
inline status handle::came(int code) const noexcept
{
    return code < 0 ? status(code, arpq_detail(raw())) : status();
}

inline result<handle> handle::open(const ::arpq_options &how) noexcept
{
    arpq_handle *made = nullptr;
    const int code = arpq_open(&made, &how);

    return result<handle>(handle(made), status(code));
}

inline result<void> handle::wake() const noexcept { return result<void>(status(arpq_wake(raw()))); }

inline result<void> handle::wake_clear() const noexcept
{
    return result<void>(status(arpq_wake_clear(raw())));
}

inline result<mac> handle::lookup(const arpq_ip &target, std::uint32_t ifindex,
                                  std::uint32_t flags) const noexcept
{
    mac answer;
    const int code = arpq_lookup(raw(), &target, ifindex, flags, &answer);

    return result<mac>(answer, came(code));
}

inline result<mac> handle::lookup(text target, text ifname, std::uint32_t flags) const noexcept
{
    mac answer;
    const int code = arpq_lookup_text(raw(), target.c_str(), ifname.c_str(), flags, &answer);

    return result<mac>(answer, came(code));
}

namespace impl
{
/* call(ips, count, values, codes) returns how many were found, or an error. */
template <typename T, typename Targets, typename Call>
int fill_many(const Targets &targets, many<T> &answers, Call call)
{
    using target = typename std::remove_reference<decltype(*targets.data())>::type;
    const std::size_t count = targets.size();

    static_assert(sizeof(target) == sizeof(arpq_ip), "the targets must be ip or struct arpq_ip");
    if (count > INT32_MAX)
        return -EINVAL;
    answers.values.resize(count);
    answers.codes.resize(count);
    const arpq_ip *const first = targets.data();
    const int code =
        call(first, static_cast<std::uint32_t>(count), answers.values.data(), answers.codes.data());

    if (code < 0)
        answers = many<T>();
    else
        answers.found = static_cast<std::uint32_t>(code);
    return code;
}
} // namespace impl

template <typename T, typename Targets, typename Call>
result<many<T>> handle::ask_many(const Targets &targets, Call call) const
{
    many<T> answers;
    const int code = impl::fill_many(targets, answers, call);

    return result<many<T>>(std::move(answers), came(code));
}

template <typename Targets>
result<many<mac>> handle::lookup_many(const Targets &targets, std::uint32_t ifindex,
                                      std::uint32_t flags) const
{
    return ask_many<mac>(
        targets, [&](const arpq_ip *ips, std::uint32_t count, mac *macs, std::int32_t *codes) {
            return arpq_lookup_many(raw(), ips, count, ifindex, flags, macs, codes);
        });
}

inline result<mac> handle::peer(int fd, std::uint32_t flags) const noexcept
{
    mac answer;
    const int code = arpq_peer(raw(), fd, flags, &answer);

    return result<mac>(answer, came(code));
}

inline result<neigh> handle::neigh_get(const arpq_ip &target, std::uint32_t ifindex,
                                       std::uint32_t flags) const noexcept
{
    neigh answer = neigh();
    const int code = arpq_neigh_get(raw(), &target, ifindex, flags, &answer);

    return result<neigh>(answer, came(code));
}

template <typename Targets>
result<many<neigh>> handle::neigh_get_many(const Targets &targets, std::uint32_t ifindex,
                                           std::uint32_t flags) const
{
    return ask_many<neigh>(
        targets, [&](const arpq_ip *ips, std::uint32_t count, neigh *neighs, std::int32_t *codes) {
            return arpq_neigh_get_many(raw(), ips, count, ifindex, flags, neighs, codes);
        });
}

inline result<void> handle::neigh_set(const arpq_neigh &entry, std::uint32_t flags) const noexcept
{
    return result<void>(came(arpq_neigh_set(raw(), &entry, flags)));
}

inline result<void> handle::neigh_delete(const arpq_ip &target, std::uint32_t ifindex,
                                         std::uint32_t flags) const noexcept
{
    return result<void>(came(arpq_neigh_delete(raw(), &target, ifindex, flags)));
}

inline result<std::uint32_t> handle::neigh_flush(const arpq_filter &which) const noexcept
{
    std::uint32_t removed = 0;
    const int code = arpq_neigh_flush(raw(), &which, &removed);

    return result<std::uint32_t>(removed, came(code));
}

template <typename Function, typename Mode>
result<std::uint32_t> handle::table_each(const arpq_filter &which, Function &&function) const
{
    using visitor = impl::visitor<typename std::remove_reference<Function>::type, neigh, Mode>;
    visitor visit(function);
    std::uint32_t flags = 0;
    const int code = arpq_table_each(raw(), &which, visitor::call, &visit, &flags);

    visit.finish();
    return result<std::uint32_t>(flags, came(code));
}

inline result<arpq::table_stats> handle::table_stats(std::uint16_t family) const noexcept
{
    arpq::table_stats stats = arpq::table_stats();
    const int code = arpq_table_stats(raw(), family, &stats);

    return result<arpq::table_stats>(stats, came(code));
}

inline result<neigh> handle::resolve(const arpq_ip &target, timeout limit, std::uint32_t ifindex,
                                     std::uint32_t flags) const noexcept
{
    neigh answer = neigh();
    const int code = arpq_resolve(raw(), &target, ifindex, flags, limit.ms(), &answer);

    return result<neigh>(answer, came(code));
}

template <typename Targets>
result<many<neigh>> handle::resolve_many(const Targets &targets, std::uint32_t ifindex,
                                         const arpq_resolve_options &how) const
{
    return ask_many<neigh>(
        targets, [&](const arpq_ip *ips, std::uint32_t count, neigh *neighs, std::int32_t *codes) {
            return arpq_resolve_many(raw(), ips, count, ifindex, &how, neighs, codes);
        });
}

inline result<ping_reply> handle::ping(const arpq_ip &target,
                                       const arpq_ping_options &how) const noexcept
{
    ping_reply reply = ping_reply();
    const int code = arpq_ping(raw(), &target, &how, &reply);

    return result<ping_reply>(reply, came(code));
}

template <typename Function, typename Mode>
result<sweep_stats> handle::sweep_each(const prefix &where, Function &&function,
                                       const arpq_sweep_options &how) const
{
    using visitor = impl::visitor<typename std::remove_reference<Function>::type, found, Mode>;
    visitor visit(function);
    sweep_stats stats = sweep_stats();
    const int code =
        arpq_sweep_each(raw(), &where.address, where.length, &how, visitor::call, &visit, &stats);

    visit.finish();
    return result<sweep_stats>(stats, came(code));
}

inline result<std::uint32_t> handle::interface_index(text name) const noexcept
{
    std::uint32_t ifindex = 0;
    const int code = arpq_interface_index(raw(), name.c_str(), &ifindex);

    return result<std::uint32_t>(ifindex, came(code));
}

inline result<std::string> handle::interface_name(std::uint32_t ifindex) const
{
    char buffer[ARPQ_IFNAME_SIZE] = "";
    const int code = arpq_interface_name(raw(), ifindex, buffer);

    return result<std::string>(std::string(buffer), came(code));
}

inline result<void> handle::address_add(const arpq_address &what,
                                        std::uint32_t flags) const noexcept
{
    return result<void>(came(arpq_address_add(raw(), &what, flags)));
}

inline result<void> handle::address_modify(const arpq_address &what,
                                           std::uint32_t flags) const noexcept
{
    return result<void>(came(arpq_address_modify(raw(), &what, flags)));
}

inline result<void> handle::address_remove(const arpq_address &what,
                                           std::uint32_t flags) const noexcept
{
    return result<void>(came(arpq_address_remove(raw(), &what, flags)));
}

inline std::string handle::to_string(const arpq_ip &value) const
{
    char buffer[ARPQ_IP_STRLEN];

    return arpq_ip_format_named(raw(), &value, buffer, sizeof buffer);
}

inline const char *handle::detail() const noexcept { return arpq_detail(raw()); }

/* ---- Definitions: lists ------------------------------------------------ */

inline result<table> table::take(const handle &h, int code, arpq_table *made) noexcept
{
    table owned(made);
    const status came = owned.came(code, h.detail());

    return came ? result<table>(std::move(owned)) : result<table>(came);
}

inline result<table> table::get(const handle &h, const arpq_filter &which) noexcept
{
    arpq_table *made = nullptr;
    const int code = arpq_table_get(h.raw(), &which, &made);

    return take(h, code, made);
}

inline result<table> table::find_mac(const handle &h, const arpq_mac &which) noexcept
{
    arpq_table *made = nullptr;
    const int code = arpq_table_find_mac(h.raw(), &which, &made);

    return take(h, code, made);
}

inline result<interfaces> interfaces::get(const handle &h, std::uint32_t flags) noexcept
{
    arpq_interfaces *made = nullptr;
    const int code = arpq_interfaces_get(h.raw(), flags, &made);
    interfaces owned(made);
    const status came = owned.came(code, h.detail());

    return came ? result<interfaces>(std::move(owned)) : result<interfaces>(came);
}

inline view<address> interfaces::addresses() const noexcept
{
    std::uint32_t count = 0, stride = 0;
    const address *first = arpq_interfaces_addresses(raw(), &count, &stride);

    return stride == sizeof(address) ? view<address>(first, count) : view<address>();
}

inline view<address> interfaces::addresses(const interface &of) const noexcept
{
    const view<address> all = addresses();
    std::uint32_t n = 0;

    if (!has(of, &n) || of.address_count == 0 || of.address_first >= all.size() ||
        of.address_count > all.size() - of.address_first)
        return view<address>();
    return view<address>(all.data() + of.address_first, of.address_count);
}

/* Whether it is of this list, and which one. std::less orders pointers of different objects. */
inline bool interfaces::has(const interface &one, std::uint32_t *n) const noexcept
{
    const view<interface> all = entries();
    const std::less<const interface *> before{};

    if (all.empty() || before(&one, all.begin()) || !before(&one, all.end()))
        return false;
    *n = static_cast<std::uint32_t>(&one - all.begin());
    return true;
}

inline const interface_stats *interfaces::stats(const interface &of) const noexcept
{
    std::uint32_t n = 0;

    return has(of, &n) ? arpq_interfaces_stats_at(raw(), n) : nullptr;
}

inline const char *interfaces::text(const interface &of, std::uint32_t which) const noexcept
{
    std::uint32_t n = 0;

    return has(of, &n) ? arpq_interfaces_text_at(raw(), n, which) : "";
}

inline const char *interfaces::altname(const interface &of, std::uint32_t n) const noexcept
{
    std::uint32_t own = 0;

    if (!has(of, &own) || n >= of.altname_count)
        return nullptr;
    return arpq_interfaces_altname_at(raw(), of.altname_first + n);
}

inline result<gateways> gateways::get(const handle &h, std::uint16_t family,
                                      std::uint32_t flags) noexcept
{
    arpq_gateways *made = nullptr;
    const int code = arpq_gateways_get(h.raw(), family, flags, &made);
    gateways owned(made);
    const status came = owned.came(code, h.detail());

    return came ? result<gateways>(std::move(owned)) : result<gateways>(came);
}

/* ---- Definitions: changes and the mirror ------------------------------- */

inline result<watch> watch::open(const handle &h, const arpq_watch_options &how) noexcept
{
    arpq_watch *made = nullptr;
    const int code = arpq_watch_open(h.raw(), &made, &how);

    return result<watch>(watch(made, h.raw()), status(code, h.detail()));
}

inline result<sync_stats> watch::stats() const noexcept
{
    sync_stats counters = sync_stats();
    const int code = arpq_watch_stats(raw(), &counters);

    return result<sync_stats>(counters, came(code));
}

inline result<mirror> mirror::open(const handle &h, const arpq_mirror_options &how) noexcept
{
    arpq_mirror *made = nullptr;
    const int code = arpq_mirror_open(h.raw(), &made, &how);

    return result<mirror>(mirror(made, h.raw()), status(code, h.detail()));
}

inline result<int> mirror::fd() const noexcept
{
    const int code = arpq_mirror_fd(raw());

    return result<int>(code < 0 ? 0 : code, came(code));
}

inline result<int> mirror::sync() const noexcept
{
    const int code = arpq_mirror_sync(raw());

    return result<int>(code < 0 ? 0 : code, came(code));
}

inline result<mac> mirror::lookup(const arpq_ip &target, std::uint32_t ifindex) const noexcept
{
    mac answer;
    const int code = arpq_mirror_lookup(raw(), &target, ifindex, &answer);

    return result<mac>(answer, status(code));
}

template <typename Targets>
result<many<mac>> mirror::lookup_many(const Targets &targets, std::uint32_t ifindex) const
{
    many<mac> answers;
    const int code = impl::fill_many(
        targets, answers,
        [&](const arpq_ip *ips, std::uint32_t count, mac *macs, std::int32_t *codes) {
            return arpq_mirror_lookup_many(raw(), ips, count, ifindex, macs, codes);
        });

    return result<many<mac>>(std::move(answers), status(code));
}

inline result<neigh> mirror::get(const arpq_ip &target, std::uint32_t ifindex) const noexcept
{
    neigh answer = neigh();
    const int code = arpq_mirror_get(raw(), &target, ifindex, &answer);

    return result<neigh>(answer, status(code));
}

inline result<std::vector<neigh>> mirror::find_mac(const arpq_mac &which) const
{
    std::vector<neigh> entries;
    int count = arpq_mirror_find_mac(raw(), &which, nullptr, 0);

    for (int tries = 0; tries < 8 && count > 0 && entries.size() < static_cast<std::size_t>(count);
         tries++) {
        entries.resize(static_cast<std::size_t>(count));
        count = arpq_mirror_find_mac(raw(), &which, entries.data(),
                                     static_cast<std::uint32_t>(entries.size()));
    }
    if (count >= 0 && entries.size() > static_cast<std::size_t>(count))
        entries.resize(static_cast<std::size_t>(count));
    if (count < 0)
        entries.clear();
    return result<std::vector<neigh>>(std::move(entries), status(count));
}

template <typename Function, typename Mode> result<void> mirror::each(Function &&function) const
{
    using visitor = impl::visitor<typename std::remove_reference<Function>::type, neigh, Mode>;
    visitor visit(function);
    const int code = arpq_mirror_each(raw(), visitor::call, &visit);

    visit.finish();
    return result<void>(status(code));
}

inline result<arpq::table> mirror::table(const arpq_filter &which) const noexcept
{
    arpq_table *made = nullptr;
    const int code = arpq_mirror_table(raw(), &which, &made);

    return arpq::table::take(handle(), code, made);
}

inline result<sync_stats> mirror::stats() const noexcept
{
    sync_stats counters = sync_stats();
    const int code = arpq_mirror_stats(raw(), &counters);

    return result<sync_stats>(counters, came(code));
}

/* ---- Definitions: resolving, pinging, and on the wire ------------------ */

inline result<resolver> resolver::open(const handle &h, const arpq_resolve_options &how) noexcept
{
    arpq_resolver *made = nullptr;
    const int code = arpq_resolver_open(h.raw(), &made, &how);

    return result<resolver>(resolver(made, h.raw()), status(code, h.detail()));
}

inline result<void> resolver::add(const arpq_ip &target, std::uint32_t ifindex,
                                  std::uint64_t token) noexcept
{
    return result<void>(came(arpq_resolver_add(raw(), &target, ifindex, token)));
}

inline result<pinger> pinger::open(const handle &h, const arpq_ping_options &how) noexcept
{
    arpq_pinger *made = nullptr;
    const int code = arpq_pinger_open(h.raw(), &made, &how);

    return result<pinger>(pinger(made, h.raw()), status(code, h.detail()));
}

inline result<void> pinger::add(const arpq_ip &target, std::uint16_t sequence,
                                std::uint64_t token) noexcept
{
    return result<void>(came(arpq_pinger_add(raw(), &target, sequence, token)));
}

inline result<sweep> sweep::open(const handle &h, const prefix &where,
                                 const arpq_sweep_options &how) noexcept
{
    arpq_sweep *made = nullptr;
    const int code = arpq_sweep_open(h.raw(), &made, &where.address, where.length, &how);

    return result<sweep>(sweep(made, h.raw()), status(code, h.detail()));
}

inline result<sweep_stats> sweep::stats() const noexcept
{
    sweep_stats counters = sweep_stats();
    const int code = arpq_sweep_stats(raw(), &counters);

    return result<sweep_stats>(counters, came(code));
}

inline result<sniffer> sniffer::open(const handle &h, const arpq_sniffer_options &how) noexcept
{
    arpq_sniffer *made = nullptr;
    const int code = arpq_sniffer_open(h.raw(), &made, &how);

    return result<sniffer>(sniffer(made, h.raw()), status(code, h.detail()));
}

inline result<sniffer_stats> sniffer::stats() const noexcept
{
    sniffer_stats counters = sniffer_stats();
    const int code = arpq_sniffer_stats(raw(), &counters);

    return result<sniffer_stats>(counters, came(code));
}

} // namespace arpq

/* ---- Hashes ------------------------------------------------------------ */

namespace arpq
{
namespace impl
{
/* FNV-1a. */
inline std::size_t hash(std::uint64_t seed, const void *bytes, std::size_t size) noexcept
{
    std::uint64_t hash = seed ^ 0xcbf29ce484222325u;

    for (std::size_t n = 0; n < size; n++)
        hash = (hash ^ static_cast<const unsigned char *>(bytes)[n]) * 0x100000001b3u;
    return static_cast<std::size_t>(hash ^ hash >> 32);
}
} // namespace impl
} // namespace arpq

/* Of what the comparisons look at. */
template <> struct std::hash<arpq::ip> {
    std::size_t operator()(const arpq::ip &value) const noexcept
    {
        return arpq::impl::hash(static_cast<std::uint64_t>(value.scope) << 16 | value.family,
                                value.bytes, value.family == AF_INET ? 4 : sizeof value.bytes);
    }
};

template <> struct std::hash<arpq::mac> {
    std::size_t operator()(const arpq::mac &value) const noexcept
    {
        return arpq::impl::hash(value.length, value.bytes,
                                value.length < ARPQ_MAC_MAX ? value.length : ARPQ_MAC_MAX);
    }
};

#endif
