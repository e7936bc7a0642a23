/* SPDX-License-Identifier: MIT */
#include "handle/links.h"

#include <string.h>

#include "handle/interfaces.h"
#include "handle/readers.h"
#include "kernel/sys.h"
#include "value/value.h"

void aq_links_init(struct aq_links *links, struct arpq *h)
{
    memset(links, 0, sizeof *links);
    links->h = h;
}

static bool links_look_up(struct arpq *h, uint32_t ifindex, struct aq_link_facts *facts)
{
    struct aq_reader *reader;
    const struct aq_view *view = aq_readers_enter(h, &reader);
    const struct arpq_interface *link = aq_view_link(view, ifindex);

    *facts = (struct aq_link_facts){.ifindex = ifindex};
    if (link) {
        facts->master = link->master;
        facts->type = (uint16_t)link->type;
    }
    aq_readers_leave(reader);
    return link != NULL;
}

/* A link younger than the last look at the events is worth another, once in a tick. */
static bool links_update(struct aq_links *links, uint32_t ifindex, struct aq_link_facts *facts)
{
    uint32_t tick = aq_sys_tick();

    if (tick == links->tick)
        return false;
    links->tick = tick;
    (void)aq_interfaces_update(links->h, 0);
    return links_look_up(links->h, ifindex, facts);
}

/* Of a link that is not known: zeros, and nothing is remembered. */
static struct aq_link_facts facts_of(struct aq_links *links, uint32_t ifindex)
{
    struct aq_link_facts *known = &links->known[ifindex % AQ_LINKS_KNOWN], facts;

    if (known->ifindex == ifindex)
        return *known;
    if (links_look_up(links->h, ifindex, &facts) || links_update(links, ifindex, &facts))
        *known = facts;
    else
        memset(&facts, 0, sizeof facts);
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
