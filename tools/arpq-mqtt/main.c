/* SPDX-License-Identifier: MIT */
/* arpq-mqtt: asks an MQTT broker on which host and interface a MAC address is. */
#include <mosquitto.h>

#include "options.h"
#include "where.h"

int main(int argc, char **argv)
{
    struct mqtt_options options;
    const int code = options_parse(&options, argc, argv);
    int status;

    if (code != 0)
        return code - 1;
    mosquitto_lib_init();
    status = where_run(&options);
    mosquitto_lib_cleanup();
    return status;
}
