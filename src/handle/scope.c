/* SPDX-License-Identifier: MIT */

#include <errno.h>
#include <string.h>

#include "kernel/sys.h"
#include "value/ip.h"

static int resolve_scope(const char *name, uint32_t *scope)
{
    uint32_t ifindex = 0;
    int r = aq_sys_if_nametoindex(name, &ifindex);

    if (r < 0)
        return r;
    if (ifindex == 0)
        return -ENODEV;
    *scope = ifindex;
    return 0;
}

int arpq_ip_parse(const char *text, struct arpq_ip *ip, uint32_t flags)
{
    char scope_name[ARPQ_IFNAME_SIZE];
    int r = aq_ip_parse(text, flags, ip, scope_name);

    if (r < 0 || scope_name[0] == '\0')
        return r;
    r = resolve_scope(scope_name, &ip->scope);
    if (r < 0)
        memset(ip, 0, sizeof(*ip));
    return r;
}
