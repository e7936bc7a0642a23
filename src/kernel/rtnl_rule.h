/* SPDX-License-Identifier: MIT */
/* RTM_GETRULE: does this machine route by policy? */
#ifndef AQ_KERNEL_RTNL_RULE_H
#define AQ_KERNEL_RTNL_RULE_H

#include <stdbool.h>

#include "kernel/rtnl.h"

/* Whether the rules of a family are other than those every machine starts with
 * (look in local, then main, then default). A kernel without rules has none. */
int aq_rtnl_rule_check(struct aq_rtnl *rtnl, uint8_t family, bool *policy);

#endif
