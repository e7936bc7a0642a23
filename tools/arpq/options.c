/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "commands.h"
#include "memory.h"
#include "report.h"
#include "values.h"

static const struct option_entry entries[OPTION_ROWS] = {
    [OPTION_DEV] = {"dev", "NAME", "this interface only (a name, alternative name or label)", 'i'},
    [OPTION_SOURCE] = {"source", "IP", "send from this address of this machine", 0},
    [OPTION_GATEWAY] = {"gateway", NULL,
                        "for an address behind a gateway, answer with the gateway's entry", 'g'},
    [OPTION_IPV4] = {"ipv4", NULL, "IPv4 only", '4'},
    [OPTION_IPV6] = {"ipv6", NULL, "IPv6 only", '6'},
    [OPTION_PREFIX] = {"prefix", "IP[/LENGTH]", "only addresses in this prefix", 0},
    [OPTION_MAC] = {"mac", "MAC", "only entries with this MAC address", 0},
    [OPTION_MASTER] = {"master", "NAME", "only ports of this bridge, bond or VRF", 0},
    [OPTION_STATE] = {"state", "STATE[,STATE...]", "only entries in one of these states", 0},
    [OPTION_PROTO] = {"proto", "NAME", "only entries of this routing protocol (name or number)", 0},
    [OPTION_ROUTER] = {"router", NULL, "only entries with this flag", 0},
    [OPTION_MANAGED] = {"managed", NULL, "only entries with this flag", 0},
    [OPTION_EXTERN_LEARN] = {"extern-learn", NULL, "only entries with this flag", 0},
    [OPTION_EXTERN_VALID] = {"extern-valid", NULL, "only entries with this flag", 0},
    [OPTION_PROXY] = {"proxy", NULL, "the proxy entries instead", 0},
    [OPTION_NETMASK] = {"netmask", "MASK",
                        "with --proxy: 0.0.0.0 and the address 0.0.0.0 mean all addresses", 0},
    [OPTION_CREATE] = {"create", NULL, "fail if there is an entry", 0},
    [OPTION_REPLACE] = {"replace", NULL, "fail if there is no entry", 0},
    [OPTION_INSIST] = {"insist", NULL, "also for an address of this machine, or a group address",
                       0},
    [OPTION_STATS] = {"stats", NULL, "print packets, bytes and errors too", 's'},
    [OPTION_EXISTING] = {"existing", NULL, "first report the existing entries", 0},
    [OPTION_INTERFACES] = {"interfaces", NULL, "report changes of interfaces too", 0},
    [OPTION_ADDRESSES] = {"addresses", NULL, "report changes of this machine's addresses too", 0},
    [OPTION_COUNT] = {"count", "N", "end after N lines", 'c'},
    [OPTION_INTERVAL] = {"interval", "SECONDS", "from one request to the next, instead of 1", 0},
    [OPTION_TIMEOUT] = {"timeout", "SECONDS", "end after this time", 'W'},
    [OPTION_REVALIDATE] = {"revalidate", NULL, "confirm a known address before it is printed", 0},
    [OPTION_MAX_AGE] = {"max-age", "SECONDS", "confirm it if it was confirmed longer ago", 0},
    [OPTION_EXCLUDE] = {"exclude", "TARGET", "do not ask for these addresses; may be repeated", 0},
    [OPTION_RATE] = {"rate", "N", "packets a second, instead of 2000", 0},
    [OPTION_ATTEMPTS] = {"attempts", "N", "ask for each address N times at most, 1 to 32", 0},
    [OPTION_FORCE] = {"force", NULL, "also more than 65536 addresses", 0},
    [OPTION_NO_SOURCE] = {"no-source", NULL, "ask from 0.0.0.0", 0},
    [OPTION_NO_RAW] = {"no-raw", NULL, "ask through the kernel's table, as without privilege", 0},
    [OPTION_SIZE] = {"size", "BYTES", "size of the payload, instead of 56", 's'},
    [OPTION_TTL] = {"ttl", "N", "hop limit, 1 to 255", 't'},
    [OPTION_ARP] = {"arp", NULL, "ARP only", 0},
    [OPTION_NDP] = {"ndp", NULL, "neighbour discovery only", 0},
    [OPTION_CLAIMS] = {"claims", NULL, "only addresses that are new, moved or in conflict", 0},
    [OPTION_OUTGOING] = {"outgoing", NULL, "packets that this machine sends too", 0},
    [OPTION_PROMISCUOUS] = {"promiscuous", NULL, "packets for other hosts too (needs --dev)", 0},
    [OPTION_QUIET] = {"quiet", NULL, "print the statistics only", 'q'},
    [OPTION_VENDOR] = {"vendor", NULL, "the manufacturer, from the package ieee-data", 0},
    [OPTION_NAMES] = {"names", NULL, "host names, if they are found in time", 0},
    [OPTION_NUMERIC] = {"numeric", NULL, "no host names (the default)", 'n'},
    [OPTION_JSON] = {"json", NULL, "one JSON object a line, with the keys of ip -j", 'j'},
    [OPTION_NETNS] = {"netns", "NAME",
                      "in this network namespace (a name of ip-netns(8), or a path)", 0},
    [OPTION_PID] = {"pid", "PID", "in the network namespace of this process", 0},
    [OPTION_HELP] = {"help", NULL, "print this help", 'h'},
    [OPTION_VERSION] = {"version", NULL, "print the versions of the tool and of the library", 'v'},
};

/* Other spellings. */
static const struct {
    const char *name;
    enum option_row row;
} synonyms[] = {
    {"interface", OPTION_DEV},
    {"iface", OPTION_DEV},
    {"lladdr", OPTION_MAC},
    {"protocol", OPTION_PROTO},
    {"nud", OPTION_STATE},
    {"statistics", OPTION_STATS},
    {"extern_learn", OPTION_EXTERN_LEARN},
    {"extern_valid", OPTION_EXTERN_VALID},
};
static const struct {
    char letter;
    enum option_row row;
} letter_synonyms[] = {{'I', OPTION_DEV}, {'V', OPTION_VERSION}};

/* Words of ip-neighbour(8) that are options here. */
static const struct {
    const char *word;
    enum option_row row;
} words[] = {
    {"dev", OPTION_DEV},
    {"nud", OPTION_STATE},
    {"state", OPTION_STATE},
    {"to", OPTION_PREFIX},
    {"lladdr", OPTION_MAC},
    {"proto", OPTION_PROTO},
    {"protocol", OPTION_PROTO},
    {"master", OPTION_MASTER},
    {"vrf", OPTION_MASTER},
    {"router", OPTION_ROUTER},
    {"managed", OPTION_MANAGED},
    {"extern_learn", OPTION_EXTERN_LEARN},
    {"extern_valid", OPTION_EXTERN_VALID},
    {"proxy", OPTION_PROXY},
};

/* Options whose argument is a number, and the member of struct tool that receives it. */
static const struct {
    enum option_row row;
    uint64_t least, most;
    size_t at;
    const char *wrong;
} numbers[] = {
    {OPTION_COUNT, 1, UINT32_MAX, offsetof(struct tool, count), "not a number from 1 on"},
    {OPTION_RATE, 1, UINT32_MAX, offsetof(struct tool, rate), "not a number from 1 on"},
    {OPTION_ATTEMPTS, 1, 32, offsetof(struct tool, attempts), "not a number from 1 to 32"},
    {OPTION_SIZE, 0, 65000, offsetof(struct tool, size), "not a number from 0 to 65000"},
    {OPTION_TTL, 1, 255, offsetof(struct tool, ttl), "not a number from 1 to 255"},
    {OPTION_PID, 1, INT32_MAX, offsetof(struct tool, pid), "not the number of a process"},
};

static const struct {
    enum option_row row;
    size_t at;
} times[] = {
    {OPTION_TIMEOUT, offsetof(struct tool, timeout_ms)},
    {OPTION_INTERVAL, offsetof(struct tool, interval_ms)},
    {OPTION_MAX_AGE, offsetof(struct tool, max_age_ms)},
};

/* Options whose argument is kept as it is. */
static const struct {
    enum option_row row;
    size_t at;
} texts[] = {
    {OPTION_DEV, offsetof(struct tool, dev)},
    {OPTION_MASTER, offsetof(struct tool, master)},
    {OPTION_SOURCE, offsetof(struct tool, source_text)},
    {OPTION_NETNS, offsetof(struct tool, netns)},
};

/* Options without argument that set a flag. */
static const struct {
    enum option_row row;
    uint32_t flag;
    size_t at;
} flags[] = {
    {OPTION_GATEWAY, ARPQ_VIA_GATEWAY, offsetof(struct tool, flags)},
    {OPTION_GATEWAY, ARPQ_VIA_GATEWAY, offsetof(struct tool, resolve_flags)},
    {OPTION_EXISTING, ARPQ_WATCH_EXISTING, offsetof(struct tool, watch_flags)},
    {OPTION_INTERFACES, ARPQ_WATCH_INTERFACES, offsetof(struct tool, watch_flags)},
    {OPTION_ADDRESSES, ARPQ_WATCH_ADDRESSES, offsetof(struct tool, watch_flags)},
    {OPTION_PROXY, ARPQ_FILTER_PROXY, offsetof(struct tool, filter.flags)},
    {OPTION_ROUTER, ARPQ_NEIGH_ROUTER, offsetof(struct tool, filter.neigh_flags)},
    {OPTION_MANAGED, ARPQ_NEIGH_MANAGED, offsetof(struct tool, filter.neigh_flags)},
    {OPTION_EXTERN_LEARN, ARPQ_NEIGH_EXT_LEARNED, offsetof(struct tool, filter.neigh_flags)},
    {OPTION_EXTERN_VALID, ARPQ_NEIGH_EXT_VALIDATED, offsetof(struct tool, filter.neigh_flags)},
    {OPTION_CREATE, ARPQ_SET_CREATE, offsetof(struct tool, set_flags)},
    {OPTION_REPLACE, ARPQ_SET_REPLACE, offsetof(struct tool, set_flags)},
    {OPTION_INSIST, ARPQ_SET_INSIST, offsetof(struct tool, set_flags)},
    {OPTION_REVALIDATE, ARPQ_RESOLVE_REVALIDATE, offsetof(struct tool, resolve_flags)},
    {OPTION_FORCE, ARPQ_SWEEP_FORCE, offsetof(struct tool, sweep_flags)},
    {OPTION_NO_SOURCE, ARPQ_SWEEP_NO_SOURCE, offsetof(struct tool, sweep_flags)},
    {OPTION_NO_RAW, ARPQ_SWEEP_NO_RAW, offsetof(struct tool, sweep_flags)},
    {OPTION_ARP, ARPQ_SNIFF_ARP, offsetof(struct tool, sniff_flags)},
    {OPTION_NDP, ARPQ_SNIFF_NDP, offsetof(struct tool, sniff_flags)},
    {OPTION_CLAIMS, ARPQ_SNIFF_CLAIMS, offsetof(struct tool, sniff_flags)},
    {OPTION_OUTGOING, ARPQ_SNIFF_OUTGOING, offsetof(struct tool, sniff_flags)},
    {OPTION_PROMISCUOUS, ARPQ_SNIFF_PROMISCUOUS, offsetof(struct tool, sniff_flags)},
};
#define LENGTH(table) (sizeof(table) / sizeof((table)[0]))

const struct option_entry *options_entry(enum option_row row)
{
    return &entries[row];
}

static void *tool_member(struct tool *t, size_t at)
{
    return (char *)t + at;
}

/* ---- One option ---- */

static enum status option_error(enum option_row row, const char *text, const char *message)
{
    char name[32];

    snprintf(name, sizeof name, "--%s", entries[row].name);
    return report_value(name, text, message);
}

static enum status take_prefix(struct arpq_filter *filter, const char *text)
{
    struct prefix prefix;
    const char *wrong = value_prefix(text, &prefix);

    filter->prefix = prefix.ip;
    filter->prefix_length = prefix.length;
    if (!wrong)
        return FOUND;
    option_error(OPTION_PREFIX, text, wrong);
    return wrong == value_no_interface ? ERROR : USAGE;
}

/* arp(7) accepts two netmasks for a proxy: one address, and all addresses. */
static enum status take_netmask(struct tool *t, const char *text)
{
    if (strcmp(text, "0.0.0.0") == 0)
        t->set_flags |= ARPQ_SET_NETMASK;
    else if (strcmp(text, "255.255.255.255") != 0)
        return option_error(OPTION_NETMASK, text,
                            "a proxy has the netmask 255.255.255.255 or 0.0.0.0");
    return FOUND;
}

/* Takes the options of the tables of numbers, times and texts. */
static enum status take_figure(struct tool *t, enum option_row row, const char *text)
{
    for (size_t i = 0; i < LENGTH(texts); i++)
        if (texts[i].row == row)
            *(const char **)tool_member(t, texts[i].at) = text;
    for (size_t i = 0; i < LENGTH(numbers); i++)
        if (numbers[i].row == row) {
            uint64_t *number = tool_member(t, numbers[i].at);

            if (value_number(text, numbers[i].most, number) && *number >= numbers[i].least)
                return FOUND;
            return option_error(row, text, numbers[i].wrong);
        }
    for (size_t i = 0; i < LENGTH(times); i++)
        if (times[i].row == row && !value_seconds(text, tool_member(t, times[i].at)))
            return option_error(row, text, "not a number of seconds");
    return FOUND;
}

static void add_exclude(struct tool *t, const char *text)
{
    t->excludes = memory_check(realloc(t->excludes, (t->exclude_count + 1) * sizeof *t->excludes));
    t->excludes[t->exclude_count++] = text;
}

static enum status take_argument(struct tool *t, enum option_row row, const char *text)
{
    switch (row) {
    case OPTION_STATE:
        if (value_states(text, &t->filter.states))
            return FOUND;
        return option_error(row, text,
                            "not a state (none, incomplete, reachable, stale, delay, probe, "
                            "failed, noarp, permanent or all)");
    case OPTION_PREFIX:
        return take_prefix(&t->filter, text);
    case OPTION_MAC:
        if (value_mac(text, &t->filter.mac))
            return FOUND;
        return option_error(row, text, "not a MAC address, such as 02:00:00:00:00:01");
    case OPTION_PROTO:
        if (value_protocol(text, &t->filter.protocol))
            return FOUND;
        return option_error(row, text, "not a protocol of ip-route(8), nor 1 to 255");
    case OPTION_NETMASK:
        return take_netmask(t, text);
    case OPTION_EXCLUDE:
        add_exclude(t, text);
        return FOUND;
    default:
        return take_figure(t, row, text);
    }
}

enum status options_take(struct tool *t, enum option_row row, const char *text)
{
    const bool again = options_given(t, row);

    t->given |= OPTION_BIT(row);
    if (!entries[row].argument)
        return FOUND; /* options_combine handles it */
    if (again && row != OPTION_STATE && row != OPTION_EXCLUDE)
        return option_error(row, text, "the option is given twice");
    return take_argument(t, row, text);
}

/* ---- The command line ---- */

struct parser {
    char **next, **end;
    const char *letters; /* the rest of a group of letters, or NULL */
    bool ended;          /* by "--" */
};

enum item_kind { ITEM_NONE, ITEM_ARGUMENT, ITEM_OPTION, ITEM_UNKNOWN, ITEM_MISSING, ITEM_EXCESS };

struct item {
    enum item_kind kind;
    enum option_row row;
    bool is_letter;
    const char *text; /* the argument; of the option, or NULL */
    char name[64];    /* the option as given */
};

static bool is_accepted(const struct command *command, enum option_row row)
{
    return !command || (command->takes & OPTION_BIT(row)) != 0;
}

/* A letter may be that of several options: the command accepts one of them. */
static enum option_row row_of_letter(const struct command *command, char letter)
{
    enum option_row row = OPTION_ROWS;

    for (enum option_row r = OPTION_DEV; r < OPTION_ROWS; r++)
        if (entries[r].letter == letter &&
            (row == OPTION_ROWS || (command && is_accepted(command, r))))
            row = r;
    for (size_t i = 0; i < LENGTH(letter_synonyms) && row == OPTION_ROWS; i++)
        if (letter_synonyms[i].letter == letter)
            row = letter_synonyms[i].row;
    return row;
}

/* The whole name, or the beginning of the name of one accepted option. */
static enum option_row row_of_name(const struct command *command, const char *name, size_t length)
{
    enum option_row row = OPTION_ROWS;
    unsigned candidates = 0;

    for (size_t i = 0; i < LENGTH(synonyms); i++)
        if (strlen(synonyms[i].name) == length && memcmp(synonyms[i].name, name, length) == 0)
            return synonyms[i].row;
    for (enum option_row r = OPTION_DEV; r < OPTION_ROWS; r++) {
        if (strncmp(entries[r].name, name, length) != 0)
            continue;
        if (entries[r].name[length] == '\0')
            return r;
        if (is_accepted(command, r)) {
            row = r;
            candidates++;
        }
    }
    return candidates == 1 ? row : OPTION_ROWS;
}

static void take_long(struct parser *p, const struct command *command, struct item *item)
{
    const char *name = *p->next++ + 2, *value = strchr(name, '=');
    size_t length = value ? (size_t)(value - name) : strlen(name);

    snprintf(item->name, sizeof item->name, "--%.*s", (int)length, name);
    item->row = row_of_name(command, name, length);
    item->kind = ITEM_OPTION;
    if (item->row == OPTION_ROWS)
        item->kind = ITEM_UNKNOWN;
    else if (!entries[item->row].argument)
        item->kind = value ? ITEM_EXCESS : ITEM_OPTION;
    else if (value)
        item->text = value + 1;
    else if (p->next < p->end)
        item->text = *p->next++;
    else
        item->kind = ITEM_MISSING;
}

static void take_letter(struct parser *p, const struct command *command, struct item *item)
{
    const char letter = *p->letters++;

    snprintf(item->name, sizeof item->name, "-%c", letter);
    item->is_letter = true;
    item->row = row_of_letter(command, letter);
    item->kind = item->row == OPTION_ROWS ? ITEM_UNKNOWN : ITEM_OPTION;
    if (item->row != OPTION_ROWS && entries[item->row].argument) {
        if (*p->letters != '\0')
            item->text = p->letters;
        else if (p->next < p->end)
            item->text = *p->next++;
        else
            item->kind = ITEM_MISSING;
        p->letters = "";
    }
    if (*p->letters == '\0')
        p->letters = NULL;
}

static struct item next_item(struct parser *p, const struct command *command)
{
    struct item item = {.kind = ITEM_ARGUMENT};

    if (!p->ended && !p->letters && p->next < p->end && strcmp(*p->next, "--") == 0) {
        p->ended = true;
        p->next++;
    }
    if (p->letters) {
        take_letter(p, command, &item);
    } else if (p->next == p->end) {
        item.kind = ITEM_NONE;
    } else if (p->ended || (*p->next)[0] != '-' || (*p->next)[1] == '\0') {
        item.text = *p->next++;
    } else if ((*p->next)[1] == '-') {
        take_long(p, command, &item);
    } else {
        p->letters = *p->next++ + 1;
        take_letter(p, command, &item);
    }
    return item;
}

/* The first argument, if it is the name of a command; otherwise the command is lookup. */
static const struct command *find_command(int argc, char **argv, char ***word)
{
    struct parser p = {.next = argv + 1, .end = argv + argc};
    struct item item;

    *word = NULL;
    do {
        item = next_item(&p, NULL);
    } while (item.kind != ITEM_NONE && item.kind != ITEM_ARGUMENT);
    const struct command *command =
        item.kind == ITEM_ARGUMENT && !p.ended ? commands_find(item.text) : NULL;
    if (command)
        *word = p.next - 1;
    return command;
}

static enum status take_item(struct tool *t, const struct item *item)
{
    switch (item->kind) {
    case ITEM_UNKNOWN:
        return commands_unknown_option(t->command, item->name);
    case ITEM_MISSING:
        return report_usage("%s: needs an argument, %s", item->name, entries[item->row].argument);
    case ITEM_EXCESS:
        return report_usage("%s: takes no argument", item->name);
    default:
        break;
    }
    if (!is_accepted(t->command, item->row))
        return commands_refuse_option(t->command, item->row, item->name);
    if (item->is_letter && item->name[1] == 'i' && is_accepted(t->command, OPTION_INTERVAL)) {
        t->loose = item->text; /* ping(8): -i is the interval */
        return FOUND;
    }
    return options_take(t, item->row, item->text);
}

/* The name of an interface may begin with "-", so what follows "dev" is no option. */
static void add_argument(const struct tool *t, struct parser *p, int *count, char **args)
{
    const char *text = p->next[-1];

    args[(*count)++] = p->next[-1];
    if (!p->ended && strcmp(text, "dev") == 0 && is_accepted(t->command, OPTION_DEV) &&
        p->next < p->end)
        args[(*count)++] = *p->next++;
}

enum status options_parse(struct tool *t, int argc, char **argv, int *count, char ***args)
{
    struct parser p = {.next = argv + 1, .end = argv + argc};
    char **word;
    enum status status = FOUND;
    bool words_ended = false;

    *count = 0;
    *args = memory_check(calloc((size_t)argc + 1, sizeof **args));
    t->filter.size = sizeof t->filter;
    t->timeout_ms = t->interval_ms = t->max_age_ms = -1;
    t->command = find_command(argc, argv, &word);
    report_begin(t->command);
    if (!t->command)
        t->command = commands_default();
    while (status == FOUND) {
        struct item item = next_item(&p, t->command);

        if (item.kind == ITEM_NONE)
            break;
        if (item.kind != ITEM_ARGUMENT)
            status = take_item(t, &item);
        else if (p.next - 1 != word)
            add_argument(t, &p, count, *args);
        words_ended = p.ended;
        if (options_given(t, OPTION_HELP) || options_given(t, OPTION_VERSION))
            return status;
    }
    if (status == FOUND && !words_ended && !t->command->has_words)
        status = options_take_words(t, count, *args);
    return status == FOUND ? options_combine(t) : status;
}

enum status options_take_words(struct tool *t, int *count, char **args)
{
    enum status status = FOUND;
    int kept = 0;

    for (int i = 0; i < *count && status == FOUND; i++) {
        size_t w = 0;

        while (w < LENGTH(words) && strcmp(words[w].word, args[i]) != 0)
            w++;
        const bool known = w < LENGTH(words) && is_accepted(t->command, words[w].row);
        if (known && !entries[words[w].row].argument)
            status = options_take(t, words[w].row, NULL);
        else if (known && i + 1 < *count)
            status = options_take(t, words[w].row, args[++i]);
        else if (known && i > 0)
            status =
                report_usage("%s: needs an argument, %s", args[i], entries[words[w].row].argument);
        else
            args[kept++] = args[i];
    }
    *count = kept;
    return status;
}

/* ---- All options together ---- */

static enum status combine_filter(struct tool *t)
{
    struct arpq_filter *filter = &t->filter;

    if (options_given(t, OPTION_IPV4) || options_given(t, OPTION_IPV6))
        filter->family = options_given(t, OPTION_IPV4) ? AF_INET : AF_INET6;
    if (filter->states == ALL_STATES)
        filter->states = 0;
    if (filter->prefix.family != 0) {
        if (filter->family != 0 && filter->family != filter->prefix.family)
            return report_usage("the prefix is of the family that -%c excludes",
                                options_given(t, OPTION_IPV4) ? '4' : '6');
        filter->family = filter->prefix.family;
    }
    return FOUND;
}

enum status options_combine(struct tool *t)
{
    t->json = options_given(t, OPTION_JSON);
    t->vendor = options_given(t, OPTION_VENDOR);
    t->names = options_given(t, OPTION_NAMES);
    t->quiet = options_given(t, OPTION_QUIET);
    for (size_t i = 0; i < LENGTH(flags); i++)
        if (options_given(t, flags[i].row))
            *(uint32_t *)tool_member(t, flags[i].at) |= flags[i].flag;
    if (options_given(t, OPTION_IPV4) && options_given(t, OPTION_IPV6))
        return report_usage("-4 and -6 exclude each other");
    if (options_given(t, OPTION_CREATE) && options_given(t, OPTION_REPLACE))
        return report_usage("--create and --replace exclude each other");
    if (options_given(t, OPTION_NETNS) && options_given(t, OPTION_PID))
        return report_usage("--netns and --pid exclude each other");
    if (t->names && options_given(t, OPTION_NUMERIC))
        return report_usage("--names and --numeric exclude each other");
    return combine_filter(t);
}
