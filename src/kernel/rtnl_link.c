/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl_link.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "kernel/rtnl_attr.h"

/* False for a message that tells only part: wireless events carry a name and little
 * else, and must not replace what is known. */
static bool parse_attribute(const struct nlattr *attribute, struct arpq_interface *link)
{
    switch (mnl_attr_get_type(attribute)) {
    case IFLA_IFNAME:
        (void)aq_attr_text(attribute, link->name, sizeof link->name);
        break;
    case IFLA_ADDRESS:
        (void)aq_attr_mac(attribute, &link->mac);
        break;
    case IFLA_BROADCAST:
        (void)aq_attr_mac(attribute, &link->broadcast);
        break;
    case IFLA_MTU:
        (void)aq_attr_copy(attribute, &link->mtu, sizeof link->mtu);
        break;
    case IFLA_MASTER:
        (void)aq_attr_copy(attribute, &link->master, sizeof link->master);
        break;
    case IFLA_LINK:
        (void)aq_attr_copy(attribute, &link->parent, sizeof link->parent);
        break;
    case IFLA_WIRELESS:
        return false;
    default:
        break;
    }
    return true;
}

int aq_rtnl_link_parse(const struct nlmsghdr *message, struct arpq_interface *link)
{
    const struct ifinfomsg *header = aq_rtnl_payload(message, sizeof *header);
    const struct nlattr *attribute;
    bool whole = true;

    memset(link, 0, sizeof *link);
    if (!header || header->ifi_index <= 0)
        return -EBADMSG;
    if (header->ifi_family != AF_UNSPEC)
        return -ENOENT;
    link->index = (uint32_t)header->ifi_index;
    link->flags = header->ifi_flags;
    link->type = header->ifi_type;
    AQ_ATTR_EACH(attribute, message, sizeof *header)
    whole &= parse_attribute(attribute, link);
    link->mac.type = header->ifi_type;
    link->broadcast.type = header->ifi_type;
    if (whole && link->name[0])
        return 0;
    memset(link, 0, sizeof *link);
    return whole ? -EBADMSG : -ENOENT;
}

int aq_rtnl_link_dump(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context)
{
    union aq_rtnl_request request;

    aq_rtnl_prepare(&request, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
    return aq_rtnl_dump(rtnl, &request, handler, context, NULL);
}
