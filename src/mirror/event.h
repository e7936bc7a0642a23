/* SPDX-License-Identifier: MIT */
#ifndef AQ_CHANGE_H
#define AQ_CHANGE_H

#include "mirror/replica.h"

/* A change as users are told of it. */
void aq_change_event(const struct aq_change *change, struct arpq_event *event);

#endif
