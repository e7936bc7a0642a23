/* SPDX-License-Identifier: MIT */
/* RTM_GETRULE: does this machine route by policy? */
#ifndef AQ_RTNL_RULE_H
#define AQ_RTNL_RULE_H

#include <stdbool.h>

#include "kernel/rtnl.h"

struct aq_rules {
    bool policy;  /* other rules than those every machine starts with: local, main, default */
    bool by_user; /* one of them depends on the user of the calling thread */
};

/* Add what the rules of a family are. A kernel without rules has none. */
int aq_rtnl_rule_check(struct aq_rtnl *rtnl, uint8_t family, struct aq_rules *rules);

#endif
