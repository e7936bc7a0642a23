/* SPDX-License-Identifier: MIT */
#ifndef AQ_MIRROR_EVENT_H
#define AQ_MIRROR_EVENT_H

#include "mirror/notify.h"

/* A change as users are told of it. */
void aq_event_from_change(const struct aq_change *change, struct arpq_event *event);

#endif
