/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "handle/detail.h"
#include "handle/names.h"
#include "kernel/rtnl.h"
#include "kernel/rtnl_link.h"
#include "kernel/sys.h"
#include "value/ip.h"
#include "value/ip_prefix.h"

/* if_nametoindex(3) makes the kernel load the module netdev-NAME if the process may do that, so it
 * is used only where rtnetlink is refused. */
static int scope_from_name(const char *name, uint32_t *scope)
{
    struct aq_rtnl rtnl;
    int code;

    aq_rtnl_init(&rtnl, NULL);
    code = aq_rtnl_open(&rtnl, 0);
    if (code == 0)
        code = aq_rtnl_link_find(&rtnl, name, scope);
    aq_rtnl_close(&rtnl);
    return code < 0 && aq_sys_is_refusal(code) ? aq_sys_if_nametoindex(name, scope) : code;
}

int arpq_ip_parse(const char *text, struct arpq_ip *ip, uint32_t flags)
{
    char scope_name[ARPQ_IFNAME_SIZE];
    int r = aq_ip_parse(text, flags, ip, scope_name);

    if (r < 0 || scope_name[0] == '\0')
        return r;
    r = scope_from_name(scope_name, &ip->scope);
    if (r < 0)
        memset(ip, 0, sizeof *ip);
    return r;
}

int arpq_prefix_parse(const char *text, struct arpq_ip *prefix, uint32_t *length, uint32_t flags)
{
    char scope_name[ARPQ_IFNAME_SIZE];
    int code;

    if (prefix)
        memset(prefix, 0, sizeof *prefix);
    if (length)
        *length = 0;
    if (!prefix || !length)
        return -EINVAL;
    code = aq_ip_prefix_parse(text, flags, prefix, length, scope_name);
    if (code < 0 || scope_name[0] == '\0')
        return code;
    code = scope_from_name(scope_name, &prefix->scope);
    if (code < 0) {
        memset(prefix, 0, sizeof *prefix);
        *length = 0;
    }
    return code;
}

/* arpq_ip_parse takes a scope of digits alone as a number. */
static bool scope_is_named(struct arpq_handle *h, uint32_t scope, char name[ARPQ_IFNAME_SIZE])
{
    return scope != 0 && aq_names_name(h, scope, name) == 0 &&
           name[strspn(name, "0123456789")] != '\0';
}

const char *arpq_ip_format_named(struct arpq_handle *h, const struct arpq_ip *ip, char *text,
                                 size_t size)
{
    char name[ARPQ_IFNAME_SIZE], address[ARPQ_IP_STRLEN];
    struct arpq_ip bare;
    int written;

    aq_detail_begin(h);
    if (!h || !ip || ip->family != AF_INET6 || !scope_is_named(h, ip->scope, name))
        return arpq_ip_format(h ? ip : NULL, text, size);
    if (!text || size == 0)
        return "";
    bare = *ip;
    bare.scope = 0;
    written = snprintf(text, size, "%s%%%s", arpq_ip_format(&bare, address, sizeof address), name);
    if (written >= 0 && (size_t)written < size)
        return text;
    text[0] = '\0';
    return "";
}
