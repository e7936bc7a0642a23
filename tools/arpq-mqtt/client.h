/* SPDX-License-Identifier: MIT */
/* A client of libmosquitto, set up by the options. */
#ifndef ARPQ_MQTT_CLIENT_H
#define ARPQ_MQTT_CLIENT_H

#include <mosquitto.h>

#include "options.h"

/* id NULL: a random one. Returns NULL after reporting an error of the options. */
struct mosquitto *client_new(const struct mqtt_options *options, const char *id, void *context);

/* Waits until the connection is made. Returns as mosquitto_connect. */
int client_connect(struct mosquitto *client, const struct mqtt_options *options);

/* Returns the text of a code of libmosquitto, or of errno. */
const char *client_error(int code);

#endif
