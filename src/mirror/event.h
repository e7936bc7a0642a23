/* SPDX-License-Identifier: MIT */
#ifndef AQ_EVENT_H
#define AQ_EVENT_H

#include "mirror/replica.h"

/* A change as users are told of it. */
void aq_event_from_change(const struct aq_change *change, struct arpq_event *event);

#endif
