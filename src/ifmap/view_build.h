/* SPDX-License-Identifier: MIT */
/* Builds views. */
#ifndef AQ_IFMAP_VIEW_BUILD_H
#define AQ_IFMAP_VIEW_BUILD_H

#include "ifmap/view.h"

/* Builds a view of a copy of map, which must be settled. The view owns fib, which may be NULL,
 * except after an error. */
int aq_view_build(const struct aq_ifmap *map, struct aq_fib *fib, struct aq_view **view);

#endif
