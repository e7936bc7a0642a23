/* SPDX-License-Identifier: MIT */
/*
 * captive_portal - a web page that knows the MAC of its visitor, and lets the listed ones in.
 *
 * Build:  cc captive_portal.c $(pkg-config --cflags --libs arpq libmicrohttpd) -o captive_portal
 * Run:    ./captive_portal 8080 allowed.txt
 * Try:    curl -i http://192.0.2.1:8080/      (from another host of the link)
 *
 * allowed.txt has one MAC a line; "#" begins a comment. The answer is 200 for a listed visitor, 511
 * (RFC 6585) for another host of the link, and 403 for a visitor that is no host of the link, such
 * as one behind a router: its MAC never gets here. SIGHUP reads the file again, SIGINT and SIGTERM
 * end the program. It needs no privilege.
 *
 * The TCP handshake has just used the neighbour entry of the visitor. The lookup finds it, resolves
 * nothing and takes about a microsecond. One handle serves all threads of the web server.
 */
#include <arpq.h>
#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct portal {
    struct arpq_handle *arpq;
    const char *path; /* of the list */
    pthread_rwlock_t lock;
    struct arpq_mac *allowed; /* sorted; under the lock */
    size_t count;
};

static int compare_macs(const void *a, const void *b)
{
    return arpq_mac_compare(a, b);
}

/* Take the MAC of a line, if it has one. */
static int read_line(char *line, unsigned number, struct arpq_mac **list, size_t *count)
{
    struct arpq_mac mac, *longer;
    char *word;

    line[strcspn(line, "#")] = '\0';
    word = strtok(line, " \t\r\n");
    if (!word)
        return 0;
    if (strtok(NULL, " \t\r\n") || arpq_mac_parse(word, &mac) != 0) {
        fprintf(stderr, "line %u: not a MAC: %s\n", number, word);
        return -EINVAL;
    }
    longer = realloc(*list, (*count + 1) * sizeof *longer);
    if (!longer)
        return -ENOMEM;
    *list = longer;
    longer[(*count)++] = mac;
    return 0;
}

/* Whole lines, however long: the end of a comment must not let anybody in. */
static int read_list(FILE *file, struct arpq_mac **list, size_t *count)
{
    char *line = NULL;
    size_t size = 0;
    int code = 0;

    for (unsigned number = 1; code == 0 && getline(&line, &size, file) >= 0; number++)
        code = read_line(line, number, list, count);
    free(line);
    return code == 0 && !feof(file) ? -EIO : code;
}

/* Read the list and use it; on failure the old one stays. */
static int load_list(struct portal *portal)
{
    FILE *file = fopen(portal->path, "re");
    struct arpq_mac *list = NULL, *old;
    size_t count = 0;
    int code = file ? read_list(file, &list, &count) : -errno;

    if (file)
        fclose(file);
    if (code < 0) {
        fprintf(stderr, "%s: %s\n", portal->path, arpq_strerror(code));
        free(list);
        return code;
    }
    if (count > 0)
        qsort(list, count, sizeof *list, compare_macs);
    pthread_rwlock_wrlock(&portal->lock);
    old = portal->allowed;
    portal->allowed = list;
    portal->count = count;
    pthread_rwlock_unlock(&portal->lock);
    free(old);
    return 0;
}

static int is_allowed(struct portal *portal, const struct arpq_mac *mac)
{
    int found;

    pthread_rwlock_rdlock(&portal->lock);
    found = portal->count > 0 &&
            bsearch(mac, portal->allowed, portal->count, sizeof *mac, compare_macs) != NULL;
    pthread_rwlock_unlock(&portal->lock);
    return found;
}

/* Write the page for the host at the other end of the socket; returns the HTTP status. */
static unsigned decide(struct portal *portal, int fd, char *page, size_t size)
{
    struct arpq_mac mac;
    char text[ARPQ_MAC_STRLEN];
    int code = arpq_peer(portal->arpq, fd, 0, &mac);

    if (code == -ENETUNREACH || code == -EOPNOTSUPP) {
        snprintf(page, size, "You are not on this link.\n");
        return MHD_HTTP_FORBIDDEN;
    }
    if (code < 0) {
        snprintf(page, size, "Cannot tell who you are: %s.\n", arpq_strerror(code));
        return MHD_HTTP_INTERNAL_SERVER_ERROR;
    }
    arpq_mac_format(&mac, ARPQ_MAC_COLON, text, sizeof text);
    if (!is_allowed(portal, &mac)) {
        snprintf(page, size, "Please sign in, %s.\n", text);
        return MHD_HTTP_NETWORK_AUTHENTICATION_REQUIRED;
    }
    snprintf(page, size, "Welcome, %s.\n", text);
    return MHD_HTTP_OK;
}

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    char page[256] = "Only GET and HEAD.\n";
    unsigned status = MHD_HTTP_METHOD_NOT_ALLOWED;
    struct MHD_Response *response;
    enum MHD_Result result;

    (void)url, (void)version, (void)upload, (void)state;
    *upload_size = 0; /* a body does not matter */
    if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
        status = decide(context, info->connect_fd, page, sizeof page);
    response = MHD_create_response_from_buffer(strlen(page), page, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", "text/plain");
    MHD_add_response_header(response, "Cache-Control", "no-store");
    result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* IPv4 and IPv6 on one socket, or IPv4 alone where the kernel has no IPv6. */
static struct MHD_Daemon *start(struct portal *portal, uint16_t port)
{
    static const unsigned families[] = {MHD_USE_DUAL_STACK, 0};
    struct MHD_Daemon *server = NULL;

    for (int n = 0; n < 2 && !server; n++)
        server = MHD_start_daemon(MHD_USE_AUTO_INTERNAL_THREAD | families[n], port, NULL, NULL,
                                  answer, portal, MHD_OPTION_THREAD_POOL_SIZE, 4u,
                                  MHD_OPTION_CONNECTION_TIMEOUT, 10u, MHD_OPTION_END);
    return server;
}

/* Returns the exit status. */
static int serve(struct portal *portal, uint16_t port)
{
    struct MHD_Daemon *server;
    sigset_t signals;
    int number;

    sigemptyset(&signals);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* before the threads of the server start */
    server = start(portal, port);
    if (!server) {
        fprintf(stderr, "cannot serve port %u\n", (unsigned)port);
        return 1;
    }
    while (sigwait(&signals, &number) == 0 && number == SIGHUP)
        load_list(portal);
    MHD_stop_daemon(server);
    return 0;
}

int main(int argc, char **argv)
{
    struct portal portal = {.lock = PTHREAD_RWLOCK_INITIALIZER};
    char *end = NULL;
    unsigned long port = argc == 3 ? strtoul(argv[1], &end, 10) : 0;
    int status = 1, code;

    if (port < 1 || port > 65535 || *end) {
        fprintf(stderr, "usage: captive_portal PORT FILE\n");
        return 2;
    }
    portal.path = argv[2];
    code = arpq_open(&portal.arpq, NULL);
    if (code < 0)
        fprintf(stderr, "cannot open libarpq: %s\n", arpq_strerror(code));
    else if (load_list(&portal) == 0)
        status = serve(&portal, (uint16_t)port);
    arpq_close(portal.arpq);
    free(portal.allowed);
    return status;
}
