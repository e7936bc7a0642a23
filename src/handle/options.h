/* SPDX-License-Identifier: MIT */
/* Structs that callers of any release hand in, with their own size in front. */
#ifndef AQ_OPTIONS_H
#define AQ_OPTIONS_H

#include <stddef.h>

/* Copy what this release knows of `from` into `to`, zeroing what the caller did not have.
 * -EINVAL for a size below `least` (or absurd), and where something other than zeros lies
 * behind `known` bytes: it asks for something of a later release. */
int aq_options_read(const void *from, size_t least, size_t known, void *to, size_t size);

#endif
