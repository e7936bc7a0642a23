/* SPDX-License-Identifier: MIT */
#include "ifmap/prefix.h"

#include "value/ip.h"

struct aq_prefix_class aq_prefix_class_of(uint16_t family, unsigned length)
{
    struct arpq_ip ones = {.family = family};
    struct aq_prefix_class class = {
        .number = aq_prefix_family(family) * AQ_PREFIX_CLASS_COUNT + length,
    };

    memset(ones.bytes, 0xff, aq_ip_length(&ones));
    if (length != AQ_PREFIX_WHOLE)
        aq_ip_mask(&ones, length);
    class.mask = aq_prefix_words_of(&ones);
    return class;
}

void aq_prefix_add_class(struct aq_prefix_classes *classes, uint16_t family,
                         const struct aq_prefix_class *class)
{
    uint32_t *count = &classes->count[aq_prefix_family(family)], at = 0;
    struct aq_prefix_class *list = classes->list[aq_prefix_family(family)];

    while (at < *count && list[at].number > class->number)
        at++;
    if (at < *count && list[at].number == class->number)
        return;
    memmove(&list[at + 1], &list[at], (*count - at) * sizeof *list);
    list[at] = *class;
    (*count)++;
}
