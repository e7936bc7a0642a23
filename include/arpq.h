/* SPDX-License-Identifier: MIT */
/*
 * libarpq - find the link-layer (MAC) address of an IP address.
 *
 * This header is the whole public interface. Its order: values, handle, lookup, the table, editing
 * the table, resolving, interfaces, gateways, editing addresses, changes, the mirror, packets, and
 * the functions that use the link: ping, sweep, sniffer. Each part names its manual page, which
 * scripts/man-pages writes from the comments.
 *
 * These rules apply to every function:
 *  - A function that returns int returns 0 or a count on success and a negative errno value on
 *    failure. errno itself is not part of the contract. Later releases may return new codes: treat
 *    an unknown negative value as a failure.
 *  - Outputs are defined on every path: a call that fails zeroes them, unless the comment of the
 *    function says otherwise.
 *  - A NULL or out-of-range argument gives -EINVAL, and never causes a crash. A function that
 *    returns no error code returns 0, NULL or "".
 *  - The functions whose names end in _next return 1 with a result, 0 if the timeout expires
 *    without a result, and -ENODATA if no result can follow: the sweep has finished, or the
 *    resolver or pinger has nothing pending. A watch and a sniffer never end.
 *  - The parameter timeout_ms limits how long a call waits, in milliseconds: 0 does not wait, -1
 *    waits without limit, other negative values give -EINVAL. In option structs, 0 selects the
 *    default. There, the member answer_ms limits the wait for the answer to one query, in
 *    milliseconds; ARPQ_FOREVER means no limit, and gives -EINVAL where a limit is required.
 *  - arpq_wake ends the wait of a call with -ECANCELED. A signal ends it with -EINTR if the handle
 *    was opened with ARPQ_OPEN_INTERRUPTIBLE; otherwise the wait continues after the signal
 *    handler. This applies to waits for time, answers and events in arpq_resolve,
 *    arpq_resolve_many, arpq_ping, arpq_sweep_each and the functions whose names end in _next. The
 *    object of a _next function stays usable. arpq_resolve may leave the unresolved entry that it
 *    made the kernel add; the other functions leave nothing behind.
 *  - No function prints, aborts, or changes signals, limits, locale or environment. No function
 *    starts a thread that outlives the call, except with ARPQ_MIRROR_THREAD.
 *  - Value structs are flat, have the same size on every architecture, and hold addresses in network
 *    byte order. The library writes zero to their reserved members. A lookup, a filter, a sweep or a
 *    change with a value that has another reserved member gives -EINVAL.
 */
#ifndef ARPQ_H
#define ARPQ_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A library built with hidden visibility exports exactly the functions declared below. */
#pragma GCC visibility push(default)

/* g++ -Wshadow warns that a function with the name of a struct hides its constructor. */
#ifdef __cplusplus
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#endif

/* The version of this header. No other file defines it. */
#define ARPQ_VERSION_MAJOR 0
#define ARPQ_VERSION_MINOR 1
#define ARPQ_VERSION_PATCH 0

/* The version as a number that can be compared. arpq_version_number returns that of the library. */
#define ARPQ_VERSION_NUMBER                                                                        \
    (ARPQ_VERSION_MAJOR << 16 | ARPQ_VERSION_MINOR << 8 | ARPQ_VERSION_PATCH)

/* The ABI number, with which the SONAME ends. arpq_abi returns that of the library. */
#define ARPQ_ABI 0

/* Buffer sizes that hold every text that this library writes, including the NUL. */
#define ARPQ_IP_STRLEN 64      /* size of a buffer for the text of an IP address */
#define ARPQ_MAC_STRLEN 96     /* size of a buffer for the text of a link-layer address */
#define ARPQ_PREFIX_STRLEN 68  /* size of a buffer for the text of a prefix */
#define ARPQ_DETAIL_STRLEN 160 /* size of a buffer for the text of arpq_detail_copy */

#define ARPQ_IFNAME_SIZE 16 /* an interface name or address label, including the NUL */
#define ARPQ_MAC_MAX 32     /* bytes in the longest link-layer address */

/* No limit: for answer_ms, and for the lifetime of an address in seconds. */
#define ARPQ_FOREVER 0xffffffffu

/* ---- arpq_ip(3): read, write and compare IP addresses --------------- */

/* An IP address. family is AF_INET or AF_INET6 (0: no address). IPv4 uses the first four bytes.
 * scope is the ifindex of the link of a link-local IPv6 address, or 0. */
struct arpq_ip {
    uint8_t bytes[16];
    uint32_t scope;
    uint16_t family;
    uint16_t reserved;
};

/* ---- arpq_mac(3): read, write, compare and classify link-layer addresses ---- */

/* The source of an answer: the member origin of struct arpq_mac. */
#define ARPQ_ORIGIN_TABLE 0u     /* the kernel's neighbour entry for the address */
#define ARPQ_ORIGIN_GATEWAY 1u   /* the kernel's neighbour entry for the gateway to the address */
#define ARPQ_ORIGIN_LOCAL 2u     /* the interface of this machine that has the address */
#define ARPQ_ORIGIN_MULTICAST 3u /* mapped from the multicast address */
#define ARPQ_ORIGIN_BROADCAST 4u /* the broadcast address of the link */

/* A link-layer address. type is the ARPHRD_* number of the link. length 0 means "no address"; the
 * library never writes zero bytes for a missing address. Lookups set origin (ARPQ_ORIGIN_*);
 * elsewhere it is 0, and no function reads it. */
struct arpq_mac {
    uint8_t bytes[ARPQ_MAC_MAX];
    uint16_t type;
    uint8_t length;
    uint8_t origin;
};

/* ---- arpq_ip(3), continued ------------------------------------------ */

/* Flags of arpq_ip_parse. */
#define ARPQ_IP_CLASSIC 0x1u /* also accept inet_aton forms: 0xc000027b, 3221226198, 127.1 */

/*
 * arpq_ip_parse - read an IP address from text.
 *
 * text   NUL-terminated. The whole string must match.
 * ip     receives the address; zeroed on failure.
 * flags  0 or ARPQ_IP_CLASSIC.
 *
 * Accepts a dotted quad (four decimal parts without leading zeros), IPv6 with an optional "%scope"
 * (the name or ifindex of an interface), and IPv4-mapped IPv6, which stays IPv6: the family of
 * "::ffff:192.0.2.1" is AF_INET6. With ARPQ_IP_CLASSIC, also accepts the forms of inet_aton(3).
 *
 * Returns 0, or an error:
 *   -EINVAL  the text is not an address, is too long or has surrounding space; NULL; unknown flag
 *   -ENODEV  the network namespace of the calling thread has no interface with the scope's name
 * Thread-safe. No privilege. RFC 4291, RFC 4007 section 11. if_nametoindex(3) resolves the scope.
 */
int arpq_ip_parse(const char *text, struct arpq_ip *ip, uint32_t flags);

/*
 * arpq_ip_format - write an IP address as text (RFC 5952), its scope as "%ifindex".
 *
 * ip    the address.
 * text  receives the NUL-terminated text; "" on failure if size > 0.
 * size  bytes at text; ARPQ_IP_STRLEN always suffices.
 *
 * Returns text, or a pointer to a constant "" if ip is NULL, the family is unknown, or size is too
 * small. Thread-safe. No privilege.
 */
const char *arpq_ip_format(const struct arpq_ip *ip, char *text, size_t size);

/*
 * arpq_ip_from_sockaddr - read the address from a sockaddr_in or sockaddr_in6.
 *
 * sa    the socket address. sin6_scope_id becomes the scope.
 * size  bytes at sa, as accept(2) reports them.
 * ip    receives the address; IPv4-mapped IPv6 becomes IPv4. Zeroed on failure.
 *
 * Returns 0; -EAFNOSUPPORT for another family; -EINVAL for NULL or a size that is too small.
 * Thread-safe. No privilege.
 */
int arpq_ip_from_sockaddr(const struct sockaddr *sa, size_t size, struct arpq_ip *ip);

/*
 * arpq_ip_to_sockaddr - build a sockaddr_in or sockaddr_in6.
 *
 * ip    the address.
 * port  in host byte order.
 * sa    receives the socket address; zeroed on failure.
 *
 * Returns the length of the socket address (16 or 28); -EAFNOSUPPORT if the family of ip is
 * unknown; -EINVAL for NULL. Thread-safe. No privilege.
 */
int arpq_ip_to_sockaddr(const struct arpq_ip *ip, uint16_t port, struct sockaddr_storage *sa);

/*
 * arpq_ip_compare - order two addresses by family, then bytes, then scope.
 *
 * Returns a negative value, 0 or a positive value; NULL sorts first. Thread-safe. No privilege.
 */
int arpq_ip_compare(const struct arpq_ip *a, const struct arpq_ip *b);

/* ---- arpq_prefix(3): read, write and test IP prefixes --------------- */

/*
 * arpq_prefix_parse - read a prefix from text.
 *
 * text    NUL-terminated. The whole string must match.
 * prefix  receives the address; zeroed on failure.
 * length  receives the length in bits, 0 to 32 or 0 to 128; 0 on failure.
 * flags   0 or ARPQ_IP_CLASSIC, which applies to the address only.
 *
 * Accepts an address as arpq_ip_parse does, then a slash and a length in bits ("10.0.0.0/8",
 * "fe80::%eth0/64") or, for IPv4, a slash and a netmask ("10.0.0.0/255.0.0.0"). An address alone
 * has the length 32 or 128. The bits after the length are kept. The length is decimal, without
 * leading zeros.
 *
 * Returns 0, or an error:
 *   -EINVAL  the text is not a prefix, the length is too long, the mask is not a netmask; NULL;
 *            unknown flag
 *   -ENODEV  the network namespace of the calling thread has no interface with the scope's name
 * Thread-safe. No privilege. RFC 4632, RFC 4291 section 2.3, RFC 4007 section 11.7.
 */
int arpq_prefix_parse(const char *text, struct arpq_ip *prefix, uint32_t *length, uint32_t flags);

/*
 * arpq_prefix_format - write a prefix as text ("10.0.0.0/8", "fe80::%2/64").
 *
 * prefix  the address, written as by arpq_ip_format.
 * length  bits, 0 to 32 or 0 to 128.
 * text    receives the NUL-terminated text; "" on failure if size > 0.
 * size    bytes at text; ARPQ_PREFIX_STRLEN always suffices.
 *
 * Returns text, or a pointer to a constant "" if prefix is NULL, its family is unknown, length is
 * too long, or size is too small. Thread-safe. No privilege.
 */
const char *arpq_prefix_format(const struct arpq_ip *prefix, uint32_t length, char *text,
                               size_t size);

/*
 * arpq_prefix_contains - test whether an address is in a prefix.
 *
 * prefix  the prefix. Bits after the length do not count.
 * length  bits, 0 to 32 or 0 to 128.
 * ip      the address. IPv4-mapped IPv6 counts as IPv6.
 *
 * A prefix with a scope contains only addresses of that scope. A prefix without a scope contains
 * addresses of every scope.
 *
 * Returns 1 or 0; 0 for NULL, different or unknown families, or a length that is too long.
 * Thread-safe. No privilege.
 */
int arpq_prefix_contains(const struct arpq_ip *prefix, uint32_t length, const struct arpq_ip *ip);

/* ---- arpq_mac(3), continued ----------------------------------------- */

/* Styles of arpq_mac_format: one of the first four, optionally ORed with ARPQ_MAC_UPPER. */
#define ARPQ_MAC_COLON 0u    /* 00:00:5e:00:53:2a */
#define ARPQ_MAC_DASH 1u     /* 00-00-5e-00-53-2a */
#define ARPQ_MAC_CISCO 2u    /* 0000.5e00.532a */
#define ARPQ_MAC_BARE 3u     /* 00005e00532a */
#define ARPQ_MAC_UPPER 0x10u /* digits above 9 in upper case */

/*
 * arpq_mac_parse - read a link-layer address from text.
 *
 * text  1 to 32 bytes, two hexadecimal digits each, in either case. The whole string must match.
 * mac   receives the address; zeroed on failure. The text does not contain the type. It is set to
 *       ARPHRD_ETHER for 6 bytes, ARPHRD_EUI64 for 8, ARPHRD_INFINIBAND for 20, and ARPHRD_VOID
 *       otherwise.
 *
 * Accepts a colon or dash between bytes, a dot between pairs of bytes (with an even number of
 * bytes), or digits only; one style throughout.
 *
 * Returns 0; -EINVAL for NULL or another text. Thread-safe. No privilege.
 */
int arpq_mac_parse(const char *text, struct arpq_mac *mac);

/*
 * arpq_mac_format - write a link-layer address as text.
 *
 * mac    the address. A length of 0 gives "".
 * style  ARPQ_MAC_COLON, _DASH, _CISCO or _BARE, optionally ORed with ARPQ_MAC_UPPER.
 * text   receives the NUL-terminated text; "" on failure if size > 0.
 * size   bytes at text; ARPQ_MAC_STRLEN always suffices.
 *
 * Returns text, or a pointer to a constant "" if mac is NULL, its length exceeds 32, style is
 * unknown, or size is too small. Thread-safe. No privilege.
 */
const char *arpq_mac_format(const struct arpq_mac *mac, uint32_t style, char *text, size_t size);

/*
 * arpq_mac_compare - order two addresses by length, then bytes. type and origin do not count.
 *
 * Returns a negative value, 0 or a positive value; NULL sorts first. Thread-safe. No privilege.
 */
int arpq_mac_compare(const struct arpq_mac *a, const struct arpq_mac *b);

/*
 * arpq_mac_is_multicast, _is_broadcast, _is_local, _is_zero - classify a link-layer address.
 *
 * multicast  the group bit of IEEE 802 is set; InfiniBand: a multicast GID.
 * broadcast  all bits are set; InfiniBand: the IPv4 broadcast GID of RFC 4391.
 * local      the "locally administered" bit of a 6- or 8-byte address is set, as in random
 *            addresses.
 * zero       all bytes are zero.
 *
 * Each returns 1 or 0; 0 for NULL or no address. Thread-safe. No privilege.
 */
int arpq_mac_is_multicast(const struct arpq_mac *mac);
int arpq_mac_is_broadcast(const struct arpq_mac *mac);
int arpq_mac_is_local(const struct arpq_mac *mac);
int arpq_mac_is_zero(const struct arpq_mac *mac);

/*
 * arpq_mac_to_eui64 - make the modified EUI-64 of a link-layer address.
 *
 * mac    6 bytes: ff:fe is inserted and the universal/local bit is inverted, as in the low half of
 *        a SLAAC address. 8 bytes: only the bit is inverted.
 * eui64  receives the result; zeroed on failure. It may be the same object as mac.
 *
 * Returns 0; -EINVAL for NULL or another length. Thread-safe. No privilege. RFC 4291 appendix A.
 */
int arpq_mac_to_eui64(const struct arpq_mac *mac, struct arpq_mac *eui64);

/* ---- arpq_open(3): open and close a handle -------------------------- */

/* A handle has the sockets and the known state of this machine's interfaces. */
struct arpq_handle;

/* Flags of struct arpq_options. */
#define ARPQ_OPEN_IN_NETNS 0x1u      /* open in the namespace of netns_fd */
#define ARPQ_OPEN_INTERRUPTIBLE 0x2u /* a signal handler that runs during a wait ends the wait */

struct arpq_options {
    uint32_t size;    /* sizeof(struct arpq_options) of the caller */
    uint32_t flags;   /* ARPQ_OPEN_* */
    int32_t netns_fd; /* a descriptor of the namespace; read only with ARPQ_OPEN_IN_NETNS */
    uint32_t reserved[5];
};

/*
 * arpq_open - open a handle.
 *
 * h        receives the handle, which arpq_close releases; NULL on failure.
 * options  NULL for the defaults. size is 12 to 4096. Members that this library does not know must
 *          be zero.
 *
 * Descriptors: the call opens at most five close-on-exec descriptors, and with ARPQ_OPEN_IN_NETNS a
 * sixth, a private duplicate of netns_fd. If several threads use the handle at the same time, it
 * opens up to seven more sockets for ioctls and 63 for rtnetlink, one for each such thread, and
 * keeps them until arpq_close. If no descriptor is available, the threads share the existing ones.
 * Resolving without CAP_NET_ADMIN opens one more socket for each of IPv4 and IPv6, and the first
 * wait opens one more descriptor (see arpq_wake); these are also kept. If the system refuses
 * rtnetlink, the handle still serves IPv4, by ioctl.
 *
 * Threads: any number of threads may use one handle. Lookups do not serialise each other. After
 * fork(2) the child may use the handle (its first call opens new sockets) or close it; neither
 * affects the parent.
 *
 * Namespace: a handle belongs to one network namespace for its lifetime: the one of netns_fd, or
 * the one of the thread that opens it. A thread that has moved to another namespace may use the
 * handle: the library opens further sockets in the handle's namespace, on a thread that ends before
 * the call returns. If the calling thread is not allowed to enter that namespace, the call returns
 * -EXDEV. Before Linux 5.14 the library identifies namespaces through /proc; if /proc is not
 * mounted, a thread that has moved must not use the handle.
 *
 * Returns 0, or an error:
 *   -EINVAL  invalid argument
 *   -EMFILE, -ENFILE, -ENOMEM, -ENOBUFS  the system lacks descriptors, memory or buffers
 *   -EBADF   with ARPQ_OPEN_IN_NETNS: netns_fd is not a descriptor
 *   -EPERM   with ARPQ_OPEN_IN_NETNS: no CAP_SYS_ADMIN, which entering a namespace requires
 *   -EAGAIN  with ARPQ_OPEN_IN_NETNS: no thread could be started to enter the namespace
 * Thread-safe. No other privilege. rtnetlink(7), netdevice(7), arp(7).
 */
int arpq_open(struct arpq_handle **h, const struct arpq_options *options);

/*
 * arpq_close - release a handle.
 *
 * h  NULL is accepted.
 *
 * Mirrors, watches, resolvers, pingers, sniffers and sweeps that were opened on the handle stay
 * usable until they are closed themselves. Pointers that arpq_detail returned become invalid.
 *
 * Not thread-safe: no other thread may be using the handle. No privilege.
 */
void arpq_close(struct arpq_handle *h);

/* ---- arpq_wake(3): end the waits of calls --------------------------- */

/*
 * arpq_wake - end the waits of all calls on a handle.
 *
 * h  may be closed already, as long as an object that was opened on it is open.
 *
 * Every call that waits on the handle or on an object that was opened on it, in any thread, returns
 * -ECANCELED at once. Until arpq_wake_clear, every call that would begin to wait does the same, so
 * a wake is never lost. The wake does not affect calls that do not wait, because a result is
 * available, the timeout is 0, or the function never waits. It also does not end the wait for the
 * kernel's answer to a request (some microseconds, 5 s at most).
 *
 * Any thread and any signal handler may call this function: it writes to a descriptor and preserves
 * errno. A signal whose handler calls it ends a wait even without ARPQ_OPEN_INTERRUPTIBLE, and is
 * not lost if it arrives shortly before the wait.
 *
 * The first wait on a handle opens the descriptor, an eventfd(2), which stays open until the handle
 * is closed. If that fails, waits end up to 50 ms after the wake. A forked child has its own wake,
 * which is initially not set; there the function may have no effect before another call on the
 * handle.
 *
 * Returns 0; -EINVAL for NULL. Thread-safe. No privilege.
 */
int arpq_wake(struct arpq_handle *h);

/*
 * arpq_wake_clear - let calls wait again after arpq_wake.
 *
 * h  as for arpq_wake.
 *
 * A wait that has not ended yet may continue: call this function after the woken calls have
 * returned. Returns 0; -EINVAL for NULL. Thread-safe; a signal handler may call it. No privilege.
 */
int arpq_wake_clear(struct arpq_handle *h);

/* ---- arpq_strerror(3): describe errors ------------------------------ */

/*
 * arpq_strerror - describe an error code of this library.
 *
 * code  the negative value as returned; the positive errno value gives the same text.
 *
 * Returns a constant English text for every int, never NULL. Thread-safe. No privilege.
 */
const char *arpq_strerror(int code);

/*
 * arpq_detail - get the kernel's text (extended acknowledgement) about a failed call.
 *
 * Returns the text about the last failed call of this thread on this handle, or "" if the kernel
 * gave none. With -EBUSY the text is for instance "eth0 is a port of br0". The text is valid until
 * the thread's next call on any handle. Thread-safe. No privilege.
 */
const char *arpq_detail(const struct arpq_handle *h);

/*
 * arpq_detail_copy - copy the kernel's text about the last call on a handle by any thread.
 *
 * h     may be closed already, as long as an object that was opened on it is open.
 * text  receives the NUL-terminated text; "" if there is none and on failure. May be NULL if size
 *       is 0.
 * size  bytes at text; ARPQ_DETAIL_STRLEN always suffices. A longer text is truncated.
 *
 * This function is for programs that make a call in one thread and read its result in another, such
 * as bindings with a thread pool: arpq_detail gives the text of the calling thread only. Each call
 * on the handle, or on an object that was opened on it, replaces the text. If several threads use
 * the handle at the same time, the text may belong to a call of another thread; use arpq_detail
 * then, in the thread that made the call. A successful lookup may leave the old text. The thread of
 * a mirror does not change the text.
 *
 * Returns the length of the text, as if size was sufficient; 0 if there is none; -EINVAL for NULL.
 * Thread-safe. No privilege.
 */
int arpq_detail_copy(struct arpq_handle *h, char *text, size_t size);

/* ---- arpq_abi(3): identify the running library ---------------------- */

/* arpq_version - get the version of the running library. Returns a constant text such as "0.1.0".
 * Thread-safe. No privilege. */
const char *arpq_version(void);

/*
 * arpq_version_number - get the version of the running library as a number.
 *
 * Returns major << 16 | minor << 8 | patch, each 0 to 255, so that a later version is a greater
 * number. ARPQ_VERSION_NUMBER is the version of the header. Thread-safe. No privilege.
 */
uint32_t arpq_version_number(void);

/*
 * arpq_abi - get the ABI number of the running library.
 *
 * Returns the value of ARPQ_ABI with which the library was compiled. A program that was compiled
 * with another number, or a binding that was generated with another number, must not call any other
 * function except arpq_version. Thread-safe. No privilege.
 */
uint32_t arpq_abi(void);

/*
 * arpq_sizeof - get the size of a struct of this header, as the library was compiled.
 *
 * name  "arpq_neigh" or "struct arpq_neigh".
 *
 * Returns sizeof in bytes; 0 for NULL, an unknown struct, or a struct without public members.
 * Thread-safe. No privilege.
 */
size_t arpq_sizeof(const char *name);

/* ---- arpq_ip(3), continued ------------------------------------------ */

/*
 * arpq_ip_format_named - arpq_ip_format with the interface name as the scope ("fe80::1%eth0").
 *
 * h     the handle in whose network namespace the scope is an ifindex.
 * ip    the address.
 * text  receives the NUL-terminated text; "" on failure if size > 0.
 * size  bytes at text; ARPQ_IP_STRLEN always suffices.
 *
 * The scope stays a number if no interface has that ifindex, if the system does not provide the
 * name, or if the name consists of digits, which arpq_ip_parse would read as an ifindex.
 *
 * Returns text, or a pointer to a constant "" if h or ip is NULL, the family is unknown, or size is
 * too small. Thread-safe. No privilege. RFC 4007 section 11.2.
 */
const char *arpq_ip_format_named(struct arpq_handle *h, const struct arpq_ip *ip, char *text,
                                 size_t size);

/* ---- arpq_name(3): names of values and flags ------------------------ */

/* The sets of arpq_name and arpq_value: all enumerations and groups of flags. */
#define ARPQ_NAMES_STATE 1u             /* ARPQ_STATE_* */
#define ARPQ_NAMES_NEIGH_FLAG 2u        /* ARPQ_NEIGH_* */
#define ARPQ_NAMES_EVENT 3u             /* ARPQ_EVENT_*: types */
#define ARPQ_NAMES_EVENT_FLAG 4u        /* ARPQ_EVENT_*: flags */
#define ARPQ_NAMES_SNIFFED 5u           /* ARPQ_SNIFFED_*: types */
#define ARPQ_NAMES_SNIFFED_FLAG 6u      /* ARPQ_SNIFFED_*: flags */
#define ARPQ_NAMES_FOUND_FLAG 7u        /* ARPQ_FOUND_* */
#define ARPQ_NAMES_ARP_OPERATION 8u     /* ARPQ_ARP_*: operations */
#define ARPQ_NAMES_ARP_KIND 9u          /* ARPQ_ARP_KIND_* */
#define ARPQ_NAMES_ARP_FLAG 10u         /* ARPQ_ARP_*: flags */
#define ARPQ_NAMES_ICMP_FLAG 11u        /* ARPQ_ICMP_* */
#define ARPQ_NAMES_OPERSTATE 12u        /* IF_OPER_* of if.h */
#define ARPQ_NAMES_LINK_MODE 13u        /* IF_LINK_MODE_* of if.h */
#define ARPQ_NAMES_SCOPE 14u            /* ARPQ_SCOPE_* */
#define ARPQ_NAMES_ADDRESS_FLAG 15u     /* ARPQ_ADDRESS_* */
#define ARPQ_NAMES_ADDRESS_PROTOCOL 16u /* IFAPROT_* of if_addr.h */
#define ARPQ_NAMES_INTERFACE_FLAG 17u   /* IFF_* of if.h */
#define ARPQ_NAMES_LINK_TYPE 18u        /* ARPHRD_* of if_arp.h */
#define ARPQ_NAMES_PROTOCOL 19u         /* RTPROT_* of rtnetlink.h */
#define ARPQ_NAMES_SWEEP_METHOD 20u     /* ARPQ_SWEEP_BY_* */
#define ARPQ_NAMES_TABLE_FLAG 21u       /* ARPQ_TABLE_* */
#define ARPQ_NAMES_PING_FLAG 22u        /* ARPQ_PING_* */
#define ARPQ_NAMES_ERROR 23u            /* errno values: "ENOENT" */
#define ARPQ_NAMES_MAC_STYLE 24u        /* ARPQ_MAC_* */
#define ARPQ_NAMES_INTERFACE_TEXT 25u   /* ARPQ_INTERFACE_* */
#define ARPQ_NAMES_IP_PARSE 26u         /* ARPQ_IP_*: flags of parsing */
#define ARPQ_NAMES_OPEN 27u             /* flags of struct arpq_options */
#define ARPQ_NAMES_LOOKUP 28u           /* ARPQ_LOOKUP_* */
#define ARPQ_NAMES_NEIGH_SET 29u        /* ARPQ_NEIGH_SET_* */
#define ARPQ_NAMES_NEIGH_DELETE 30u     /* ARPQ_NEIGH_DELETE_* */
#define ARPQ_NAMES_FILTER 31u           /* ARPQ_FILTER_* */
#define ARPQ_NAMES_RESOLVE 32u          /* ARPQ_RESOLVE_* */
#define ARPQ_NAMES_INTERFACES 33u       /* ARPQ_INTERFACES_* */
#define ARPQ_NAMES_ADDRESS_EDIT 34u     /* ARPQ_ADDRESS_EDIT_* */
#define ARPQ_NAMES_WATCH 35u            /* ARPQ_WATCH_* */
#define ARPQ_NAMES_MIRROR 36u           /* ARPQ_MIRROR_* */
#define ARPQ_NAMES_SWEEP 37u            /* ARPQ_SWEEP_*: flags */
#define ARPQ_NAMES_SNIFFER 38u          /* ARPQ_SNIFFER_* */
#define ARPQ_NAMES_ORIGIN 39u           /* ARPQ_ORIGIN_* */
#define ARPQ_NAMES_GATEWAY_FLAG 40u     /* flags of struct arpq_gateway */
#define ARPQ_NAMES_GATEWAYS 41u         /* ARPQ_GATEWAYS_* */

/*
 * arpq_name - get the name of a value or of one flag.
 *
 * set    one of ARPQ_NAMES_*.
 * value  a value of that set or one bit of it. With ARPQ_NAMES_ERROR: an errno value, positive or
 *        negative.
 *
 * Returns the part of the constant's name after its prefix, such as "REACHABLE" for
 * ARPQ_STATE_REACHABLE and "ETHER" for ARPHRD_ETHER; "" for an unknown set, a value without a name,
 * or several flags in one value. The text is constant. Later releases may add sets and names.
 * Thread-safe. No privilege. No system call.
 */
const char *arpq_name(uint32_t set, uint32_t value);

/*
 * arpq_value - get the value or flag that a name stands for.
 *
 * set    one of ARPQ_NAMES_*.
 * name   as arpq_name returns it; the case of ASCII letters does not count.
 * value  receives the value; with ARPQ_NAMES_ERROR the positive errno value. Zeroed on failure.
 *
 * Returns 0; -ENOENT if the set does not have the name; -EINVAL for NULL or an unknown set.
 * Thread-safe. No privilege. No system call.
 */
int arpq_value(uint32_t set, const char *name, uint32_t *value);

/* ---- arpq_lookup(3): look up link-layer addresses ------------------- */

/*
 * The results of every lookup:
 *
 *   0              the address is known
 *   -ENOENT        the address is directly reachable, but the kernel has no neighbour entry, or
 *                  only an entry that nobody has asked to resolve yet (state NONE)
 *   -EAGAIN        an entry exists, resolution is in progress (INCOMPLETE)
 *   -EHOSTUNREACH  an entry exists, resolution failed (FAILED)
 *   -ENETUNREACH   no interface of this machine reaches the address directly
 *   -ENODEV        the interface that the caller named does not exist
 *   -EOPNOTSUPP    the link has no link-layer addresses (such as tun); or the system refuses
 *                  rtnetlink, which IPv6 and an on-link test require
 *   -EINVAL        invalid argument; the unspecified address (0.0.0.0, ::); a link-local IPv6
 *                  address without a scope that could be on several interfaces
 *   -EAFNOSUPPORT  the address is neither IPv4 nor IPv6, or the kernel lacks the family
 *   -ENOMEM, -ENOBUFS, -EMFILE, -ENFILE, -ETIMEDOUT  resource errors: the code says nothing about
 *                  the address
 *   -EXDEV         the calling thread has left the namespace of the handle and is not allowed to
 *                  enter it to open a socket
 *
 * ifindex 0 selects the interface as the kernel does when it sends: by its routing decision
 * (RTM_GETROUTE), with all routes, policy rules and nexthop objects. Some answers do not come from
 * the table:
 *  - An address of this machine gives the link-layer address of the interface that has it, up or
 *    down.
 *  - An address that is local or anycast only by a route gives the link-layer address of the
 *    interface of the route.
 *  - A multicast or broadcast address gives the mapped link-layer address.
 * An IPv6 link-local address without a scope is looked up on the only interface that can have it.
 * If the system refuses rtnetlink, the prefixes of the interfaces decide.
 *
 * The ifindex of a VRF selects the interface by the routes of the VRF. The ifindex of another
 * interface selects that interface, regardless of the routes.
 *
 * The library caches routing decisions (2048 at most) until an rtnetlink event reports a change
 * that may affect them, for one second at most, and reads up to 16384 routes if that saves time. It
 * learns changes of interfaces, addresses, rules and routes from events. It applies the waiting
 * events before it reports a failure. A success may be older than an event by one tick of the
 * kernel's timer (4 ms at HZ=250), or by 20 ms while another thread applies events; two interfaces
 * that swap names in that time may be confused. If events were lost or are not applied within that
 * time, each call asks the kernel until the library has caught up.
 *
 * Where the system refuses rtnetlink, an entry without a link-layer address always gives -EAGAIN,
 * because the ioctl does not distinguish INCOMPLETE from FAILED. Linux before 5.0 cannot return a
 * single entry: each call that needs one entry reads the whole table there.
 *
 * A failed call leaves the handle usable. All lookups are thread-safe and need no privilege.
 */

/*
 * Flags of a lookup:
 *
 *   VIA_GATEWAY    for an address behind a gateway, return the neighbour entry of the gateway.
 *   TABLE_ONLY     use only the kernel's table. An address of this machine, a multicast or a
 *                  broadcast address gives -ENOENT unless the table has an entry for it.
 *   ANY_INTERFACE  look on every interface that is up and has a prefix that contains the address,
 *                  in order of ifindex and regardless of the routes, until one has an answer. The
 *                  caller must not name an interface, nor set VIA_GATEWAY.
 */
#define ARPQ_LOOKUP_VIA_GATEWAY 0x1u
#define ARPQ_LOOKUP_TABLE_ONLY 0x2u
#define ARPQ_LOOKUP_ANY_INTERFACE 0x4u

/*
 * arpq_lookup - look up the link-layer address of an IP address.
 *
 * ip       the address; its scope, if not 0, must agree with ifindex. IPv4-mapped IPv6 is looked up
 *          as IPv4.
 * ifindex  the interface, 1 to INT32_MAX; 0 selects it as described above.
 * flags    ARPQ_LOOKUP_* or 0.
 * mac      receives the address; zeroed on failure. Its origin is the source of the answer.
 *
 * If a lookup with ARPQ_LOOKUP_ANY_INTERFACE fails, the code is the first of these that an
 * interface gave: -EAGAIN, -EHOSTUNREACH, -ENOENT, -EOPNOTSUPP; or -ENETUNREACH if no interface has
 * such a prefix.
 *
 * Returns 0 if the address is known; otherwise one of the results of every lookup. Thread-safe. No
 * privilege. IPv4 uses SIOCGARP (arp(7)), and RTM_GETNEIGH (rtnetlink(7)) if the ioctl gives no
 * answer; IPv6 uses RTM_GETNEIGH.
 */
int arpq_lookup(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex, uint32_t flags,
                struct arpq_mac *mac);

/*
 * arpq_lookup_text - arpq_lookup with an address and an interface name as text.
 *
 * ip          as for arpq_ip_parse with flags 0; a scope name is one of the handle's namespace.
 * ifname      an interface name, alternative name or address label ("eth0:1"); NULL selects the
 *             interface as described above.
 * flags, mac  as for arpq_lookup.
 *
 * Returns as arpq_lookup; -EINVAL also if the text is not an address or the interface name is
 * empty; -ENODEV also if the interface name is unknown or too long. Thread-safe. No privilege.
 */
int arpq_lookup_text(struct arpq_handle *h, const char *ip, const char *ifname, uint32_t flags,
                     struct arpq_mac *mac);

/*
 * arpq_lookup_many - arpq_lookup for count addresses.
 *
 * ips      count addresses.
 * ifindex  the interface for all of them, or 0.
 * flags    ARPQ_LOOKUP_* or 0, for all of them.
 * macs     receives count addresses, zeroed where not found.
 * codes    receives count codes as of arpq_lookup; may be NULL.
 *
 * Returns how many addresses were found; -EINVAL for NULL with count > 0, a count above INT32_MAX,
 * or an unknown flag. Thread-safe. No privilege.
 */
int arpq_lookup_many(struct arpq_handle *h, const struct arpq_ip *ips, uint32_t count,
                     uint32_t ifindex, uint32_t flags, struct arpq_mac *macs, int32_t *codes);

/*
 * arpq_peer - look up the link-layer address of the peer of a connected socket.
 *
 * fd     a connected TCP or UDP socket (IPv4, IPv6, IPv4-mapped). It is neither read nor changed.
 * flags  ARPQ_LOOKUP_* or 0; ANY_INTERFACE only if the socket is not bound to an interface.
 * mac    receives the address; zeroed on failure. Its origin is the source of the answer.
 *
 * The interface is the one that the socket is bound to. For an unbound socket it is selected as for
 * ifindex 0; if the kernel is asked for its routing decision, the local address and the mark of the
 * socket are part of the request.
 *
 * Returns as arpq_lookup; -EBADF, -ENOTSOCK and -ENOTCONN as getpeername(2); -EAFNOSUPPORT if the
 * socket is neither IPv4 nor IPv6. Thread-safe. No privilege.
 */
int arpq_peer(struct arpq_handle *h, int fd, uint32_t flags, struct arpq_mac *mac);

/* ---- arpq_neigh(3): read neighbour entries -------------------------- */

/* NUD states (RFC 4861 section 7.3.2), as bits with the kernel's values. */
#define ARPQ_STATE_NONE 0x00u
#define ARPQ_STATE_INCOMPLETE 0x01u
#define ARPQ_STATE_REACHABLE 0x02u
#define ARPQ_STATE_STALE 0x04u
#define ARPQ_STATE_DELAY 0x08u
#define ARPQ_STATE_PROBE 0x10u
#define ARPQ_STATE_FAILED 0x20u
#define ARPQ_STATE_NOARP 0x40u
#define ARPQ_STATE_PERMANENT 0x80u

/* Neighbour flags: NTF_* of the kernel in the low byte, NTF_EXT_* above it. */
#define ARPQ_NEIGH_PROXY 0x08u
#define ARPQ_NEIGH_EXT_LEARNED 0x10u
#define ARPQ_NEIGH_OFFLOADED 0x20u
#define ARPQ_NEIGH_STICKY 0x40u
#define ARPQ_NEIGH_ROUTER 0x80u
#define ARPQ_NEIGH_MANAGED 0x100u       /* since Linux 5.16 */
#define ARPQ_NEIGH_EXT_VALIDATED 0x400u /* since Linux 6.17 */
/* Answers that this library generates. They are not in the table, and their state is NOARP. */
#define ARPQ_NEIGH_LOCAL 0x01000000u     /* an address of this machine */
#define ARPQ_NEIGH_MULTICAST 0x02000000u /* a multicast address, mapped */
#define ARPQ_NEIGH_BROADCAST 0x04000000u /* a broadcast address, mapped */
/* The entry is that of the gateway to the requested address. */
#define ARPQ_NEIGH_GATEWAY 0x08000000u

/* A neighbour entry. mac.length is 0 while the kernel knows no link-layer address. The three times
 * are the milliseconds (the kernel's resolution is 10 ms) since the entry was last confirmed, used
 * and updated. protocol is the RTPROT_* number of the entry's creator, 0 if not given and before
 * Linux 5.0. type is the RTN_* number of the address. */
struct arpq_neigh {
    struct arpq_ip ip;
    struct arpq_mac mac;
    uint32_t ifindex;
    uint32_t state;
    uint32_t flags;
    uint32_t probes;
    uint32_t refcount;
    uint64_t confirmed_ms;
    uint64_t used_ms;
    uint64_t updated_ms;
    uint8_t protocol;
    uint8_t type;
    uint16_t reserved16;
    uint32_t reserved[5];
};

/*
 * arpq_neigh_get - get the whole neighbour entry of an IP address.
 *
 * ip       as for arpq_lookup.
 * ifindex  the interface, or 0 to select it.
 * flags    ARPQ_LOOKUP_* or 0.
 * neigh    receives the entry: state, flags, times, protocol. Zeroed on failure. If
 *          ARPQ_NEIGH_GATEWAY is set, neigh->ip is the address of the gateway.
 *
 * Returns 0 if the kernel has an entry, in any state (mac.length of an INCOMPLETE or FAILED entry
 * is 0); otherwise as arpq_lookup, but never -EAGAIN or -EHOSTUNREACH; -EOPNOTSUPP if the system
 * refuses rtnetlink. Thread-safe. No privilege. RTM_GETNEIGH (rtnetlink(7)).
 */
int arpq_neigh_get(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex,
                   uint32_t flags, struct arpq_neigh *neigh);

/*
 * arpq_neigh_get_many - arpq_neigh_get for count addresses, with up to 128 requests at a time.
 *
 * ips      count addresses.
 * ifindex  the interface for all of them, or 0.
 * flags    ARPQ_LOOKUP_* or 0, for all of them.
 * neighs   receives count entries, zeroed where there is none.
 * codes    receives count codes as of arpq_neigh_get; may be NULL.
 *
 * Returns how many entries were found; -EINVAL for NULL with count > 0, a count above INT32_MAX or
 * an unknown flag; -ENOMEM if memory is short, with all outputs zeroed. Thread-safe. No privilege.
 */
int arpq_neigh_get_many(struct arpq_handle *h, const struct arpq_ip *ips, uint32_t count,
                        uint32_t ifindex, uint32_t flags, struct arpq_neigh *neighs,
                        int32_t *codes);

/* ---- arpq_table(3): list the neighbour table ------------------------ */

/* Flags of struct arpq_filter. */
#define ARPQ_FILTER_PROXY 0x1u /* select the proxy entries only */

/* In the states of a filter: select entries in state NONE, whose own value is 0. */
#define ARPQ_FILTER_STATE_NONE 0x100u

/*
 * A filter selects entries. Set size; a member that is zero selects all entries. NULL instead of a
 * filter selects every IPv4 and IPv6 entry.
 *
 * A filter gives -EINVAL if it has
 *  - a size below 24 or above 4096, or a nonzero byte in a member that this library does not know;
 *  - an unknown flag or family, or an ifindex or master above INT32_MAX;
 *  - an unknown bit in states, or in neigh_flags a flag that only this library sets, such as
 *    ARPQ_NEIGH_LOCAL;
 *  - a prefix of another family than family, longer than its address, or with a scope that is
 *    neither 0 nor ifindex;
 *  - a prefix_length without prefix (with a prefix, length 0 selects the whole family);
 *  - a mac longer than 32 bytes;
 *  - ARPQ_FILTER_PROXY with a mac or states, which proxy entries do not have.
 * An ifindex or master that is no interface gives -ENODEV.
 */
struct arpq_filter {
    uint32_t size;         /* sizeof(struct arpq_filter) of the caller */
    uint32_t flags;        /* ARPQ_FILTER_* */
    uint32_t ifindex;      /* entries of this interface */
    uint32_t master;       /* entries of the ports of this bridge, bond or VRF */
    uint32_t states;       /* entries in one of these ARPQ_STATE_* (ORed) */
    uint32_t neigh_flags;  /* entries with all of these ARPQ_NEIGH_*, as set by the kernel */
    struct arpq_ip prefix; /* entries whose address is in this prefix */
    uint8_t prefix_length; /* bits of the prefix; the bits after them do not count */
    uint8_t protocol;      /* entries that this RTPROT_* created */
    uint16_t family;       /* AF_INET or AF_INET6 */
    struct arpq_mac mac;   /* entries with this link-layer address; its type does not count */
    uint32_t reserved[10];
};

/* A list of entries at the time of the call. It is constant: any number of threads may read it. It
 * stays valid after arpq_close. */
struct arpq_table;

/* The flags of a list, which arpq_table_flags returns. INCONSISTENT: entries may be missing,
 * because the table changed during every attempt, or because the system does not show whether it
 * changed. */
#define ARPQ_TABLE_INCONSISTENT 0x1u

/*
 * arpq_table_get - list the neighbour table.
 *
 * filter  selects the entries; NULL for all. The kernel filters by interface, master, family and
 *         proxy, the library by the other members.
 * table   receives the list, which arpq_table_free releases; NULL on failure.
 *
 * An entry that is in the table during the whole call is in the list, once. An entry that is added
 * or removed during the call may or may not be in the list. A single dump does not guarantee this:
 * the kernel omits entries if its hash table grows or other entries are added or removed, and does
 * not report it. The library compares the table's counters before and after a dump; if they
 * changed, it repeats the dump and merges the results. (Two dumps of a changing table can still
 * both omit the same entry; each omits about one entry in millions.) An IPv6 link-local address has
 * its interface as the scope.
 *
 * Returns 0, or an error:
 *   -EINVAL, -ENODEV  the filter is invalid (see struct arpq_filter)
 *   -EOPNOTSUPP       the system refuses rtnetlink
 *   -ENOMEM, -ETIMEDOUT, -ENOBUFS, -EMFILE, -ENFILE  the system lacks a resource
 * Thread-safe. No privilege. RTM_GETNEIGH, RTM_GETNEIGHTBL (rtnetlink(7)).
 */
int arpq_table_get(struct arpq_handle *h, const struct arpq_filter *filter,
                   struct arpq_table **table);

/*
 * arpq_table_find_mac - list all entries with a link-layer address, to find the IP addresses of a
 * host.
 *
 * mac    1 to 32 bytes, else -EINVAL.
 * table  as for arpq_table_get.
 *
 * Returns as arpq_table_get. Thread-safe. No privilege.
 */
int arpq_table_find_mac(struct arpq_handle *h, const struct arpq_mac *mac,
                        struct arpq_table **table);

/* arpq_table_count - get the number of entries. Returns the number; 0 for NULL. Thread-safe. No
 * privilege. */
uint32_t arpq_table_count(const struct arpq_table *table);

/* arpq_table_at - get entry n, from 0; the order is arbitrary. Returns a pointer that is valid
 * until arpq_table_free; NULL if n is out of range. Thread-safe. No privilege. */
const struct arpq_neigh *arpq_table_at(const struct arpq_table *table, uint32_t n);

/*
 * arpq_table_entries - get all entries, which are contiguous in memory.
 *
 * count   receives the number of entries.
 * stride  receives the distance in bytes between entries: the size of struct arpq_neigh in the
 *         running library.
 *
 * Returns the first entry; the pointer is valid until arpq_table_free. Returns NULL, with count and
 * stride 0, for NULL or an empty list. Thread-safe. No privilege.
 */
const struct arpq_neigh *arpq_table_entries(const struct arpq_table *table, uint32_t *count,
                                            uint32_t *stride);

/* arpq_table_flags - get the flags of a list. Returns ARPQ_TABLE_* bits; 0 for NULL. Thread-safe.
 * No privilege. */
uint32_t arpq_table_flags(const struct arpq_table *table);

/* arpq_table_malformed - get the number of entries that the list omits because the kernel's message
 * was malformed. Returns the number; 0 for NULL. Thread-safe. No privilege. */
uint32_t arpq_table_malformed(const struct arpq_table *table);

/* arpq_table_free - release a list. NULL is accepted. Not thread-safe: no other thread may be using
 * the list. No privilege. */
void arpq_table_free(struct arpq_table *table);

/* The entry is valid during the call. A return value other than 0 ends the iteration; a positive
 * value cannot be confused with an error of the library. */
typedef int (*arpq_neigh_callback)(const struct arpq_neigh *neigh, void *context);

/*
 * arpq_table_each - pass every entry to a callback during a dump, in constant memory.
 *
 * filter    as for arpq_table_get.
 * callback  may call this library, also with this handle. If it returns a value other than 0, the
 *           iteration ends (the rest of the dump is drained) and the function returns this value.
 * context   passed to the callback.
 * flags     receives ARPQ_TABLE_* bits: INCONSISTENT if entries may be missing; 0 if the callback
 *           ended the iteration, and on failure. May be NULL.
 *
 * The function makes one dump, as the kernel gives it: while the table changes, entries may be
 * missing or appear twice. arpq_table_get corrects this.
 *
 * Returns 0; the value that the callback returned; otherwise as arpq_table_get. Thread-safe. No
 * privilege. RTM_GETNEIGH, RTM_GETNEIGHTBL (rtnetlink(7)).
 */
int arpq_table_each(struct arpq_handle *h, const struct arpq_filter *filter,
                    arpq_neigh_callback callback, void *context, uint32_t *flags);

/* The kernel's figures for the neighbour table of one family. All network namespaces share one
 * table: the counters and thresholds apply to the whole machine. */
struct arpq_table_stats {
    uint32_t entries;    /* all; the thresholds do not count PERMANENT and EXT_LEARNED entries */
    uint32_t hash_size;  /* buckets */
    uint32_t gc_thresh1; /* below this number of entries, no garbage collection */
    uint32_t gc_thresh2; /* above this number for 5 s, unused entries are collected */
    uint32_t gc_thresh3; /* above this number, no entry is created: -ENOBUFS */
    uint32_t reserved32;
    uint64_t gc_interval_ms;
    uint64_t allocs;   /* entries created */
    uint64_t destroys; /* entries freed */
    uint64_t hash_grows;
    uint64_t resolve_failed;
    uint64_t lookups;
    uint64_t hits;
    uint64_t probes_multicast; /* multicast solicitations received */
    uint64_t probes_unicast;
    uint64_t gc_periodic; /* runs of the garbage collector */
    uint64_t gc_forced;
    uint64_t table_full; /* times that the table was full */
    uint64_t forged;     /* messages to this handle that the kernel did not send */
    uint64_t reserved[9];
};

/*
 * arpq_table_stats - get the kernel's figures for the IPv4 or IPv6 neighbour table.
 *
 * family  AF_INET or AF_INET6.
 * stats   receives the figures; zeroed on failure. A figure that the kernel does not provide is 0.
 *
 * Returns 0, or an error:
 *   -EINVAL        NULL
 *   -EAFNOSUPPORT  another family, or the kernel lacks IPv6
 *   -EOPNOTSUPP    the system refuses rtnetlink
 *   -ETIMEDOUT and resource errors  as for arpq_table_get
 * Thread-safe. No privilege. RTM_GETNEIGHTBL (rtnetlink(7)).
 */
int arpq_table_stats(struct arpq_handle *h, uint16_t family, struct arpq_table_stats *stats);

/* ---- arpq_neigh_edit(3): change the neighbour table ----------------- */

/* Flags of arpq_neigh_set. */
#define ARPQ_NEIGH_SET_CREATE 0x1u  /* create only: -EEXIST if there is an entry */
#define ARPQ_NEIGH_SET_REPLACE 0x2u /* replace only: -ENOENT if there is no entry */
#define ARPQ_NEIGH_SET_INSIST 0x4u  /* allow an entry that can only harm this host */
#define ARPQ_NEIGH_SET_NETMASK                                                                     \
    0x1000u /* a proxy for all addresses: the netmask 0.0.0.0 of arp(7) */

/*
 * arpq_neigh_set - create or change the neighbour entry of an address.
 *
 * neigh  the entry to set. Members that are not listed here are ignored, so that an entry that was
 *        read can be set again.
 *   ip        the address; IPv4-mapped IPv6 counts as IPv4. Its scope, if not 0, must agree with
 *             ifindex.
 *   ifindex   the interface, 1 to INT32_MAX. 0 selects it as for arpq_lookup; for a proxy, 0 means
 *             every interface (IPv4 only, else -EOPNOTSUPP).
 *   mac       the link-layer address, as long as the link's own; its type does not count.
 *   state     one ARPQ_STATE_*. 0 (NONE) means PERMANENT if there is a mac, and requires
 *             ARPQ_NEIGH_MANAGED otherwise. FAILED and INCOMPLETE have no mac. DELAY and PROBE need
 *             no mac if the entry already has one; PROBE makes the kernel confirm it.
 *   flags     ARPQ_NEIGH_ROUTER, _EXT_LEARNED. _EXT_VALIDATED: the kernel neither removes the entry
 *             nor sets it to FAILED; requires a mac. _MANAGED: the kernel resolves the address and
 *             keeps the entry current; it begins with mac and state if there is a mac (0: STALE;
 *             PERMANENT is -EINVAL). Or ARPQ_NEIGH_PROXY, optionally with the first two: this
 *             machine replies for the address (the entry is published); mac and state do not count.
 *   protocol  the RTPROT_* to store as the owner; 0 leaves it unchanged.
 * flags  ARPQ_NEIGH_SET_*; 0 creates the entry or replaces the existing one. ARPQ_NEIGH_SET_NETMASK
 *        requires ARPQ_NEIGH_PROXY and the address 0.0.0.0, without CREATE and REPLACE: the
 *        interface, or with ifindex 0 every interface, replies for all addresses that are routed
 *        through another interface (proxy_arp).
 *
 * Without ARPQ_NEIGH_SET_INSIST, the function refuses these entries, which can only harm this host:
 *  - with -EADDRNOTAVAIL, an entry for an address of this machine, or for a loopback, multicast,
 *    broadcast or unspecified address; an entry with a multicast, broadcast or all-zero link-layer
 *    address; and an INCOMPLETE entry, which the kernel would neither resolve nor remove;
 *  - with -EOPNOTSUPP, an IPv4 entry on a loopback or point-to-point link, where the kernel has one
 *    entry for all addresses.
 *
 * The kernel treats a proxy for every interface as a proxy for each one, and makes no other one for
 * an interface: this gives -EEXIST, also without CREATE, and -ENOENT with REPLACE.
 * arpq_neigh_delete finds the proxy for every interface only with ifindex 0. The kernel removes the
 * proxies of an interface that goes down, and some versions before Linux 6.1 (5.10) also those of
 * one that loses its carrier.
 *
 * If the system refuses rtnetlink, SIOCSARP sets IPv4 entries. It supports only PERMANENT, STALE
 * (also for REACHABLE) and proxies; everything else, including CREATE and REPLACE of a proxy, gives
 * -EOPNOTSUPP. CREATE and REPLACE of an entry by SIOCSARP or of a proxy by rtnetlink, and an IPv4
 * proxy for one interface by rtnetlink, read the table first; another process may change it before
 * the entry is set. arpq_detail may give the reason for an error.
 *
 * Returns 0, or an error:
 *   -EPERM          no CAP_NET_ADMIN in the handle's namespace
 *   -ENODEV         no such interface
 *   -ENETUNREACH    no interface reaches the address directly
 *   -EEXIST         CREATE, and there is an entry; a proxy for one interface, and there is one for
 *                   every interface
 *   -ENOENT         REPLACE, and there is no entry
 *   -ENOBUFS        the kernel's table is full
 *   -EADDRNOTAVAIL  refused without ARPQ_NEIGH_SET_INSIST
 *   -EINVAL         invalid argument; a mac that is missing or not as long as the link's; CREATE
 *                   with REPLACE
 *   -EOPNOTSUPP     refused without ARPQ_NEIGH_SET_INSIST; an IPv6 proxy for every interface; not
 *                   supported by SIOCSARP; IPv6, if the system refuses rtnetlink; or something that
 *                   the kernel would ignore silently: a protocol before Linux 5.0, MANAGED before
 *                   5.16, EXT_VALIDATED before 6.17
 *   -EAFNOSUPPORT   as for arpq_lookup
 *   -ENOMEM and resource errors  as for arpq_lookup; the entry may have been set or not
 * Thread-safe. Requires CAP_NET_ADMIN. RTM_NEWNEIGH (rtnetlink(7)), SIOCSARP (arp(7)).
 */
int arpq_neigh_set(struct arpq_handle *h, const struct arpq_neigh *neigh, uint32_t flags);

/* Flags of arpq_neigh_delete. */
#define ARPQ_NEIGH_DELETE_PROXY 0x1u   /* the proxy entry of the address */
#define ARPQ_NEIGH_DELETE_NETMASK 0x2u /* the proxy for all addresses: see ARPQ_NEIGH_SET_NETMASK */

/*
 * arpq_neigh_delete - remove the neighbour entry of an address.
 *
 * ip, ifindex  as for arpq_neigh_set; also an address that arpq_neigh_set refuses.
 * flags        0, or ARPQ_NEIGH_DELETE_PROXY for the proxy entry, optionally with
 *              ARPQ_NEIGH_DELETE_NETMASK (0.0.0.0: no longer reply for all addresses).
 *
 * The kernel frees an entry when nothing uses it any more. Until then it may be visible as FAILED.
 *
 * Returns 0; -ENOENT if there is no entry; otherwise as arpq_neigh_set. Thread-safe. Requires
 * CAP_NET_ADMIN. RTM_DELNEIGH (rtnetlink(7)), SIOCDARP (arp(7)).
 */
int arpq_neigh_delete(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex,
                      uint32_t flags);

/*
 * arpq_neigh_flush - remove many neighbour entries.
 *
 * filter   selects the entries. It must have a condition: NULL, or a filter with nothing but a
 *          size, gives -EINVAL. ARPQ_FILTER_PROXY removes proxies.
 * removed  receives the number of removed entries, also on failure; may be NULL.
 *
 * The function spares entries that were set on purpose:
 *  - PERMANENT and NOARP entries, unless states contains the state;
 *  - EXT_LEARNED, MANAGED and EXT_VALIDATED entries and entries with a flag of a newer kernel,
 *    unless neigh_flags contains the flag.
 * A filter with a protocol removes all entries of that protocol.
 *
 * Entries that are added during the call, and entries that arpq_table_get misses, may stay. An
 * entry that another process replaces after it was read is still removed, because the kernel has no
 * conditional removal. An entry that is already gone is not counted.
 *
 * Returns 0, or an error:
 *   -EPERM and others  as for arpq_neigh_delete, for the first entry that could not be removed. The
 *                      call stops there, except for up to 127 entries of the same batch
 *   -EINVAL, -ENODEV   the filter is invalid
 *   -EOPNOTSUPP        the system refuses rtnetlink
 *   -ENOMEM and others  as for arpq_table_get
 * Thread-safe. Requires CAP_NET_ADMIN. RTM_GETNEIGH, RTM_DELNEIGH (rtnetlink(7)).
 */
int arpq_neigh_flush(struct arpq_handle *h, const struct arpq_filter *filter, uint32_t *removed);

/* ---- arpq_resolve(3): make the kernel resolve addresses ------------- */

/*
 * Flags of arpq_resolve and struct arpq_resolve_options:
 *
 *   VIA_GATEWAY  for an address behind a gateway, resolve the gateway.
 *   REVALIDATE   confirm a STALE, DELAY or PROBE entry before it is the result. With CAP_NET_ADMIN
 *                this takes as long as the neighbour needs to reply. Without it, it takes 5 s more,
 *                during which the kernel waits for a confirmation by other protocols: a shorter
 *                timeout gives -EAGAIN. If the neighbour does not confirm the entry, the kernel
 *                sends a broadcast or multicast request, whose reply may contain another
 *                link-layer address. PERMANENT and NOARP entries need no confirmation.
 */
#define ARPQ_RESOLVE_VIA_GATEWAY 0x1u
#define ARPQ_RESOLVE_REVALIDATE 0x2u

/*
 * arpq_resolve - find the link-layer address of an IP address, and make the kernel resolve it if it
 * is unknown.
 *
 * ip          as for arpq_lookup.
 * ifindex     the interface, or 0 to select it.
 * flags       ARPQ_RESOLVE_* or 0.
 * timeout_ms  the time to wait; 0 starts the resolution and does not wait, -1 waits until the
 *             kernel succeeds or gives up (about 3 s).
 * neigh       receives the entry; zeroed on failure.
 *
 * With CAP_NET_ADMIN, a request (NTF_USE) starts the resolution. Without it, an empty UDP datagram
 * to the discard port does, which no router forwards. A datagram to an IPv6 address fails with
 * -ENETUNREACH if the caller names an interface that contradicts the routes. The function waits for
 * kernel events and does not poll the table. An entry that has a link-layer address is a result,
 * even if it is STALE, except with ARPQ_RESOLVE_REVALIDATE. The wait ends if the interface is
 * removed. An event loop uses a resolver (arpq_resolver_open) instead, also for one address.
 *
 * Returns 0, or an error:
 *   -EHOSTUNREACH  no reply within timeout_ms, or the kernel gave up
 *   -EAGAIN        timeout_ms is 0: the resolution has started, the result is not known yet; or the
 *                  time ended while the kernel still confirmed a known entry (DELAY, PROBE)
 *   -ENOBUFS       the kernel's neighbour table has no room for the entry
 *   -EPERM         a firewall or a routing rule prohibits sending to the address
 *   -ENETDOWN      the interface that the caller named is down or being removed
 *   -EBUSY         the interface is a port of a bridge or bond, which receives the replies
 *                  (arpq_detail names it)
 *   -EOPNOTSUPP    the link does not resolve addresses, or the system refuses rtnetlink
 *   -EINVAL        as for arpq_lookup; a timeout below -1; an unknown flag
 *   -ENETUNREACH, -ENODEV, -EAFNOSUPPORT and resource errors  as for arpq_lookup
 *   -ECANCELED, -EINTR  see arpq_wake
 * Thread-safe. No privilege. RTM_NEWNEIGH, RTNLGRP_NEIGH (rtnetlink(7)), RFC 826, RFC 4861
 * section 7.2.
 */
int arpq_resolve(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex, uint32_t flags,
                 int32_t timeout_ms, struct arpq_neigh *neigh);

struct arpq_resolve_options {
    uint32_t size;       /* sizeof(struct arpq_resolve_options) of the caller */
    uint32_t flags;      /* ARPQ_RESOLVE_* */
    uint32_t answer_ms;  /* time limit for each address, from its first solicitation; 0: 3500, or
                          * 12 000 if entries are confirmed; ARPQ_FOREVER: until the kernel
                          * succeeds or gives up */
    uint32_t max_age_ms; /* confirm an entry first if its last confirmation is older than this (a
                          * REACHABLE entry only with CAP_NET_ADMIN); 0: any age */
    uint32_t window;     /* addresses solicited at a time, 1 to 65536; 0: as many as the table has
                          * room for, up to 1024 */
    uint32_t reserved[7];
};

/*
 * arpq_resolve_many - arpq_resolve for count addresses, many at a time.
 *
 * ips, ifindex  as for arpq_neigh_get_many.
 * options       NULL for the defaults. size is 8 to 4096. Members that this library does not know
 *               must be zero.
 * neighs        receives count entries, zeroed where there is none.
 * codes         receives count codes as of arpq_resolve; may be NULL.
 *
 * The whole machine shares the kernel's neighbour table, which is full at gc_thresh3. The function
 * takes at most half of the remaining room. If the table has fewer entries than three quarters of
 * gc_thresh2, it also does not fill it past gc_thresh2, where the kernel begins to evict other
 * neighbours. These limits use the kernel's count, which includes PERMANENT and EXT_LEARNED
 * entries; if the count exceeds gc_thresh3, the room is unknown and the function begins with few
 * addresses. Calls and resolvers that run at the same time do not coordinate. Addresses wait for
 * room in order. If no address makes progress for answer_ms (ARPQ_FOREVER: 3500), the waiting
 * addresses get -ENOBUFS.
 *
 * With CAP_NET_ADMIN the function removes the entries that it created for addresses that did not
 * reply, unless another program has used an entry since (20 ms later or more; 100 ms for one that
 * is FAILED), because packets of that program may be queued in it.
 *
 * Returns how many addresses were resolved; -EINVAL for NULL with count > 0, a count above
 * INT32_MAX or invalid options; -ECANCELED, -EINTR as described at arpq_wake; -ENOMEM and others as
 * arpq_resolver_open. These errors zero all outputs. Thread-safe. No privilege. RTM_NEWNEIGH,
 * RTNLGRP_NEIGH (rtnetlink(7)).
 */
int arpq_resolve_many(struct arpq_handle *h, const struct arpq_ip *ips, uint32_t count,
                      uint32_t ifindex, const struct arpq_resolve_options *options,
                      struct arpq_neigh *neighs, int32_t *codes);

/* ---- arpq_resolver(3): resolve addresses in an event loop ----------- */

/* A resolver resolves addresses in the background of an event loop. */
struct arpq_resolver;

/* The result for one address. */
struct arpq_resolved {
    struct arpq_neigh neigh; /* zeroed unless code is 0 */
    struct arpq_ip ip;       /* as passed to arpq_resolver_add */
    uint32_t ifindex;        /* as passed to arpq_resolver_add */
    int32_t code;            /* as arpq_resolve returns it */
    uint64_t token;          /* as passed to arpq_resolver_add */
    uint64_t took_us;        /* time since arpq_resolver_add */
    uint32_t reserved[6];
};

/*
 * arpq_resolver_open - open a resolver.
 *
 * h         the handle whose namespace is used. It may be closed before the resolver.
 * resolver  receives the resolver, which arpq_resolver_close releases; NULL on failure.
 * options   as for arpq_resolve_many.
 *
 * A forked child must not call any function for a resolver except arpq_resolver_close.
 *
 * Returns 0, or an error:
 *   -EINVAL      invalid argument
 *   -EOPNOTSUPP  the system refuses rtnetlink or its groups, epoll(7) or timerfd_create(2)
 *   -ENOMEM, -EMFILE, -ENFILE, -ENOBUFS, -ETIMEDOUT  the system lacks a resource
 * Not thread-safe: one thread at a time may use a resolver. No privilege. RTNLGRP_NEIGH
 * (rtnetlink(7)).
 */
int arpq_resolver_open(struct arpq_handle *h, struct arpq_resolver **resolver,
                       const struct arpq_resolve_options *options);

/*
 * arpq_resolver_fd - get a descriptor that becomes readable (poll(2)) when arpq_resolver_next
 * should be called.
 *
 * arpq_resolver_next may still have no result. The descriptor belongs to the resolver.
 *
 * Returns the descriptor; -EINVAL for NULL. Not thread-safe. No privilege.
 */
int arpq_resolver_fd(const struct arpq_resolver *resolver);

/*
 * arpq_resolver_add - add an address to resolve. Does not wait.
 *
 * ip, ifindex  as for arpq_resolve.
 * token        returned with the result. Any value; several addresses may have the same one.
 *
 * Returns 0, and exactly one result follows, also for an invalid address; -EINVAL for NULL;
 * -ENOBUFS if the results of 1 048 576 addresses have not been fetched; -ENOMEM if memory is short.
 * Not thread-safe. No privilege.
 */
int arpq_resolver_add(struct arpq_resolver *resolver, const struct arpq_ip *ip, uint32_t ifindex,
                      uint64_t token);

/*
 * arpq_resolver_next - get the next result, in the order in which the results become known.
 *
 * resolved    receives the result; zeroed if there is none.
 * timeout_ms  the time to wait for a result: 0 does not wait, -1 has no limit.
 *
 * A call takes at most about 10 ms longer than timeout_ms, for any number of addresses and events,
 * plus the time for which the kernel holds its RTNL lock for others, such as the removal of a
 * namespace. The resolver stays usable after an error.
 *
 * Returns 1 with a result; 0 if the timeout expires; or an error:
 *   -ENODATA     no address is pending; returned at once
 *   -EINVAL      NULL, or a timeout below -1
 *   -EOPNOTSUPP  with timeout_ms 0, if the system refuses timerfd_settime(2): the descriptor then
 *                does not become readable when there is more work
 *   -ECANCELED, -EINTR  see arpq_wake
 *   -ENOMEM and others  as for arpq_resolver_open
 * Not thread-safe. No privilege.
 */
int arpq_resolver_next(struct arpq_resolver *resolver, struct arpq_resolved *resolved,
                       int32_t timeout_ms);

/* arpq_resolver_pending - get the number of addresses whose result has not been fetched. Returns
 * the number; 0 for NULL. Not thread-safe. No privilege. */
uint32_t arpq_resolver_pending(const struct arpq_resolver *resolver);

/* arpq_resolver_close - release a resolver and its pending addresses. NULL is accepted. Not
 * thread-safe. No privilege. */
void arpq_resolver_close(struct arpq_resolver *resolver);

/* ---- arpq_interfaces(3): list interfaces and their addresses -------- */

#define ARPQ_KIND_SIZE 24 /* the kind of an interface, including the NUL */

/*
 * An interface. mac, broadcast and permanent_mac have length 0 if there is none. A value that the
 * system does not provide is 0: altname_count before Linux 5.5, the length of permanent_mac before
 * 5.6, the limits of TSO and GRO on 5.10.
 *
 * The addresses of the interface are entries address_first to address_first + address_count - 1 of
 * the list that contains it. Its alternative names are numbered in the same way.
 */
struct arpq_interface {
    char name[ARPQ_IFNAME_SIZE];
    uint32_t ifindex;
    uint32_t flags;  /* IFF_* */
    uint32_t mtu;    /* bytes */
    uint32_t type;   /* ARPHRD_* */
    uint32_t master; /* an ifindex, or 0 */
    uint32_t parent; /* an ifindex in the namespace of parent_netnsid, or 0 */
    struct arpq_mac mac;
    struct arpq_mac broadcast;
    uint32_t address_first;
    uint32_t address_count;
    uint32_t altname_first;
    uint32_t altname_count;
    struct arpq_mac permanent_mac;  /* the address that it was made with */
    char kind[ARPQ_KIND_SIZE];      /* "veth", "bridge" and so on; "" for hardware */
    char port_kind[ARPQ_KIND_SIZE]; /* its kind as a port of its master */
    uint8_t operstate;              /* IF_OPER_* (ARPQ_NAMES_OPERSTATE) */
    uint8_t linkmode;               /* IF_LINK_MODE_* */
    uint16_t reserved16;
    int32_t parent_netnsid; /* this namespace's number for the parent's; -1: this namespace */
    uint32_t group;
    uint32_t queue_length; /* maximum number of packets that wait for transmission */
    uint32_t mtu_min;
    uint32_t mtu_max; /* 0: no limit */
    uint32_t tx_queues;
    uint32_t rx_queues;
    uint32_t gso_max_size;
    uint32_t gso_max_segs;
    uint32_t tso_max_size;
    uint32_t tso_max_segs;
    uint32_t gro_max_size;
    uint32_t reserved[14];
};

/* The properties of an interface that change without an event: the counters of struct
 * rtnl_link_stats64 (if_link.h defines each), the number of carrier changes, the number of users
 * that request every packet (promiscuity) or every multicast packet, and the queueing
 * discipline. */
struct arpq_interface_stats {
    uint64_t rx_packets;
    uint64_t tx_packets;
    uint64_t rx_bytes;
    uint64_t tx_bytes;
    uint64_t rx_errors;
    uint64_t tx_errors;
    uint64_t rx_dropped;
    uint64_t tx_dropped;
    uint64_t multicast;
    uint64_t collisions;
    uint64_t rx_length_errors;
    uint64_t rx_over_errors;
    uint64_t rx_crc_errors;
    uint64_t rx_frame_errors;
    uint64_t rx_fifo_errors;
    uint64_t rx_missed_errors;
    uint64_t tx_aborted_errors;
    uint64_t tx_carrier_errors;
    uint64_t tx_fifo_errors;
    uint64_t tx_heartbeat_errors;
    uint64_t tx_window_errors;
    uint64_t rx_compressed;
    uint64_t tx_compressed;
    uint64_t rx_nohandler;
    uint64_t rx_otherhost_dropped;
    uint32_t carrier_changes;
    uint32_t carrier_ups;
    uint32_t carrier_downs;
    uint32_t promiscuity;
    uint32_t allmulti;
    uint32_t reserved32;
    char qdisc[ARPQ_IFNAME_SIZE];
    uint64_t reserved[6];
};

/* Flags of struct arpq_address, with the kernel's values (IFA_F_*). SECONDARY marks an IPv6 address
 * as temporary (RFC 8981). */
#define ARPQ_ADDRESS_SECONDARY 0x1u
#define ARPQ_ADDRESS_NO_DAD 0x2u
#define ARPQ_ADDRESS_OPTIMISTIC 0x4u
#define ARPQ_ADDRESS_DAD_FAILED 0x8u
#define ARPQ_ADDRESS_HOME 0x10u
#define ARPQ_ADDRESS_DEPRECATED 0x20u
#define ARPQ_ADDRESS_TENTATIVE 0x40u
#define ARPQ_ADDRESS_PERMANENT 0x80u
#define ARPQ_ADDRESS_MANAGE_TEMP 0x100u
#define ARPQ_ADDRESS_NO_PREFIX_ROUTE 0x200u
#define ARPQ_ADDRESS_MULTICAST_JOIN 0x400u
#define ARPQ_ADDRESS_STABLE_PRIVACY 0x800u

/* Scopes of addresses, with the kernel's values (RT_SCOPE_*). IPv4 may have any number up to
 * 255. */
#define ARPQ_SCOPE_UNIVERSE 0u
#define ARPQ_SCOPE_SITE 200u
#define ARPQ_SCOPE_LINK 253u
#define ARPQ_SCOPE_HOST 254u
#define ARPQ_SCOPE_NOWHERE 255u

/* An address of an interface. created_ms and updated_ms have the resolution of the kernel's timer
 * and wrap after 497 days. */
struct arpq_address {
    struct arpq_ip ip;
    struct arpq_ip peer;      /* family 0 unless the address is point-to-point */
    struct arpq_ip broadcast; /* family 0: none */
    uint32_t ifindex;
    uint32_t prefix_length;       /* of a point-to-point address: the prefix of the peer */
    uint32_t flags;               /* ARPQ_ADDRESS_* */
    uint32_t scope;               /* ARPQ_SCOPE_* */
    char label[ARPQ_IFNAME_SIZE]; /* "" if the kernel has none (IPv6) */
    struct arpq_ip anycast;       /* family 0: none */
    uint32_t valid_s;             /* remaining lifetime, or ARPQ_FOREVER */
    uint32_t preferred_s;         /* remaining preferred lifetime, or ARPQ_FOREVER */
    uint64_t created_ms;          /* CLOCK_MONOTONIC */
    uint64_t updated_ms;          /* CLOCK_MONOTONIC */
    uint32_t metric;              /* of the prefix route; 0 if not given */
    uint8_t protocol;             /* IFAPROT_*: the creator; 0 if not given and before Linux 5.18 */
    uint8_t reserved8[3];
    uint32_t reserved[8];
};

/* A list of interfaces and their addresses at the time of the call. It is constant: any number of
 * threads may read it. It stays valid after arpq_close. */
struct arpq_interfaces;

/* A flag of arpq_interfaces_get and of lists: read the list from the kernel now. */
#define ARPQ_INTERFACES_READ 0x1u

/* Only of lists with ARPQ_INTERFACES_READ: the interfaces and the addresses may be of different
 * times, because they changed during every attempt or the system does not show whether they did. */
#define ARPQ_INTERFACES_INCONSISTENT 0x2u

/*
 * arpq_interfaces_get - list all interfaces of the handle's namespace and their addresses.
 *
 * flags  0 or ARPQ_INTERFACES_READ.
 * list   receives the list in order of ifindex, which arpq_interfaces_free releases; NULL on
 *        failure.
 *
 * With flags 0, the list is the copy that the handle keeps current by rtnetlink link and address
 * events, so the call does not wait for other namespaces. This list has no statistics, texts and
 * alternative names, and its lifetimes are accurate to one or two seconds. The kernel reports a new
 * IPv6 address shortly after it was added. For an interface that is down, the kernel does not
 * report changes of the alternative names (here: their number), the group and the GSO limits.
 *
 * With ARPQ_INTERFACES_READ, the call reads everything from the kernel in two dumps, up to eight
 * times if something changes meanwhile. It waits if the kernel is busy with other namespaces.
 *
 * If the system refuses rtnetlink, the list comes from getifaddrs(3), or if that is refused too
 * from SIOCGIFCONF (IPv4 addresses only). It then lacks the flag ARPQ_INTERFACES_READ and the
 * values that these do not provide.
 *
 * Returns 0; the error with which the system refused to list interfaces; -EINVAL for NULL or an
 * unknown flag; -ENOMEM if memory is short. Thread-safe. No privilege. RTM_GETLINK, RTM_GETADDR
 * (rtnetlink(7)).
 */
int arpq_interfaces_get(struct arpq_handle *h, uint32_t flags, struct arpq_interfaces **list);

/* arpq_interfaces_flags - get the flags of a list. Returns ARPQ_INTERFACES_* bits; 0 for NULL.
 * Thread-safe. No privilege. */
uint32_t arpq_interfaces_flags(const struct arpq_interfaces *list);

/* arpq_interfaces_free - release a list. NULL is accepted. Not thread-safe: no other thread may be
 * using the list. No privilege. */
void arpq_interfaces_free(struct arpq_interfaces *list);

/* arpq_interfaces_count - get the number of interfaces. Returns the number; 0 for NULL.
 * Thread-safe. No privilege. */
uint32_t arpq_interfaces_count(const struct arpq_interfaces *list);

/* arpq_interfaces_address_count - get the number of addresses of all interfaces. Returns the
 * number; 0 for NULL. Thread-safe. No privilege. */
uint32_t arpq_interfaces_address_count(const struct arpq_interfaces *list);

/* arpq_interfaces_at - get interface n, from 0. Returns a pointer that is valid until
 * arpq_interfaces_free; NULL if n is out of range. Thread-safe. No privilege. */
const struct arpq_interface *arpq_interfaces_at(const struct arpq_interfaces *list, uint32_t n);

/* arpq_interfaces_address_at - get address n, from 0. Returns a pointer that is valid until
 * arpq_interfaces_free; NULL if n is out of range. Thread-safe. No privilege. */
const struct arpq_address *arpq_interfaces_address_at(const struct arpq_interfaces *list,
                                                      uint32_t n);

/* arpq_interfaces_entries - get all interfaces, as arpq_table_entries does. stride receives the
 * size of struct arpq_interface. Returns as arpq_table_entries. Thread-safe. No privilege. */
const struct arpq_interface *arpq_interfaces_entries(const struct arpq_interfaces *list,
                                                     uint32_t *count, uint32_t *stride);

/* arpq_interfaces_addresses - get all addresses of all interfaces, as arpq_table_entries does.
 * stride receives the size of struct arpq_address. Returns as arpq_table_entries. Thread-safe. No
 * privilege. */
const struct arpq_address *arpq_interfaces_addresses(const struct arpq_interfaces *list,
                                                     uint32_t *count, uint32_t *stride);

/* arpq_interfaces_stats_at - get the statistics of interface n. Returns a pointer that is valid
 * until arpq_interfaces_free; NULL if n is out of range, and for a list without
 * ARPQ_INTERFACES_READ. Thread-safe. No privilege. */
const struct arpq_interface_stats *arpq_interfaces_stats_at(const struct arpq_interfaces *list,
                                                            uint32_t n);

/* Texts of an interface. */
#define ARPQ_INTERFACE_ALIAS 1u  /* a text that an administrator set */
#define ARPQ_INTERFACE_DEVICE 2u /* the hardware device, "0000:00:1f.6"; since Linux 5.14 */
#define ARPQ_INTERFACE_BUS 3u    /* the bus of the device, "pci"; since Linux 5.14 */

/* arpq_interfaces_text_at - get a text (which: ARPQ_INTERFACE_*) of interface n. Returns a text
 * that is valid until arpq_interfaces_free; "" if there is none, n is out of range, or the list
 * lacks ARPQ_INTERFACES_READ. Thread-safe. No privilege. */
const char *arpq_interfaces_text_at(const struct arpq_interfaces *list, uint32_t n, uint32_t which);

/* arpq_interfaces_altname_count - get the number of alternative names of all interfaces. Returns
 * the number; 0 for NULL. Thread-safe. No privilege. */
uint32_t arpq_interfaces_altname_count(const struct arpq_interfaces *list);

/* arpq_interfaces_altname_at - get alternative name n, from 0. Returns a text of up to 127 bytes
 * that is valid until arpq_interfaces_free; NULL if n is out of range, and for a list without
 * ARPQ_INTERFACES_READ. Thread-safe. No privilege. */
const char *arpq_interfaces_altname_at(const struct arpq_interfaces *list, uint32_t n);

/* arpq_interfaces_by_name - find the interface with a name or, if the list has them, an alternative
 * name. A label is no name. Returns a pointer that is valid until arpq_interfaces_free; NULL if
 * there is none. Thread-safe. No privilege. */
const struct arpq_interface *arpq_interfaces_by_name(const struct arpq_interfaces *list,
                                                     const char *name);

/* arpq_interfaces_by_ifindex - find the interface with an ifindex. Returns a pointer that is valid
 * until arpq_interfaces_free; NULL if there is none. Thread-safe. No privilege. */
const struct arpq_interface *arpq_interfaces_by_ifindex(const struct arpq_interfaces *list,
                                                        uint32_t ifindex);

/*
 * arpq_interface_index - get the ifindex of an interface name, alternative name or address label.
 *
 * name     NUL-terminated.
 * ifindex  receives the ifindex; 0 on failure.
 *
 * Returns 0; -ENODEV if there is none; -EINVAL for NULL or an empty name; resource errors as
 * arpq_lookup. Thread-safe. No privilege. SIOCGIFINDEX (netdevice(7)) for an alternative name,
 * RTM_GETLINK for one of more than 15 characters.
 */
int arpq_interface_index(struct arpq_handle *h, const char *name, uint32_t *ifindex);

/*
 * arpq_interface_name - get the name of an interface.
 *
 * ifindex  the interface.
 * name     receives the name in ARPQ_IFNAME_SIZE bytes; "" on failure.
 *
 * Returns 0; -ENODEV if there is none; -EINVAL for NULL, or an ifindex of 0 or above INT32_MAX.
 * Thread-safe. No privilege.
 */
int arpq_interface_name(struct arpq_handle *h, uint32_t ifindex, char *name);

/* ---- arpq_gateways(3): list default routes and their gateways ------- */

/* Flags of struct arpq_gateway: first those with the kernel's values (RTNH_F_*), then the
 * library's own. */
#define ARPQ_GATEWAY_DEAD 0x1u   /* not used: the link is down */
#define ARPQ_GATEWAY_ONLINK 0x4u /* the gateway is treated as directly reachable */
#define ARPQ_GATEWAY_OFFLOADED 0x8u
#define ARPQ_GATEWAY_LINKDOWN 0x10u /* the link has no carrier */
/* The kernel uses this route for a public destination that has no more specific route. */
#define ARPQ_GATEWAY_CHOSEN 0x01000000u
/* A source prefix or a TOS also selects the route: it applies to some packets only. */
#define ARPQ_GATEWAY_SELECTIVE 0x02000000u

/*
 * A next hop of a default route. Each next hop of a multipath route is one entry. neigh is the
 * neighbour entry of the gateway, zeroed unless code is 0. code is the result of arpq_neigh_get for
 * ip on ifindex; -EOPNOTSUPP for a route without gateway.
 */
struct arpq_gateway {
    struct arpq_ip ip;     /* the gateway. family 0: a route without gateway (ppp, tun); AF_INET6
                            * with family AF_INET: an IPv4 route through an IPv6 gateway */
    struct arpq_ip source; /* the preferred source address; family 0: none */
    uint32_t ifindex;
    uint32_t metric;     /* 0 is the best */
    uint32_t table;      /* RT_TABLE_* */
    uint32_t flags;      /* ARPQ_GATEWAY_* */
    uint32_t weight;     /* from 1: the share of packets among the next hops of one route */
    uint32_t valid_s;    /* remaining lifetime (from router advertisements), or ARPQ_FOREVER */
    uint32_t nexthop_id; /* the nexthop object of the route, or 0 */
    int32_t code;
    uint16_t family;    /* of the destinations: AF_INET or AF_INET6 */
    uint8_t protocol;   /* RTPROT_* */
    uint8_t preference; /* ICMPV6_ROUTER_PREF_* (RFC 4191: 0 medium, 1 high, 3 low) */
    uint32_t reserved32;
    struct arpq_neigh neigh;
    uint32_t reserved[10];
};

/* A list of gateways at the time of the call. It is constant: any number of threads may read it. It
 * stays valid after arpq_close. */
struct arpq_gateways;

/* A flag of arpq_gateways_get and of lists. */
#define ARPQ_GATEWAYS_ALL_TABLES 0x1u /* the default routes of every routing table */

/* Only of lists: gateways may be missing, because the routes changed during every attempt to read
 * them, or an answer of the kernel was malformed or too long (a route with more than 100 next
 * hops). */
#define ARPQ_GATEWAYS_INCONSISTENT 0x2u

/*
 * arpq_gateways_get - list the default routes of the handle's namespace and the neighbour entries
 * of their gateways.
 *
 * family  AF_INET, AF_INET6, or 0 for both.
 * flags   0 or ARPQ_GATEWAYS_ALL_TABLES.
 * list    receives the list, which arpq_gateways_free releases; NULL on failure.
 *
 * A default route is a unicast route with prefix length 0. Routes that drop packets (blackhole,
 * unreachable, prohibit, throw) are not gateways. 0.0.0.0/1 and 128.0.0.0/1 are not default routes.
 * With flags 0, the list contains the routes of the table main and, if policy rules select another
 * table, the route that the kernel uses. With ARPQ_GATEWAYS_ALL_TABLES, it contains the routes of
 * all tables, which rules and VRFs use.
 *
 * The kernel's choice has the flag ARPQ_GATEWAY_CHOSEN, on each next hop of a multipath route. It
 * is the route to a public address for the user of the calling thread, without a firewall mark or
 * source address. The function requests the routes to up to four addresses of each family and sends
 * no packet. No entry has the flag if all these addresses have more specific routes, or if the
 * kernel drops such packets. Order: IPv4 before IPv6; in each family the chosen entries first, then
 * by table (main first), by metric, and as the kernel lists them.
 *
 * The kernel lists all its routes, which takes about 1 ms for 1000 routes and 1 s for a million.
 * The function reads them up to eight times if they change meanwhile. It resolves nothing: use
 * arpq_resolver_add for a gateway that has no entry or whose entry has no address.
 *
 * Returns 0, also for an empty list, or an error:
 *   -EINVAL        NULL or an unknown flag
 *   -EAFNOSUPPORT  another family
 *   -EOPNOTSUPP    the system refuses rtnetlink
 *   -ENOMEM        not enough memory
 *   -EXDEV and resource errors  as for arpq_lookup
 * Thread-safe. No privilege. RTM_GETROUTE, RTM_GETNEXTHOP, RTM_GETNEIGH (rtnetlink(7)).
 */
int arpq_gateways_get(struct arpq_handle *h, uint16_t family, uint32_t flags,
                      struct arpq_gateways **list);

/* arpq_gateways_free - release a list. NULL is accepted. Not thread-safe: no other thread may be
 * using the list. No privilege. */
void arpq_gateways_free(struct arpq_gateways *list);

/* arpq_gateways_count - get the number of entries. Returns the number; 0 for NULL. Thread-safe. No
 * privilege. */
uint32_t arpq_gateways_count(const struct arpq_gateways *list);

/* arpq_gateways_flags - get the flags of a list. Returns ARPQ_GATEWAYS_* bits; 0 for NULL.
 * Thread-safe. No privilege. */
uint32_t arpq_gateways_flags(const struct arpq_gateways *list);

/* arpq_gateways_at - get entry n, from 0. Returns a pointer that is valid until arpq_gateways_free;
 * NULL if n is out of range. Thread-safe. No privilege. */
const struct arpq_gateway *arpq_gateways_at(const struct arpq_gateways *list, uint32_t n);

/* arpq_gateways_entries - get all entries, as arpq_table_entries does. stride receives the size of
 * struct arpq_gateway. Returns as arpq_table_entries. Thread-safe. No privilege. */
const struct arpq_gateway *arpq_gateways_entries(const struct arpq_gateways *list, uint32_t *count,
                                                 uint32_t *stride);

/* ---- arpq_address(3): change the addresses of this machine ---------- */

/* Flags of the functions below. */
#define ARPQ_ADDRESS_EDIT_CREATE 0x1u /* arpq_address_modify: create a missing address */
#define ARPQ_ADDRESS_EDIT_PREFIX 0x2u /* a prefix_length of 0 means 0, not 32 or 128 */

/*
 * arpq_address_add - add an address to an interface.
 *
 * address  the address to add. An address that was read can be added again; a zero leaves the value
 *          to the kernel.
 *   ifindex, ip       required; a scope in ip, if not 0, must be ifindex.
 *   prefix_length     0: 32 or 128, unless ARPQ_ADDRESS_EDIT_PREFIX is set.
 *   peer              the other end; prefix_length then applies to it.
 *   valid_s           0: ARPQ_FOREVER, and a preferred_s of 0 then also means ARPQ_FOREVER. 0 with
 *                     a nonzero updated_ms, as in an address that was read: the lifetime has ended,
 *                     -ERANGE.
 *   preferred_s       at most valid_s; 0 with a nonzero valid_s: deprecated from the start. (If an
 *                     IPv4 address is valid for ever, the kernel sets DEPRECATED when preferred_s
 *                     ends, but reports ARPQ_FOREVER as the remaining time.)
 *   flags             NO_DAD, OPTIMISTIC, HOME, MANAGE_TEMP, NO_PREFIX_ROUTE and MULTICAST_JOIN are
 *                     set; the others belong to the kernel and are ignored.
 *   metric, protocol  as in struct arpq_address.
 *   broadcast, label, scope  IPv4 only. The default label is the interface's name; the kernel
 *                     accepts any. The scope of an IPv6 address follows from its bits, and that
 *                     value is also accepted.
 *   anycast           cannot be set: see -EOPNOTSUPP.
 * flags  0 or ARPQ_ADDRESS_EDIT_PREFIX.
 *
 * Returns 0, or an error:
 *   -EPERM         no CAP_NET_ADMIN in the handle's namespace
 *   -EEXIST        the interface has the address (IPv4: with that prefix, also with another peer in
 *                  it)
 *   -ENODEV        no such interface
 *   -ENAMETOOLONG  a label of more than 15 characters
 *   -ERANGE        prefix_length above 32 or 128; preferred_s above valid_s; a lifetime that has
 *                  ended
 *   -EOPNOTSUPP    the system refuses rtnetlink; or something that the kernel would ignore
 *                  silently: anycast; with IPv6 label, broadcast and another scope; with IPv4
 *                  NO_DAD, OPTIMISTIC, HOME and MANAGE_TEMP; a metric before Linux 4.18, a protocol
 *                  before 5.18
 *   -EINVAL        NULL; an unknown flag; the unspecified address; addresses of different families;
 *                  a scope above 255; or what the kernel reports as invalid
 *   -EAFNOSUPPORT  the address is neither IPv4 nor IPv6, or the kernel lacks the family
 *   other codes of the kernel  arpq_detail gives the kernel's text
 *   -ETIMEDOUT and resource errors  as for arpq_lookup; the address may have been added or not.
 *                  After any other failure nothing has changed
 * Thread-safe. Requires CAP_NET_ADMIN. RTM_NEWADDR (rtnetlink(7)).
 */
int arpq_address_add(struct arpq_handle *h, const struct arpq_address *address, uint32_t flags);

/*
 * arpq_address_modify - change the lifetimes, metric and protocol of an address; of an IPv6 address
 * also the settable flags, and the peer if one is given.
 *
 * address  as for arpq_address_add, also for zeros. ifindex and ip identify the address, for IPv4
 *          also prefix_length and peer. A value that cannot change must be equal to the existing
 *          one, or zero where zero is possible. Such values are, for IPv4, label, broadcast, scope,
 *          flags and before Linux 6.4 the protocol; for IPv6, prefix_length.
 * flags    ARPQ_ADDRESS_EDIT_CREATE and ARPQ_ADDRESS_EDIT_PREFIX, or 0.
 *
 * Without ARPQ_ADDRESS_EDIT_CREATE, an address that does not exist gives -ENOENT. (The kernel has
 * no such condition: the function looks for the address first, and another process may change it
 * before the request.)
 *
 * A separate request changes the protocol of an IPv4 address first: the new protocol stays if the
 * other changes fail.
 *
 * Returns as arpq_address_add; -EOPNOTSUPP also for a value that cannot change. Thread-safe.
 * Requires CAP_NET_ADMIN. RTM_NEWADDR with NLM_F_REPLACE (rtnetlink(7)).
 */
int arpq_address_modify(struct arpq_handle *h, const struct arpq_address *address, uint32_t flags);

/*
 * arpq_address_remove - remove an address from an interface.
 *
 * address  ifindex, ip, prefix_length and peer, as for arpq_address_add; the other members are
 *          ignored.
 * flags    0 or ARPQ_ADDRESS_EDIT_PREFIX.
 *
 * If the first IPv4 address of a prefix is removed, the kernel also removes the SECONDARY addresses
 * of that prefix, unless promote_secondaries of the interface prevents this.
 *
 * Returns 0; -ENOENT if there is none; otherwise as arpq_address_add. Thread-safe. Requires
 * CAP_NET_ADMIN. RTM_DELADDR (rtnetlink(7)).
 */
int arpq_address_remove(struct arpq_handle *h, const struct arpq_address *address, uint32_t flags);

/* ---- arpq_watch(3): report changes of the neighbour table ----------- */

/* Types of struct arpq_event. */
#define ARPQ_EVENT_NEIGH_ADDED 1u   /* a new entry, or one that exists already (EXISTING) */
#define ARPQ_EVENT_NEIGH_CHANGED 2u /* state, flags or protocol; or the MAC became known or lost */
#define ARPQ_EVENT_NEIGH_MOVED 3u   /* another MAC than the last known one */
#define ARPQ_EVENT_NEIGH_REMOVED 4u /* the entry is no longer in the table */
#define ARPQ_EVENT_CONFLICT 5u      /* two hosts seem to use one address: it moved back */
#define ARPQ_EVENT_OVERRUN 6u       /* the kernel dropped events; the differences follow */
#define ARPQ_EVENT_SYNCED 7u        /* the preceding events are complete */
#define ARPQ_EVENT_INTERFACE_ADDED 8u
#define ARPQ_EVENT_INTERFACE_CHANGED 9u
#define ARPQ_EVENT_INTERFACE_REMOVED 10u
#define ARPQ_EVENT_ADDRESS_ADDED 11u
#define ARPQ_EVENT_ADDRESS_CHANGED 12u
#define ARPQ_EVENT_ADDRESS_REMOVED 13u

/* Flags of struct arpq_event. */
#define ARPQ_EVENT_RESYNC 0x1u /* found by reading the table, or reported during the reading */
#define ARPQ_EVENT_DAMPED 0x2u /* MOVED: the entry has moved before within the damping time */

/*
 * One change. Members that the type does not list are zero.
 *
 *   NEIGH_*      neigh: the entry after the change (REMOVED: before it). Except for ADDED, old_mac:
 *                the last known MAC before. CHANGED and MOVED also have old_state and old_flags:
 *                the state and the ARPQ_NEIGH_* before.
 *   CONFLICT     neigh and old_mac: the two hosts.
 *   INTERFACE_*  interface (address_first, address_count and altname_first are 0). CHANGED also has
 *                old_flags: the IFF_* before.
 *   ADDRESS_*    address. CHANGED also has old_flags: the ARPQ_ADDRESS_* before. The passing of a
 *                lifetime alone is not a change.
 *
 * MOVED compares with the last MAC of the entry, regardless of how long the entry had no MAC:
 * INCOMPLETE and FAILED are not moves. CONFLICT follows a MOVED that returns to a MAC that the
 * entry had within the damping time, or the fifth MOVED within that time; it occurs once in that
 * time. A MAC of this machine causes no conflict. For this purpose, the library remembers the moves
 * of 65 536 addresses within the damping time, and up to 262 144 if their hashes are evenly
 * distributed; this takes up to 19 MiB.
 */
struct arpq_event {
    uint32_t type;
    uint32_t flags;
    uint32_t old_state;
    uint32_t old_flags;
    struct arpq_neigh neigh;
    struct arpq_mac old_mac;
    uint32_t reserved32;
    struct arpq_interface interface;
    struct arpq_address address;
    uint32_t reserved[10];
};

/* Flags of struct arpq_watch_options. */
#define ARPQ_WATCH_EXISTING                                                                        \
    0x1u                              /* begin with an ADDED event with the flag ARPQ_EVENT_RESYNC
                                       * for everything that exists, then SYNCED */
#define ARPQ_WATCH_INTERFACES 0x2u    /* also INTERFACE_* events */
#define ARPQ_WATCH_ADDRESSES 0x4u     /* also ADDRESS_* events */
#define ARPQ_WATCH_NO_NEIGHBOURS 0x8u /* no NEIGH_* events; -EINVAL without one of the above */

struct arpq_watch_options {
    uint32_t size;             /* sizeof(struct arpq_watch_options) of the caller */
    uint32_t flags;            /* ARPQ_WATCH_* */
    uint32_t receive_buffer;   /* bytes to request; 0: as much as the kernel grants, up to 32 MiB */
    uint32_t damping_ms;       /* the damping time, for DAMPED and CONFLICT; 0: 10 000 */
    struct arpq_filter filter; /* the neighbours to report; all zero: all */
    uint32_t reserved[8];
};

struct arpq_watch;

/*
 * arpq_watch_open - report changes of the neighbour table, of interfaces and of addresses.
 *
 * h        the handle whose namespace is watched. It may be closed before the watch.
 * watch    receives the watch, which arpq_watch_close releases; NULL on failure.
 * options  NULL for the defaults. size is 8 to 4096. Members that this library does not know must
 *          be zero.
 *
 * Filter: the watch reports a NEIGH or CONFLICT event if the entry matches the filter now or
 * matched it before; the master is the one at the time of the event. The removal of an entry
 * together with its interface is reported for any master, because the interface no longer has a
 * master at that time. The filter does not apply to other events. ARPQ_FILTER_PROXY gives -EINVAL,
 * because the kernel sends no events for proxy entries. An ifindex is not reused: to follow an
 * interface by name, request INTERFACE_* events and filter by the ifindex that has the name at that
 * time.
 *
 * The call reads the table before it returns; the watch reports all changes after that. The kernel
 * drops events if they arrive faster than the program reads them. This overrun does not end the
 * watch: it gives an OVERRUN event, the library reads the table again (it spends at most about a
 * fifth of the time on this), and each difference is reported once, with the flag
 * ARPQ_EVENT_RESYNC, then SYNCED. (If events were lost during arpq_watch_open, SYNCED comes without
 * OVERRUN.) A move that is found in this way is reported, but not evaluated: it is neither DAMPED
 * nor a CONFLICT. If several programs write an entry at the same time, the kernel may send the
 * events in the wrong order. The watch therefore looks up an entry that was added or removed, or
 * that was written twice within 100 ms, when it has not changed for 20 to 40 ms. It reports a
 * correction as a change.
 *
 * If a program applies all NEIGH events of a watch with ARPQ_WATCH_EXISTING to an empty table, the
 * result is the kernel's table, except for changes that the kernel does not report: an entry that
 * is created but not resolved yet, STALE becoming DELAY, a change of the protocol alone, the
 * creation of NOARP and proxy entries, and the times.
 *
 * A forked child must not call any function for a watch except arpq_watch_close.
 *
 * Returns 0, or an error:
 *   -EINVAL, -ENODEV  the options or the filter are invalid
 *   -EOPNOTSUPP       the system refuses rtnetlink or its groups, epoll(7) or timerfd_create(2)
 *   -ENOMEM, -EMFILE, -ENFILE, -ENOBUFS, -ETIMEDOUT  the system lacks a resource
 * Not thread-safe: one thread at a time may use a watch. No privilege. RTNLGRP_NEIGH, RTNLGRP_LINK,
 * RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR (rtnetlink(7)).
 */
int arpq_watch_open(struct arpq_handle *h, struct arpq_watch **watch,
                    const struct arpq_watch_options *options);

/*
 * arpq_watch_fd - get a descriptor that becomes readable (poll(2)) when arpq_watch_next should be
 * called.
 *
 * arpq_watch_next may still have no event. The descriptor belongs to the watch.
 *
 * Returns the descriptor; -EINVAL for NULL. Not thread-safe. No privilege.
 */
int arpq_watch_fd(const struct arpq_watch *watch);

/*
 * arpq_watch_next - get the next event.
 *
 * event       receives the event; zeroed if there is none.
 * timeout_ms  the time to wait for an event: 0 does not wait, -1 has no limit.
 *
 * A call takes at most 5 ms longer than timeout_ms, for any number of events; after an overrun, it
 * also takes the time that reading the table takes. The watch stays usable after an error.
 *
 * Returns 1 with an event; 0 if the timeout expires; or an error:
 *   -EINVAL  NULL, or a timeout below -1
 *   -ECANCELED, -EINTR  see arpq_wake
 *   -ENOMEM and others  as for arpq_watch_open
 * Not thread-safe. No privilege.
 */
int arpq_watch_next(struct arpq_watch *watch, struct arpq_event *event, int32_t timeout_ms);

/* arpq_watch_close - release a watch. NULL is accepted. Not thread-safe. No privilege. */
void arpq_watch_close(struct arpq_watch *watch);

/* ---- arpq_mirror(3): keep a copy of the neighbour table in memory ---- */

/* Flags of struct arpq_mirror_options. */
#define ARPQ_MIRROR_THREAD 0x1u /* a thread of the mirror keeps it current */

/* The event is valid during the call. The callback must not call arpq_mirror_sync,
 * arpq_mirror_stats or arpq_mirror_close for this mirror. */
typedef void (*arpq_event_callback)(const struct arpq_event *event, void *context);

struct arpq_mirror_options {
    uint32_t size;                /* sizeof(struct arpq_mirror_options) of the caller */
    uint32_t flags;               /* ARPQ_MIRROR_* */
    uint32_t receive_buffer;      /* as in struct arpq_watch_options */
    uint32_t damping_ms;          /* as in struct arpq_watch_options */
    arpq_event_callback on_event; /* receives each NEIGH_*, CONFLICT, OVERRUN and SYNCED event,
                                   * beginning with ADDED for each existing entry; may be NULL */
    void *context;                /* passed to on_event */
    uint64_t reserved[4];
};

/* The counters of a mirror or watch. */
struct arpq_sync_stats {
    uint64_t entries;
    uint64_t memory;         /* bytes */
    uint64_t events;         /* neighbour messages applied */
    uint64_t overruns;       /* times that the kernel dropped events */
    uint64_t dumps;          /* times that the table was read, including the first time */
    uint64_t confirmations;  /* entries requested singly because a dump lacked them */
    uint64_t moved;          /* MOVED events */
    uint64_t conflicts;      /* CONFLICT events */
    uint64_t forged;         /* messages dropped because the kernel did not send them */
    uint64_t malformed;      /* messages or entries skipped */
    uint64_t receive_buffer; /* bytes granted, as the kernel counts them */
    uint64_t receive_wanted; /* bytes requested, as the kernel counts them */
    uint64_t last_dump_us;   /* duration of the last reading, including the differences */
    uint64_t stale;          /* 1: events were lost and the table has not been read again yet, or
                               * the last sync failed */
    int64_t error;           /* of the last sync, as arpq_mirror_sync returns it; or 0 */
    uint64_t reserved[17];
};

struct arpq_mirror;

/*
 * arpq_mirror_open - keep a copy of the neighbour table in memory, for lookups without a system
 * call.
 *
 * h        the handle whose namespace is mirrored. It may be closed before the mirror.
 * mirror   receives the mirror, which arpq_mirror_close releases; NULL on failure.
 * options  NULL for the defaults. size is 8 to 4096. Members that this library does not know must
 *          be zero.
 *
 * The call reads the table before it returns. After that, arpq_mirror_sync updates the copy; or,
 * with ARPQ_MIRROR_THREAD, a thread that blocks all signals updates it. After an error, the thread
 * tries again every 100 ms, and arpq_mirror_stats has the error. If the system refuses poll(2) and
 * select(2), the thread looks for changes every 100 ms. The function that applies a change calls
 * on_event: arpq_mirror_open (for the existing entries), arpq_mirror_sync, or the thread. The
 * mirror handles overruns as described at arpq_watch_open, and lookups work meanwhile. Like a
 * watch, it shows only changes that the kernel reports.
 *
 * Any number of threads may read a mirror; they never wait for the thread that updates it. Any
 * thread may call arpq_mirror_sync. In a forked child every lookup gives -ESTALE until the child
 * calls arpq_mirror_sync, which opens new sockets and reads the table; it starts no thread.
 * on_event then receives the differences, or an ADDED event for each entry if the fork occurred
 * during a change.
 *
 * Returns as arpq_watch_open; -EAGAIN if no thread could be started. Thread-safe. No privilege.
 * RTNLGRP_NEIGH (rtnetlink(7)).
 */
int arpq_mirror_open(struct arpq_handle *h, struct arpq_mirror **mirror,
                     const struct arpq_mirror_options *options);

/* arpq_mirror_close - end the thread, if any, and release the mirror. NULL is accepted. Not
 * thread-safe: no other thread may be using the mirror. No privilege. */
void arpq_mirror_close(struct arpq_mirror *mirror);

/*
 * arpq_mirror_fd - get a descriptor that becomes readable (poll(2)) when arpq_mirror_sync should be
 * called.
 *
 * The descriptor belongs to the mirror. A forked child must get it again after its first sync.
 *
 * Returns the descriptor; -EINVAL for NULL; -EOPNOTSUPP with ARPQ_MIRROR_THREAD; -ESTALE in a
 * forked child before its first sync. Thread-safe. No privilege.
 */
int arpq_mirror_fd(const struct arpq_mirror *mirror);

/*
 * arpq_mirror_sync - apply the changes that the kernel has reported. Does not wait for changes.
 *
 * One call applies changes for at most 5 ms: the descriptor stays readable while there are more.
 * After an overrun, it also takes the time that reading the table takes.
 *
 * After an error the copy stays, and the next sync continues from there.
 *
 * Returns the number of changes that were applied; -EINVAL for NULL; -ENOMEM and others as
 * arpq_watch_open. Thread-safe. No privilege.
 */
int arpq_mirror_sync(struct arpq_mirror *mirror);

/*
 * arpq_mirror_lookup - look up the link-layer address of an IP address in memory.
 *
 * ip       the address; its scope, if not 0, must agree with ifindex. IPv4-mapped IPv6 is looked up
 *          as IPv4.
 * ifindex  the interface, 1 to INT32_MAX, or 0 for any: the best of several entries is the answer
 *          (one with a link-layer address first, then the one confirmed last).
 * mac      receives the address; zeroed on failure.
 *
 * Only entries of the table are found: addresses of this machine, multicast and broadcast addresses
 * only if the kernel has entries for them. The function makes no system call, whether it finds an
 * entry or not.
 *
 * Returns 0, or an error:
 *   -ENOENT        no entry, or only an entry that nobody has asked to resolve yet (state NONE)
 *   -EAGAIN        the entry is INCOMPLETE
 *   -EHOSTUNREACH  the entry is FAILED
 *   -EOPNOTSUPP    the entry is of a link without link-layer addresses
 *   -EINVAL        invalid argument; or an address of link scope (fe80::/10, and multicast) without
 *                  an interface
 *   -EAFNOSUPPORT  the address is neither IPv4 nor IPv6
 *   -ESTALE        in a forked child before arpq_mirror_sync
 * Thread-safe. No privilege.
 */
int arpq_mirror_lookup(const struct arpq_mirror *mirror, const struct arpq_ip *ip, uint32_t ifindex,
                       struct arpq_mac *mac);

/*
 * arpq_mirror_lookup_many - arpq_mirror_lookup for count addresses; faster, because it prefetches
 * memory.
 *
 * ips, ifindex  as for arpq_lookup_many.
 * macs          receives count addresses, zeroed where not found.
 * codes         receives count codes as of arpq_mirror_lookup; may be NULL.
 *
 * Returns how many addresses were found; -EINVAL for NULL with count > 0 or a count above
 * INT32_MAX; -ESTALE as arpq_mirror_lookup. Thread-safe. No privilege.
 */
int arpq_mirror_lookup_many(const struct arpq_mirror *mirror, const struct arpq_ip *ips,
                            uint32_t count, uint32_t ifindex, struct arpq_mac *macs,
                            int32_t *codes);

/*
 * arpq_mirror_get - get a whole neighbour entry from memory.
 *
 * ip, ifindex  as for arpq_mirror_lookup.
 * neigh        receives the entry; zeroed on failure. confirmed_ms and updated_ms count from the
 *              last report of the kernel. used_ms, probes and refcount are 0, because the kernel
 *              does not report their changes.
 *
 * Returns 0 if there is an entry, in any state; otherwise as arpq_mirror_lookup. Thread-safe. No
 * privilege.
 */
int arpq_mirror_get(const struct arpq_mirror *mirror, const struct arpq_ip *ip, uint32_t ifindex,
                    struct arpq_neigh *neigh);

/*
 * arpq_mirror_find_mac - find all entries with a link-layer address in memory.
 *
 * mac     1 to 32 bytes; its type does not count.
 * neighs  receives up to room entries, each consistent; may be NULL if room is 0.
 * room    the number of entries at neighs.
 *
 * The time is proportional to the number of such entries, or to the number of all entries if such
 * entries are added and removed during the call.
 *
 * Returns the number of such entries, which may exceed room; -EINVAL for an invalid argument;
 * -ESTALE as arpq_mirror_lookup. Thread-safe. No privilege.
 */
int arpq_mirror_find_mac(const struct arpq_mirror *mirror, const struct arpq_mac *mac,
                         struct arpq_neigh *neighs, uint32_t room);

/*
 * arpq_mirror_each - pass every entry to a callback.
 *
 * callback  if it returns a value other than 0, the iteration ends and the function returns this
 *           value.
 * context   passed to the callback.
 *
 * Each entry is consistent. An entry that is added or removed during the call may or may not be
 * passed, or twice if both happen.
 *
 * Returns 0; the value that the callback returned; -EINVAL for NULL; -ESTALE as arpq_mirror_lookup.
 * Thread-safe. No privilege.
 */
int arpq_mirror_each(const struct arpq_mirror *mirror, arpq_neigh_callback callback, void *context);

/*
 * arpq_mirror_table - list the entries of a mirror.
 *
 * filter  selects the entries; NULL for all. ARPQ_FILTER_PROXY gives -EINVAL; an ifindex or master
 *         that is no interface gives an empty list.
 * table   receives the list, which arpq_table_free releases; NULL on failure.
 *
 * Returns 0; -EINVAL for NULL or an invalid filter; -ENOMEM if memory is short; -ESTALE as
 * arpq_mirror_lookup. Thread-safe. No privilege.
 */
int arpq_mirror_table(const struct arpq_mirror *mirror, const struct arpq_filter *filter,
                      struct arpq_table **table);

/* arpq_mirror_stats - get the counters of a mirror. May wait for the thread that updates it.
 * Returns 0; -EINVAL for NULL, with stats zeroed. Thread-safe. No privilege. */
int arpq_mirror_stats(struct arpq_mirror *mirror, struct arpq_sync_stats *stats);

/* ---- arpq_watch(3), continued --------------------------------------- */

/* arpq_watch_stats - get the counters of a watch. Returns as arpq_mirror_stats. Not thread-safe. No
 * privilege. */
int arpq_watch_stats(struct arpq_watch *watch, struct arpq_sync_stats *stats);

/* ---- arpq_arp(3): write and read ARP packets ------------------------ */

/* ARP operations (RFC 826, RFC 903, RFC 2390). */
#define ARPQ_ARP_REQUEST 1u
#define ARPQ_ARP_REPLY 2u
#define ARPQ_ARP_REVERSE_REQUEST 3u
#define ARPQ_ARP_REVERSE_REPLY 4u
#define ARPQ_ARP_INVERSE_REQUEST 8u
#define ARPQ_ARP_INVERSE_REPLY 9u

/* Flags of struct arpq_arp. */
#define ARPQ_ARP_VLAN 0x1u    /* the frame has an IEEE 802.1Q tag: vlan_tci is set */
#define ARPQ_ARP_PAYLOAD 0x2u /* no link header: destination and source do not count */

/*
 * An ARP packet for IPv4, and its Ethernet frame. The hardware type in the ARP header is
 * sender_mac.type, and the address lengths are those of sender_mac and sender_ip. A missing address
 * is written as zeros. It is read as zeros of that length, which arpq_mac_is_zero detects. In a
 * packet to be written, a target_mac of length 0 and an IP address of family 0 also mean a missing
 * address. An IEEE 1394 packet has no target_mac (RFC 2734): it is not written, and read with
 * length 0.
 */
struct arpq_arp {
    uint32_t flags;              /* ARPQ_ARP_VLAN; ARPQ_ARP_PAYLOAD (VLAN then does not count) */
    uint16_t operation;          /* ARPQ_ARP_* */
    uint16_t vlan_tci;           /* priority, drop eligibility, VLAN identifier */
    struct arpq_mac destination; /* of the frame */
    struct arpq_mac source;      /* of the frame */
    struct arpq_mac sender_mac;
    struct arpq_mac target_mac;
    struct arpq_ip sender_ip;
    struct arpq_ip target_ip;
    uint32_t reserved[6];
};

/* The purpose of an ARP packet (RFC 5227, RFC 5944 section 4.6). */
#define ARPQ_ARP_KIND_REQUEST 1u      /* requests the MAC of the target */
#define ARPQ_ARP_KIND_REPLY 2u        /* gives the MAC of the sender */
#define ARPQ_ARP_KIND_PROBE 3u        /* tests whether an address is in use: request from 0.0.0.0 */
#define ARPQ_ARP_KIND_ANNOUNCEMENT 4u /* claims an address: request for the sender's own address */
#define ARPQ_ARP_KIND_GRATUITOUS 5u   /* claims an address: reply about the sender's own address */
#define ARPQ_ARP_KIND_OTHER 6u        /* reverse, inverse and other operations */

/* arpq_arp_kind - get the purpose of a packet. Returns ARPQ_ARP_KIND_*; 0 for NULL. Thread-safe. No
 * privilege. */
uint32_t arpq_arp_kind(const struct arpq_arp *arp);

/*
 * arpq_arp_make - build an ARP packet.
 *
 * kind        ARPQ_ARP_KIND_REQUEST, _REPLY, _PROBE, _ANNOUNCEMENT or _GRATUITOUS.
 * mac         the sender's link-layer address, 1 to 32 bytes, with its type.
 * ip          the sender's address. PROBE: not read, may be NULL.
 * target_mac  REPLY: the receiver. Other kinds: not read, may be NULL.
 * target_ip   REQUEST, REPLY, PROBE: the target address. Other kinds: not read, may be NULL.
 * arp         receives the packet. The frame's destination is the broadcast address (REPLY:
 *             target_mac). If mac does not have 6 bytes, the packet has ARPQ_ARP_PAYLOAD and no
 *             frame addresses. Zeroed on failure. No other argument may be part of it.
 *
 * Returns 0; -EINVAL for an unknown kind, a missing argument, or a target_mac of another length
 * than mac; -EAFNOSUPPORT for an address that is not IPv4. Thread-safe. No privilege. RFC 826, RFC
 * 5227.
 */
int arpq_arp_make(uint32_t kind, const struct arpq_mac *mac, const struct arpq_ip *ip,
                  const struct arpq_mac *target_mac, const struct arpq_ip *target_ip,
                  struct arpq_arp *arp);

/* The longest frame that arpq_arp_encode writes. */
#define ARPQ_ARP_FRAME_SIZE 128

/*
 * arpq_arp_encode - write an ARP packet as a frame.
 *
 * arp    the packet. The frame has an Ethernet header, an 802.1Q tag with ARPQ_ARP_VLAN, and zeros
 *        up to the minimum of 60 bytes (64 with a tag). With ARPQ_ARP_PAYLOAD, only the packet is
 *        written, without padding.
 * frame  receives the frame; unchanged on failure.
 * size   bytes at frame; ARPQ_ARP_FRAME_SIZE always suffices.
 *
 * Returns the number of bytes written, or an error:
 *   -EINVAL        NULL; an unknown flag; operation 0; a sender_mac of 0 or more than 32 bytes; a
 *                  target_mac of another length, except 0; frame addresses that do not have 6 bytes
 *   -EAFNOSUPPORT  an address is not IPv4
 *   -ENOSPC        size is too small
 * Thread-safe. No privilege. RFC 826, IEEE 802.1Q.
 */
int arpq_arp_encode(const struct arpq_arp *arp, void *frame, size_t size);

/*
 * arpq_arp_decode - read an ARP packet from a frame.
 *
 * frame  size bytes. Bytes after the packet (padding) do not count.
 * flags  0, or ARPQ_ARP_PAYLOAD to read a packet without a link header.
 * arp    receives the packet; zeroed on failure. It must not be part of frame. If there are several
 *        VLAN tags (IEEE 802.1Q and 802.1ad), vlan_tci is the innermost one.
 *
 * Returns 0, or an error:
 *   -ENOMSG   the frame is not ARP, or not ARP for IPv4
 *   -EBADMSG  the frame is truncated, or has addresses of 0 or more than 32 bytes
 *   -EINVAL   NULL or an unknown flag
 * Thread-safe. No privilege. RFC 826.
 */
int arpq_arp_decode(const void *frame, size_t size, uint32_t flags, struct arpq_arp *arp);

/* ---- arpq_icmp(3): write and read ICMP messages --------------------- */

/* Flags of struct arpq_icmp. */
#define ARPQ_ICMP_ORIGINAL 0x1u   /* an error message: the original_* members are set */
#define ARPQ_ICMP_UNVERIFIED 0x2u /* ICMPv6 read without its addresses: checksum not verified */

/*
 * An ICMP or ICMPv6 message. value is the second word of its header, in host byte order. identifier
 * and sequence are the halves of value if the type has them: echo, and for ICMP timestamp,
 * information, address mask and domain name requests, and their replies. For these types, the
 * library writes identifier and sequence instead of value. The payload follows the first 8 bytes.
 */
struct arpq_icmp {
    uint16_t family; /* AF_INET or AF_INET6 */
    uint8_t type;
    uint8_t code;
    uint32_t flags; /* ARPQ_ICMP_*, set by arpq_icmp_decode */
    uint32_t value;
    uint16_t identifier;
    uint16_t sequence;
    uint16_t checksum; /* as received; arpq_icmp_encode ignores it */
    uint16_t reserved16;
    uint32_t payload_offset; /* in the message that was read */
    uint32_t payload_length;
    /* ICMPv6: the addresses of the packet, for the checksum (family 0: none). */
    struct arpq_ip source;
    struct arpq_ip destination;
    /* The datagram that caused an error message, as far as the message contains it, without the
     * padding and the extensions after it (RFC 4884). Of a fragment other than the first, only the
     * addresses and the protocol are set. */
    struct arpq_ip original_source;
    struct arpq_ip original_destination;
    uint32_t original_offset;         /* of its IP header, in the message */
    uint32_t original_length;         /* of the part that the message contains */
    uint32_t original_payload_offset; /* of the data after its IP headers; 0: truncated before it */
    uint8_t original_protocol;        /* IPPROTO_* of that data */
    uint8_t original_type;            /* ICMP and ICMPv6: type and code */
    uint8_t original_code;
    uint8_t reserved8;
    uint16_t original_source_port; /* TCP, UDP, UDP-Lite, SCTP, DCCP: host byte order */
    uint16_t original_destination_port;
    uint16_t original_identifier; /* ICMP and ICMPv6: like identifier and sequence */
    uint16_t original_sequence;
    uint32_t reserved[4];
};

/*
 * arpq_icmp_is_assigned - test whether a type has a code in the IANA registry, including deprecated
 * and experimental ones.
 *
 * If the registry lists no codes for a type, the codes are those of the document that defines the
 * type: for example 0 and 1 of ICMP traceroute, 0 to 5 of FMIPv6, any code of a multicast router
 * advertisement, and the RPL control codes. A type that is experimental, reserved for a purpose, or
 * was never described has all codes.
 *
 * Returns 1 or 0; 0 for another family. Thread-safe. No privilege. RFC 792, RFC 4443.
 */
int arpq_icmp_is_assigned(uint16_t family, uint8_t type, uint8_t code);

/* arpq_icmp_type_name - get the name of a type in the IANA registry. Returns a constant text such
 * as "Echo Reply"; "" if the type has no name of its own. Thread-safe. No privilege. */
const char *arpq_icmp_type_name(uint16_t family, uint8_t type);

/* arpq_icmp_code_name - get the name of a code in the IANA registry. Returns a constant text; "" if
 * the code has no name of its own. Thread-safe. No privilege. */
const char *arpq_icmp_code_name(uint16_t family, uint8_t type, uint8_t code);

/*
 * arpq_icmp_checksum - compute the Internet checksum of a message (RFC 1071), for ICMPv6 with the
 * pseudo-header of RFC 8200 section 8.1.
 *
 * source, destination  the addresses of an ICMPv6 packet; both NULL for ICMP.
 * message  size bytes, any number, with any alignment.
 *
 * Returns the checksum in host byte order: 0 for a message that contains a correct checksum; also 0
 * for NULL with a size above 0, one address without the other, or addresses that are not IPv6.
 * Thread-safe. No privilege.
 */
uint16_t arpq_icmp_checksum(const struct arpq_ip *source, const struct arpq_ip *destination,
                            const void *message, size_t size);

/*
 * arpq_icmp_encode - write an ICMP or ICMPv6 message.
 *
 * icmp     family, type, code; value, or identifier and sequence; for ICMPv6 source and destination
 *          (both of family 0: the checksum stays 0, for a socket that fills it in). Other members
 *          do not count.
 * payload  payload_size bytes that follow the header; NULL for none. They may overlap message.
 * message  receives the message; unchanged on failure.
 * size     bytes at message.
 *
 * Returns the number of bytes written, or an error:
 *   -EINVAL        NULL; a type without that code; one address without the other
 *   -EAFNOSUPPORT  another family, or addresses of another family
 *   -EMSGSIZE      more than an IP packet can contain
 *   -ENOSPC        size is too small
 * Thread-safe. No privilege. RFC 792, RFC 4443.
 */
int arpq_icmp_encode(const struct arpq_icmp *icmp, const void *payload, size_t payload_size,
                     void *message, size_t size);

/*
 * arpq_icmp_decode - read an ICMP or ICMPv6 message.
 *
 * family   AF_INET or AF_INET6.
 * source, destination  the addresses of an ICMPv6 packet; both NULL: the checksum is not verified.
 *          ICMP: not read. They must not be part of icmp.
 * message  size bytes: the data after the IP headers.
 * icmp     receives the message; zeroed on failure, except for -EILSEQ.
 *
 * 4 bytes are enough for types that need no more (Multicast Router Solicitation and Termination,
 * RPL, MPL, experiments): the missing part of value is then 0, and payload_offset is size. If the
 * original datagram is malformed, ARPQ_ICMP_ORIGINAL is not set.
 *
 * Returns 0, or an error:
 *   -EILSEQ   the checksum is wrong; icmp is filled in nevertheless
 *   -EBADMSG  the message is truncated
 *   -ENOMSG   the registry does not have the type with that code
 *   -EINVAL, -EAFNOSUPPORT, -EMSGSIZE  as for arpq_icmp_encode
 * Thread-safe. No privilege. RFC 792, RFC 4443, RFC 4884.
 */
int arpq_icmp_decode(uint16_t family, const struct arpq_ip *source,
                     const struct arpq_ip *destination, const void *message, size_t size,
                     struct arpq_icmp *icmp);

/* ---- arpq_ping(3): send an echo request ----------------------------- */

struct arpq_ping_options {
    uint32_t size;         /* sizeof(struct arpq_ping_options) of the caller */
    uint32_t flags;        /* 0 or ARPQ_PING_RAW */
    uint32_t ifindex;      /* the outgoing interface; 0: by the routes */
    uint32_t answer_ms;    /* time limit, from sending the request; 0: 1000; not ARPQ_FOREVER */
    uint32_t payload_size; /* bytes, up to 65 000; 0: 56; ARPQ_PING_EMPTY: none */
    uint16_t sequence;     /* of the echo request */
    uint8_t hop_limit;     /* 0: the system's default */
    uint8_t reserved8;
    struct arpq_ip source; /* the source, an address of this machine; family 0: by the routes */
    uint32_t window;       /* of a pinger: requests at a time, up to 4096; 0: 128 */
    uint32_t reserved[3];
};

/* Flags of struct arpq_ping_options and arpq_ping_reply, and a payload_size. */
#define ARPQ_PING_RAW 0x1u          /* through a raw socket */
#define ARPQ_PING_KERNEL_TIME 0x2u  /* the kernel measured both ends (IPv6, no RAW: from 5.18) */
#define ARPQ_PING_EMPTY 0xffffffffu /* no payload */

/* A reply to an echo request: an echo reply or an ICMP error. */
struct arpq_ping_reply {
    struct arpq_ip from; /* the sender: the target, or the host that reports an error */
    uint64_t rtt_ns;     /* round-trip time */
    uint32_t flags;      /* ARPQ_PING_* */
    uint32_t value;      /* "too big" and "fragmentation needed": the MTU; else 0 */
    uint8_t type;        /* of the ICMP or ICMPv6 message */
    uint8_t code;
    uint8_t hop_limit; /* of the received packet; 0: unknown */
    uint8_t reserved8;
    uint16_t sequence;
    uint16_t payload_size; /* received */
    uint32_t reserved[6];
};

/*
 * arpq_ping - send an ICMP echo request and wait for the reply.
 *
 * ip       the target. A scope selects the interface, like options->ifindex. A link-local address
 *          requires one of them if several links have such addresses, a link-local multicast
 *          address always. For a multicast address the first reply is the result, and this machine
 *          does not reply. A broadcast address gives -EINVAL.
 * options  NULL for the defaults. size is 8 to 4096. Members that this library does not know must
 *          be zero. ARPQ_PING_RAW prevents the use of a datagram socket.
 * reply    receives the reply with 0, -EHOSTUNREACH and -ETIME; otherwise zeroed. This machine also
 *          sends "unreachable", from an address of its own, if a neighbour does not reply (after
 *          about 3 s, which requires a longer answer_ms than the default).
 *
 * The function uses an ICMP datagram socket, which needs no privilege if net.ipv4.ping_group_range
 * contains the group of the process; otherwise a raw socket, which needs CAP_NET_RAW. An echo reply
 * counts only if its source is the target and it contains the random number that the request
 * carries, if the payload has 8 bytes or more. For an IPv6 anycast address (the last byte is 0, or
 * RFC 2526 reserves it), a router replies from another address, which is reply->from; such a reply
 * counts only with the random number. An ICMP error that quotes too little of the request to
 * contain the number may be forged: it counts only if no reply arrives in time. A router reports
 * "too big" once; after that the kernel sends fragments. Linux 5.10 gives a wrong checksum to an
 * IPv6 request without RAW that has about 16000 bytes or more and needs no fragments, as to this
 * machine: nobody replies. The call takes at most about 10 ms longer than answer_ms, for any number
 * of received packets. Use a pinger in an event loop and for many targets at a time.
 *
 * Returns 0 for an echo reply, or an error:
 *   -EHOSTUNREACH   a "destination unreachable", "too big" or "parameter problem"; see reply
 *   -ETIME          a "time exceeded"; see reply
 *   -ETIMEDOUT      no reply
 *   -ENETUNREACH    there is no route, or no source address
 *   -EPERM          neither socket is permitted, or a firewall prohibits the request
 *   -EMSGSIZE       the request is too large for the link
 *   -ENODEV         no such interface
 *   -EBUSY          the interface is a port of a bridge or bond, which receives the replies
 *                   (arpq_detail names it)
 *   -EADDRNOTAVAIL  this machine does not have the source address
 *   -EINVAL         invalid argument; a broadcast address; a source of the other family
 *   -EAFNOSUPPORT   the address is neither IPv4 nor IPv6
 *   -ECANCELED, -EINTR  see arpq_wake
 *   -ENOMEM, -ENOBUFS, -EMFILE, -ENFILE  the system lacks a resource
 * Thread-safe: each call has its own socket. Privilege: see above. icmp(7), RFC 792, RFC 4443
 * section 4.
 */
int arpq_ping(struct arpq_handle *h, const struct arpq_ip *ip,
              const struct arpq_ping_options *options, struct arpq_ping_reply *reply);

/* ---- arpq_pinger(3): send echo requests in an event loop ------------ */

/* A pinger pings any number of targets in the background of an event loop. */
struct arpq_pinger;

/* The result of a request. */
struct arpq_pinged {
    struct arpq_ping_reply reply; /* as arpq_ping fills it */
    struct arpq_ip ip;            /* as passed to arpq_pinger_add */
    int32_t code;                 /* as arpq_ping returns it */
    uint16_t sequence;            /* as passed to arpq_pinger_add */
    uint16_t reserved16;
    uint64_t token; /* as passed to arpq_pinger_add */
    uint32_t reserved[4];
};

/*
 * arpq_pinger_open - open a pinger.
 *
 * h        the handle whose namespace is used. It may be closed before the pinger.
 * pinger   receives the pinger, which arpq_pinger_close releases; NULL on failure.
 * options  as for arpq_ping, for all requests; sequence must be 0. answer_ms counts for each
 *          request from when it is sent.
 *
 * Each request has its own socket until its result is known: up to options->window descriptors are
 * open, and two of the pinger. Further requests wait in order. If descriptors are short, the pinger
 * sends fewer requests at a time.
 *
 * A forked child must not call any function for a pinger except arpq_pinger_close.
 *
 * Returns 0, or an error:
 *   -EINVAL      invalid argument
 *   -EOPNOTSUPP  the system refuses epoll(7) or timerfd_create(2)
 *   -ENOMEM, -EMFILE, -ENFILE  the system lacks a resource
 * Not thread-safe: one thread at a time may use a pinger. No privilege; see arpq_ping for the
 * requests.
 */
int arpq_pinger_open(struct arpq_handle *h, struct arpq_pinger **pinger,
                     const struct arpq_ping_options *options);

/*
 * arpq_pinger_fd - get a descriptor that becomes readable (poll(2)) when arpq_pinger_next should be
 * called.
 *
 * arpq_pinger_next may still have no result. The descriptor belongs to the pinger.
 *
 * Returns the descriptor; -EINVAL for NULL. Not thread-safe. No privilege.
 */
int arpq_pinger_fd(const struct arpq_pinger *pinger);

/*
 * arpq_pinger_add - add an echo request. Does not wait: arpq_pinger_next sends it.
 *
 * ip        as for arpq_ping.
 * sequence  of the request.
 * token     returned with the result. Any value; several requests may have the same one.
 *
 * Returns 0, and exactly one result follows, also for an invalid address; -EINVAL for NULL;
 * -ENOBUFS if the results of 1 048 576 requests have not been fetched; -ENOMEM if memory is short.
 * Not thread-safe. No privilege.
 */
int arpq_pinger_add(struct arpq_pinger *pinger, const struct arpq_ip *ip, uint16_t sequence,
                    uint64_t token);

/*
 * arpq_pinger_next - get the next result, in the order in which the results become known.
 *
 * pinged      receives the result; zeroed if there is none.
 * timeout_ms  the time to wait for a result: 0 does not wait, -1 has no limit.
 *
 * A call takes at most about 10 ms longer than timeout_ms, for any number of received packets. The
 * pinger stays usable after an error.
 *
 * Returns 1 with a result; 0 if the timeout expires; or an error:
 *   -ENODATA     no request is pending; returned at once
 *   -EINVAL      NULL, or a timeout below -1
 *   -EOPNOTSUPP  the system refuses timerfd_settime(2)
 *   -ECANCELED, -EINTR  see arpq_wake
 *   -ENOMEM      not enough memory
 * Not thread-safe. Privilege as for arpq_ping, for each result.
 */
int arpq_pinger_next(struct arpq_pinger *pinger, struct arpq_pinged *pinged, int32_t timeout_ms);

/* arpq_pinger_pending - get the number of requests whose result has not been fetched. Returns the
 * number; 0 for NULL. Not thread-safe. No privilege. */
uint32_t arpq_pinger_pending(const struct arpq_pinger *pinger);

/* arpq_pinger_close - release a pinger and its pending requests. NULL is accepted. Not thread-safe.
 * No privilege. */
void arpq_pinger_close(struct arpq_pinger *pinger);

/* ---- arpq_sweep(3): find the hosts of a network --------------------- */

/* Flags of struct arpq_sweep_options. */
#define ARPQ_SWEEP_FORCE                                                                           \
    0x1u                          /* allow a prefix of more than 65 536 addresses, and an IPv6
                                   * prefix length of 1 to 111 */
#define ARPQ_SWEEP_NO_SOURCE 0x2u /* request from 0.0.0.0, which adds no entry to other tables */
#define ARPQ_SWEEP_NO_RAW 0x4u    /* behave as without CAP_NET_RAW */

struct arpq_sweep_options {
    uint32_t size;         /* sizeof(struct arpq_sweep_options) of the caller */
    uint32_t flags;        /* ARPQ_SWEEP_* */
    uint32_t ifindex;      /* 0: for each address the interface that the kernel sends on */
    uint32_t rate;         /* packets per second; 0: 2000; UINT32_MAX: as fast as the link allows */
    uint32_t attempts;     /* maximum for each address, up to 32; 0: as many as losses require */
    uint32_t answer_ms;    /* time to wait for a reply after the last packet, up to 60 000; 0: 300,
                            * and longer while addresses have not replied (see Repetition) */
    struct arpq_ip source; /* the sender, IPv4; family 0: for each address the interface's own
                            * address in the smallest of its subnets (up to 256) that contains it,
                            * else in the smallest that contains the prefix, else its first one */
    uint32_t vlan;         /* IPv4: send with this IEEE 802.1Q tag, 1 to 4094, and accept only
                            * replies with it; 0: without a tag */
    uint32_t reserved[7];
};

/* Flags of struct arpq_found. */
#define ARPQ_FOUND_DUPLICATE                                                                       \
    0x1u                        /* another host replied for the address before; of third and
                                 * further hosts, the sweep reports 64 in all */
#define ARPQ_FOUND_UNASKED 0x2u /* the host sent a packet that is not a reply to this sweep */
#define ARPQ_FOUND_TABLE 0x4u   /* from the kernel's table, not confirmed now */
#define ARPQ_FOUND_LOCAL 0x8u   /* an address of this machine */

/* A host that was found. */
struct arpq_found {
    struct arpq_ip ip;
    struct arpq_mac mac; /* IPv6: length 0 for an echo reply whose sender was not resolved */
    uint32_t ifindex;
    uint32_t flags;   /* ARPQ_FOUND_* */
    uint32_t attempt; /* requests sent until the reply, from 1; 0: none sent, or no reply to one */
    uint32_t rtt_us;  /* 0: unknown. An ARP reply does not identify its request, so the time is
                       * measured only if one request was sent. */
    uint32_t reserved[5];
};

/* The methods of a sweep. */
#define ARPQ_SWEEP_BY_ARP 1u     /* its own ARP requests (AF_PACKET), on one interface */
#define ARPQ_SWEEP_BY_RESOLVE 2u /* through the kernel's table, without CAP_NET_RAW */
#define ARPQ_SWEEP_BY_ECHO 3u    /* IPv6: echo request to all nodes, and the table */
#define ARPQ_SWEEP_BY_TABLE 4u   /* IPv6: the table only, if no ICMP socket is permitted */

/* The counters of a sweep. */
struct arpq_sweep_stats {
    uint64_t targets;    /* addresses to request, without those that the routes have excluded so
                          * far; 0: not known in advance (by echo) */
    uint64_t found;      /* addresses that are in use */
    uint64_t duplicates; /* hosts found at an address after another host */
    uint64_t sent;       /* packets */
    uint64_t received;   /* replies, including repeated ones */
    uint64_t dropped;    /* by the kernel, because the buffer was full; echo replies from more than
                          * 65 536 addresses */
    uint64_t malformed;
    uint64_t deferred; /* times that the link accepted no more packets for the moment */
    uint64_t duration_us;
    uint32_t attempts;   /* rounds started */
    uint32_t method;     /* ARPQ_SWEEP_BY_* */
    uint32_t ifindex;    /* the interface of the sweep; other addresses are found on theirs */
    uint32_t loss_ppm;   /* requests or replies lost, estimated from repeated requests; a late reply
                          * is not lost */
    uint32_t missed_ppm; /* the share of existing hosts that this loss makes the sweep miss */
    uint32_t finished;   /* 1: all requests were sent and waited for; 0 also after a failure */
    uint32_t waited_ms;  /* hosts that take longer to reply may be missing; 0: every address has
                          * replied, or the last round is not over */
    uint32_t reserved[13];
};

struct arpq_sweep;

/*
 * arpq_sweep_open - find the hosts of a prefix: request every address on the link itself.
 *
 * h        may be closed before the sweep.
 * sweep    receives the sweep, which arpq_sweep_close releases; NULL on failure.
 * prefix, prefix_length  the addresses. Bits after the length do not count. IPv4: the sweep
 *          excludes the broadcast addresses of the interface's subnets. Before Linux 5.14 these
 *          include the lowest address of a subnet; since then it is a host address, for which alone
 *          the sweep does not wait. IPv6: with a length of 112 or more, the sweep requests each
 *          address. With a shorter length, it lists the addresses in the prefix that reply to an
 *          echo request to all nodes of the link or are in the table; length 0 means all hosts on
 *          the link.
 * options  NULL for the defaults. size is 8 to 4096. Members that this library does not know must
 *          be zero.
 *
 * Methods: with CAP_NET_RAW the sweep sends its own ARP requests, which add nothing to this
 * machine's neighbour table, except for addresses on other interfaces. Without it, and for IPv6,
 * the kernel resolves the addresses, as many at a time as with arpq_resolve_many. arpq_sweep_stats
 * gives the method.
 *
 * Repetition: the sweep requests an address without a reply twice if the link loses nothing.
 * Otherwise it repeats requests, up to 10 times, until the expected number of missed hosts at the
 * observed loss is less than one half and less than a thousandth of all hosts. Between rounds it
 * waits four times as long as the slowest reply took. If addresses have not replied, it waits after
 * the last round until answer_ms have passed since the last packet. By default it also waits, as
 * arp-scan does for hosts that sleep, until 1250 ms after the begin of the last round, and until
 * 1250 ms and 2 ms for each address, but not for more than 250, after the begin of the sweep.
 * The sweep ends early when every address has replied. If the kernel resolves the addresses, it
 * requests each one twice (up to 3 times with attempts), one second apart.
 *
 * Interfaces: without an ifindex or a scope, the kernel's routes decide about each address when it
 * is first requested; later changes of the routes do not matter. The interface of the sweep is the
 * one that reaches most addresses of the prefix (of 16 that are spread over it); if it has no IPv4
 * address, the kernel resolves. An address that the kernel sends to on another interface is
 * resolved there by the kernel, as without CAP_NET_RAW, or excluded if the caller selects the
 * sender's address (source, NO_SOURCE). The sweep excludes these addresses, and no longer counts
 * them as targets: those that the kernel sends to through a gateway or not at all, those of this
 * machine, broadcast addresses, and those on an interface without ARP. For an IPv6 prefix that is
 * not requested address by address, the sweep takes from other interfaces only the entries of the
 * table. With an ifindex or a scope, every address is requested on that interface.
 *
 * VLAN: with a vlan, the sweep needs no VLAN device. Every address is requested on the interface
 * that is named or selected as above, because routes do not know tags. The sender's address is
 * source, or one of that interface. Packets without the tag do not count; the priority in the tag
 * is ignored. On a VLAN device, the tag is the inner one of two. The interface is in promiscuous
 * mode until arpq_sweep_close, because cards drop tags that belong to no VLAN device. This requires
 * CAP_NET_RAW, because the kernel can neither send such requests nor report such hosts.
 *
 * Limits: hosts that invent addresses cannot delay a sweep without end. Of the addresses that reply
 * to an echo request, the sweep lists 65 536, in 16 MiB. It resolves 1024 at a time, for up to 3 s
 * after the wait of the last round, and reports the others without a MAC. By ARP, a sweep uses 8
 * bytes for each address, and 256 KiB. One step of arpq_sweep_next reads 64 packets.
 *
 * Results: the addresses of this machine in the prefix come first. A host that claims an address
 * without a request is also reported; an RFC 5227 probe claims nothing.
 *
 * A forked child must not call any function for a sweep except arpq_sweep_close.
 *
 * Returns 0, or an error:
 *   -E2BIG          more than 65 536 addresses, or an IPv6 prefix length of 1 to 111, without
 *                   ARPQ_SWEEP_FORCE
 *   -EINVAL         invalid argument; a multicast prefix; IPv6 with length 0 without an interface;
 *                   two of source, NO_SOURCE and NO_RAW, or vlan with NO_RAW
 *   -EPERM          no CAP_NET_RAW, and requests of the kernel do not suffice (source, NO_SOURCE,
 *                   vlan)
 *   -ENETUNREACH    no interface reaches the prefix directly
 *   -ENODEV         no such interface
 *   -ENETDOWN       the interface is down
 *   -EBUSY          the interface is a port of a bridge or bond, which receives the replies
 *                   (arpq_detail names it)
 *   -EOPNOTSUPP     the link has no addresses or no ARP, or with a vlan is not Ethernet
 *   -EADDRNOTAVAIL  the named interface, or with a vlan the selected one, has no address to send
 *                   from
 *   -EAFNOSUPPORT   neither IPv4 nor IPv6; also source, NO_SOURCE or vlan with IPv6
 *   -ENOMEM, -ENOBUFS, -EMFILE, -ENFILE, -ETIMEDOUT  the system lacks a resource
 * Not thread-safe: one thread at a time may use a sweep. Privilege: see above. packet(7), RFC 826,
 * RFC 4861, RFC 4443.
 */
int arpq_sweep_open(struct arpq_handle *h, struct arpq_sweep **sweep, const struct arpq_ip *prefix,
                    uint32_t prefix_length, const struct arpq_sweep_options *options);

/*
 * arpq_sweep_fd - get a descriptor that becomes readable (poll(2)) when arpq_sweep_next should be
 * called.
 *
 * arpq_sweep_next may still have no host. The descriptor belongs to the sweep.
 *
 * Returns the descriptor; -EINVAL for NULL. Not thread-safe. No privilege.
 */
int arpq_sweep_fd(const struct arpq_sweep *sweep);

/*
 * arpq_sweep_next - continue the sweep until it finds the next host.
 *
 * found       receives the host; zeroed if there is none.
 * timeout_ms  the time to continue for a host: 0 does only what is possible at once, -1 continues
 *             to the end.
 *
 * If the link accepts no more packets for the moment, the sweep waits and counts this (deferred). A
 * call takes at most about 10 ms longer than timeout_ms, for any number of packets; by echo, one
 * call also reads the kernel's table. If the kernel resolves the addresses and by echo, a call may
 * wait for the kernel's RTNL lock, like arpq_resolver_next.
 *
 * Returns 1 with a host; 0 if the timeout expires; or an error:
 *   -ENODATA  the sweep has finished; in each later call too
 *   -EINVAL   NULL, or a timeout below -1
 *   -ENETDOWN, -ENODEV  the interface of the sweep went down or was removed: this ends the sweep,
 *             after the hosts found before were returned. Later calls return the same code
 *   -EPERM    a firewall prohibits echo requests, or a sandbox prohibits what the kernel needs to
 *             resolve addresses on other interfaces: ends the sweep like -ENETDOWN
 *   -ECANCELED, -EINTR  see arpq_wake; the sweep may continue
 *   -ENOBUFS  the link has accepted no packet for a second, for example if a firewall drops ARP;
 *             the sweep may continue
 *   -ENOMEM and other resource errors  the sweep may continue
 * Not thread-safe. No privilege.
 */
int arpq_sweep_next(struct arpq_sweep *sweep, struct arpq_found *found, int32_t timeout_ms);

/* arpq_sweep_stats - get the counters of a sweep. Returns 0; -EINVAL for NULL, with stats zeroed.
 * Not thread-safe. No privilege. */
int arpq_sweep_stats(struct arpq_sweep *sweep, struct arpq_sweep_stats *stats);

/* arpq_sweep_close - release a sweep, finished or not. NULL is accepted. Not thread-safe. No
 * privilege. */
void arpq_sweep_close(struct arpq_sweep *sweep);

/* found is valid during the call. A return value other than 0 ends the sweep. */
typedef int (*arpq_sweep_callback)(const struct arpq_found *found, void *context);

/*
 * arpq_sweep_each - run a whole sweep and pass each host to a callback when it is found.
 *
 * prefix, prefix_length, options  as for arpq_sweep_open.
 * callback  if it returns a value other than 0, the sweep ends and the function returns this value.
 * context   passed to the callback.
 * stats     receives the counters, also on failure (zeroed if the sweep did not start); may be
 *           NULL.
 *
 * Returns 0; the value that the callback returned; otherwise as arpq_sweep_open and
 * arpq_sweep_next. Thread-safe: each call has its own sweep. Privilege as for arpq_sweep_open.
 */
int arpq_sweep_each(struct arpq_handle *h, const struct arpq_ip *prefix, uint32_t prefix_length,
                    const struct arpq_sweep_options *options, arpq_sweep_callback callback,
                    void *context, struct arpq_sweep_stats *stats);

/* ---- arpq_sniffer(3): receive the ARP and NDP frames of a link ------ */

/* Flags of struct arpq_sniffer_options. */
#define ARPQ_SNIFFER_ARP 0x1u          /* report ARP; without this and NDP: both */
#define ARPQ_SNIFFER_NDP 0x2u          /* report neighbour and router discovery, redirects */
#define ARPQ_SNIFFER_CLAIMS 0x4u       /* report only frames with NEW, MOVED, CONFLICT or OURS */
#define ARPQ_SNIFFER_OUTGOING 0x8u     /* also report frames that this machine sends */
#define ARPQ_SNIFFER_PROMISCUOUS 0x10u /* also frames for other hosts (requires ifindex) */

struct arpq_sniffer_options {
    uint32_t size;           /* sizeof(struct arpq_sniffer_options) of the caller */
    uint32_t flags;          /* ARPQ_SNIFFER_* */
    uint32_t ifindex;        /* 0: all interfaces */
    uint32_t receive_buffer; /* bytes to request; 0: as much as the kernel grants, up to 4 MiB */
    uint32_t damping_ms;     /* the damping time, for ARPQ_SNIFFED_CONFLICT; 0: 10 000 */
    uint32_t claims_max;     /* addresses to remember, up to 16 M, 132 bytes each; 0: 65 536 */
    uint32_t reserved[10];
};

/* Types of struct arpq_sniffed. */
#define ARPQ_SNIFFED_ARP 1u
#define ARPQ_SNIFFED_NEIGHBOUR_SOLICITATION 2u
#define ARPQ_SNIFFED_NEIGHBOUR_ADVERTISEMENT 3u
#define ARPQ_SNIFFED_ROUTER_SOLICITATION 4u
#define ARPQ_SNIFFED_ROUTER_ADVERTISEMENT 5u
#define ARPQ_SNIFFED_REDIRECT 6u

/* Flags of struct arpq_sniffed. */
#define ARPQ_SNIFFED_VLAN 0x1u     /* vlan_tci is set */
#define ARPQ_SNIFFED_OUTGOING 0x2u /* this machine sent the frame */
#define ARPQ_SNIFFED_PROBE 0x4u    /* tests whether the address is in use: claims nothing */
#define ARPQ_SNIFFED_NEW 0x8u      /* the first claim to this address */
#define ARPQ_SNIFFED_MOVED 0x10u   /* another MAC than that of the last claim, which is old_mac */
#define ARPQ_SNIFFED_CONFLICT                                                                      \
    0x20u                         /* two hosts claim the address: within the damping time it moved
                                   * back or to a sixth MAC, or another host claims an address of
                                   * this machine. Reported once in the damping time. */
#define ARPQ_SNIFFED_ROUTER 0x40u /* this and the next two: the flags of an advertisement */
#define ARPQ_SNIFFED_SOLICITED 0x80u
#define ARPQ_SNIFFED_OVERRIDE 0x100u
#define ARPQ_SNIFFED_MISMATCH 0x200u /* the frame's source is not the claimed MAC */
#define ARPQ_SNIFFED_OURS                                                                          \
    0x400u                             /* another host claims, or with PROBE tests, an address that
                                        * this machine has on the interface */
#define ARPQ_SNIFFED_OUTER_VLAN 0x800u /* outer_tci is set: the outer of two tags (QinQ) */

/*
 * A received frame.
 *
 * ip and mac are the claim in the frame: the host with mac claims to have ip. For ARP they are
 * those of the sender. For an advertisement they are its target, and its target link-layer address
 * option or, without one, the frame's source. For other NDP messages they are the IP source and the
 * link-layer address option. If the frame claims nothing, mac has length 0, and ip is the sender or
 * has family 0. A claim to an address that no host on a link can have (loopback, multicast,
 * 240.0.0.0/4) is neither NEW nor remembered. With ARPQ_SNIFFED_PROBE, ip is the tested address and
 * mac the host that tests it. target is the requested address (ARP and NDP: the target field; a
 * redirect: the better first hop).
 */
struct arpq_sniffed {
    uint32_t type;  /* ARPQ_SNIFFED_* of the first list */
    uint32_t flags; /* ARPQ_SNIFFED_* of the second list */
    uint32_t ifindex;
    uint16_t vlan_tci;  /* priority, drop eligibility, VLAN identifier; of two tags the inner one */
    uint16_t operation; /* of ARP */
    uint64_t time_ns;   /* since 1970, from the kernel */
    struct arpq_ip ip;
    struct arpq_ip target;
    struct arpq_mac mac;
    struct arpq_mac old_mac;
    struct arpq_mac source;      /* of the frame; length 0: unknown */
    struct arpq_mac destination; /* of the frame; length 0: unknown (not Ethernet) */
    uint16_t outer_tci;
    uint16_t reserved16;
    uint32_t reserved[7];
};

/* The counters of a sniffer. */
struct arpq_sniffer_stats {
    uint64_t frames;    /* received */
    uint64_t dropped;   /* by the kernel, because the buffer was full */
    uint64_t malformed; /* truncated, with wrong lengths, or invalid (NDP) */
    uint64_t claims;    /* addresses remembered */
    uint64_t forgotten; /* addresses forgotten, because claims_max was reached */
    uint64_t moved;
    uint64_t conflicts;
    uint64_t receive_buffer; /* bytes granted, as the kernel counts them */
    uint64_t reserved[8];
};

struct arpq_sniffer;

/*
 * arpq_sniffer_open - receive the ARP and NDP frames of a link, through a filter in the kernel.
 *
 * h        the handle whose namespace is used. It may be closed before the sniffer.
 * sniffer  receives the sniffer, which arpq_sniffer_close releases; NULL on failure.
 * options  NULL for the defaults. size is 8 to 4096. Members that this library does not know must
 *          be zero.
 *
 * NDP messages count only if they are valid (RFC 4861 sections 6.1, 7.1 and 8.1), with hop limit
 * 255 and a correct checksum among other conditions. The sniffer remembers claims by interface and
 * VLAN, up to claims_max. A host that invents addresses does not evict the claims of other hosts:
 * the first three quarters are kept, and later claims share the last quarter, where a new claim
 * replaces the oldest one. A repeated claim of the last quarter replaces a kept one that was not
 * repeated for a day. A MAC of this machine causes no conflict. An advertisement without the
 * override flag does not replace a claim. A frame that arrives through a bridge, a bond or a VLAN
 * is reported on each of these interfaces.
 *
 * A forked child must not call any function for a sniffer except arpq_sniffer_close.
 *
 * Returns 0, or an error:
 *   -EPERM       no CAP_NET_RAW in the handle's namespace
 *   -ENODEV      no such interface
 *   -ENETDOWN    the interface is down
 *   -EOPNOTSUPP  the system has no packet sockets
 *   -EINVAL      invalid argument
 *   -ENOMEM, -ENOBUFS, -EMFILE, -ENFILE  the system lacks a resource
 * Not thread-safe: one thread at a time may use a sniffer. Requires CAP_NET_RAW. packet(7), RFC
 * 826, RFC 5227, RFC 4861.
 */
int arpq_sniffer_open(struct arpq_handle *h, struct arpq_sniffer **sniffer,
                      const struct arpq_sniffer_options *options);

/*
 * arpq_sniffer_fd - get a descriptor that becomes readable (poll(2)) when arpq_sniffer_next should
 * be called.
 *
 * arpq_sniffer_next may still have no frame. The descriptor belongs to the sniffer.
 *
 * Returns the descriptor; -EINVAL for NULL. Not thread-safe. No privilege.
 */
int arpq_sniffer_fd(const struct arpq_sniffer *sniffer);

/*
 * arpq_sniffer_next - get the next frame.
 *
 * frame       receives the frame; zeroed if there is none.
 * timeout_ms  the time to wait for a frame: 0 does not wait, -1 has no limit.
 *
 * A call takes at most about 10 ms longer than timeout_ms, for any number of frames.
 *
 * Returns 1 with a frame; 0 if the timeout expires; or an error:
 *   -EINVAL    NULL, or a timeout below -1
 *   -ENETDOWN  once, when the interface goes down; frames arrive again when it is up
 *   -ENODEV    the interface is gone. If it went down first, the descriptor does not become
 *              readable: call the function periodically
 *   -ENOMEM    not enough memory; the sniffer stays usable
 *   -ECANCELED, -EINTR  see arpq_wake; the sniffer stays usable
 * Not thread-safe. No privilege.
 */
int arpq_sniffer_next(struct arpq_sniffer *sniffer, struct arpq_sniffed *frame, int32_t timeout_ms);

/*
 * arpq_sniffer_stats - get the counters of a sniffer. Returns 0; -EINVAL for NULL, with stats
 * zeroed. Not thread-safe. No privilege.
 */
int arpq_sniffer_stats(struct arpq_sniffer *sniffer, struct arpq_sniffer_stats *stats);

/* arpq_sniffer_close - release a sniffer. NULL is accepted. Not thread-safe. No privilege. */
void arpq_sniffer_close(struct arpq_sniffer *sniffer);

#pragma GCC visibility pop

#ifdef __cplusplus
#pragma GCC diagnostic pop
}
#endif

#endif
