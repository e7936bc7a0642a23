/* SPDX-License-Identifier: MIT */
#include "topic.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char digits[] = "0123456789abcdef";

void topic_escape(char *out, const char *name)
{
    for (; *name != '\0'; name++) {
        const unsigned char c = (unsigned char)*name;

        if (c > 0x20 && c < 0x7f && !strchr("%/+#", c)) {
            *out++ = *name;
            continue;
        }
        *out++ = '%';
        *out++ = digits[c >> 4];
        *out++ = digits[c & 15];
    }
    *out = '\0';
}

/* Returns 16 if c is no digit. */
static unsigned digit_of(char c)
{
    const char *found = c == '\0' ? NULL : strchr(digits, c);

    return found ? (unsigned)(found - digits) : 16;
}

void topic_unescape(char *out, const char *level)
{
    while (*level != '\0') {
        if (*level == '%' && digit_of(level[1]) < 16 && digit_of(level[2]) < 16) {
            *out++ = (char)(digit_of(level[1]) << 4 | digit_of(level[2]));
            level += 3;
        } else {
            *out++ = *level++;
        }
    }
    *out = '\0';
}

void topic_entry(char topic[TOPIC_SIZE], const char *prefix, const char *host, const char *dev,
                 const char *address)
{
    snprintf(topic, TOPIC_SIZE, "%.1000s/%s/%s/%s", prefix, host, dev, address);
}

/* FNV-1a, folded to the number of pages. */
static unsigned page_of(const char *text)
{
    uint32_t hash = UINT32_C(0x811c9dc5);

    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT32_C(0x01000193);
    return (hash ^ hash >> 8 ^ hash >> 16 ^ hash >> 24) % TOPIC_PAGES;
}

void topic_mac(char topic[TOPIC_SIZE], const char *prefix, const char *mac, const char *host,
               const char *dev, const char *address)
{
    snprintf(topic, TOPIC_SIZE, "%.1000s-mac/%02x/%s/%s/%s/%s", prefix,
             page_of(mac ? mac : address), mac ? mac : "none", host, dev, address);
}

void topic_page(char topic[TOPIC_SIZE], const char *prefix, unsigned page, const char *host)
{
    snprintf(topic, TOPIC_SIZE, "%.1000s-mac/%02x/+/%s/+/+", prefix, page, host);
}

bool topic_split(char *topic, struct topic_levels *levels)
{
    char **const order[] = {&levels->address, &levels->dev, &levels->host, &levels->mac};

    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        char *slash = strrchr(topic, '/');

        if (!slash)
            return false;
        *slash = '\0';
        *order[i] = slash + 1;
    }
    return true;
}

void topic_status(char topic[TOPIC_SIZE], const char *prefix, const char *host)
{
    snprintf(topic, TOPIC_SIZE, "%.1000s/%s/status", prefix, host);
}
