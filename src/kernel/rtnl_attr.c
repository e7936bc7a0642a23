/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl_attr.h"

bool aq_attr_put(const struct aq_attr_place *places, size_t count, const struct nlattr *attribute,
                 void *to)
{
    uint16_t type = aq_attr_type(attribute);

    if (type >= count || places[type].size == 0)
        return true;
    to = (char *)to + places[type].offset;
    switch (places[type].how) {
    case AQ_ATTR_MAC:
        return aq_attr_mac(attribute, to);
    case AQ_ATTR_TEXT:
        return aq_attr_text(attribute, to, places[type].size);
    default:
        return aq_attr_copy(attribute, to, places[type].size);
    }
}
