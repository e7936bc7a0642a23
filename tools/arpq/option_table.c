/* SPDX-License-Identifier: MIT */
#include "option_table.h"

#include <string.h>

#include "options.h"

static const struct option_entry entries[OPTION_ROWS] = {
    [OPTION_DEV] = {"dev", "NAME", "this interface only (a name, alternative name or label)", 'i'},
    [OPTION_SOURCE] = {"source", "IP", "send from this address of this machine", 0},
    [OPTION_GATEWAY] = {"gateway", NULL,
                        "for an address behind a gateway, answer with the gateway's entry", 'g'},
    [OPTION_ALL] = {"all", NULL, "the default routes of all tables, not only of the table main", 0},
    [OPTION_RESOLVE] = {"resolve", NULL, "ask for each MAC address that is unknown", 0},
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
    [OPTION_DEADLINE] = {"deadline", "SECONDS", "end after this time", 'w'},
    [OPTION_REVALIDATE] = {"revalidate", NULL, "confirm a known address before it is printed", 0},
    [OPTION_MAX_AGE] = {"max-age", "SECONDS", "confirm it if it was confirmed longer ago", 0},
    [OPTION_EXCLUDE] = {"exclude", "TARGET", "do not ask for these addresses; may be repeated", 0},
    [OPTION_VLAN] = {"vlan", "ID", "ask in this tagged VLAN, 1 to 4094", 0},
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
    [OPTION_JSON] = {"json", NULL, "one JSON object a line; an object that ip -j has too has its keys", 'j'},
    [OPTION_OPENMETRICS] = {"openmetrics", NULL, "metrics for Prometheus", 0},
    [OPTION_OUTPUT] = {"output", "FILE", "replace this file, for node_exporter's *.prom files", 0},
    [OPTION_HOST] = {"host", NULL, "with --json, begin each line with the name of this machine", 0},
    [OPTION_NETNS] = {"netns", "NAME",
                      "in this network namespace (a name of ip-netns(8), or a path)", 0},
    [OPTION_PID] = {"pid", "PID", "in the network namespace of this process", 0},
    [OPTION_HELP] = {"help", NULL, "print this help", 'h'},
    [OPTION_VERSION] = {"version", NULL, "print the versions of the tool and of the library", 'v'},
};

/* Other spellings of options. */
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

const struct option_entry *option_table_entry(enum option_row row)
{
    return &entries[row];
}

bool option_table_accepts(const struct command *command, enum option_row row)
{
    return !command || (command->takes & OPTION_BIT(row)) != 0;
}

enum option_row option_table_find_letter(const struct command *command, char letter)
{
    enum option_row row = OPTION_ROWS;

    for (enum option_row r = OPTION_DEV; r < OPTION_ROWS; r++)
        if (entries[r].letter == letter &&
            (row == OPTION_ROWS || (command && option_table_accepts(command, r))))
            row = r;
    for (size_t i = 0; i < LENGTH(letter_synonyms) && row == OPTION_ROWS; i++)
        if (letter_synonyms[i].letter == letter)
            row = letter_synonyms[i].row;
    return row;
}

enum option_row option_table_find_name(const struct command *command, const char *name,
                                       size_t length)
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
        if (option_table_accepts(command, r)) {
            row = r;
            candidates++;
        }
    }
    return candidates == 1 ? row : OPTION_ROWS;
}
