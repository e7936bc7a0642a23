/* SPDX-License-Identifier: MIT */
/* arpq_instructions CALL COUNT IP: makes a library call COUNT times. The script "instructions" runs
 * it. */
#include <arpq.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct state {
    struct arpq_handle *handle;
    struct arpq_mirror *mirror;
    struct arpq_ip ip;
};

static int call_hit(struct state *s)
{
    struct arpq_mac mac;

    return arpq_lookup(s->handle, &s->ip, 0, 0, &mac);
}

static int call_entry(struct state *s)
{
    struct arpq_neigh neigh;

    return arpq_neigh_get(s->handle, &s->ip, 0, 0, &neigh);
}

static int call_mirror(struct state *s)
{
    struct arpq_mac mac;

    return arpq_mirror_lookup(s->mirror, &s->ip, 0, &mac);
}

static const struct {
    const char *name;
    int (*call)(struct state *s);
} calls[] = {{"hit", call_hit}, {"entry", call_entry}, {"mirror", call_mirror}};

/* Returns the code of the first call that fails, or -1 for an unknown name. */
static int make_calls(struct state *s, const char *name, long count)
{
    int code = -1;

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcmp(calls[i].name, name) == 0)
            for (code = 0; count > 0 && code == 0; count--)
                code = calls[i].call(s);
    return code;
}

int main(int argc, char **argv)
{
    struct state s;
    int code;

    if (argc != 4) {
        fputs("usage: arpq_instructions hit|entry|mirror COUNT IP\n", stderr);
        return 2;
    }
    code = arpq_ip_parse(argv[3], &s.ip, 0);
    if (code == 0)
        code = arpq_open(&s.handle, NULL);
    if (code == 0)
        code = arpq_mirror_open(s.handle, &s.mirror, NULL);
    if (code == 0)
        code = make_calls(&s, argv[1], strtol(argv[2], NULL, 10));
    if (code)
        fprintf(stderr, "arpq_instructions: %s\n", arpq_strerror(code));
    return code ? 1 : 0;
}
