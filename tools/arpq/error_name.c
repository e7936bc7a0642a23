/* SPDX-License-Identifier: MIT */
#include "error_name.h"

#include <errno.h>
#include <stddef.h>

const char *error_name(int code)
{
    static const struct {
        int code;
        const char *name;
    } names[] = {
        {ENOENT, "ENOENT"},
        {EAGAIN, "EAGAIN"},
        {EHOSTUNREACH, "EHOSTUNREACH"},
        {ENETUNREACH, "ENETUNREACH"},
        {ENODEV, "ENODEV"},
        {EOPNOTSUPP, "EOPNOTSUPP"},
        {EINVAL, "EINVAL"},
        {EAFNOSUPPORT, "EAFNOSUPPORT"},
        {ENOMEM, "ENOMEM"},
        {ENOBUFS, "ENOBUFS"},
        {EMFILE, "EMFILE"},
        {ENFILE, "ENFILE"},
        {ETIMEDOUT, "ETIMEDOUT"},
        {EPERM, "EPERM"},
        {EACCES, "EACCES"},
        {EBADMSG, "EBADMSG"},
        {EBUSY, "EBUSY"},
        {EEXIST, "EEXIST"},
        {EADDRNOTAVAIL, "EADDRNOTAVAIL"},
        {ETIME, "ETIME"},
        {EMSGSIZE, "EMSGSIZE"},
        {ENETDOWN, "ENETDOWN"},
        {E2BIG, "E2BIG"},
        {ENAMETOOLONG, "ENAMETOOLONG"},
        {ERANGE, "ERANGE"},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].code == -code)
            return names[i].name;
    return "EOTHER";
}
