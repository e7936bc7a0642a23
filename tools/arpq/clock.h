/* SPDX-License-Identifier: MIT */
/* The monotonic clock, and times as text. */
#ifndef ARPQ_TOOL_CLOCK_H
#define ARPQ_TOOL_CLOCK_H

#include <stdint.h>
#include <time.h>

struct json_object;

int64_t clock_ms(void);                        /* returns CLOCK_MONOTONIC in milliseconds */
void clock_print(const struct timespec *time); /* prints local time and a space */
/* Adds a member "time". The time is in UTC, so that it does not depend on the local time zone. */
void clock_json(struct json_object *object, const struct timespec *time);

#endif
