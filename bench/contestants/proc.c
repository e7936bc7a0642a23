/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "contestants/peers.h"

static int dummy;

static void *proc_open(void)
{
    return &dummy;
}

/* Returns 0 if the line is the entry of `wanted`. If `wanted` is NULL, returns 0 for any entry. */
static int proc_parse_line(const char *line, const char *wanted, uint8_t mac[6])
{
    char ip[64], device[64];
    unsigned type, flags, m[6];

    if (sscanf(line, "%63s 0x%x 0x%x %x:%x:%x:%x:%x:%x %*s %63s", ip, &type, &flags, &m[0], &m[1],
               &m[2], &m[3], &m[4], &m[5], device) != 10 ||
        (wanted && strcmp(ip, wanted) != 0))
        return -1;
    for (int i = 0; i < 6; i++)
        mac[i] = (uint8_t)m[i];
    return 0;
}

static int proc_get(void *state, const struct target *t, uint8_t mac[6])
{
    char wanted[INET_ADDRSTRLEN], line[256];
    FILE *file = fopen("/proc/thread-self/net/arp", "re");
    int code = -1;

    (void)state;
    if (!file || !inet_ntop(AF_INET, t->ip.bytes, wanted, sizeof wanted))
        return -1;
    while (code && fgets(line, sizeof line, file))
        code = proc_parse_line(line, wanted, mac);
    fclose(file);
    return code;
}

static void proc_close(void *state)
{
    (void)state;
}

static long proc_list(void)
{
    char line[256];
    uint8_t mac[6];
    FILE *file = fopen("/proc/thread-self/net/arp", "re");
    long entries = 0;

    if (!file)
        return -1;
    while (fgets(line, sizeof line, file))
        entries += proc_parse_line(line, NULL, mac) == 0;
    fclose(file);
    return entries;
}

const struct peer *peer_proc(void)
{
    static const struct peer peer = {"peer: /proc/net/arp, read and parsed",
                                     proc_open,
                                     proc_get,
                                     proc_close,
                                     "peer: /proc/net/arp",
                                     proc_list};

    return &peer;
}
