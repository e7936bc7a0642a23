/* SPDX-License-Identifier: MIT */
#include "handle/namespace.h"

#include <errno.h>

#include "handle/handle.h"
#include "kernel/netns.h"
#include "kernel/sys.h"

/* A socket of the handle identifies the namespace. setns requires the privilege that the calling
 * thread already needed to leave that namespace, so the kernel rarely refuses to let it enter. */
static int namespace_enter(struct arpq_handle *h, int (*work)(void *context), void *context)
{
    int fd = aq_netns_of_socket(h->inet_fd >= 0 ? h->inet_fd : h->rtnl[0].fd), code;

    if (fd < 0)
        return -EXDEV;
    code = aq_netns_run(fd, work, context);
    aq_sys_close(fd);
    return code == -EPERM ? -EXDEV : code;
}

int aq_namespace_run(struct arpq_handle *h, int (*work)(void *context), void *context)
{
    uint64_t id[2];

    if (h->netns_fd >= 0)
        return aq_netns_run(h->netns_fd, work, context);
    aq_netns_identify(id);
    return aq_netns_is_same(id, h->netns_id) ? work(context) : namespace_enter(h, work, context);
}
