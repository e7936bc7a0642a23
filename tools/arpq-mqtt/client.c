/* SPDX-License-Identifier: MIT */
#include "client.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "message.h"

#define PORT 1883
#define TLS_PORT 8883

static void print_log(struct mosquitto *client, void *context, int level, const char *text)
{
    (void)client;
    (void)context;
    (void)level;
    message_print("%s", text);
}

static bool uses_tls(const struct mqtt_options *o)
{
    return o->cafile || o->capath || o->psk;
}

static int set_tls(struct mosquitto *client, const struct mqtt_options *o)
{
    int code = MOSQ_ERR_SUCCESS;

    if (o->psk)
        code = mosquitto_tls_psk_set(client, o->psk, o->psk_identity, o->ciphers);
    else if (uses_tls(o))
        code = mosquitto_tls_set(client, o->cafile, o->capath, o->cert, o->key, NULL);
    if (code == MOSQ_ERR_SUCCESS && o->insecure)
        code = mosquitto_tls_insecure_set(client, true);
    if (code == MOSQ_ERR_SUCCESS && uses_tls(o) && !o->psk && (o->ciphers || o->tls_version))
        code = mosquitto_tls_opts_set(client, 1, o->tls_version, o->ciphers);
    return code;
}

struct mosquitto *client_new(const struct mqtt_options *options, const char *id, void *context)
{
    struct mosquitto *client = mosquitto_new(id, true, context);
    int code;

    if (!client) {
        message_print("cannot make an MQTT client: %s", strerror(errno));
        return NULL;
    }
    if (options->debug)
        mosquitto_log_callback_set(client, print_log);
    code = mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, options->version);
    if (code == MOSQ_ERR_SUCCESS && options->user)
        code = mosquitto_username_pw_set(client, options->user, options->password);
    if (code == MOSQ_ERR_SUCCESS)
        code = set_tls(client, options);
    if (code == MOSQ_ERR_SUCCESS)
        return client;
    message_print("cannot set the options of the connection: %s", client_error(code));
    mosquitto_destroy(client);
    return NULL;
}

/* For libmosquitto, port 0 means that the host is the path of a Unix socket. */
int client_connect(struct mosquitto *client, const struct mqtt_options *options)
{
    int port = options->port;

    if (options->unix_path)
        return mosquitto_connect(client, options->unix_path, 0, options->keepalive);
    if (port < 0)
        port = uses_tls(options) ? TLS_PORT : PORT;
    return mosquitto_connect_bind(client, options->host, port, options->keepalive, options->bind);
}

const char *client_error(int code)
{
    return code == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(code);
}
