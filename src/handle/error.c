/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "arpq.h"

/* The codes of arguments, sockets and interfaces. */
static const char *error_of_argument(int code)
{
    switch (code) {
    case -EBADF:
        return "bad file descriptor";
    case -ENOTSOCK:
        return "not a socket";
    case -ENOTCONN:
        return "the socket is not connected";
    case -EBADMSG:
        return "the kernel's answer is malformed";
    case -EBUSY:
        return "the interface is a port of another one, which receives its packets";
    case -ESTALE:
        return "a forked child has to call arpq_mirror_sync first";
    case -EEXIST:
        return "exists already";
    case -EADDRNOTAVAIL:
        return "no neighbour can have that address";
    case -E2BIG:
        return "too many addresses";
    case -ENETDOWN:
        return "the interface is down";
    case -EXDEV:
        return "the calling thread is in another network namespace";
    case -ENAMETOOLONG:
        return "name too long";
    case -ERANGE:
        return "out of range";
    case -EILSEQ:
        return "wrong checksum";
    case -ENOMSG:
        return "not a message of that kind";
    case -ENOSPC:
        return "the buffer is too small";
    case -ECANCELED:
        return "arpq_wake ended the wait";
    case -EINTR:
        return "a signal ended the wait";
    case -ENODATA:
        return "nothing more will come";
    default:
        return "unknown error";
    }
}

/* A switch takes any int of the caller; a table would need its bounds and sign checked. */
const char *arpq_strerror(int code)
{
    code = code < 0 ? code : -code; /* INT_MIN has no positive value */
    switch (code) {
    case 0:
        return "the address is known";
    case -ENOENT:
        return "directly reachable, but the kernel has no neighbour entry for it; or no such "
               "address";
    case -EAGAIN:
        return "resolution is in progress";
    case -EHOSTUNREACH:
        return "resolution failed: nobody answered";
    case -ENETUNREACH:
        return "no interface of this machine reaches the address directly";
    case -ENODEV:
        return "no such interface";
    case -EOPNOTSUPP:
        return "not supported by this link or this system";
    case -EAFNOSUPPORT:
        return "address family not supported";
    case -EINVAL:
        return "invalid argument, or a link-local address without a scope";
    case -EPERM:
        return "permission denied";
    case -EACCES:
        return "access denied";
    case -ENOMEM:
        return "out of memory";
    case -ENOBUFS:
        return "the kernel has no room left";
    case -EMFILE:
        return "this process has too many open descriptors";
    case -ENFILE:
        return "the system has too many open descriptors";
    case -ETIMEDOUT:
        return "no answer came in time";
    case -ETIME:
        return "the packet used up its hop limit on the way";
    case -EMSGSIZE:
        return "too large for the link";
    default:
        return error_of_argument(code);
    }
}
