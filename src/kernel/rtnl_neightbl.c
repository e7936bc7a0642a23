/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl_neightbl.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "kernel/rtnl_attr.h"
#include "kernel/rtnl_dump.h"

/* Indexes of struct ndt_stats, which newer kernels extend. */
enum counter {
    ALLOCS,
    DESTROYS,
    HASH_GROWS,
    RESOLVE_FAILED,
    LOOKUPS,
    HITS,
    PROBES_MULTICAST,
    PROBES_UNICAST,
    GC_PERIODIC,
    GC_FORCED,
    TABLE_FULL,
    COUNTERS
};

/* Counters that the kernel does not have stay 0. */
static void neightbl_parse_counters(const struct nlattr *attribute, struct arpq_table_stats *stats)
{
    uint64_t value[COUNTERS] = {0};
    size_t size = aq_attr_length(attribute);

    memcpy(value, aq_attr_payload(attribute), size < sizeof value ? size : sizeof value);
    stats->allocs = value[ALLOCS];
    stats->destroys = value[DESTROYS];
    stats->hash_grows = value[HASH_GROWS];
    stats->resolve_failed = value[RESOLVE_FAILED];
    stats->lookups = value[LOOKUPS];
    stats->hits = value[HITS];
    stats->probes_multicast = value[PROBES_MULTICAST];
    stats->probes_unicast = value[PROBES_UNICAST];
    stats->gc_periodic = value[GC_PERIODIC];
    stats->gc_forced = value[GC_FORCED];
    stats->table_full = value[TABLE_FULL];
}

static bool parse_config(const struct nlattr *attribute, struct arpq_table_stats *stats)
{
    struct ndt_config config;

    if (aq_attr_length(attribute) < sizeof config)
        return false;
    memcpy(&config, aq_attr_payload(attribute), sizeof config);
    stats->entries = config.ndtc_entries;
    stats->hash_size = config.ndtc_hash_mask + 1;
    return true;
}

int aq_rtnl_neightbl_parse(const struct nlmsghdr *message, uint16_t family,
                           struct arpq_table_stats *stats)
{
    const struct ndtmsg *header = aq_rtnl_payload(message, sizeof *header);
    const struct nlattr *attribute;
    bool is_table = false;

    memset(stats, 0, sizeof *stats);
    if (!header)
        return -EBADMSG;
    if (message->nlmsg_type != RTM_NEWNEIGHTBL || header->ndtm_family != family)
        return -ENOENT;
    AQ_ATTR_EACH(attribute, message, sizeof *header)
    switch (aq_attr_type(attribute)) {
    case NDTA_CONFIG:
        is_table = parse_config(attribute, stats);
        break;
    case NDTA_STATS:
        neightbl_parse_counters(attribute, stats);
        break;
    case NDTA_THRESH1:
        (void)aq_attr_copy(attribute, &stats->gc_thresh1, sizeof stats->gc_thresh1);
        break;
    case NDTA_THRESH2:
        (void)aq_attr_copy(attribute, &stats->gc_thresh2, sizeof stats->gc_thresh2);
        break;
    case NDTA_THRESH3:
        (void)aq_attr_copy(attribute, &stats->gc_thresh3, sizeof stats->gc_thresh3);
        break;
    case NDTA_GC_INTERVAL:
        (void)aq_attr_copy(attribute, &stats->gc_interval_ms, sizeof stats->gc_interval_ms);
        break;
    default:
        break;
    }
    if (is_table)
        return 0;
    memset(stats, 0, sizeof *stats);
    return -ENOENT;
}

struct wanted {
    uint16_t family;
    bool found;
    struct arpq_table_stats *stats;
};

static int take_table(const struct nlmsghdr *message, void *context)
{
    struct wanted *wanted = context;
    struct arpq_table_stats stats;

    if (aq_rtnl_neightbl_parse(message, wanted->family, &stats) == 0) {
        *wanted->stats = stats;
        wanted->found = true;
    }
    /* The rest of the dump contains the parameters of each interface, possibly thousands. */
    return wanted->found ? AQ_RTNL_ENOUGH : 0;
}

int aq_rtnl_neightbl_get(struct aq_rtnl *rtnl, uint16_t family, struct arpq_table_stats *stats)
{
    struct wanted wanted = {.family = family, .stats = stats};
    union aq_rtnl_request request;
    struct ndtmsg *header = aq_rtnl_prepare(&request, RTM_GETNEIGHTBL, NLM_F_DUMP, sizeof *header);
    int code;

    memset(stats, 0, sizeof *stats);
    header->ndtm_family = (uint8_t)family;
    code = aq_rtnl_dump(rtnl, &request, take_table, &wanted, NULL);
    if (code >= 0)
        code = wanted.found ? 0 : -EAFNOSUPPORT;
    if (code < 0)
        memset(stats, 0, sizeof *stats);
    return code;
}
