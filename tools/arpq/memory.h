/* SPDX-License-Identifier: MIT */
/* Memory allocation that ends the tool on failure. */
#ifndef ARPQ_TOOL_MEMORY_H
#define ARPQ_TOOL_MEMORY_H

void *memory_check(void *memory); /* returns memory; ends the tool if memory is NULL */

#endif
