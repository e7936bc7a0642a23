/* SPDX-License-Identifier: MIT */
/* First the broker names the places of the MAC addresses, then the entries there and the status of
 * their hosts. It needs no right to publish. */
#include "where.h"

#include <arpq.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "address.h"
#include "client.h"
#include "clock.h"
#include "entry.h"
#include "escape.h"
#include "json.h"
#include "memory.h"
#include "message.h"
#include "topic.h"

#define QUIET_MS 300 /* a broker may send some messages after the answer to a subscription */
#define STEP_MS 50

/* One place of a MAC address, by the topic that names it. */
struct where_place {
    char *topic; /* cut into its levels */
    struct topic_levels levels;
    char *entry; /* the payload of the entry, or NULL */
    bool online;
};

struct where_run {
    const struct mqtt_options *options;
    struct mosquitto *client;
    struct where_place *places;
    size_t count, capacity;
    bool connected, listing_entries;
    int waiting; /* subscriptions without an answer */
    int64_t quiet_at;
    int failed; /* an exit status */
};

/* ---- Places ---- */

static void add_place(struct where_run *r, const char *name)
{
    struct where_place place = {.topic = memory_check(strdup(name))};

    if (!topic_split(place.topic, &place.levels)) {
        free(place.topic);
        return;
    }
    if (r->count == r->capacity) {
        r->capacity = r->capacity == 0 ? 16 : 2 * r->capacity;
        r->places = memory_check(realloc(r->places, r->capacity * sizeof *r->places));
    }
    r->places[r->count++] = place;
}

static void take_entry(struct where_run *r, const struct mosquitto_message *message)
{
    char topic[TOPIC_SIZE];

    for (size_t i = 0; i < r->count; i++) {
        struct where_place *place = &r->places[i];

        topic_status(topic, r->options->prefix, place->levels.host);
        if (strcmp(topic, message->topic) == 0)
            place->online = message->payloadlen == 6 && memcmp(message->payload, "online", 6) == 0;
        topic_entry(topic, r->options->prefix, place->levels.host, place->levels.dev,
                    place->levels.address);
        if (strcmp(topic, message->topic) == 0) {
            free(place->entry);
            place->entry = memory_check(strndup(message->payload, (size_t)message->payloadlen));
        }
    }
}

static void free_places(struct where_run *r)
{
    for (size_t i = 0; i < r->count; i++) {
        free(r->places[i].topic);
        free(r->places[i].entry);
    }
    free(r->places);
}

/* ---- The connection ---- */

static void end_late(int signal)
{
    static const char text[] = "arpq-mqtt: the broker does not answer in time\n";
    const ssize_t unused = write(STDERR_FILENO, text, sizeof text - 1);

    (void)signal;
    (void)unused;
    _exit(EXIT_ERROR);
}

/* Inside libmosquitto the lookup of a name and connect(2) have no limit. Nothing is to be undone yet,
 * so a signal may end the program. */
static int connect_in_time(const struct where_run *r)
{
    struct sigaction ending = {.sa_handler = end_late};
    sigset_t late;
    int code;

    sigemptyset(&late);
    sigaddset(&late, SIGALRM);
    sigaction(SIGALRM, &ending, NULL);
    sigprocmask(SIG_UNBLOCK, &late, NULL);
    alarm((unsigned)(r->options->timeout_ms / 1000));
    code = client_connect(r->client, r->options);
    alarm(0);
    return code;
}

/* ---- What libmosquitto reports ---- */

static void subscribe(struct where_run *r, const char *pattern)
{
    if (mosquitto_subscribe(r->client, NULL, pattern, 0) == MOSQ_ERR_SUCCESS)
        r->waiting++;
}

static void on_connect(struct mosquitto *client, void *context, int code)
{
    struct where_run *r = context;
    char topic[TOPIC_SIZE], text[ARPQ_MAC_STRLEN];
    struct arpq_mac mac;

    (void)client;
    if (code != 0) {
        message_print("the broker refuses this client: %s", r->options->version == MQTT_PROTOCOL_V5
                                                                ? mosquitto_reason_string(code)
                                                                : mosquitto_connack_string(code));
        r->failed = EXIT_ERROR;
        return;
    }
    r->connected = true;
    for (int i = 0; i < r->options->count; i++)
        if (arpq_mac_parse(r->options->args[i], &mac) == 0) {
            topic_mac(topic, r->options->prefix, address_format_mac(&mac, text), "+", "+", "+");
            subscribe(r, topic);
        }
}

static void on_subscribe(struct mosquitto *client, void *context, int mid, int count,
                         const int *granted)
{
    struct where_run *r = context;

    (void)client;
    (void)mid;
    for (int i = 0; i < count; i++)
        if (granted[i] > 2 && r->failed == 0) {
            message_print("the broker does not let this client read");
            r->failed = EXIT_ERROR;
        }
    r->waiting--;
    r->quiet_at = clock_ms() + QUIET_MS;
}

static void on_message(struct mosquitto *client, void *context,
                       const struct mosquitto_message *message)
{
    struct where_run *r = context;

    (void)client;
    r->quiet_at = clock_ms() + QUIET_MS;
    if (!message->retain || message->payloadlen == 0)
        return;
    if (r->listing_entries)
        take_entry(r, message);
    else
        add_place(r, message->topic);
}

/* ---- The two questions ---- */

/* Returns 0 when the broker has answered, or an exit status. */
static int wait_for_answers(struct where_run *r, int64_t until)
{
    while (r->failed == 0 && (!r->connected || r->waiting != 0 || clock_ms() < r->quiet_at)) {
        const int code = mosquitto_loop(r->client, STEP_MS, 1);

        if (r->failed == 0 && code != MOSQ_ERR_SUCCESS) {
            message_print("the connection is lost: %s", client_error(code));
            return EXIT_ERROR;
        }
        if (clock_ms() >= until) {
            message_print("the broker does not answer in time");
            return EXIT_ERROR;
        }
    }
    return r->failed;
}

static void ask_for_entries(struct where_run *r)
{
    char topic[TOPIC_SIZE];

    r->listing_entries = true;
    for (size_t i = 0; i < r->count; i++) {
        const struct where_place *place = &r->places[i];

        topic_entry(topic, r->options->prefix, place->levels.host, place->levels.dev,
                    place->levels.address);
        subscribe(r, topic);
        topic_status(topic, r->options->prefix, place->levels.host);
        subscribe(r, topic);
    }
}

/* ---- Output ---- */

/* An entry that was confirmed says more about now than one that was not, and one of a host that is
 * offline says little. */
static int rank_of(const struct where_place *place)
{
    static const char *const states[] = {"\"REACHABLE\"", "\"PERMANENT\"", "\"DELAY\"",
                                         "\"PROBE\"",     "\"STALE\"",     "\"FAILED\""};
    int rank = 0;

    while (rank < 6 && !(place->entry && strstr(place->entry, states[rank])))
        rank++;
    return rank + (place->online ? 0 : 10);
}

static int compare_places(const void *a, const void *b)
{
    const struct where_place *one = a, *other = b;
    int order = strcmp(one->levels.mac, other->levels.mac);

    if (order == 0)
        order = rank_of(one) - rank_of(other);
    if (order == 0)
        order = strcmp(one->levels.host, other->levels.host);
    return order != 0 ? order : strcmp(one->levels.address, other->levels.address);
}

/* Returns the states of an entry, or "-": its list in JSON without quotes. Their names are capital
 * letters; anything else that another client has published becomes a question mark. */
static void write_states(const struct where_place *place, char *out, size_t size)
{
    const char *from = place->entry ? strstr(place->entry, "\"state\":[") : NULL;
    size_t length = 0;

    for (from = from ? from + 9 : ""; *from != '\0' && *from != ']'; from++)
        if (*from != '"' && length + 1 < size)
            out[length++] = (char)(*from == ',' || (*from >= 'A' && *from <= 'Z') ? *from : '?');
    out[length] = '\0';
    if (length == 0)
        snprintf(out, size, "-");
}

/* The members of the entry follow those of the place. */
static void print_json_place(const struct where_place *place)
{
    struct json_object *object = json_new();
    const char *text;

    json_text(object, "host", place->levels.host);
    json_text(object, "status", place->online ? "online" : "offline");
    text = json_end(object);
    printf("%.*s,%s\n", (int)strlen(text) - 1, text, place->entry + 1);
}

static void print_place(const struct mqtt_options *options, const struct where_place *place)
{
    char states[64];

    topic_unescape(place->levels.host, place->levels.host);
    if (options->json) {
        print_json_place(place);
        return;
    }
    topic_unescape(place->levels.dev, place->levels.dev);
    write_states(place, states, sizeof states);
    if (options->count > 1)
        printf("%s ", place->levels.mac);
    escape_print(place->levels.host);
    putchar(' ');
    escape_print(place->levels.dev);
    putchar(' ');
    escape_print(place->levels.address);
    printf(" %s %s\n", states, place->online ? "online" : "offline");
}

/* A place without an entry was removed between the two questions. One whose entry is not valid is
 * left out, so that no client can print lines for others. */
static int print_places(struct where_run *r)
{
    int status = EXIT_NOT_FOUND;

    if (r->count != 0)
        qsort(r->places, r->count, sizeof *r->places, compare_places);
    for (size_t i = 0; i < r->count; i++)
        if (r->places[i].entry && entry_is_valid(r->places[i].entry)) {
            print_place(r->options, &r->places[i]);
            status = EXIT_FOUND;
        }
    if (status == EXIT_NOT_FOUND)
        message_note("no host has an entry with this MAC address");
    return fflush(stdout) == 0 ? status : EXIT_ERROR;
}

static int check_macs(const struct mqtt_options *options)
{
    struct arpq_mac mac;

    for (int i = 0; i < options->count; i++)
        if (arpq_mac_parse(options->args[i], &mac) != 0) {
            message_print("where: '%s': not a MAC address", options->args[i]);
            return EXIT_USAGE;
        }
    return 0;
}

static int ask_broker(struct where_run *r)
{
    const int64_t until = clock_ms() + r->options->timeout_ms;
    int code = connect_in_time(r);

    if (code != MOSQ_ERR_SUCCESS) {
        message_print("cannot connect to %s: %s",
                      r->options->unix_path ? r->options->unix_path : r->options->host,
                      client_error(code));
        return EXIT_ERROR;
    }
    code = wait_for_answers(r, until);
    if (code == 0 && r->count != 0) {
        ask_for_entries(r);
        code = wait_for_answers(r, until);
    }
    mosquitto_disconnect(r->client);
    return code != 0 ? code : print_places(r);
}

int where_run(const struct mqtt_options *options)
{
    struct where_run r = {.options = options};
    int status = check_macs(options);

    if (status != 0)
        return status;
    r.client = client_new(options, options->id, &r);
    if (!r.client)
        return EXIT_ERROR;
    mosquitto_connect_callback_set(r.client, on_connect);
    mosquitto_subscribe_callback_set(r.client, on_subscribe);
    mosquitto_message_callback_set(r.client, on_message);
    status = ask_broker(&r);
    mosquitto_destroy(r.client);
    free_places(&r);
    return status;
}
