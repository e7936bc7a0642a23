/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl_link.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "kernel/rtnl_attr.h"
#include "kernel/rtnl_dump.h"

/* Attributes that were added after Linux 4.20. The kernel headers may be older. */
#define ATTR_PROP_LIST 52
#define ATTR_ALT_IFNAME 53
#define ATTR_PERM_ADDRESS 54
#define ATTR_PARENT_DEV_NAME 56
#define ATTR_PARENT_DEV_BUS_NAME 57
#define ATTR_GRO_MAX_SIZE 58
#define ATTR_TSO_MAX_SIZE 59
#define ATTR_TSO_MAX_SEGS 60
#define ATTR_ALLMULTI 61

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define LINK(member, how) AQ_ATTR_PLACE(struct arpq_interface, member, how)
static const struct aq_attr_place link_places[] = {
    [IFLA_IFNAME] = LINK(name, AQ_ATTR_TEXT),
    [IFLA_ADDRESS] = LINK(mac, AQ_ATTR_MAC),
    [IFLA_BROADCAST] = LINK(broadcast, AQ_ATTR_MAC),
    [ATTR_PERM_ADDRESS] = LINK(permanent_mac, AQ_ATTR_MAC),
    [IFLA_MTU] = LINK(mtu, AQ_ATTR_NUMBER),
    [IFLA_MIN_MTU] = LINK(mtu_min, AQ_ATTR_NUMBER),
    [IFLA_MAX_MTU] = LINK(mtu_max, AQ_ATTR_NUMBER),
    [IFLA_MASTER] = LINK(master, AQ_ATTR_NUMBER),
    [IFLA_LINK] = LINK(parent, AQ_ATTR_NUMBER),
    [IFLA_LINK_NETNSID] = LINK(parent_netnsid, AQ_ATTR_NUMBER),
    [IFLA_GROUP] = LINK(group, AQ_ATTR_NUMBER),
    [IFLA_TXQLEN] = LINK(queue_length, AQ_ATTR_NUMBER),
    [IFLA_NUM_TX_QUEUES] = LINK(tx_queues, AQ_ATTR_NUMBER),
    [IFLA_NUM_RX_QUEUES] = LINK(rx_queues, AQ_ATTR_NUMBER),
    [IFLA_GSO_MAX_SIZE] = LINK(gso_max_size, AQ_ATTR_NUMBER),
    [IFLA_GSO_MAX_SEGS] = LINK(gso_max_segs, AQ_ATTR_NUMBER),
    [ATTR_TSO_MAX_SIZE] = LINK(tso_max_size, AQ_ATTR_NUMBER),
    [ATTR_TSO_MAX_SEGS] = LINK(tso_max_segs, AQ_ATTR_NUMBER),
    [ATTR_GRO_MAX_SIZE] = LINK(gro_max_size, AQ_ATTR_NUMBER),
    [IFLA_OPERSTATE] = LINK(operstate, AQ_ATTR_NUMBER),
    [IFLA_LINKMODE] = LINK(linkmode, AQ_ATTR_NUMBER),
};

static const struct aq_attr_place info_places[] = {
    [IFLA_INFO_KIND] = LINK(kind, AQ_ATTR_TEXT),
    [IFLA_INFO_SLAVE_KIND] = LINK(port_kind, AQ_ATTR_TEXT),
};

#define STATS(member, how) AQ_ATTR_PLACE(struct arpq_interface_stats, member, how)
static const struct aq_attr_place stats_places[] = {
    [IFLA_QDISC] = STATS(qdisc, AQ_ATTR_TEXT),
    [IFLA_PROMISCUITY] = STATS(promiscuity, AQ_ATTR_NUMBER),
    [ATTR_ALLMULTI] = STATS(allmulti, AQ_ATTR_NUMBER),
    [IFLA_CARRIER_CHANGES] = STATS(carrier_changes, AQ_ATTR_NUMBER),
    [IFLA_CARRIER_UP_COUNT] = STATS(carrier_ups, AQ_ATTR_NUMBER),
    [IFLA_CARRIER_DOWN_COUNT] = STATS(carrier_downs, AQ_ATTR_NUMBER),
};

/* struct arpq_interface_stats has the same layout as the kernel's counters. The counters in the
 * kernel headers of the build machine must fit into it. */
#define COUNTERS_SIZE offsetof(struct arpq_interface_stats, carrier_changes)
_Static_assert(sizeof(struct rtnl_link_stats64) <= COUNTERS_SIZE, "counters");
_Static_assert(offsetof(struct rtnl_link_stats64, tx_compressed) ==
                   offsetof(struct arpq_interface_stats, tx_compressed),
               "counters");

/* Returns false for a message that describes only part of the link: wireless events contain the
 * name and little else, and must not replace the complete description. */
static bool link_parse_attribute(const struct nlattr *attribute, struct arpq_interface *link)
{
    const struct nlattr *inner;

    switch (aq_attr_type(attribute)) {
    case IFLA_LINKINFO:
        AQ_ATTR_EACH_IN(inner, attribute)
        (void)aq_attr_put(info_places, LENGTH(info_places), inner, link);
        break;
    case ATTR_PROP_LIST:
        AQ_ATTR_EACH_IN(inner, attribute)
        link->altname_count += aq_attr_type(inner) == ATTR_ALT_IFNAME;
        break;
    case IFLA_WIRELESS:
        return false;
    default:
        (void)aq_attr_put(link_places, LENGTH(link_places), attribute, link);
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
    link->ifindex = (uint32_t)header->ifi_index;
    link->flags = header->ifi_flags;
    link->type = header->ifi_type;
    link->parent_netnsid = -1;
    AQ_ATTR_EACH(attribute, message, sizeof *header)
    whole &= link_parse_attribute(attribute, link);
    link->mac.type = link->broadcast.type = header->ifi_type;
    if (link->permanent_mac.length)
        link->permanent_mac.type = header->ifi_type;
    if (whole && link->name[0])
        return 0;
    memset(link, 0, sizeof *link);
    return whole ? -EBADMSG : -ENOENT;
}

static int link_deliver(uint32_t which, const struct nlattr *text, aq_rtnl_text_handler handler,
                        void *context)
{
    const char *bytes = aq_attr_payload(text);

    return handler(which, bytes, strnlen(bytes, aq_attr_length(text)), context);
}

static void link_parse_counters(const struct nlattr *attribute, struct arpq_interface_stats *stats)
{
    size_t length = aq_attr_length(attribute);

    /* Newer kernels append counters, older ones have fewer. */
    memcpy(stats, aq_attr_payload(attribute), length < COUNTERS_SIZE ? length : COUNTERS_SIZE);
}

int aq_rtnl_link_parse_more(const struct nlmsghdr *message, struct arpq_interface_stats *stats,
                            aq_rtnl_text_handler handler, void *context)
{
    const struct nlattr *attribute, *inner;
    int code = 0;

    memset(stats, 0, sizeof *stats);
    AQ_ATTR_EACH(attribute, message, sizeof(struct ifinfomsg))
    {
        switch (aq_attr_type(attribute)) {
        case IFLA_STATS64:
            link_parse_counters(attribute, stats);
            break;
        case IFLA_IFALIAS:
            code = link_deliver(ARPQ_INTERFACE_ALIAS, attribute, handler, context);
            break;
        case ATTR_PARENT_DEV_NAME:
            code = link_deliver(ARPQ_INTERFACE_DEVICE, attribute, handler, context);
            break;
        case ATTR_PARENT_DEV_BUS_NAME:
            code = link_deliver(ARPQ_INTERFACE_BUS, attribute, handler, context);
            break;
        case ATTR_PROP_LIST:
            AQ_ATTR_EACH_IN(inner, attribute)
            if (code == 0 && aq_attr_type(inner) == ATTR_ALT_IFNAME)
                code = link_deliver(AQ_RTNL_ALTNAME, inner, handler, context);
            break;
        default:
            (void)aq_attr_put(stats_places, LENGTH(stats_places), attribute, stats);
            break;
        }
        if (code != 0)
            return code;
    }
    return 0;
}

int aq_rtnl_link_dump(struct aq_rtnl *rtnl, aq_rtnl_handler handler, void *context)
{
    union aq_rtnl_request request;

    aq_rtnl_prepare(&request, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
    return aq_rtnl_dump(rtnl, &request, handler, context, NULL);
}

int aq_rtnl_link_find(struct aq_rtnl *rtnl, const char *name, uint32_t *ifindex)
{
    union aq_rtnl_request request;
    union aq_rtnl_answer answer;
    const struct ifinfomsg *header;
    int code;

    *ifindex = 0;
    if (strnlen(name, AQ_RTNL_ALTNAME_MAX + 1) > AQ_RTNL_ALTNAME_MAX)
        return -ENODEV;
    memset(&request, 0, sizeof request); /* libmnl does not write the padding of attributes */
    aq_rtnl_prepare(&request, RTM_GETLINK, 0, sizeof *header);
    /* With IFLA_IFNAME the kernel also finds alternative names that fit into the attribute. */
    aq_netlink_put_text(&request.header,
                        strlen(name) < ARPQ_IFNAME_SIZE ? IFLA_IFNAME : ATTR_ALT_IFNAME, name);
    aq_netlink_put_u32(&request.header, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    code = aq_rtnl_exchange(rtnl, &request, &answer);
    /* The start of a truncated answer (very many alternative names) is sufficient. */
    if (code < 0 && (code != -EMSGSIZE || answer.header.nlmsg_seq != rtnl->sequence))
        return code;
    header = aq_rtnl_payload(&answer.header, sizeof *header);
    if (!header || answer.header.nlmsg_type != RTM_NEWLINK || header->ifi_index <= 0)
        return -EBADMSG;
    *ifindex = (uint32_t)header->ifi_index;
    return 0;
}
