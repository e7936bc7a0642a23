/* SPDX-License-Identifier: MIT */
/* The command line. The options that concern the broker are those of mosquitto_pub(1). */
#ifndef ARPQ_MQTT_OPTIONS_H
#define ARPQ_MQTT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/* Exit statuses. */
enum { EXIT_FOUND = 0, EXIT_NOT_FOUND = 1, EXIT_USAGE = 2, EXIT_ERROR = 3 };

struct mqtt_options {
    const char *host, *unix_path, *bind; /* bind: the local address, or NULL */
    int port;                            /* -1: the default of the protocol */
    const char *id, *user, *password;
    int qos, keepalive, version; /* version: MQTT_PROTOCOL_* of mosquitto.h */
    const char *cafile, *capath, *cert, *key, *ciphers, *tls_version, *psk, *psk_identity;
    bool insecure, quiet, debug;
    const char *file;      /* of options, or NULL */
    const char *prefix;    /* the first level of the topics */
    const char *host_name; /* the second level */
    const char *dev;       /* only entries of this interface; NULL: of all */
    uint16_t family;       /* only entries of this family; 0: of both */
    int64_t timeout_ms;    /* of "where" */
    bool where, json;
    int count; /* arguments of "where" */
    char **args;
};

/* Returns 0, or an exit status plus 1: the program ends with it. Reports errors. */
int options_parse(struct mqtt_options *options, int argc, char **argv);

#endif
