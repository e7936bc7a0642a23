/* SPDX-License-Identifier: MIT */
/* Wait for changes of the neighbour table until a signal handler ends the wait. */
#include <arpq.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static struct arpq_handle *h;

static void end_wait(int number)
{
    (void)number;
    arpq_wake(h);
}

int main(void)
{
    struct arpq_watch *watch = NULL;
    struct arpq_event event;
    int code;

    if (arpq_open(&h, NULL) < 0 || arpq_watch_open(h, &watch, NULL) < 0)
        return 1;
    signal(SIGALRM, end_wait);
    alarm(1);
    while ((code = arpq_watch_next(watch, &event, -1)) == 1)
        ;
    printf("%s\n", arpq_name(ARPQ_NAMES_ERROR, (uint32_t)-code));
    arpq_watch_close(watch);
    arpq_close(h);
    return 0;
}
