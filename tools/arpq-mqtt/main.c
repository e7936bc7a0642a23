/* SPDX-License-Identifier: MIT */
/* arpq-mqtt: keeps the neighbour table of this machine in an MQTT broker. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "broker.h"
#include "clock.h"
#include "message.h"
#include "neighbours.h"
#include "options.h"
#include "retained.h"
#include "where.h"

static int open_signals(void)
{
    sigset_t ends;
    int fd;

    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    fd = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0)
        message_print("cannot receive signals: %s", strerror(errno));
    return fd;
}

/* Returns the exit status. A message that changes again while it waits is sent once, so the events
 * of the kernel are always taken. */
static int publish(struct broker *broker, struct neighbours *neighbours, int signals)
{
    struct pollfd polled[3] = {{.fd = signals, .events = POLLIN},
                               {.fd = neighbours_fd(neighbours), .events = POLLIN}};
    bool more = true;

    while (polled[0].revents == 0) {
        if (!neighbours_take(neighbours, &more) || !broker_run(broker))
            return EXIT_ERROR;
        polled[1].fd = neighbours_fd(neighbours); /* another after an interface was renamed */
        const int64_t left = broker_poll(broker, &polled[2]) - clock_ms();

        if (poll(polled, 3, more || left < 0 ? 0 : (int)left) < 0 && errno != EINTR) {
            message_print("cannot wait: %s", strerror(errno));
            return EXIT_ERROR;
        }
        broker_serve(broker, polled[2].revents);
    }
    return EXIT_FOUND;
}

static int run(const struct mqtt_options *options)
{
    struct retained retained = {0};
    struct neighbours neighbours;
    struct broker broker;
    int status = EXIT_ERROR, signals = open_signals();

    if (signals < 0)
        return status;
    if (neighbours_open(&neighbours, options, &retained)) {
        broker_open(&broker, options, &retained);
        status = publish(&broker, &neighbours, signals);
        broker_close(&broker);
    }
    neighbours_close(&neighbours);
    retained_free(&retained);
    close(signals);
    return status;
}

int main(int argc, char **argv)
{
    struct mqtt_options options;
    const int code = options_parse(&options, argc, argv);
    int status;

    if (code != 0)
        return code - 1;
    mosquitto_lib_init();
    status = options.where ? where_run(&options) : run(&options);
    mosquitto_lib_cleanup();
    return status;
}
