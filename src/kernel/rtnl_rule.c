/* SPDX-License-Identifier: MIT */
#include "kernel/rtnl_rule.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdint.h>

#include "kernel/rtnl_attr.h"
#include "kernel/rtnl_dump.h"
#include "kernel/sys.h"

struct tally {
    bool policy;
    bool by_user;
    bool local; /* the initial rules that must exist */
    bool main;
};

/* The initial rules contain only these attributes. Any other attribute is a selector or an action,
 * which makes the rule special. */
static bool is_plain(const struct nlattr *attribute, uint32_t *priority, uint32_t *table)
{
    uint32_t value = 0;

    switch (aq_attr_type(attribute)) {
    case FRA_PRIORITY:
        return aq_attr_copy(attribute, priority, sizeof *priority);
    case FRA_TABLE:
        return aq_attr_copy(attribute, table, sizeof *table);
    case FRA_SUPPRESS_PREFIXLEN:
        return aq_attr_copy(attribute, &value, sizeof value) && value == UINT32_MAX;
    case FRA_PROTOCOL:
    case FRA_PAD:
        return true;
    default:
        return false;
    }
}

static int count_rule(const struct nlmsghdr *message, void *context)
{
    const struct fib_rule_hdr *header = aq_rtnl_payload(message, sizeof *header);
    struct tally *tally = context;
    const struct nlattr *attribute;
    uint32_t priority = 0, table = 0;
    bool plain;

    if (!header)
        return -EBADMSG;
    plain = header->action == FR_ACT_TO_TBL && header->dst_len == 0 && header->src_len == 0 &&
            header->tos == 0 && !(header->flags & FIB_RULE_INVERT);
    AQ_ATTR_EACH(attribute, message, sizeof *header)
    {
        plain = plain && is_plain(attribute, &priority, &table);
        tally->by_user |= aq_attr_type(attribute) == FRA_UID_RANGE;
    }

    if (plain && priority == 0 && table == RT_TABLE_LOCAL)
        tally->local = true;
    else if (plain && priority == 32766 && table == RT_TABLE_MAIN)
        tally->main = true;
    else if (!plain || priority != 32767 || table != RT_TABLE_DEFAULT)
        tally->policy = true;
    return 0;
}

int aq_rtnl_rule_check(struct aq_rtnl *rtnl, uint8_t family, struct aq_rules *rules)
{
    union aq_rtnl_request request;
    struct fib_rule_hdr *header =
        aq_rtnl_prepare(&request, RTM_GETRULE, NLM_F_DUMP, sizeof *header);
    struct tally tally = {0};
    int code;

    header->family = family;
    code = aq_rtnl_dump(rtnl, &request, count_rule, &tally, NULL);
    if (code == -EOPNOTSUPP || code == -EAFNOSUPPORT)
        return 0;
    /* Rules that cannot be read, or not all of them, may be of any kind. */
    rules->policy |= tally.policy || !tally.local || !tally.main || code != 0;
    rules->by_user |= tally.by_user || code != 0;
    return aq_sys_is_refusal(code) ? 0 : code;
}
