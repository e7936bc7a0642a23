/* SPDX-License-Identifier: MIT */
/* Messages on standard error: "arpq-mqtt: ...". */
#ifndef ARPQ_MQTT_MESSAGE_H
#define ARPQ_MQTT_MESSAGE_H

#include <stdbool.h>

void message_quiet(bool quiet); /* true: message_note prints nothing */
__attribute__((format(printf, 1, 2))) void message_print(const char *format, ...);
__attribute__((format(printf, 1, 2))) void message_note(const char *format, ...);

#endif
