/* SPDX-License-Identifier: MIT */
/* Ping several hosts at a time, and print each result when it is known. */
#include <arpq.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct arpq_ping_options options = {.size = sizeof options,
                                        .answer_ms = 500};
    struct arpq_handle *h;
    struct arpq_pinger *pinger = NULL;
    struct arpq_pinged result;
    struct arpq_ip ip;

    if (arpq_open(&h, NULL) < 0 ||
        arpq_pinger_open(h, &pinger, &options) < 0)
        return 1;
    for (int i = 1; i < argc; i++)
        if (arpq_ip_parse(argv[i], &ip, 0) == 0)
            arpq_pinger_add(pinger, &ip, 1, (uint64_t)i);
    while (arpq_pinger_next(pinger, &result, -1) == 1)
        printf("%s %s\n", argv[result.token],
               result.code ? arpq_strerror(result.code) : "is up");
    arpq_pinger_close(pinger);
    arpq_close(h);
    return 0;
}
