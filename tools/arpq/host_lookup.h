/* SPDX-License-Identifier: MIT */
/* Addresses of hosts that are given by name. Separate threads look up the names, so that a slow name
 * server delays neither other arguments nor the end of the tool. */
#ifndef ARPQ_TOOL_HOST_LOOKUP_H
#define ARPQ_TOOL_HOST_LOOKUP_H

#include "tool.h"

struct host_lookup;

struct host_found {
    int argument;      /* as passed to host_lookup_add */
    const char *wrong; /* an error message, or NULL */
    int code;          /* the error code of wrong */
    struct arpq_ip ip;
};

struct host_lookup *host_lookup_new(uint16_t family); /* family 0: either */

/* Adds a name, which must stay valid until the tool exits. Only before host_lookup_start. */
void host_lookup_add(struct host_lookup *l, const char *name, int argument);

/* Returns false after reporting an error. Does nothing if there are no names. */
bool host_lookup_start(struct host_lookup *l);

/* Returns the number of names whose results have not been taken. */
uint32_t host_lookup_pending(const struct host_lookup *l);

int host_lookup_fd(const struct host_lookup *l); /* readable if there is a result */
bool host_lookup_take(struct host_lookup *l, struct host_found *found); /* does not wait */
void host_lookup_close(struct host_lookup *l);

#endif
