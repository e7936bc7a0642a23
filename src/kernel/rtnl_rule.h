/* SPDX-License-Identifier: MIT */
/* RTM_GETRULE: detects policy routing. */
#ifndef AQ_KERNEL_RTNL_RULE_H
#define AQ_KERNEL_RTNL_RULE_H

#include <stdbool.h>

#include "kernel/rtnl.h"

/* Sets *policy if the rules of a family differ from the initial ones (tables local, main,
 * default). A kernel without rules sets it to false. */
int aq_rtnl_rule_check(struct aq_rtnl *rtnl, uint8_t family, bool *policy);

#endif
