/* SPDX-License-Identifier: MIT */
/* Topics: PREFIX/HOST/INTERFACE/ADDRESS has an entry, PREFIX-mac/PAGE/MAC/HOST/INTERFACE/ADDRESS finds
 * it by its MAC address, PREFIX/HOST/status is "online" or "offline".
 *
 * The second one is also the list of the entries that a host has in the broker. A broker drops
 * messages if a subscription brings too many at once (max_queued_messages of mosquitto), so the list
 * has pages: two hexadecimal digits, a hash of the MAC address. */
#ifndef ARPQ_MQTT_TOPIC_H
#define ARPQ_MQTT_TOPIC_H

#include <stdbool.h>
#include <stddef.h>

/* Of one level. %XX replaces '%', '/', '+', '#', control characters and what is not ASCII: a topic
 * is UTF-8 without wildcards, and an interface may have any name. */
#define TOPIC_LEVEL_SIZE(length) (3 * (length) + 1)

#define TOPIC_SIZE 2048 /* names of hosts and interfaces are short, the prefix is cut */

void topic_escape(char *out, const char *name);
void topic_unescape(char *out, const char *level); /* out has the size of level */

/* Each writes at most TOPIC_SIZE bytes. host and dev are escaped already. */
void topic_entry(char topic[TOPIC_SIZE], const char *prefix, const char *host, const char *dev,
                 const char *address);

/* mac NULL: an entry without MAC address, which is on a page by its IP address. */
void topic_mac(char topic[TOPIC_SIZE], const char *prefix, const char *mac, const char *host,
               const char *dev, const char *address);

#define TOPIC_PAGES 256
/* The pattern of all entries of a host on a page. */
void topic_page(char topic[TOPIC_SIZE], const char *prefix, unsigned page, const char *host);

/* Splits the topic of a list from its end, because the prefix may have levels, and cuts it. */
struct topic_levels {
    char *mac, *host, *dev, *address;
};
bool topic_split(char *topic, struct topic_levels *levels);
void topic_status(char topic[TOPIC_SIZE], const char *prefix, const char *host);

#endif
