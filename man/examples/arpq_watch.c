/* SPDX-License-Identifier: MIT */
/* Print the permanent IPv4 entries, and then each change until none came for half a second. */
#include <arpq.h>
#include <stdio.h>

int main(void)
{
    struct arpq_watch_options options = {
        .size = sizeof options,
        .flags = ARPQ_WATCH_EXISTING,
        .filter = {.size = sizeof options.filter,
                   .family = AF_INET,
                   .states = ARPQ_STATE_PERMANENT}};
    struct arpq_handle *h;
    struct arpq_watch *watch = NULL;
    struct arpq_event event;
    char ip[ARPQ_IP_STRLEN];

    if (arpq_open(&h, NULL) < 0 ||
        arpq_watch_open(h, &watch, &options) < 0)
        return 1;
    while (arpq_watch_next(watch, &event, 500) == 1) {
        fputs(arpq_name(ARPQ_NAMES_EVENT, event.type), stdout);
        if (event.neigh.ip.family != 0)
            printf(" %s",
                   arpq_ip_format(&event.neigh.ip, ip, sizeof ip));
        putchar('\n');
    }
    arpq_watch_close(watch);
    arpq_close(h);
    return 0;
}
