/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "handle/handle.h"
#include "handle/interfaces.h"
#include "handle/readers.h"
#include "handle/sockets.h"
#include "interface/snapshot.h"
#include "kernel/rtnl_link.h"
#include "kernel/sys.h"

static int interface_fill(struct arpq *h, uint32_t flags, struct arpq_interfaces *list)
{
    int code = flags & ARPQ_INTERFACES_READ ? aq_snapshot_read(h, list) : -EOPNOTSUPP;

    return code == -EOPNOTSUPP ? aq_interfaces_copy(h, &list->map) : code;
}

int arpq_interfaces_get(struct arpq *h, uint32_t flags, struct arpq_interfaces **list)
{
    struct arpq_interfaces *made;
    int code;

    aq_rtnl_detail_clear();
    if (list)
        *list = NULL;
    if (!h || !list || flags & ~ARPQ_INTERFACES_READ)
        return -EINVAL;
    made = calloc(1, sizeof *made);
    if (!made)
        return -ENOMEM;
    code = interface_fill(h, flags, made);
    if (code < 0) {
        free(made);
        return code;
    }
    *list = made;
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

static bool more_at(const struct arpq_interfaces *list, uint32_t n)
{
    return n < arpq_interfaces_count(list) && list->more;
}

const struct arpq_interface_stats *arpq_interfaces_stats_at(const struct arpq_interfaces *list,
                                                            uint32_t n)
{
    return more_at(list, n) ? &list->more[n].stats : NULL;
}

const char *arpq_interfaces_text_at(const struct arpq_interfaces *list, uint32_t n, uint32_t which)
{
    uint32_t at = more_at(list, n) && which < AQ_LINK_TEXTS ? list->more[n].texts[which] : 0;

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

const struct arpq_interface *arpq_interfaces_by_index(const struct arpq_interfaces *list,
                                                      uint32_t ifindex)
{
    return list ? aq_ifmap_link(&list->map, ifindex) : NULL;
}

const char *arpq_operstate_name(uint32_t operstate)
{
    static const char names[][16] = {
        "UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP",
    };

    return operstate < sizeof names / sizeof names[0] ? names[operstate] : "";
}

/* ---- Names ---- */

/* An alternative name: the kernel takes it wherever it takes a name. */
static int ask_index(struct arpq *h, const char *name, uint32_t *ifindex)
{
    struct ifreq request = {0};
    int code;

    /* Before a colon it would take any label for its device. */
    if (h->inet_fd < 0 || strchr(name, ':'))
        return -ENODEV;
    memcpy(request.ifr_name, name, strlen(name));
    code = aq_sys_ioctl(h->inet_fd, SIOCGIFINDEX, &request);
    if (code == 0)
        *ifindex = (uint32_t)request.ifr_ifindex;
    return code;
}

/* What no ioctl has room for is an alternative name, if anything. */
static int find_long(struct arpq *h, const char *name, uint32_t *ifindex)
{
    struct aq_rtnl *rtnl;
    int code = aq_sockets_lock(h, &rtnl);

    if (code == 0) {
        code = aq_rtnl_link_find(rtnl, name, ifindex);
        aq_sockets_unlock(h, rtnl);
    }
    /* A kernel that has no such names says that it was given none. */
    return code == -EINVAL || aq_sys_is_refusal(code) ? -ENODEV : code;
}

static uint32_t known_index(struct arpq *h, const char *name)
{
    struct aq_reader *reader;
    const struct aq_view *view = aq_readers_enter(h, &reader);
    const struct arpq_interface *link = aq_view_link_named(view, name);
    uint32_t ifindex = link ? link->index : 0;

    aq_readers_leave(reader);
    return ifindex;
}

int arpq_name_to_index(struct arpq *h, const char *name, uint32_t *ifindex)
{
    int code;

    aq_rtnl_detail_clear();
    if (ifindex)
        *ifindex = 0;
    if (!h || !name || !ifindex || !name[0])
        return -EINVAL;
    code = aq_interfaces_refresh(h);
    if (code < 0)
        return code;
    if (strnlen(name, ARPQ_IFNAME_SIZE) == ARPQ_IFNAME_SIZE)
        return find_long(h, name, ifindex);
    *ifindex = known_index(h, name);
    if (*ifindex)
        return 0;
    code = aq_interfaces_update(h, 0);
    if (code < 0)
        return code;
    *ifindex = known_index(h, name);
    return *ifindex ? 0 : ask_index(h, name, ifindex);
}

static bool known_name(struct arpq *h, uint32_t ifindex, char *name)
{
    struct aq_reader *reader;
    const struct aq_view *view = aq_readers_enter(h, &reader);
    const struct arpq_interface *link = aq_view_link(view, ifindex);

    if (link)
        memcpy(name, link->name, ARPQ_IFNAME_SIZE);
    aq_readers_leave(reader);
    return link != NULL;
}

int arpq_index_to_name(struct arpq *h, uint32_t ifindex, char *name)
{
    int code;

    aq_rtnl_detail_clear();
    if (name)
        memset(name, 0, ARPQ_IFNAME_SIZE);
    if (!h || !name || ifindex == 0 || ifindex > INT32_MAX)
        return -EINVAL;
    code = aq_interfaces_refresh(h);
    if (code < 0)
        return code;
    if (known_name(h, ifindex, name))
        return 0;
    code = aq_interfaces_update(h, 0);
    if (code < 0)
        return code;
    return known_name(h, ifindex, name) ? 0 : -ENODEV;
}
