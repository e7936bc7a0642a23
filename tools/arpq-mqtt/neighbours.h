/* SPDX-License-Identifier: MIT */
/* Keeps the retained messages equal to the kernel's table. */
#ifndef ARPQ_MQTT_NEIGHBOURS_H
#define ARPQ_MQTT_NEIGHBOURS_H

#include <arpq.h>

#include "options.h"
#include "retained.h"

struct neighbours {
    const struct mqtt_options *options;
    struct retained *retained;
    struct arpq_handle *h;
    struct arpq_watch *watch;
    char *host;   /* escaped */
    bool reading; /* the events of existing entries have not all come */
    bool again;   /* an interface got another name: the table is read again */
    struct neighbours_device *devices;
    size_t device_count, device_capacity;
};

/* Reports errors. Returns false then, and the program ends. */
bool neighbours_open(struct neighbours *n, const struct mqtt_options *options,
                     struct retained *retained);
int neighbours_fd(const struct neighbours *n);

/* Takes some events. Returns false after an error. *more tells whether there are further ones. */
bool neighbours_take(struct neighbours *n, bool *more);
void neighbours_close(struct neighbours *n);

#endif
