/* SPDX-License-Identifier: MIT */
#include "handle/names.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>

#include "handle/handle.h"
#include "handle/interfaces.h"
#include "handle/readers.h"
#include "handle/sockets.h"
#include "kernel/rtnl_link.h"
#include "kernel/sys.h"

/* SIOCGIFINDEX makes the kernel load the module netdev-NAME if the process may do that, so it is
 * used only where rtnetlink is refused. It accepts alternative names, too. */
static int names_get_index(struct arpq_handle *h, const char *name, uint32_t *ifindex)
{
    struct ifreq request = {0};
    int code;

    /* The ioctl ignores the part of a name after a colon, so it would accept any label of a
     * device. */
    if (h->inet_fd < 0 || strchr(name, ':'))
        return -ENODEV;
    memcpy(request.ifr_name, name, strlen(name));
    code = aq_sys_ioctl(h->inet_fd, SIOCGIFINDEX, &request);
    if (code == 0)
        *ifindex = (uint32_t)request.ifr_ifindex;
    return code;
}

static int names_find(struct arpq_handle *h, const char *name, uint32_t *ifindex)
{
    struct aq_rtnl *rtnl;
    int code = aq_sockets_lock(h, &rtnl);

    if (code == 0) {
        code = aq_rtnl_link_find(rtnl, name, ifindex);
        aq_sockets_unlock(h, rtnl);
    }
    if (code < 0 && aq_sys_is_refusal(code) && strnlen(name, ARPQ_IFNAME_SIZE) < ARPQ_IFNAME_SIZE)
        return names_get_index(h, name, ifindex);
    /* Kernels without alternative names (before 5.5) ignore the name and answer -EINVAL. */
    return aq_sys_is_refusal(code) ? -ENODEV : code;
}

static uint32_t names_view_index(struct arpq_handle *h, const char *name)
{
    struct aq_reader *reader;
    const struct aq_view *view = aq_readers_enter(h, &reader);
    const struct arpq_interface *link = aq_view_link_named(view, name);
    uint32_t ifindex = link ? link->ifindex : 0;

    aq_readers_leave(reader);
    return ifindex;
}

int aq_names_index(struct arpq_handle *h, const char *name, uint32_t *ifindex)
{
    int code;

    *ifindex = 0;
    if (!name[0])
        return -EINVAL;
    code = aq_interfaces_refresh(h);
    if (code < 0)
        return code;
    if (strnlen(name, ARPQ_IFNAME_SIZE) == ARPQ_IFNAME_SIZE)
        return names_find(h, name, ifindex);
    *ifindex = names_view_index(h, name);
    if (*ifindex)
        return 0;
    code = aq_interfaces_catch_up(h);
    if (code < 0)
        return code;
    *ifindex = names_view_index(h, name);
    return *ifindex ? 0 : names_find(h, name, ifindex);
}

static bool names_view_name(struct arpq_handle *h, uint32_t ifindex, char *name)
{
    struct aq_reader *reader;
    const struct aq_view *view = aq_readers_enter(h, &reader);
    const struct arpq_interface *link = aq_view_link(view, ifindex);

    if (link)
        memcpy(name, link->name, ARPQ_IFNAME_SIZE);
    aq_readers_leave(reader);
    return link != NULL;
}

int aq_names_name(struct arpq_handle *h, uint32_t ifindex, char *name)
{
    int code;

    memset(name, 0, ARPQ_IFNAME_SIZE);
    if (ifindex == 0 || ifindex > INT32_MAX)
        return -EINVAL;
    code = aq_interfaces_refresh(h);
    if (code < 0)
        return code;
    if (names_view_name(h, ifindex, name))
        return 0;
    code = aq_interfaces_catch_up(h);
    if (code < 0)
        return code;
    return names_view_name(h, ifindex, name) ? 0 : -ENODEV;
}
