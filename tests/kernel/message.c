/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "kernel/message.h"

void put_attribute(struct nlmsghdr *message, uint16_t type, const void *data, size_t size)
{
    struct rtattr *attribute = (void *)((char *)message + NLMSG_ALIGN(message->nlmsg_len));

    attribute->rta_type = type;
    attribute->rta_len = (uint16_t)RTA_LENGTH(size);
    memcpy(RTA_DATA(attribute), data, size);
    message->nlmsg_len = (uint32_t)(NLMSG_ALIGN(message->nlmsg_len) + RTA_SPACE(size));
}

struct forged forge(uint16_t type, size_t size, uint32_t sequence)
{
    struct forged message = {.header = {.nlmsg_type = type, .nlmsg_seq = sequence}};

    message.header.nlmsg_len = (uint32_t)NLMSG_LENGTH(size);
    return message;
}

size_t port_ids(uint32_t *ids, size_t capacity)
{
    FILE *file = fopen("/proc/thread-self/net/netlink", "r");
    char line[512];
    size_t count = 0;
    uint32_t id;
    int protocol;

    assert_non_null(file);
    while (count < capacity && fgets(line, sizeof line, file))
        if (sscanf(line, "%*s %d %u", &protocol, &id) == 2 && protocol == NETLINK_ROUTE && id)
            ids[count++] = id;
    fclose(file);
    return count;
}
