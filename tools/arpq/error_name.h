/* SPDX-License-Identifier: MIT */
/* Names of errno values. */
#ifndef ARPQ_TOOL_ERROR_NAME_H
#define ARPQ_TOOL_ERROR_NAME_H

/* Returns "ENOENT" for -ENOENT and so on; "EOTHER" for a code that the library does not name. */
const char *error_name(int code);

#endif
