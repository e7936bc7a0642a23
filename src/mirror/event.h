/* SPDX-License-Identifier: MIT */
#ifndef AQ_MIRROR_EVENT_H
#define AQ_MIRROR_EVENT_H

#include "mirror/notify.h"

/* Convert a change into the event that users see. */
void aq_event_from_change(const struct aq_change *change, struct arpq_event *event);

#endif
