/* SPDX-License-Identifier: MIT */
#include "clock.h"

#include <stdio.h>

#include "json.h"

int64_t clock_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void clock_print(const struct timespec *time)
{
    char text[32] = "";
    struct tm local;

    if (localtime_r(&time->tv_sec, &local) != NULL)
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &local);
    printf("%s.%03d ", text, (int)(time->tv_nsec / 1000000));
}

void clock_json(struct json_object *object, const struct timespec *time)
{
    char text[64] = "", whole[32] = "";
    struct tm utc;

    if (gmtime_r(&time->tv_sec, &utc) != NULL)
        strftime(whole, sizeof whole, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text, sizeof text, "%s.%09ldZ", whole, time->tv_nsec);
    json_text(object, "time", text);
}
