/* SPDX-License-Identifier: MIT */
/* Do what can be done without waiting. */
#ifndef AQ_RESOLVE_WORK_H
#define AQ_RESOLVE_WORK_H

#include "resolve/resolver.h"

/* Do what can be done without waiting. 0, or an error that says nothing about any address. */
int aq_work(struct arpq_resolver *r);

/* Give up: entries that were made for nothing are removed. */
void aq_work_abandon(struct arpq_resolver *r);

#endif
