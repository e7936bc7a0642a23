/* SPDX-License-Identifier: MIT */
/* Entries that other clients of the broker have published. */
#ifndef ARPQ_MQTT_ENTRY_H
#define ARPQ_MQTT_ENTRY_H

#include <stdbool.h>

/* Returns true if text is one JSON object on one line, in UTF-8 without control characters, whose
 * members are strings, numbers, true, false, null, and lists of these, and which has no member
 * "host" or "status", because "where" adds these. */
bool entry_is_valid(const char *text);

#endif
