/* SPDX-License-Identifier: MIT */
/* Reading attribute payloads with their length checked: a payload of the wrong size
 * counts as absent. */
#ifndef AQ_KERNEL_RTNL_ATTR_H
#define AQ_KERNEL_RTNL_ATTR_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "arpq.h"
#include "value/ip.h"

/* libmnl's functions for these are calls, of which a dump takes a million. */
static inline uint16_t aq_attr_type(const struct nlattr *attribute)
{
    return (uint16_t)(attribute->nla_type & 0x3fffu); /* NLA_TYPE_MASK, which is an int */
}

static inline const void *aq_attr_payload(const struct nlattr *attribute)
{
    return attribute + 1;
}

static inline size_t aq_attr_length(const struct nlattr *attribute)
{
    return attribute->nla_len - sizeof *attribute;
}

/* The attribute at `at` if a whole one fits before `end`. */
static inline const struct nlattr *aq_attr_at(const char *at, const char *end)
{
    const struct nlattr *attribute = (const struct nlattr *)(const void *)at;

    if (end - at < (ptrdiff_t)sizeof *attribute || attribute->nla_len < sizeof *attribute ||
        end - at < attribute->nla_len)
        return NULL;
    return attribute;
}

/* The attributes behind a family header of `fixed` bytes. libmnl's own loop narrows a
 * pointer difference to int in the caller's code. */
#define AQ_ATTR_EACH(attribute, message, fixed)                                                    \
    AQ_ATTR_EACH_TO(attribute, mnl_nlmsg_get_payload_offset(message, fixed),                       \
                    (const char *)(message) + (message)->nlmsg_len)

/* Those inside another one. */
#define AQ_ATTR_EACH_IN(attribute, nest)                                                           \
    AQ_ATTR_EACH_TO(attribute, aq_attr_payload(nest), (const char *)(nest) + (nest)->nla_len)

#define AQ_ATTR_EACH_TO(attribute, begin, end)                                                     \
    for ((attribute) = aq_attr_at(begin, end); (attribute);                                        \
         (attribute) =                                                                             \
             aq_attr_at((const char *)(attribute) + MNL_ALIGN((attribute)->nla_len), end))

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

/* Text of up to size - 1 bytes, with or without its NUL. */
static inline bool aq_attr_text(const struct nlattr *attribute, char *text, size_t size)
{
    size_t length = strnlen(aq_attr_payload(attribute), aq_attr_length(attribute));

    if (length >= size)
        return false;
    memset(text, 0, size);
    memcpy(text, aq_attr_payload(attribute), length);
    return true;
}

/* Where the payload of an attribute goes in a struct. Size 0: nowhere. */
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

/* Put it there, by a table whose rows are the attributes' numbers. False when it does not
 * fit, which leaves the member as it was. */
bool aq_attr_put(const struct aq_attr_place *places, size_t count, const struct nlattr *attribute,
                 void *to);

#endif
