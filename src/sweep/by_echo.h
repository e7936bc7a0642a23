/* SPDX-License-Identifier: MIT */
/* A sweep of an IPv6 link by an echo request to all nodes. */
#ifndef AQ_SWEEP_BY_ECHO_H
#define AQ_SWEEP_BY_ECHO_H

#include "sweep/engine.h"

extern const struct aq_sweep_method aq_sweep_by_echo;

#endif
