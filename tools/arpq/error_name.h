/* SPDX-License-Identifier: MIT */
/* Names of errno values. */
#ifndef ARPQ_TOOL_ERROR_NAME_H
#define ARPQ_TOOL_ERROR_NAME_H

/* Returns "ENOENT" for -ENOENT and so on; "EOTHER" for a code outside the table. */
const char *error_name(int code);

#endif
