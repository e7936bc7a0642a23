/* SPDX-License-Identifier: MIT */
/* Sends the retained messages to the broker. After each connection it asks the broker for the
 * messages that it has, sends what differs and removes what should not be there. */
#ifndef ARPQ_MQTT_BROKER_H
#define ARPQ_MQTT_BROKER_H

#include <mosquitto.h>
#include <poll.h>

#include "options.h"
#include "retained.h"
#include "topic.h"

#define BROKER_FLYING 100 /* messages that the broker has not acknowledged yet */

enum broker_state { BROKER_DOWN, BROKER_CONNECTING, BROKER_LISTING, BROKER_READY };

struct broker {
    const struct mqtt_options *options;
    struct retained *retained;
    enum broker_state state;
    struct mosquitto *client; /* NULL if down */
    char status[TOPIC_SIZE];  /* its topic */
    char *host;               /* escaped */
    struct broker_flight {
        int mid;
        struct retained_topic *topic; /* NULL: the place is free */
    } flights[BROKER_FLYING];
    int64_t retry_at, until; /* clock_ms(): the next connection; the end of the list or of a wait */
    int64_t delay_ms;        /* before the next connection but one */
    unsigned page;           /* the next page of the list */
    int page_mid;            /* of the subscription to the pages before it, or to the status */
    bool listed;             /* the broker has sent all pages */
    bool warned, announced;  /* messages that are printed once */
    int status_mid;          /* of "offline", or 0 */
    const char *refusal;     /* of the broker, or NULL */
    bool failed;             /* the broker refuses this client: the program ends */
};

void broker_open(struct broker *b, const struct mqtt_options *options, struct retained *retained);

/* Connects when it is time to, and sends what there is to send. Waits while it connects, and lets
 * SIGINT and SIGTERM end the program meanwhile. Returns false if the program must end. */
bool broker_run(struct broker *b);

/* Sets fd to -1 if there is nothing to poll. Returns clock_ms() at which broker_run must be called. */
int64_t broker_poll(const struct broker *b, struct pollfd *polled);
void broker_serve(struct broker *b, short revents);

/* Says "offline", waits for the answer for two seconds at most and disconnects. */
void broker_close(struct broker *b);

#endif
