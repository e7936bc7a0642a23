/* SPDX-License-Identifier: MIT */
#include "ifmap/prefix.h"

#include "value/ip.h"

struct aq_prefix_class aq_prefix_class_of(uint32_t number)
{
    struct arpq_ip ones = {.family = number < AQ_PREFIX_CLASS_COUNT ? AF_INET : AF_INET6};
    struct aq_prefix_class class = {.number = number};
    unsigned length = number % AQ_PREFIX_CLASS_COUNT;

    memset(ones.bytes, 0xff, aq_ip_length(&ones));
    if (length != AQ_PREFIX_WHOLE)
        aq_ip_mask(&ones, length);
    class.mask = aq_prefix_words_of(&ones);
    return class;
}

void aq_prefix_add_class(struct aq_prefix_classes *classes, uint32_t number)
{
    uint32_t *count = &classes->count[number / AQ_PREFIX_CLASS_COUNT], at = 0;
    struct aq_prefix_class *list = classes->list[number / AQ_PREFIX_CLASS_COUNT];

    while (at < *count && list[at].number > number)
        at++;
    if (at < *count && list[at].number == number)
        return;
    memmove(&list[at + 1], &list[at], (*count - at) * sizeof *list);
    list[at] = aq_prefix_class_of(number);
    (*count)++;
}
