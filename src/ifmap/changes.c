/* SPDX-License-Identifier: MIT */
#include "ifmap/changes.h"

/* The minimum prefix length at each level. A change is counted at the first level for which its
 * prefix is long enough, so a router that changes thousands of /24 routes a second affects few
 * other destinations. */
static const uint8_t lengths[2][AQ_CHANGES_LEVELS] = {{24, 16}, {64, 48}};

void aq_changes_note(struct aq_changes *changes, const struct arpq_ip *prefix, unsigned length)
{
    for (unsigned level = 0; level < AQ_CHANGES_LEVELS; level++)
        if (length >= lengths[prefix->family == AF_INET6][level]) {
            atomic_fetch_add(&changes->cells[level][aq_changes_cell(prefix, level)], 1);
            return;
        }
    aq_changes_note_all(changes);
}

void aq_changes_note_all(struct aq_changes *changes)
{
    atomic_fetch_add(&changes->all, 1);
}
