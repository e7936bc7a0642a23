/* SPDX-License-Identifier: MIT */
/* Ping a host once, and tell an answer from an error and from silence. */
#include <arpq.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct arpq_ping_options options = {.size = sizeof options,
                                        .answer_ms = 500};
    struct arpq_handle *h;
    struct arpq_ip ip;
    struct arpq_ping_reply reply;
    char from[ARPQ_IP_STRLEN];

    if (argc != 2 || arpq_ip_parse(argv[1], &ip, 0) < 0 ||
        arpq_open(&h, NULL) < 0)
        return 2;
    int code = arpq_ping(h, &ip, &options, &reply);
    if (code == 0)
        printf("%u bytes from %s, hop limit %u\n", reply.payload_size,
               arpq_ip_format(&reply.from, from, sizeof from),
               reply.hop_limit);
    else
        puts(arpq_strerror(code));
    arpq_close(h);
    return code != 0;
}
