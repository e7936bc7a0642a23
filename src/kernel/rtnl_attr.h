/* SPDX-License-Identifier: MIT */
/* Functions that read attributes and check the length of the payload. They treat an attribute with
 * a payload of the wrong size as absent. */
#ifndef AQ_KERNEL_RTNL_ATTR_H
#define AQ_KERNEL_RTNL_ATTR_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "arpq.h"
#include "value/ip.h"

/* These are inline, unlike the functions of libmnl: a large dump calls them a million times. */
static inline uint16_t aq_attr_type(const struct nlattr *attribute)
{
    return (uint16_t)(attribute->nla_type & 0x3fffu); /* NLA_TYPE_MASK is an int */
}

static inline const void *aq_attr_payload(const struct nlattr *attribute)
{
    return attribute + 1;
}

static inline size_t aq_attr_length(const struct nlattr *attribute)
{
    return attribute->nla_len - sizeof *attribute;
}

/* Returns the attribute at `at`, or NULL if there is no complete attribute before `end`. */
static inline const struct nlattr *aq_attr_at(const char *at, const char *end)
{
    const struct nlattr *attribute = (const struct nlattr *)(const void *)at;

    if (end - at < (ptrdiff_t)sizeof *attribute || attribute->nla_len < sizeof *attribute ||
        end - at < attribute->nla_len)
        return NULL;
    return attribute;
}

/* Loops over the attributes after a family header of `fixed` bytes. The kernel's
 * macros narrow a pointer difference to int, which -Wconversion reports. */
#define AQ_ATTR_EACH(attribute, message, fixed)                                                    \
    AQ_ATTR_EACH_TO(attribute,                                                                     \
                    (const char *)(message) + sizeof(struct nlmsghdr) +                            \
                        (((size_t)(fixed) + 3) & ~(size_t)3),                                      \
                    (const char *)(message) + (message)->nlmsg_len)

/* Loops over the attributes that another attribute contains. */
#define AQ_ATTR_EACH_IN(attribute, nest)                                                           \
    AQ_ATTR_EACH_TO(attribute, aq_attr_payload(nest), (const char *)(nest) + (nest)->nla_len)

#define AQ_ATTR_EACH_TO(attribute, begin, end)                                                     \
    for ((attribute) = aq_attr_at(begin, end); (attribute);                                        \
         (attribute) =                                                                             \
             aq_attr_at((const char *)(attribute) + NLA_ALIGN((attribute)->nla_len), end))

static inline bool aq_attr_copy(const struct nlattr *attribute, void *to, size_t size)
{
    if (aq_attr_length(attribute) != size)
        return false;
    memcpy(to, aq_attr_payload(attribute), size);
    return true;
}

static inline bool aq_attr_ip(const struct nlattr *attribute, uint16_t family, struct arpq_ip *ip)
{
    struct arpq_ip value = {.family = family};
    size_t length = aq_ip_length(&value);

    if (length == 0 || !aq_attr_copy(attribute, value.bytes, length))
        return false;
    *ip = value;
    return true;
}

static inline bool aq_attr_mac(const struct nlattr *attribute, struct arpq_mac *mac)
{
    size_t length = aq_attr_length(attribute);

    if (length > ARPQ_MAC_MAX)
        return false;
    memset(mac->bytes, 0, sizeof mac->bytes);
    memcpy(mac->bytes, aq_attr_payload(attribute), length);
    mac->length = (uint8_t)length;
    return true;
}

/* Copies text of up to size - 1 bytes, with or without a terminating NUL. */
static inline bool aq_attr_text(const struct nlattr *attribute, char *text, size_t size)
{
    size_t length = strnlen(aq_attr_payload(attribute), aq_attr_length(attribute));

    if (length >= size)
        return false;
    memset(text, 0, size);
    memcpy(text, aq_attr_payload(attribute), length);
    return true;
}

/* The struct member to which an attribute is copied. If size is 0, the attribute is not copied. */
struct aq_attr_place {
    uint16_t offset;
    uint8_t size;
    uint8_t how;
};
enum { AQ_ATTR_NUMBER, AQ_ATTR_TEXT, AQ_ATTR_MAC };

#define AQ_ATTR_PLACE(type, member, how)                                                           \
    {                                                                                              \
        offsetof(type, member), sizeof(((type *)NULL)->member), how                                \
    }

/* Copies an attribute according to a table that is indexed by attribute type. Returns false and
 * leaves the member unchanged if the size does not match. */
bool aq_attr_put(const struct aq_attr_place *places, size_t count, const struct nlattr *attribute,
                 void *to);

#endif
