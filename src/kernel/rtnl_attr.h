/* SPDX-License-Identifier: MIT */
/* Reading attribute payloads with their length checked: a payload of the wrong size
 * counts as absent. */
#ifndef AQ_RTNL_ATTR_H
#define AQ_RTNL_ATTR_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <string.h>

#include "arpq.h"
#include "value/value.h"

/* The attribute at `at` if a whole one fits into what is left of the message. */
static inline const struct nlattr *aq_attr_at(const struct nlmsghdr *message, const char *at)
{
    const struct nlattr *attribute = (const struct nlattr *)(const void *)at;
    ptrdiff_t left = (const char *)message + message->nlmsg_len - at;

    return left > 0 && mnl_attr_ok(attribute, (int)left) ? attribute : NULL;
}

static inline const struct nlattr *aq_attr_first(const struct nlmsghdr *message, size_t fixed)
{
    return aq_attr_at(message, mnl_nlmsg_get_payload_offset(message, fixed));
}

static inline const struct nlattr *aq_attr_next(const struct nlmsghdr *message,
                                                const struct nlattr *attribute)
{
    return aq_attr_at(message, (const char *)mnl_attr_next(attribute));
}

/* For each attribute behind a family header of `fixed` bytes. libmnl's own loop
 * narrows a pointer difference to int in the caller's code. */
#define AQ_ATTR_EACH(attribute, message, fixed)                                                    \
    for ((attribute) = aq_attr_first(message, fixed); (attribute);                                 \
         (attribute) = aq_attr_next(message, attribute))

static inline bool aq_attr_copy(const struct nlattr *attribute, void *to, size_t size)
{
    if (mnl_attr_get_payload_len(attribute) != size)
        return false;
    memcpy(to, mnl_attr_get_payload(attribute), size);
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
    uint16_t length = mnl_attr_get_payload_len(attribute);

    if (length > ARPQ_MAC_MAX)
        return false;
    memset(mac->bytes, 0, sizeof mac->bytes);
    memcpy(mac->bytes, mnl_attr_get_payload(attribute), length);
    mac->length = (uint8_t)length;
    return true;
}

/* Text of up to size - 1 bytes, with or without its NUL. */
static inline bool aq_attr_text(const struct nlattr *attribute, char *text, size_t size)
{
    size_t length = strnlen(mnl_attr_get_payload(attribute), mnl_attr_get_payload_len(attribute));

    if (length >= size)
        return false;
    memset(text, 0, size);
    memcpy(text, mnl_attr_get_payload(attribute), length);
    return true;
}

#endif
