/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "handle/detail.h"
#include "handle/handle.h"
#include "handle/interfaces.h"
#include "handle/names.h"
#include "interface/snapshot.h"

static int interface_fill(struct arpq_handle *h, uint32_t flags, struct arpq_interfaces *list)
{
    int code = flags & ARPQ_INTERFACES_READ ? aq_snapshot_read(h, list) : -EOPNOTSUPP;

    return code == -EOPNOTSUPP ? aq_interfaces_copy(h, &list->map) : code;
}

int arpq_interfaces_get(struct arpq_handle *h, uint32_t flags, struct arpq_interfaces **list)
{
    struct arpq_interfaces *new_list;
    int code;

    aq_detail_begin(h);
    if (list)
        *list = NULL;
    if (!h || !list || flags & ~ARPQ_INTERFACES_READ)
        return -EINVAL;
    new_list = calloc(1, sizeof *new_list);
    if (!new_list)
        return -ENOMEM;
    code = interface_fill(h, flags, new_list);
    if (code < 0) {
        free(new_list);
        return code;
    }
    *list = new_list;
    return 0;
}

void arpq_interfaces_free(struct arpq_interfaces *list)
{
    if (!list)
        return;
    aq_snapshot_clear(list);
    free(list);
}

uint32_t arpq_interfaces_flags(const struct arpq_interfaces *list)
{
    return list ? list->flags : 0;
}

uint32_t arpq_interfaces_count(const struct arpq_interfaces *list)
{
    return list ? (uint32_t)list->map.link_count : 0;
}

uint32_t arpq_interfaces_address_count(const struct arpq_interfaces *list)
{
    return list ? (uint32_t)list->map.address_count : 0;
}

const struct arpq_interface *arpq_interfaces_at(const struct arpq_interfaces *list, uint32_t n)
{
    return n < arpq_interfaces_count(list) ? &list->map.links[n] : NULL;
}

const struct arpq_address *arpq_interfaces_address_at(const struct arpq_interfaces *list,
                                                      uint32_t n)
{
    return n < arpq_interfaces_address_count(list) ? &list->map.addresses[n] : NULL;
}

const struct arpq_interface *arpq_interfaces_entries(const struct arpq_interfaces *list,
                                                     uint32_t *count, uint32_t *stride)
{
    const struct arpq_interface *first = arpq_interfaces_at(list, 0);

    if (count)
        *count = arpq_interfaces_count(list);
    if (stride)
        *stride = first ? sizeof *first : 0;
    return first;
}

const struct arpq_address *arpq_interfaces_addresses(const struct arpq_interfaces *list,
                                                     uint32_t *count, uint32_t *stride)
{
    const struct arpq_address *first = arpq_interfaces_address_at(list, 0);

    if (count)
        *count = arpq_interfaces_address_count(list);
    if (stride)
        *stride = first ? sizeof *first : 0;
    return first;
}

static bool has_details_at(const struct arpq_interfaces *list, uint32_t n)
{
    return n < arpq_interfaces_count(list) && list->details;
}

const struct arpq_interface_stats *arpq_interfaces_stats_at(const struct arpq_interfaces *list,
                                                            uint32_t n)
{
    return has_details_at(list, n) ? &list->details[n].stats : NULL;
}

const char *arpq_interfaces_text_at(const struct arpq_interfaces *list, uint32_t n, uint32_t which)
{
    uint32_t at =
        has_details_at(list, n) && which < AQ_LINK_TEXTS ? list->details[n].texts[which] : 0;

    return at ? list->texts + at : "";
}

uint32_t arpq_interfaces_altname_count(const struct arpq_interfaces *list)
{
    return list ? (uint32_t)list->altname_count : 0;
}

const char *arpq_interfaces_altname_at(const struct arpq_interfaces *list, uint32_t n)
{
    return n < arpq_interfaces_altname_count(list) ? list->texts + list->altnames[n] : NULL;
}

static bool has_altname(const struct arpq_interfaces *list, const struct arpq_interface *link,
                        const char *name)
{
    for (uint32_t n = 0; n < link->altname_count; n++) {
        const char *altname = arpq_interfaces_altname_at(list, link->altname_first + n);

        if (altname && strcmp(altname, name) == 0)
            return true;
    }
    return false;
}

const struct arpq_interface *arpq_interfaces_by_name(const struct arpq_interfaces *list,
                                                     const char *name)
{
    const struct arpq_interface *link;

    if (!list || !name)
        return NULL;
    link = aq_ifmap_link_named(&list->map, name);
    for (size_t i = 0; i < list->map.link_count && !link; i++)
        if (has_altname(list, &list->map.links[i], name))
            link = &list->map.links[i];
    return link;
}

const struct arpq_interface *arpq_interfaces_by_ifindex(const struct arpq_interfaces *list,
                                                        uint32_t ifindex)
{
    return list ? aq_ifmap_link(&list->map, ifindex) : NULL;
}

int arpq_interface_index(struct arpq_handle *h, const char *name, uint32_t *ifindex)
{
    aq_detail_begin(h);
    if (ifindex)
        *ifindex = 0;
    return h && name && ifindex ? aq_names_index(h, name, ifindex) : -EINVAL;
}

int arpq_interface_name(struct arpq_handle *h, uint32_t ifindex, char *name)
{
    aq_detail_begin(h);
    if (name)
        memset(name, 0, ARPQ_IFNAME_SIZE);
    return h && name ? aq_names_name(h, ifindex, name) : -EINVAL;
}
