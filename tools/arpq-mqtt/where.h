/* SPDX-License-Identifier: MIT */
/* arpq-mqtt where MAC...: asks the broker on which host and interface a MAC address is now. */
#ifndef ARPQ_MQTT_WHERE_H
#define ARPQ_MQTT_WHERE_H

#include "options.h"

/* Returns the exit status. */
int where_run(const struct mqtt_options *options);

#endif
