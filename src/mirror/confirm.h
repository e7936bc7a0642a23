/* SPDX-License-Identifier: MIT */
/*
 * Look up entries that were written twice in quick succession.
 *
 * The kernel fills a notification after it released the entry's lock. Two processors that write
 * one entry can therefore send their notifications in the other order, and the last event then
 * reports an older state than the kernel has. The same holds for an entry that is removed and
 * added.
 */
#ifndef AQ_MIRROR_CONFIRM_H
#define AQ_MIRROR_CONFIRM_H

#include "mirror/replica.h"

/* A write this soon after the one before makes an entry uncertain. */
#define AQ_CONFIRM_WINDOW_MS 100u

/* Look this entry up when it has been quiet for a while. Without memory the replica becomes
 * stale: the next resync confirms all entries. */
void aq_confirm_note(struct aq_replica *replica, const struct arpq_ip *ip, uint32_t ifindex);

/* Look up what is due. 0 or an error. */
int aq_confirm_due(struct aq_replica *replica);

/* The alarm for the next entry, or AQ_WAKEUP_NEVER. */
uint64_t aq_confirm_next_us(const struct aq_replica *replica);

/* Forget all entries: a dump confirms them. */
void aq_confirm_clear(struct aq_replica *replica);
void aq_confirm_free(struct aq_replica *replica);

#endif
