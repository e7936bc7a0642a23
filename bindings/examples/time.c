/* SPDX-License-Identifier: MIT */
/* time ADDRESS - nanoseconds of one lookup in C, as the examples in other languages make it: from
 * text to text, in the best of 100 batches of 1000. */
#include <arpq.h>
#include <stdio.h>
#include <time.h>

#define BATCHES 100
#define COUNT 1000

static double now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int look_up(struct arpq_handle *handle, const char *address)
{
    struct arpq_ip ip;
    struct arpq_mac mac;
    char text[ARPQ_MAC_STRLEN];
    int code = arpq_ip_parse(address, &ip, 0);

    if (code == 0)
        code = arpq_lookup(handle, &ip, 0, 0, &mac);
    if (code == 0)
        arpq_mac_format(&mac, ARPQ_MAC_COLON, text, sizeof(text));
    return code;
}

int main(int argc, char **argv)
{
    struct arpq_handle *handle;
    int code = argc == 2 ? arpq_open(&handle, NULL) : -1;
    double best = 1e12;

    if (code < 0) {
        fprintf(stderr, "usage: time ADDRESS\n");
        return 2;
    }
    for (int batch = 0; batch < BATCHES && code == 0; batch++) {
        double start = now_ns();
        for (int n = 0; n < COUNT && code == 0; n++)
            code = look_up(handle, argv[1]);
        double took = (now_ns() - start) / COUNT;
        best = took < best ? took : best;
    }
    printf("%.0f\n", best);
    if (code < 0)
        fprintf(stderr, "%s: %s\n", argv[1], arpq_strerror(code));
    arpq_close(handle);
    return code < 0;
}
