/* SPDX-License-Identifier: MIT */
/* A sweep through the kernel's neighbour table. */
#ifndef AQ_SWEEP_BY_RESOLVE_H
#define AQ_SWEEP_BY_RESOLVE_H

#include "sweep/engine.h"

extern const struct aq_sweep_method aq_sweep_by_resolve;

#endif
