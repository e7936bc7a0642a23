/* SPDX-License-Identifier: MIT */
/* A machine that answers an echo request after some time, so that there is time to forge answers.
 * The victim has a permanent entry for it. */
#include <string.h>
#include <sys/socket.h>

#include "attack/attacker.h"
#include "attack/plan.h"
#include "process.h"

#define DELAY_MS 3

static void swap_bytes(uint8_t *a, uint8_t *b, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const uint8_t byte = a[i];

        a[i] = b[i];
        b[i] = byte;
    }
}

/* Only the type changes the checksum: exchanged addresses do not. */
static void set_type(uint8_t *message, uint8_t reply)
{
    uint32_t sum = (uint32_t)(message[2] << 8 | message[3]);

    sum += ((uint32_t)message[0] << 8) + (0xffffu - ((uint32_t)reply << 8));
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    message[0] = reply;
    message[2] = (uint8_t)(sum >> 8);
    message[3] = (uint8_t)sum;
}

static bool make_reply(uint8_t *frame, size_t size)
{
    const unsigned protocol = (unsigned)(frame[12] << 8 | frame[13]);

    if (protocol == 0x0800 && size >= 42 && frame[23] == 1 && frame[33] == SLOW_HOST &&
        frame[34] == 8) {
        swap_bytes(frame + 26, frame + 30, 4);
        set_type(frame + 34, 0);
    } else if (protocol == 0x86dd && size >= 62 && frame[20] == 58 && frame[53] == SLOW_HOST &&
               frame[54] == 128) {
        swap_bytes(frame + 22, frame + 38, 16);
        set_type(frame + 54, 129);
    } else {
        return false;
    }
    swap_bytes(frame, frame + 6, 6);
    return true;
}

_Noreturn void slow_run(void)
{
    int fd = attacker_socket();
    uint8_t frame[2048];

    for (;;) {
        ssize_t size = recv(fd, frame, sizeof frame, 0);

        if (size < 42 || !make_reply(frame, (size_t)size))
            continue;
        sleep_ms(DELAY_MS);
        (void)send(fd, frame, (size_t)size, 0);
    }
}
