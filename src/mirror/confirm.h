/* SPDX-License-Identifier: MIT */
/*
 * Look up entries that were added, removed, or written twice in quick succession.
 *
 * The kernel fills in a notification after it has released the entry's lock. Two processors that
 * write the same entry can therefore send their notifications in the wrong order; the last event
 * then reports an older state than the kernel has. The same can happen if an entry is removed
 * and added again.
 */
#ifndef AQ_MIRROR_CONFIRM_H
#define AQ_MIRROR_CONFIRM_H

#include "mirror/replica.h"

/* An entry is uncertain if a write follows the previous write within this time. */
#define AQ_CONFIRM_WINDOW_MS 100u

/* Look up this entry after a while without a write to it. If there is no memory, the replica
 * becomes stale, and the next resync confirms all entries. */
void aq_confirm_note(struct aq_replica *replica, const struct arpq_ip *ip, uint32_t ifindex);

/* Look up the entries that are due, at least one batch of them, until a time. Returns 0 or an error. */
int aq_confirm_due(struct aq_replica *replica, uint64_t until_us);

/* Returns the time of the alarm for the next entry, or AQ_WAKEUP_NEVER. */
uint64_t aq_confirm_next_us(const struct aq_replica *replica);

/* Forget all entries: a dump confirms them. */
void aq_confirm_clear(struct aq_replica *replica);
void aq_confirm_free(struct aq_replica *replica);

#endif
