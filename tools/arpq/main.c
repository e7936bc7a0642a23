/* SPDX-License-Identifier: MIT */
/* Selects and runs the subcommand. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "cmd_addr.h"
#include "cmd_del.h"
#include "cmd_flush.h"
#include "cmd_get.h"
#include "cmd_if.h"
#include "cmd_lookup.h"
#include "cmd_ping.h"
#include "cmd_resolve.h"
#include "cmd_set.h"
#include "cmd_show.h"
#include "cmd_sniff.h"
#include "cmd_stats.h"
#include "cmd_sweep.h"
#include "cmd_watch.h"
#include "host_names.h"
#include "options.h"
#include "output.h"
#include "usage.h"

#define BIT(option) OPTION_BIT(OPTION_##option)
#define FOR_ADDRESSES (BIT(DEV) | BIT(GATEWAY) | BIT(JSON) | BIT(VENDOR))
#define FOR_FILTER                                                                                 \
    (BIT(DEV) | BIT(JSON) | BIT(IPV4) | BIT(IPV6) | BIT(PREFIX) | BIT(MAC) | BIT(PROTO))
#define FOR_STATES                                                                                 \
    (BIT(MASTER) | BIT(STATE) | BIT(PROXY) | BIT(ROUTER) | BIT(MANAGED) | BIT(EXTERN_LEARN))
#define FOR_PEOPLE (BIT(VENDOR) | BIT(NAMES))

static const struct subcommand {
    const char *name;
    command_function *run;
    int least, most; /* number of arguments */
    uint64_t takes;  /* OPTION_BIT of each option that it accepts */
} subcommands[] = {
    {"lookup", cmd_lookup, 1, INT_MAX, FOR_ADDRESSES},
    {"get", cmd_get, 1, INT_MAX, FOR_ADDRESSES},
    {"if", cmd_if, 0, INT_MAX, BIT(JSON) | BIT(STATS)},
    {"addr", cmd_addr, 0, INT_MAX, BIT(DEV) | BIT(JSON)},
    {"show", cmd_show, 0, 0, FOR_FILTER | FOR_STATES | FOR_PEOPLE},
    {"watch", cmd_watch, 0, 0,
     FOR_FILTER | FOR_PEOPLE | BIT(EXISTING) | BIT(INTERFACES) | BIT(ADDRESSES) | BIT(TIMEOUT) |
         BIT(COUNT)},
    {"stats", cmd_stats, 0, 0, BIT(JSON) | BIT(IPV4) | BIT(IPV6)},
    {"set", cmd_set, 1, 2,
     BIT(DEV) | BIT(JSON) | BIT(STATE) | BIT(ROUTER) | BIT(MANAGED) | BIT(EXTERN_LEARN) |
         BIT(PROTO) | BIT(PROXY) | BIT(NETMASK) | BIT(CREATE) | BIT(REPLACE) | BIT(INSIST)},
    {"del", cmd_del, 1, INT_MAX, BIT(DEV) | BIT(JSON) | BIT(PROXY) | BIT(NETMASK)},
    {"flush", cmd_flush, 0, 0, FOR_FILTER | FOR_STATES},
    {"resolve", cmd_resolve, 1, INT_MAX,
     FOR_ADDRESSES | BIT(TIMEOUT) | BIT(REVALIDATE) | BIT(MAX_AGE)},
    {"sweep", cmd_sweep, 0, 1,
     BIT(DEV) | BIT(JSON) | BIT(IPV4) | BIT(IPV6) | FOR_PEOPLE | BIT(RATE) | BIT(ATTEMPTS) |
         BIT(TIMEOUT) | BIT(FORCE) | BIT(NO_SOURCE) | BIT(NO_RAW)},
    {"ping", cmd_ping, 1, 1,
     BIT(DEV) | BIT(JSON) | BIT(COUNT) | BIT(INTERVAL) | BIT(SIZE) | BIT(TTL) | BIT(TIMEOUT)},
    {"sniff", cmd_sniff, 0, 0,
     BIT(DEV) | BIT(JSON) | FOR_PEOPLE | BIT(ARP) | BIT(NDP) | BIT(CLAIMS) | BIT(OUTGOING) |
         BIT(PROMISCUOUS) | BIT(COUNT) | BIT(TIMEOUT)},
};

static enum status print_usage(void)
{
    fputs(usage_synopsis, stderr);
    return usage_error(NULL);
}

static enum status print_version(void)
{
    printf("arpq %d.%d.%d (libarpq %s)\n", ARPQ_VERSION_MAJOR, ARPQ_VERSION_MINOR,
           ARPQ_VERSION_PATCH, arpq_version());
    return FOUND;
}

/* If the caller closed a descriptor from 0 to 2, the next socket would get its number and
 * output would be sent to the kernel. A read-only descriptor makes such a write fail. */
static void occupy_standard_descriptors(void)
{
    int fd;

    do {
        fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

/* Consumes the first argument if it is a subcommand; otherwise returns lookup. */
static const struct subcommand *find_subcommand(int *count, char ***args)
{
    for (size_t i = 0; *count > 0 && i < sizeof subcommands / sizeof subcommands[0]; i++) {
        if (strcmp((*args)[0], subcommands[i].name) == 0) {
            ++*args;
            --*count;
            return &subcommands[i];
        }
    }
    return &subcommands[0];
}

/* Checks that the subcommand accepts the options and the number of arguments. */
static enum status check_usage(const struct tool *t, const struct subcommand *subcommand, int count)
{
    const uint64_t wrong = t->given & ~subcommand->takes;

    if (count < subcommand->least)
        return print_usage();
    for (enum option_row row = OPTION_DEV; row < OPTION_ROWS; row++)
        if (wrong & OPTION_BIT(row)) {
            fprintf(stderr, "arpq: %s does not take %s\n", subcommand->name, options_name(row));
            return usage_error(NULL);
        }
    if (count <= subcommand->most)
        return FOUND;
    if (subcommand->most == 0)
        fprintf(stderr, "arpq: %s takes options only\n", subcommand->name);
    else
        fprintf(stderr, "arpq: %s takes no more than %d argument%s\n", subcommand->name,
                subcommand->most, subcommand->most == 1 ? "" : "s");
    return usage_error(NULL);
}

static enum status run_subcommand(struct tool *t, int count, char **args)
{
    const struct subcommand *subcommand = find_subcommand(&count, &args);
    struct arpq_options options = {.size = sizeof options, .flags = t->flags};
    enum status status = check_usage(t, subcommand, count);

    if (status != FOUND)
        return status;
    int code = arpq_open(&t->h, &options);
    if (code != 0) {
        fprintf(stderr, "arpq: cannot ask the kernel: %s\n", arpq_strerror(code));
        return ERROR;
    }
    status = arguments_option_devices(t);
    t->several = count > 1;
    if (status == FOUND)
        status = subcommand->run(t, count, args);
    host_names_close();
    arpq_close(t->h);
    return status;
}

int main(int argc, char **argv)
{
    struct tool t = {0};
    int first = 0;

    occupy_standard_descriptors();
    if (argc < 1)
        return (int)print_usage();
    enum status status = options_parse(&t, argc, argv, &first);
    if (status != FOUND)
        return (int)status;
    if (t.given & OPTION_BIT(OPTION_HELP)) {
        fputs(usage_synopsis, stdout);
        fputs(usage_options, stdout);
        return (int)output_finish(FOUND);
    }
    if (t.given & OPTION_BIT(OPTION_VERSION))
        return (int)output_finish(print_version());
    return (int)output_finish(run_subcommand(&t, argc - first, argv + first));
}
