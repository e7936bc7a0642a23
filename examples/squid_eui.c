/* SPDX-License-Identifier: MIT */
/*
 * squid_eui - a Squid helper for access by MAC: which host of the link sends this request?
 *
 * Build:  cc squid_eui.c $(pkg-config --cflags --libs arpq) -o squid_eui
 * Run:    ./squid_eui
 * Try:    echo '0 192.0.2.2' | ./squid_eui
 *
 * In squid.conf:
 *
 *   external_acl_type eui children-max=1 concurrency=1000 ttl=60 %>a /usr/local/bin/squid_eui
 *   acl printers external eui 02:00:00:00:00:02 02:00:00:00:00:03
 *   acl neighbours external eui
 *
 * Squid writes a line for each question: a channel number, the address of the client (IPv4 or
 * IPv6), and the MACs that the acl names. The answer has the same channel number:
 *
 *   OK tag=MAC   the client has one of the MACs, or the acl names none; %et in a logformat
 *   ERR          it has another one, or is no host of the link
 *   BH           the question is malformed, or the system lacks a resource
 *
 * Answers come in the order in which they become known. The kernel asks the link for an address
 * that it does not know, and meanwhile other questions are answered: one process is enough.
 */
#include <arpq.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct question {
    unsigned long long channel;
    size_t count;
    struct arpq_mac macs[]; /* that the acl names */
};

static int names(const struct question *question, const struct arpq_mac *mac)
{
    for (size_t n = 0; n < question->count; n++) {
        if (arpq_mac_compare(&question->macs[n], mac) == 0)
            return 1;
    }
    return question->count == 0;
}

static void answer(const struct arpq_resolved *resolved)
{
    struct question *question = (struct question *)(uintptr_t)resolved->token;
    const struct arpq_mac *mac = &resolved->neigh.mac;
    char text[ARPQ_MAC_STRLEN];

    arpq_mac_format(mac, ARPQ_MAC_COLON, text, sizeof text);
    switch (resolved->code) {
    case 0:
        if (arpq_mac_is_zero(mac)) { /* of loopback: a program on this machine */
            printf("%llu ERR message=\"not a host of the link\"\n", question->channel);
            break;
        }
        printf("%llu %s tag=%s\n", question->channel, names(question, mac) ? "OK" : "ERR", text);
        break;
    case -EHOSTUNREACH: /* nobody answers */
    case -ENETUNREACH:  /* behind a router */
    case -EOPNOTSUPP:   /* the link has no MACs */
        printf("%llu ERR message=\"%s\"\n", question->channel, arpq_strerror(resolved->code));
        break;
    default:
        printf("%llu BH message=\"%s\"\n", question->channel, arpq_strerror(resolved->code));
    }
    free(question);
}

/* Ask what the text after the channel number says; returns what is wrong with it, or NULL. */
static const char *ask(struct arpq_resolver *resolver, unsigned long long channel, char *text)
{
    size_t room = strlen(text) / 3 + 1; /* the shortest MAC has two characters and a space before */
    char *rest, *word = strtok_r(text, " ", &rest);
    struct question *question;
    struct arpq_ip ip;

    if (!word || arpq_ip_parse(word, &ip, 0) != 0)
        return "not an IP address";
    question = malloc(sizeof *question + room * sizeof question->macs[0]);
    if (!question)
        return "no memory";
    question->channel = channel;
    question->count = 0;
    while ((word = strtok_r(NULL, " ", &rest))) {
        if (strcmp(word, "-") == 0) /* some versions of Squid write it for no argument */
            continue;
        if (arpq_mac_parse(word, &question->macs[question->count++]) != 0) {
            free(question);
            return "not a MAC address";
        }
    }
    if (arpq_resolver_add(resolver, &ip, 0, (uintptr_t)question) != 0) {
        free(question);
        return "too many questions";
    }
    return NULL;
}

static void read_line(struct arpq_resolver *resolver, char *line, int is_whole)
{
    size_t digits = strspn(line, "0123456789");
    unsigned long long channel = strtoull(line, NULL, 10);
    const char *wrong;

    if (digits == 0 || line[digits] != ' ') {
        puts("BH message=\"no channel number: set concurrency in external_acl_type\"");
        return;
    }
    wrong = is_whole ? ask(resolver, channel, line + digits) : "the line is too long";
    if (wrong)
        printf("%llu BH message=\"%s\"\n", channel, wrong);
}

struct input {
    size_t length;
    int skip; /* to the end of a line that was too long */
    char bytes[65536];
};

/* Read what there is. Returns 0 at the end of the input. */
static int read_lines(struct arpq_resolver *resolver, struct input *input)
{
    ssize_t count =
        read(STDIN_FILENO, input->bytes + input->length, sizeof input->bytes - 1 - input->length);
    char *line = input->bytes, *end;

    if (count <= 0)
        return count < 0 && errno == EINTR;
    input->length += (size_t)count;
    while ((end = memchr(line, '\n', input->length))) {
        *end = '\0';
        if (!input->skip)
            read_line(resolver, line, 1);
        input->skip = 0;
        input->length -= (size_t)(end + 1 - line);
        line = end + 1;
    }
    memmove(input->bytes, line, input->length);
    if (input->length == sizeof input->bytes - 1) {
        input->bytes[input->length] = '\0';
        if (!input->skip)
            read_line(resolver, input->bytes, 0);
        input->skip = 1;
        input->length = 0;
    }
    return 1;
}

/* Returns the exit status: 0 at the end of the input. */
static int serve(struct arpq_resolver *resolver)
{
    static struct input input;
    struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                           {.fd = arpq_resolver_fd(resolver), .events = POLLIN}};
    struct arpq_resolved resolved;
    int code = 0;

    while (fds[0].fd >= 0 || arpq_resolver_pending(resolver) > 0) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return 1;
        if (fds[0].revents && !read_lines(resolver, &input))
            fds[0].fd = -1;
        while ((code = arpq_resolver_next(resolver, &resolved, 0)) == 1)
            answer(&resolved);
        fflush(stdout);
        if (code < 0 && code != -ENODATA) {
            fprintf(stderr, "squid_eui: %s\n", arpq_strerror(code));
            return 1;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct arpq_handle *h = NULL;
    struct arpq_resolver *resolver = NULL;
    int code, status = 1;

    (void)argv;
    if (argc > 1) {
        fprintf(stderr, "usage: squid_eui    (see the head of squid_eui.c)\n");
        return 2;
    }
    code = arpq_open(&h, NULL);
    if (code == 0)
        code = arpq_resolver_open(h, &resolver, NULL);
    if (code == 0)
        status = serve(resolver);
    else
        fprintf(stderr, "squid_eui: %s\n", arpq_strerror(code));
    arpq_resolver_close(resolver);
    arpq_close(h);
    return status;
}
