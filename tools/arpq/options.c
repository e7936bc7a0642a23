/* SPDX-License-Identifier: MIT */
/* What the options say. Which subcommand takes which is in main.c. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "arpq_tool.h"

#define ALL_STATES (0xffu | ARPQ_FILTER_STATE_NONE)

#define LONG_ONLY(row) (256 + (row))
static const struct option long_options[] = {
    [OPTION_DEV] = {"dev", required_argument, NULL, 'i'},
    [OPTION_GATEWAY] = {"gateway", no_argument, NULL, 'g'},
    [OPTION_JSON] = {"json", no_argument, NULL, 'j'},
    [OPTION_IPV4] = {"ipv4", no_argument, NULL, '4'},
    [OPTION_IPV6] = {"ipv6", no_argument, NULL, '6'},
    [OPTION_MASTER] = {"master", required_argument, NULL, LONG_ONLY(OPTION_MASTER)},
    [OPTION_STATE] = {"state", required_argument, NULL, LONG_ONLY(OPTION_STATE)},
    [OPTION_PROXY] = {"proxy", no_argument, NULL, LONG_ONLY(OPTION_PROXY)},
    [OPTION_PREFIX] = {"prefix", required_argument, NULL, LONG_ONLY(OPTION_PREFIX)},
    [OPTION_MAC] = {"mac", required_argument, NULL, LONG_ONLY(OPTION_MAC)},
    [OPTION_VENDOR] = {"vendor", no_argument, NULL, LONG_ONLY(OPTION_VENDOR)},
    [OPTION_NAMES] = {"names", no_argument, NULL, LONG_ONLY(OPTION_NAMES)},
    [OPTION_EXISTING] = {"existing", no_argument, NULL, LONG_ONLY(OPTION_EXISTING)},
    [OPTION_INTERFACES] = {"interfaces", no_argument, NULL, LONG_ONLY(OPTION_INTERFACES)},
    [OPTION_ADDRESSES] = {"addresses", no_argument, NULL, LONG_ONLY(OPTION_ADDRESSES)},
    [OPTION_TIMEOUT] = {"timeout", required_argument, NULL, LONG_ONLY(OPTION_TIMEOUT)},
    [OPTION_COUNT] = {"count", required_argument, NULL, LONG_ONLY(OPTION_COUNT)},
    [OPTION_HELP] = {"help", no_argument, NULL, 'h'},
    [OPTION_VERSION] = {"version", no_argument, NULL, 'V'},
    [OPTION_ROWS] = {NULL, 0, NULL, 0},
};

const char *option_name(enum option_row row)
{
    static char name[32];

    snprintf(name, sizeof(name), "--%s", long_options[row].name);
    return name;
}

enum verdict wrong_usage(const char *message)
{
    if (message != NULL)
        fprintf(stderr, "arpq: %s\n", message);
    fputs("Try 'arpq --help'.\n", stderr);
    return USAGE;
}

static enum verdict wrong_value(const char *text, int code, const char *message)
{
    const struct failure f = {.subject = text, .code = code, .message = message, .detail = ""};

    return report(false, &f);
}

static bool parse_number(const char *text, uint64_t most, uint64_t *number)
{
    size_t length = strlen(text);

    *number = 0;
    if (length == 0 || length > 18 || strspn(text, "0123456789") != length)
        return false;
    *number = strtoull(text, NULL, 10);
    return *number <= most;
}

static enum verdict take_state(struct arpq_filter *filter, const char *text)
{
    if (strcasecmp(text, "all") == 0) {
        filter->states = ALL_STATES;
        return FOUND;
    }
    if (strcasecmp(text, "none") == 0) {
        filter->states |= ARPQ_FILTER_STATE_NONE;
        return FOUND;
    }
    for (uint32_t bit = ARPQ_STATE_INCOMPLETE; bit <= ARPQ_STATE_PERMANENT; bit <<= 1)
        if (strcasecmp(text, arpq_state_name(bit)) == 0) {
            filter->states |= bit;
            return FOUND;
        }
    return wrong_value(text, -EINVAL, "not a state of neighbour entries");
}

static enum verdict take_prefix(struct arpq_filter *filter, const char *text)
{
    char address[ARPQ_IP_STRLEN + ARPQ_IFNAME_SIZE];
    const char *slash = strrchr(text, '/');
    size_t length = slash != NULL ? (size_t)(slash - text) : strlen(text);
    uint64_t bits = 0;

    if (length >= sizeof(address))
        return wrong_value(text, -EINVAL, "not an IP address or prefix");
    memcpy(address, text, length);
    address[length] = '\0';
    int code = arpq_ip_parse(address, &filter->prefix, 0);
    if (code == -ENODEV)
        return wrong_value(text, code, "no interface of the name after '%'");
    if (code != 0)
        return wrong_value(text, code, "not an IP address or prefix");
    uint64_t most = filter->prefix.family == AF_INET ? 32 : 128;
    if (slash == NULL)
        bits = most;
    else if (!parse_number(slash + 1, most, &bits))
        return wrong_value(text, -EINVAL, "not a prefix length");
    filter->prefix_length = (uint8_t)bits;
    return FOUND;
}

static enum verdict take_seconds(struct tool *t, const char *text)
{
    if (text[0] == '\0' || strlen(text) > 12 || text[strspn(text, "0123456789.")] != '\0' ||
        strchr(text, '.') != strrchr(text, '.') || strcmp(text, ".") == 0)
        return wrong_value(text, -EINVAL, "not a number of seconds");
    t->timeout_ms = (int64_t)(strtod(text, NULL) * 1000 + 0.5);
    return FOUND;
}

static enum verdict take(struct tool *t, enum option_row row, const char *text)
{
    switch (row) {
    case OPTION_DEV:
        t->dev = text;
        return FOUND;
    case OPTION_MASTER:
        t->master = text;
        return FOUND;
    case OPTION_STATE:
        return take_state(&t->filter, text);
    case OPTION_PREFIX:
        return take_prefix(&t->filter, text);
    case OPTION_MAC:
        if (arpq_mac_parse(text, &t->filter.mac) == 0)
            return FOUND;
        return wrong_value(text, -EINVAL, "not a MAC address");
    case OPTION_TIMEOUT:
        return take_seconds(t, text);
    case OPTION_COUNT:
        if (parse_number(text, UINT32_MAX, &t->count) && t->count != 0)
            return FOUND;
        return wrong_value(text, -EINVAL, "not a number of lines");
    default: /* the others are done with when it is known which were given */
        return FOUND;
    }
}

/* What the options without argument mean, and which do not go together. */
static enum verdict conclude(struct tool *t)
{
    const uint32_t both = OPTION_BIT(OPTION_IPV4) | OPTION_BIT(OPTION_IPV6);
    struct arpq_filter *filter = &t->filter;

    t->json = (t->given & OPTION_BIT(OPTION_JSON)) != 0;
    t->vendor = (t->given & OPTION_BIT(OPTION_VENDOR)) != 0;
    t->names = (t->given & OPTION_BIT(OPTION_NAMES)) != 0;
    t->flags = t->given & OPTION_BIT(OPTION_GATEWAY) ? ARPQ_VIA_GATEWAY : 0;
    t->watch_flags = (t->given & OPTION_BIT(OPTION_EXISTING) ? ARPQ_WATCH_EXISTING : 0) |
                     (t->given & OPTION_BIT(OPTION_INTERFACES) ? ARPQ_WATCH_INTERFACES : 0) |
                     (t->given & OPTION_BIT(OPTION_ADDRESSES) ? ARPQ_WATCH_ADDRESSES : 0);
    filter->flags = t->given & OPTION_BIT(OPTION_PROXY) ? ARPQ_FILTER_PROXY : 0;
    if ((t->given & both) == both)
        return wrong_usage("-4 and -6 exclude each other");
    if (t->given & both)
        filter->family = t->given & OPTION_BIT(OPTION_IPV4) ? AF_INET : AF_INET6;
    if (filter->states == ALL_STATES)
        filter->states = 0;
    if (filter->prefix.family != 0) {
        if (filter->family != 0 && filter->family != filter->prefix.family)
            return wrong_usage("the prefix is of the family that -4 or -6 leaves out");
        filter->family = filter->prefix.family;
    }
    if (filter->flags != 0 && (filter->states != 0 || filter->mac.length != 0))
        return wrong_usage("proxy entries have neither a MAC address nor a state");
    return FOUND;
}

static enum option_row row_of(int option)
{
    enum option_row row = OPTION_DEV;

    while (row < OPTION_ROWS && long_options[row].val != option)
        row++;
    return row;
}

enum verdict parse_options(struct tool *t, int argc, char **argv, int *first)
{
    int option;

    t->filter.size = sizeof(t->filter);
    t->timeout_ms = -1;
    while ((option = getopt_long(argc, argv, "46i:gjhV", long_options, NULL)) != -1) {
        enum option_row row = row_of(option);

        if (row == OPTION_ROWS)
            return wrong_usage(NULL);
        t->given |= OPTION_BIT(row);
        if (row == OPTION_HELP || row == OPTION_VERSION)
            return FOUND;
        enum verdict verdict = take(t, row, optarg);
        if (verdict != FOUND)
            return verdict;
    }
    *first = optind;
    return conclude(t);
}
