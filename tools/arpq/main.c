/* SPDX-License-Identifier: MIT */
/* Options, the table of subcommands, and the arguments they share. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arpq_tool.h"

static const struct subcommand {
    const char *name;
    command *run;
    bool needs_address; /* takes IP..., --dev and --gateway */
} subcommands[] = {
    {"lookup", cmd_lookup, true},
    {"get", cmd_get, true},
    {"if", cmd_if, false},
};

static const struct option long_options[] = {
    {"dev", required_argument, NULL, 'i'}, {"gateway", no_argument, NULL, 'g'},
    {"json", no_argument, NULL, 'j'},      {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},   {NULL, 0, NULL, 0},
};

static const char usage_text[] =
    "usage: arpq [lookup] [-gj] [-i NAME] IP...   the MAC address of each IP address\n"
    "       arpq get [-gj] [-i NAME] IP...        the whole neighbour entry of each\n"
    "       arpq if [-j] [NAME...]                interfaces and their addresses\n"
    "\n"
    "  -i, --dev NAME   ask this interface (a name, alternative name or label)\n"
    "  -g, --gateway    for an address that is not on-link, answer with its gateway's\n"
    "  -j, --json       one JSON object per line, with the keys of ip -j\n"
    "  -h, --help       print this\n"
    "  -V, --version    print the versions of the tool and of the library\n"
    "\n"
    "Exit status: 0 found, 1 not found, 2 wrong usage, 3 error.\n";

static enum verdict wrong_usage(void)
{
    fputs("Try 'arpq --help'.\n", stderr);
    return USAGE;
}

static enum verdict print_version(void)
{
    printf("arpq %d.%d.%d (libarpq %s)\n", ARPQ_VERSION_MAJOR, ARPQ_VERSION_MINOR,
           ARPQ_VERSION_PATCH, arpq_version());
    return FOUND;
}

/* A descriptor 0 to 2 that the caller left closed would be taken by the library's
 * next socket, and output would go to the kernel. Writing to these fails instead. */
static void occupy_standard_descriptors(void)
{
    int fd;

    do {
        fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

enum verdict find_device(const struct tool *t, bool json, const char *name, uint32_t *ifindex)
{
    struct failure f = {.key = "ifname", .subject = name, .code = -ENODEV, .detail = ""};

    *ifindex = 0;
    if (name[0] == '\0') {
        f.code = -EINVAL;
        f.message = "an interface name is empty";
        return report(json, &f);
    }
    if (strlen(name) >= ARPQ_IFNAME_SIZE) {
        f.message = "interface name is longer than 15 bytes";
        return report(json, &f);
    }
    int code = arpq_name_to_index(t->h, name, ifindex);
    if (code == 0)
        return FOUND;
    f.code = code;
    if (code == -ENODEV)
        f.message = "no interface of this name";
    else
        f.detail = arpq_detail(t->h);
    return report(json, &f);
}

/* Why text is no address: its own words where the error list has a general one. */
static enum verdict report_unparsed(const struct tool *t, const char *text, int code)
{
    struct failure f = {.key = "dst", .subject = text, .code = code, .detail = ""};
    const char *scope = strchr(text, '%');

    if (scope != NULL && strlen(scope + 1) >= ARPQ_IFNAME_SIZE) {
        f.code = -ENODEV;
        f.message = "interface name after '%' is longer than 15 bytes";
    } else if (code == -ENODEV) {
        f.message = "no interface of the name after '%'";
    } else if (code == -EINVAL) {
        f.message = "not an IP address";
    }
    return report(t->json, &f);
}

enum verdict for_each_address(const struct tool *t, int count, char **args, answer *one)
{
    enum verdict verdict = FOUND;

    for (int i = 0; i < count; i++) {
        struct arpq_ip ip;
        int code = arpq_ip_parse(args[i], &ip, 0);

        verdict = worst(verdict, code == 0 ? one(t, args[i], &ip)
                                           : report_unparsed(t, args[i], code));
    }
    return verdict;
}

/* The subcommand that the first argument names, which is then consumed. */
static const struct subcommand *choose(int *count, char ***args)
{
    for (size_t i = 0; *count > 0 && i < sizeof(subcommands) / sizeof(subcommands[0]); i++) {
        if (strcmp((*args)[0], subcommands[i].name) == 0) {
            ++*args;
            --*count;
            return &subcommands[i];
        }
    }
    return &subcommands[0];
}

static enum verdict run(struct tool *t, int count, char **args)
{
    const struct subcommand *chosen = choose(&count, &args);
    struct arpq_options options = {.size = sizeof(options), .flags = t->flags};
    enum verdict verdict = FOUND;

    if (chosen->needs_address && count == 0) {
        fputs(usage_text, stderr);
        return USAGE;
    }
    if (!chosen->needs_address && (t->dev != NULL || t->flags != 0)) {
        fprintf(stderr, "arpq: %s takes neither --dev nor --gateway\n", chosen->name);
        return wrong_usage();
    }
    int code = arpq_open(&t->h, &options);
    if (code != 0) {
        fprintf(stderr, "arpq: cannot ask the kernel: %s\n", arpq_strerror(code));
        return ERROR;
    }
    /* The interface is wrong for all addresses alike: one line, never JSON. */
    if (t->dev != NULL)
        verdict = find_device(t, false, t->dev, &t->ifindex);
    t->several = count > 1;
    if (verdict == FOUND)
        verdict = chosen->run(t, count, args);
    arpq_close(t->h);
    return verdict;
}

int main(int argc, char **argv)
{
    struct tool t = {0};
    int option;

    occupy_standard_descriptors();
    if (argc < 1) {
        fputs(usage_text, stderr);
        return USAGE;
    }
    while ((option = getopt_long(argc, argv, "i:gjhV", long_options, NULL)) != -1) {
        switch (option) {
        case 'i':
            t.dev = optarg;
            break;
        case 'g':
            t.flags |= ARPQ_VIA_GATEWAY;
            break;
        case 'j':
            t.json = true;
            break;
        case 'h':
            fputs(usage_text, stdout);
            return (int)finish_output(FOUND);
        case 'V':
            return (int)finish_output(print_version());
        default:
            return (int)wrong_usage();
        }
    }
    return (int)finish_output(run(&t, argc - optind, argv + optind));
}
