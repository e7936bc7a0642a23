/* SPDX-License-Identifier: MIT */
/* Flushes stdout and keeps the reason of a failure, which a later fflush does not report again. */
#ifndef ARPQ_TOOL_FLUSH_H
#define ARPQ_TOOL_FLUSH_H

/* Returns 0, or the errno value of the failure. */
int flush_stdout(void);

/* Returns the errno value of the first failure of flush_stdout, or 0. */
int flush_failure(void);

#endif
