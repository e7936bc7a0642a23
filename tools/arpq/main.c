/* SPDX-License-Identifier: MIT */
/* The table of subcommands, and one run of the tool. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arpq_tool.h"

/* What a subcommand takes besides options. */
enum arguments { NOTHING, ADDRESSES, INTERFACES };

#define FOR_ADDRESSES                                                                              \
    (OPTION_BIT(OPTION_DEV) | OPTION_BIT(OPTION_GATEWAY) | OPTION_BIT(OPTION_JSON) |               \
     OPTION_BIT(OPTION_VENDOR))
#define FOR_ENTRIES                                                                                \
    (OPTION_BIT(OPTION_DEV) | OPTION_BIT(OPTION_JSON) | OPTION_BIT(OPTION_IPV4) |                  \
     OPTION_BIT(OPTION_IPV6) | OPTION_BIT(OPTION_PREFIX) | OPTION_BIT(OPTION_MAC) |                \
     OPTION_BIT(OPTION_VENDOR) | OPTION_BIT(OPTION_NAMES))

static const struct subcommand {
    const char *name;
    command *run;
    enum arguments arguments;
    uint32_t takes; /* OPTION_BIT of the options that it takes */
} subcommands[] = {
    {"lookup", cmd_lookup, ADDRESSES, FOR_ADDRESSES},
    {"get", cmd_get, ADDRESSES, FOR_ADDRESSES},
    {"if", cmd_if, INTERFACES, OPTION_BIT(OPTION_JSON)},
    {"show", cmd_show, NOTHING,
     FOR_ENTRIES | OPTION_BIT(OPTION_MASTER) | OPTION_BIT(OPTION_STATE) | OPTION_BIT(OPTION_PROXY)},
    {"watch", cmd_watch, NOTHING,
     FOR_ENTRIES | OPTION_BIT(OPTION_EXISTING) | OPTION_BIT(OPTION_INTERFACES) |
         OPTION_BIT(OPTION_ADDRESSES) | OPTION_BIT(OPTION_TIMEOUT) | OPTION_BIT(OPTION_COUNT)},
    {"stats", cmd_stats, NOTHING,
     OPTION_BIT(OPTION_JSON) | OPTION_BIT(OPTION_IPV4) | OPTION_BIT(OPTION_IPV6)},
};

static const char usage_text[] =
    "usage: arpq [lookup] [-gj] [-i NAME] [--vendor] IP...   the MAC address of each IP address\n"
    "       arpq get [-gj] [-i NAME] [--vendor] IP...        the whole neighbour entry of each\n"
    "       arpq if [-j] [NAME...]                           interfaces and their addresses\n"
    "       arpq show [-46j] [-i NAME] [OPTION...]           the neighbour table\n"
    "       arpq watch [-46j] [-i NAME] [OPTION...]          its changes, as they happen\n"
    "       arpq stats [-46j]                                the kernel's figures about it\n"
    "\n"
    "  -i, --dev NAME     this interface only (a name, alternative name or label)\n"
    "  -g, --gateway      for an address that is not on-link, answer with its gateway's\n"
    "  -j, --json         one JSON object per line, with the keys of ip -j\n"
    "  -4, --ipv4         IPv4 only\n"
    "  -6, --ipv6         IPv6 only\n"
    "      --vendor       the maker of the interface, from the package ieee-data\n"
    "  -h, --help         print this\n"
    "  -V, --version      print the versions of the tool and of the library\n"
    "Of show and watch:\n"
    "      --prefix IP[/LENGTH]  entries whose address starts like this\n"
    "      --mac MAC      entries with this MAC address\n"
    "      --names        host names, as far as they are known soon\n"
    "Of show:\n"
    "      --master NAME  entries of the ports of this bridge, bond or VRF\n"
    "      --state STATE  entries in this state, such as stale; may be repeated\n"
    "      --proxy        the proxy entries instead\n"
    "Of watch:\n"
    "      --existing     first what is there already\n"
    "      --interfaces   changes of interfaces, too\n"
    "      --addresses    changes of this machine's addresses, too\n"
    "      --timeout SECONDS  end after this time\n"
    "      --count N      end after N lines\n"
    "\n"
    "Exit status: 0 found, 1 not found, 2 wrong usage, 3 error.\n";

static enum verdict print_usage(void)
{
    fputs(usage_text, stderr);
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

/* Whether the subcommand takes these options and as many arguments. */
static enum verdict check_usage(const struct tool *t, const struct subcommand *chosen, int count)
{
    const uint32_t wrong = t->given & ~chosen->takes;

    if (chosen->arguments == ADDRESSES && count == 0)
        return print_usage();
    for (enum option_row row = OPTION_DEV; row < OPTION_ROWS; row++)
        if (wrong & OPTION_BIT(row)) {
            fprintf(stderr, "arpq: %s does not take %s\n", chosen->name, option_name(row));
            return wrong_usage(NULL);
        }
    if (chosen->arguments == NOTHING && count != 0) {
        fprintf(stderr, "arpq: %s takes options only\n", chosen->name);
        return wrong_usage(NULL);
    }
    return FOUND;
}

static enum verdict run(struct tool *t, int count, char **args)
{
    const struct subcommand *chosen = choose(&count, &args);
    struct arpq_options options = {.size = sizeof(options), .flags = t->flags};
    enum verdict verdict = check_usage(t, chosen, count);

    if (verdict != FOUND)
        return verdict;
    int code = arpq_open(&t->h, &options);
    if (code != 0) {
        fprintf(stderr, "arpq: cannot ask the kernel: %s\n", arpq_strerror(code));
        return ERROR;
    }
    verdict = find_options_devices(t);
    t->several = count > 1;
    if (verdict == FOUND)
        verdict = chosen->run(t, count, args);
    names_close();
    arpq_close(t->h);
    return verdict;
}

int main(int argc, char **argv)
{
    struct tool t = {0};
    int first = 0;

    occupy_standard_descriptors();
    if (argc < 1)
        return (int)print_usage();
    enum verdict verdict = parse_options(&t, argc, argv, &first);
    if (verdict != FOUND)
        return (int)verdict;
    if (t.given & OPTION_BIT(OPTION_HELP)) {
        fputs(usage_text, stdout);
        return (int)finish_output(FOUND);
    }
    if (t.given & OPTION_BIT(OPTION_VERSION))
        return (int)finish_output(print_version());
    return (int)finish_output(run(&t, argc - first, argv + first));
}
