/* SPDX-License-Identifier: MIT */
#include "handle/links.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "handle/interfaces.h"
#include "handle/readers.h"
#include "kernel/sys.h"
#include "value/ip.h"

void aq_links_init(struct aq_links *links, struct arpq_handle *h)
{
    memset(links, 0, sizeof *links);
    links->h = h;
}

struct aq_link_facts aq_links_facts(struct arpq_handle *h, uint32_t ifindex)
{
    struct aq_reader *reader;
    const struct arpq_interface *link = aq_view_link(aq_readers_enter(h, &reader), ifindex);
    struct aq_link_facts facts = {0};

    if (link)
        facts = (struct aq_link_facts){.ifindex = ifindex,
                                       .master = link->master,
                                       .flags = link->flags,
                                       .type = (uint16_t)link->type,
                                       .mac_length = link->mac.length};
    aq_readers_leave(reader);
    return facts;
}

bool aq_links_need_packet(struct arpq_handle *h, const struct arpq_ip *ip, uint32_t ifindex)
{
    struct aq_reader *reader;
    bool has;

    if (ip->family != AF_INET6)
        return false;
    has = aq_view_has_link_local(aq_readers_enter(h, &reader), ifindex);
    aq_readers_leave(reader);
    return !has;
}

int aq_links_check_port(struct arpq_handle *h, uint32_t ifindex)
{
    struct aq_reader *reader;
    const struct aq_view *view = aq_readers_enter(h, &reader);
    const struct arpq_interface *link = aq_view_link(view, ifindex), *master = NULL;
    int code = 0;

    if (link && link->master && strcmp(link->port_kind, "vrf") != 0) {
        master = aq_view_link(view, link->master);
        aq_rtnl_detail_set_port(&h->live->detail, link->name,
                                master ? master->name : "an interface of another namespace");
        code = -EBUSY;
    }
    aq_readers_leave(reader);
    return code;
}

int aq_links_require(struct arpq_handle *h, uint32_t ifindex)
{
    int code;

    if (aq_links_facts(h, ifindex).ifindex)
        return 0;
    code = aq_interfaces_catch_up(h);
    if (code < 0)
        return code;
    return aq_links_facts(h, ifindex).ifindex ? 0 : -ENODEV;
}

/* An unknown link may be newer than the last update. Make another update for it, at most once in a
 * tick. */
static struct aq_link_facts facts_of_unknown(struct aq_links *links, uint32_t ifindex)
{
    struct aq_link_facts facts = aq_links_facts(links->h, ifindex);
    uint32_t tick = aq_sys_tick();

    if (facts.ifindex || tick == links->tick)
        return facts;
    links->tick = tick;
    (void)aq_interfaces_update(links->h, 0);
    return aq_links_facts(links->h, ifindex);
}

/* The cache keeps only links that exist. */
static struct aq_link_facts facts_of(struct aq_links *links, uint32_t ifindex)
{
    struct aq_link_facts *known = &links->known[ifindex % AQ_LINKS_KNOWN], facts;

    if (known->ifindex == ifindex)
        return *known;
    facts = facts_of_unknown(links, ifindex);
    if (facts.ifindex)
        *known = facts;
    return facts;
}

bool aq_links_has(struct aq_links *links, uint32_t ifindex)
{
    return facts_of(links, ifindex).ifindex != 0;
}

uint32_t aq_links_master(struct aq_links *links, uint32_t ifindex)
{
    return facts_of(links, ifindex).master;
}

void aq_links_complete(struct aq_links *links, struct arpq_neigh *neigh)
{
    neigh->mac.type = facts_of(links, neigh->ifindex).type;
    if (aq_ip_is_link_local(&neigh->ip))
        neigh->ip.scope = neigh->ifindex;
}
