/* SPDX-License-Identifier: MIT */
/* The network namespace that the tool works in. */
#ifndef ARPQ_TOOL_NAMESPACE_H
#define ARPQ_TOOL_NAMESPACE_H

#include "tool.h"

/* Enters the namespace of --netns or --pid, if one is given. Reports its errors. */
enum status namespace_enter(const struct tool *t);

#endif
