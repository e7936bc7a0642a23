/* SPDX-License-Identifier: MIT */
/* There is a new client of libmosquitto for each connection, so that it does not send by itself what
 * was flying when the connection was lost, which may have changed since. */
#include "broker.h"

#include <mqtt_protocol.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "memory.h"
#include "message.h"

#define FIRST_DELAY_MS 1000
#define MOST_DELAY_MS 30000
#define ANSWER_MS 30000 /* for CONNACK */
#define LIST_MS 30000   /* without any message of the list */
#define PAGES_AT_ONCE 8 /* of the list */
#define QUIET_MS 500    /* brokers may send some of the list after the answer to a subscription */
#define GOODBYE_MS 2000

static const char offline[] = "offline", online[] = "online";

/* ---- Connections ---- */

static void set_state(struct broker *b, enum broker_state state, int64_t wait_ms)
{
    b->state = state;
    b->until = clock_ms() + wait_ms;
}

/* Many machines that lost the same broker do not come back at the same time. */
static void plan_retry(struct broker *b)
{
    uint32_t random = 0;

    if (getrandom(&random, sizeof random, GRND_NONBLOCK) < 0)
        random = (uint32_t)getpid();
    b->retry_at = clock_ms() + b->delay_ms / 2 + random % (b->delay_ms / 2);
    b->delay_ms = b->delay_ms * 2 > MOST_DELAY_MS ? MOST_DELAY_MS : b->delay_ms * 2;
}

static void lose_connection(struct broker *b, const char *why)
{
    if (b->state >= BROKER_LISTING)
        message_note("the connection is lost: %s", why);
    else if (!b->announced)
        message_note("cannot connect: %s; trying again", why);
    b->announced = b->state < BROKER_LISTING;
    mosquitto_destroy(b->client);
    b->client = NULL;
    b->status_mid = 0;
    b->refusal = NULL;
    memset(b->flights, 0, sizeof b->flights);
    retained_forget(b->retained);
    set_state(b, BROKER_DOWN, 0);
    plan_retry(b);
}

static void publish_status(struct broker *b, const char *status)
{
    int mid = 0;

    if (mosquitto_publish(b->client, &mid, b->status, (int)strlen(status), status, b->options->qos,
                          true) == MOSQ_ERR_SUCCESS &&
        status == offline && b->options->qos != 0)
        b->status_mid = mid;
}

/* Subscribes to the next pages of the list, or behind the last one to the status: the broker answers
 * that after it sent the pages. The status tells when the broker publishes the will of an earlier
 * connection after it accepted this one; the subscription brings it as a retained message if it came
 * before. Nothing else is sent until the list has ended, so that the broker has no other reason to
 * drop messages. */
static void list_pages(struct broker *b)
{
    static char patterns[PAGES_AT_ONCE][TOPIC_SIZE];
    char *names[PAGES_AT_ONCE];

    b->until = clock_ms() + LIST_MS;
    for (unsigned i = 0; i < PAGES_AT_ONCE; i++) {
        topic_page(patterns[i], b->options->prefix, b->page - PAGES_AT_ONCE + i, b->host);
        names[i] = patterns[i];
    }
    if (b->page != 0)
        mosquitto_unsubscribe_multiple(b->client, NULL, PAGES_AT_ONCE, names, NULL);
    if (b->page == TOPIC_PAGES) {
        mosquitto_subscribe(b->client, &b->page_mid, b->status, 0);
        b->page++;
        return;
    }
    for (unsigned i = 0; i < PAGES_AT_ONCE; i++)
        topic_page(patterns[i], b->options->prefix, b->page + i, b->host);
    mosquitto_subscribe_multiple(b->client, &b->page_mid, PAGES_AT_ONCE, names, 0, 0, NULL);
    b->page += PAGES_AT_ONCE;
}

/* The list names the entries, but has not their content: all that is wanted is sent. */
static void end_list(struct broker *b)
{
    retained_send_unknown(b->retained);
    set_state(b, BROKER_READY, 0);
}

/* ---- What libmosquitto reports ---- */

/* A server that is unavailable or busy, or that gets too many connections. */
static bool is_temporary(const struct mqtt_options *options, int code)
{
    if (options->version != MQTT_PROTOCOL_V5)
        return code == CONNACK_REFUSED_SERVER_UNAVAILABLE;
    return code == MQTT_RC_SERVER_UNAVAILABLE || code == MQTT_RC_SERVER_BUSY ||
           code == MQTT_RC_CONNECTION_RATE_EXCEEDED;
}

/* The client cannot be destroyed here: broker_serve loses the connection after a refusal. */
static void take_refusal(struct broker *b, int code)
{
    b->refusal = b->options->version == MQTT_PROTOCOL_V5 ? mosquitto_reason_string(code)
                                                         : mosquitto_connack_string(code);
    if (is_temporary(b->options, code))
        return;
    message_print("the broker refuses this client: %s", b->refusal);
    b->failed = true;
}

static void on_connect(struct mosquitto *client, void *context, int code)
{
    struct broker *b = context;

    (void)client;
    if (code != 0) {
        take_refusal(b, code);
        return;
    }
    message_note("connected");
    b->delay_ms = FIRST_DELAY_MS;
    publish_status(b, online);
    set_state(b, BROKER_LISTING, LIST_MS);
    b->listed = false;
    b->page = 0;
    list_pages(b);
}

static void on_subscribe(struct mosquitto *client, void *context, int mid, int count,
                         const int *granted)
{
    struct broker *b = context;

    (void)client;
    for (int i = 0; i < count; i++)
        if (granted[i] > 2 && !b->warned) {
            message_print("the broker grants no subscription, so old messages may stay");
            b->warned = true;
        }
    if (mid != b->page_mid || b->state != BROKER_LISTING)
        return;
    b->listed = b->page > TOPIC_PAGES;
    if (b->listed)
        b->until = clock_ms() + QUIET_MS;
    else
        list_pages(b);
}

/* The broker may have the entry of each topic of its list. */
static void take_listed(struct broker *b, const char *name)
{
    char entry[TOPIC_SIZE], *topic = memory_check(strdup(name));
    struct topic_levels levels;

    if (topic_split(topic, &levels)) {
        topic_entry(entry, b->options->prefix, levels.host, levels.dev, levels.address);
        retained_suspected(b->retained, entry);
    }
    retained_found(b->retained, name);
    free(topic);
}

static void on_message(struct mosquitto *client, void *context,
                       const struct mosquitto_message *message)
{
    struct broker *b = context;
    const size_t size = (size_t)message->payloadlen;

    (void)client;
    if (strcmp(message->topic, b->status) == 0) {
        if (b->status_mid == 0 && size == sizeof offline - 1 &&
            memcmp(message->payload, offline, size) == 0)
            publish_status(b, online);
        return;
    }
    if (!message->retain || b->state != BROKER_LISTING || size == 0)
        return;
    b->until = clock_ms() + (b->listed ? QUIET_MS : LIST_MS);
    take_listed(b, message->topic);
}

static void on_publish(struct mosquitto *client, void *context, int mid)
{
    struct broker *b = context;

    (void)client;
    if (mid == b->status_mid)
        b->status_mid = 0;
    for (size_t i = 0; i < BROKER_FLYING; i++)
        if (b->flights[i].topic && b->flights[i].mid == mid) {
            struct retained_topic *topic = b->flights[i].topic;

            b->flights[i].topic = NULL;
            retained_acknowledged(b->retained, topic);
            return;
        }
}

/* ---- Sending ---- */

static struct broker_flight *free_flight(struct broker *b)
{
    for (size_t i = 0; i < BROKER_FLYING; i++)
        if (!b->flights[i].topic)
            return &b->flights[i];
    return NULL;
}

/* Returns false if the message could not be sent; the connection is lost then. With a QoS of 0,
 * libmosquitto calls on_publish inside mosquitto_publish: mid is set before. */
static bool send_topic(struct broker *b, struct broker_flight *flight, struct retained_topic *topic)
{
    const char *payload = topic->payload;

    flight->topic = topic;
    return mosquitto_publish(b->client, &flight->mid, topic->name,
                             payload ? (int)strlen(payload) : 0, payload, b->options->qos,
                             true) == MOSQ_ERR_SUCCESS;
}

static void send_messages(struct broker *b)
{
    struct broker_flight *flight;
    struct retained_topic *topic;

    while ((flight = free_flight(b)) != NULL && (topic = retained_next(b->retained)) != NULL)
        if (!send_topic(b, flight, topic)) {
            lose_connection(b, "a message could not be sent");
            return;
        }
}

/* ---- The loop ---- */

void broker_open(struct broker *b, const struct mqtt_options *options, struct retained *retained)
{
    *b = (struct broker){.options = options, .retained = retained, .delay_ms = FIRST_DELAY_MS};
    b->host = memory_check(malloc(TOPIC_LEVEL_SIZE(strlen(options->host_name))));
    topic_escape(b->host, options->host_name);
    topic_status(b->status, options->prefix, b->host);
}

static void end_at_once(int signal)
{
    (void)signal;
    _exit(EXIT_FOUND);
}

/* Without a connection there is nothing to end in order: the broker has sent the will. */
static int connect_with_signals(struct broker *b)
{
    struct sigaction ending = {.sa_handler = end_at_once};
    sigset_t ends, before;
    int code;

    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaction(SIGINT, &ending, NULL);
    sigaction(SIGTERM, &ending, NULL);
    sigprocmask(SIG_UNBLOCK, &ends, &before);
    code = client_connect(b->client, b->options);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return code;
}

/* The id is the same for each connection of a host, so that the broker ends an old one. */
static bool start_client(struct broker *b)
{
    char id[TOPIC_SIZE];

    snprintf(id, sizeof id, "arpq-%.1000s", b->options->host_name);
    b->client = client_new(b->options, b->options->id ? b->options->id : id, b);
    if (!b->client)
        return false;
    mosquitto_connect_callback_set(b->client, on_connect);
    mosquitto_subscribe_callback_set(b->client, on_subscribe);
    mosquitto_message_callback_set(b->client, on_message);
    mosquitto_publish_callback_set(b->client, on_publish);
    mosquitto_max_inflight_messages_set(b->client, BROKER_FLYING + 1);
    mosquitto_will_set(b->client, b->status, (int)strlen(offline), offline, b->options->qos, true);
    return true;
}

static bool start_connection(struct broker *b)
{
    if (!start_client(b))
        return false;
    int code = connect_with_signals(b);

    set_state(b, BROKER_CONNECTING, ANSWER_MS);
    if (code != MOSQ_ERR_SUCCESS)
        lose_connection(b, client_error(code));
    return true;
}

bool broker_run(struct broker *b)
{
    if (b->state == BROKER_DOWN && clock_ms() >= b->retry_at && !start_connection(b))
        return false;
    if (b->state == BROKER_DOWN || b->failed)
        return !b->failed;
    int code = mosquitto_loop_misc(b->client); /* keep-alive */
    if (code != MOSQ_ERR_SUCCESS)
        lose_connection(b, client_error(code));
    else if (b->state == BROKER_CONNECTING && clock_ms() >= b->until)
        lose_connection(b, "no answer");
    else if (b->state == BROKER_LISTING && clock_ms() >= b->until)
        end_list(b);
    if (b->state == BROKER_READY)
        send_messages(b);
    return !b->failed;
}

int64_t broker_poll(const struct broker *b, struct pollfd *polled)
{
    const int64_t second = clock_ms() + 1000;

    *polled = (struct pollfd){.fd = -1};
    if (b->state == BROKER_DOWN)
        return b->retry_at;
    polled->fd = mosquitto_socket(b->client);
    polled->events = (short)(POLLIN | (mosquitto_want_write(b->client) ? POLLOUT : 0));
    return b->state != BROKER_READY && b->until < second ? b->until : second;
}

void broker_serve(struct broker *b, short revents)
{
    int code = MOSQ_ERR_SUCCESS;

    if (b->state == BROKER_DOWN || revents == 0)
        return;
    if (revents & POLLOUT)
        code = mosquitto_loop_write(b->client, 1);
    if (code == MOSQ_ERR_SUCCESS && (revents & (POLLIN | POLLERR | POLLHUP)))
        code = mosquitto_loop_read(b->client, 1);
    if ((code != MOSQ_ERR_SUCCESS || b->refusal) && !b->failed)
        lose_connection(b, b->refusal ? b->refusal : client_error(code));
}

void broker_close(struct broker *b)
{
    const int64_t until = clock_ms() + GOODBYE_MS;
    struct pollfd polled;
    int64_t left;

    if (b->state >= BROKER_LISTING)
        publish_status(b, offline);
    while (b->status_mid != 0 && b->state != BROKER_DOWN && (left = until - clock_ms()) > 0) {
        broker_poll(b, &polled);
        if (poll(&polled, 1, (int)left) > 0)
            broker_serve(b, polled.revents);
    }
    if (b->client) {
        mosquitto_disconnect(b->client);
        mosquitto_destroy(b->client);
        b->client = NULL;
    }
    free(b->host);
}
