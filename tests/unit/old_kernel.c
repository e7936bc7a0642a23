/* SPDX-License-Identifier: MIT */
#include "unit/old_kernel.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>

#define UNKNOWN_TYPE                                                                               \
    200 /* above RTM_MAX: the kernel returns -EOPNOTSUPP, as for any request without a handler */
#define FLAGS_EXT 15
#define ADDRESS_PROTOCOL 11 /* IFA_PROTO */
#define SIZE_MAX_SENT 16384

struct old_kernel old_kernel;

ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __real_send(int fd, const void *bytes, size_t size, int flags);

/* Set an unknown bit in an attribute that the kernel knows, so that the kernel refuses the whole
 * attribute. */
static void spoil_flags(struct rtattr *attribute)
{
    uint32_t value;

    memcpy(&value, RTA_DATA(attribute), sizeof value);
    if (value & old_kernel.flags_ext)
        value = UINT32_MAX;
    memcpy(RTA_DATA(attribute), &value, sizeof value);
}

static void drop_attributes(struct nlmsghdr *message, size_t header, uint64_t unknown)
{
    char *from = (char *)NLMSG_DATA(message) + NLMSG_ALIGN(header), *to = from;
    char *end = (char *)message + message->nlmsg_len;

    while (from < end) {
        struct rtattr attribute;
        size_t length;

        memcpy(&attribute, from, sizeof attribute);
        length = RTA_ALIGN(attribute.rta_len);
        if (!(unknown >> (attribute.rta_type & 63) & 1)) {
            memmove(to, from, length);
            if (header == sizeof(struct ndmsg) && attribute.rta_type == FLAGS_EXT)
                spoil_flags((struct rtattr *)(void *)to);
            to += length;
        }
        from += length;
    }
    message->nlmsg_len = (uint32_t)(to - (char *)message);
}

/* A dump may lack entries while the kernel enlarges its table. This one lists the other family. */
static void shorten_dump(struct nlmsghdr *message)
{
    struct ndmsg *neigh = NLMSG_DATA(message);

    if (old_kernel.short_dumps == 0)
        return;
    old_kernel.short_dumps--;
    neigh->ndm_family = neigh->ndm_family == AF_INET ? AF_INET6 : AF_INET;
}

static void keep_protocol(struct nlmsghdr *message)
{
    struct rtattr *attribute = IFA_RTA((struct ifaddrmsg *)NLMSG_DATA(message));
    size_t size = IFA_PAYLOAD(message);

    if (old_kernel.kept_protocol == 0 || !(message->nlmsg_flags & NLM_F_REPLACE))
        return;
    for (; RTA_OK(attribute, size); attribute = RTA_NEXT(attribute, size))
        if (attribute->rta_type == ADDRESS_PROTOCOL)
            memcpy(RTA_DATA(attribute), &old_kernel.kept_protocol, 1);
}

static void grow_old(struct nlmsghdr *message)
{
    switch (message->nlmsg_type) {
    case RTM_GETNEIGH:
        if (message->nlmsg_flags & NLM_F_DUMP)
            shorten_dump(message);
        else if (old_kernel.no_single_get)
            message->nlmsg_type = UNKNOWN_TYPE;
        break;
    case RTM_NEWNEIGH:
        drop_attributes(message, sizeof(struct ndmsg), old_kernel.neigh_attributes);
        break;
    case RTM_NEWADDR:
        drop_attributes(message, sizeof(struct ifaddrmsg), old_kernel.addr_attributes);
        keep_protocol(message);
        break;
    default:
        break;
    }
}

/* One send may contain several messages. This function may shorten each of them. */
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags)
{
    _Alignas(struct nlmsghdr) static _Thread_local char copy[SIZE_MAX_SENT];
    size_t to = 0;
    ssize_t sent;

    if (size > sizeof copy)
        return __real_send(fd, bytes, size, flags);
    for (size_t from = 0; from < size;) {
        struct nlmsghdr *message = (struct nlmsghdr *)(void *)(copy + to);
        uint32_t length;

        memcpy(&length, (const char *)bytes + from, sizeof length);
        memcpy(message, (const char *)bytes + from, length);
        grow_old(message);
        from += NLMSG_ALIGN(length);
        to += NLMSG_ALIGN(message->nlmsg_len);
    }
    sent = __real_send(fd, copy, to, flags);
    return sent < 0 ? sent : (ssize_t)size;
}
