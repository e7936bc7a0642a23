/* SPDX-License-Identifier: MIT */
/* Predicates about neighbours for many tests. */
#include <stdbool.h>
#include <sys/socket.h>

#include "kernel/neigh.h"

bool is_all_zero(const void *object, size_t size)
{
    const uint8_t *bytes = object;

    for (size_t i = 0; i < size; i++)
        if (bytes[i])
            return false;
    return true;
}

bool is_group(const struct arpq_ip *ip)
{
    return ip->family == AF_INET6 ? ip->bytes[0] == 0xff
                                  : ip->family == AF_INET && ip->bytes[0] >= 224;
}
