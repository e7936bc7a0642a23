/* SPDX-License-Identifier: MIT */
/* RTM_GETRULE messages, to find out whether this machine uses policy routing. */
#ifndef AQ_RTNL_RULE_H
#define AQ_RTNL_RULE_H

#include <stdbool.h>

#include "kernel/rtnl.h"

struct aq_rules {
    bool policy;  /* the rules differ from the initial ones: local, main, default */
    bool by_user; /* a rule depends on the user of the calling thread */
};

/* Sets the members that apply to the rules of a family, and leaves the others unchanged. Returns 0;
 * 1 if the list of the rules is incomplete and must be read again; or an error. If the kernel does
 * not support rules, sets nothing. If it refuses to list them, or the list is incomplete, sets all
 * members. */
int aq_rtnl_rule_check(struct aq_rtnl *rtnl, uint8_t family, struct aq_rules *rules);

#endif
