/* SPDX-License-Identifier: MIT */
#include "commands.h"

#include <string.h>

#include "cmd_addr.h"
#include "cmd_del.h"
#include "cmd_flush.h"
#include "cmd_gateway.h"
#include "cmd_get.h"
#include "cmd_help.h"
#include "cmd_if.h"
#include "cmd_lookup.h"
#include "cmd_ping.h"
#include "cmd_resolve.h"
#include "cmd_set.h"
#include "cmd_show.h"
#include "cmd_sniff.h"
#include "cmd_stats.h"
#include "cmd_sweep.h"
#include "cmd_version.h"
#include "cmd_watch.h"
#include "option_table.h"
#include "options.h"
#include "report.h"

static const struct command *const commands[] = {
    &cmd_lookup, &cmd_get,   &cmd_resolve, &cmd_show, &cmd_watch,   &cmd_sweep,
    &cmd_ping,   &cmd_sniff, &cmd_if,      &cmd_addr, &cmd_gateway, &cmd_set,
    &cmd_del,    &cmd_flush, &cmd_stats,   &cmd_help, &cmd_version,
};
#define COMMANDS (sizeof commands / sizeof commands[0])

/* Words that other tools use for a command. */
static const struct {
    const char *word, *command;
} foreign_words[] = {
    {"a", "addr"},           {"l", "if"},
    {"n", "show"},           {"add", "set"},
    {"address", "addr"},     {"arp", "show"},
    {"change", "set"},       {"delete", "del"},
    {"discover", "sweep"},   {"dump", "show"},
    {"ifconfig", "if"},      {"interface", "if"},
    {"interfaces", "if"},    {"link", "if"},
    {"list", "show"},        {"ls", "show"},
    {"monitor", "watch"},    {"neigh", "show"},
    {"neighbor", "show"},    {"neighbour", "show"},
    {"query", "lookup"},     {"remove", "del"},
    {"replace", "set"},      {"rm", "del"},
    {"scan", "sweep"},       {"statistics", "stats"},
    {"table", "show"},       {"tcpdump", "sniff"},
    {"listen", "sniff"},     {"ask", "resolve"},
    {"arping", "ping"},      {"find", "sweep"},
    {"capture", "sniff"},    {"route", "gateway"},
    {"gateways", "gateway"}, {"gw", "gateway"},
};

const struct command *commands_find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

const struct command *commands_default(void)
{
    return &cmd_lookup;
}

/* ---- Similar words ---- */

#define WORD_SIZE 24

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
    const unsigned least = a < b ? a : b;

    return least < c ? least : c;
}

/* Returns the number of edits that change one word into the other. An edit inserts, removes or
 * replaces a letter, or swaps it with the next letter. */
static unsigned distance(const char *a, const char *b)
{
    unsigned table[WORD_SIZE + 1][WORD_SIZE + 1];
    const size_t rows = strlen(a), columns = strlen(b);

    if (rows > WORD_SIZE || columns > WORD_SIZE)
        return WORD_SIZE;
    for (size_t i = 0; i <= rows; i++)
        for (size_t j = 0; j <= columns; j++) {
            if (i == 0 || j == 0) {
                table[i][j] = (unsigned)(i + j);
                continue;
            }
            table[i][j] = min3(table[i - 1][j] + 1, table[i][j - 1] + 1,
                               table[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                table[i - 2][j - 2] + 1 < table[i][j])
                table[i][j] = table[i - 2][j - 2] + 1;
        }
    return table[rows][columns];
}

/* Stores word in *best if it is nearer to text than the previous words. Accepts two edits only for
 * a word of more than four letters, because a short word with two edits is a different word. */
static void consider(const char *text, const char *word, const char **best, unsigned *least)
{
    const unsigned d = distance(text, word);
    const size_t length = strlen(word);

    if (d < *least && d <= (length > 4 ? 2u : 1u) && length > 2) {
        *least = d;
        *best = word;
    }
}

const char *commands_nearest(const char *text)
{
    const char *best = NULL;
    unsigned least = WORD_SIZE;

    for (size_t i = 0; i < LENGTH(foreign_words); i++)
        if (strcmp(foreign_words[i].word, text) == 0)
            return foreign_words[i].command;
    for (size_t i = 0; i < COMMANDS; i++)
        if (strlen(text) > 1 && strncmp(commands[i]->name, text, strlen(text)) == 0)
            return commands[i]->name;
    for (size_t i = 0; i < LENGTH(foreign_words); i++)
        if (strlen(text) > 1 && strncmp(foreign_words[i].word, text, strlen(text)) == 0)
            return foreign_words[i].command;
    for (size_t i = 0; i < COMMANDS; i++)
        consider(text, commands[i]->name, &best, &least);
    return best;
}

enum status commands_check_word(const char *text, const char *next)
{
    struct arpq_ip ip;

    if (arpq_ip_parse(text, &ip, 0) == 0)
        return FOUND;
    const char *nearest = commands_nearest(text);
    /* "neigh flush" of ip(8): the command is the next word. */
    if (nearest && next && strncmp("neighbour", text, strlen(text)) == 0 && commands_nearest(next))
        nearest = commands_nearest(next);
    if (nearest)
        return report_usage("'%s' is neither a command nor an IP address; did you mean 'arpq %s'? "
                            "('arpq lookup %s' takes it for the name of a host)",
                            text, nearest, text);
    if (next && commands_find(next))
        return report_usage("'%s' before the command '%s': --netns NAME names a namespace", text,
                            next);
    return FOUND;
}

/* ---- Options that are refused ---- */

/* Options of arp(8), ip(8), arp-scan(1), arping(8), ping(8) and fping(8) that have another form in
 * this tool. An option may mean something else for each command; those of a command come first. */
static const struct {
    const char *command; /* NULL means any */
    const char *option, *instead;
} foreign_options[] = {
    {"lookup", "-s", "'arpq set IP MAC' creates an entry"},
    {"set", "-s", "'arpq set IP MAC' creates an entry"},
    {"show", "-s", "'arpq get IP' prints the times and probes of an entry"},
    {"show", "-d", "all details are printed"},
    {"if", "-d", "all details are printed"},
    {"resolve", "-c", "one answer ends it; --timeout limits the wait"},
    {"resolve", "-w", "--timeout limits the wait"},
    {"resolve", "-f", "one answer ends it; --timeout limits the wait"},
    {"resolve", "-D", "'arpq sweep IP' reports a second host that has the address"},
    {"sweep", "-a", "only hosts that answer are printed"},
    {"sweep", "-g", "targets need no option: 'arpq sweep 192.0.2.0/24'"},
    {"sweep", "-t", "--timeout SECONDS waits for answers"},
    {"sweep", "-r", "--attempts N asks again"},
    {"sweep", "--retry", "--attempts N asks again"},
    {"sweep", "-s", "--source IP asks from an address"},
    {"sweep", "--arpspa", "--source IP asks from an address"},
    {"sweep", "-f", "targets are arguments: 'arpq sweep $(cat FILE)'"},
    {"sweep", "--file", "targets are arguments: 'arpq sweep $(cat FILE)'"},
    {"sweep", "-Q", "--vlan ID asks in a VLAN"},
    {"sweep", "-B", "--rate N limits the packets a second"},
    {"sweep", "--bandwidth", "--rate N limits the packets a second"},
    {"ping", "-C", "--count N ends it after N requests"},
    {"ping", "-a", "--quiet prints the statistics only"},
    {"ping", "-g", "'arpq sweep PREFIX' finds the hosts of a network"},
    {NULL, "-a", "'arpq show' prints the table"},
    {NULL, "--all", "'arpq show' prints the table"},
    {NULL, "-d", "'arpq del IP' removes an entry"},
    {"sweep", "-l", "'arpq sweep' without a target takes the local network"},
    {"sweep", "--localnet", "'arpq sweep' without a target takes the local network"},
    {"ping", "-f", "--interval 0 sends the next request as soon as the answer is there"},
    {"ping", "-b",
     "a broadcast address cannot be pinged; 'arpq sweep' finds the hosts of a network"},
    {NULL, "-o", "--json prints one object a line"},
    {NULL, "-br", "--json prints one object a line"},
};

/* Returns NULL if the option has no other form. */
static const char *other_form(const struct command *command, const char *name)
{
    for (size_t i = 0; i < LENGTH(foreign_options); i++)
        if (strcmp(foreign_options[i].option, name) == 0 &&
            (!foreign_options[i].command || strcmp(foreign_options[i].command, command->name) == 0))
            return foreign_options[i].instead;
    return NULL;
}

/* Writes the options of the command that begin with an abbreviation. Returns their number. */
static unsigned write_completions(const struct command *command, const char *abbreviation,
                                  char *text, size_t size)
{
    const size_t length = strlen(abbreviation);
    size_t used = 0;
    unsigned count = 0;

    for (enum option_row row = OPTION_DEV; row < OPTION_ROWS; row++) {
        const char *name = option_table_entry(row)->name;

        if ((command->takes & OPTION_BIT(row)) == 0 || strncmp(name, abbreviation, length) != 0 ||
            used + WORD_SIZE >= size)
            continue;
        used += (size_t)snprintf(text + used, size - used, "%s--%s", count == 0 ? "" : ", ", name);
        count++;
    }
    return count;
}

enum status commands_unknown_option(const struct command *command, const char *name,
                                    const char *argument)
{
    const char *best = NULL;
    unsigned least = WORD_SIZE;
    char all[512];
    const char *instead = other_form(command, argument);

    if (instead)
        return report_usage("%s: no such option; %s", argument, instead);
    instead = other_form(command, name);
    if (instead)
        return report_usage("%s: no such option; %s", name, instead);
    if (name[1] == '-' && write_completions(command, name + 2, all, sizeof all) > 1)
        return report_usage("%s: ambiguous: %s", name, all);
    for (enum option_row row = OPTION_DEV; row < OPTION_ROWS && name[1] == '-'; row++)
        if (command->takes & OPTION_BIT(row))
            consider(name + 2, option_table_entry(row)->name, &best, &least);
    if (best)
        return report_usage("%s: no such option; did you mean --%s?", name, best);
    return report_usage("%s: no such option", name);
}

enum status commands_refuse_option(const struct command *command, enum option_row row,
                                   const char *name)
{
    char takers[160] = "";
    size_t length = 0;
    const char *instead = other_form(command, name);

    if (instead)
        return report_usage("%s: no option of this command; %s", name, instead);

    for (size_t i = 0; i < COMMANDS; i++)
        if ((commands[i]->takes & OPTION_BIT(row)) && length + WORD_SIZE < sizeof takers)
            length += (size_t)snprintf(takers + length, sizeof takers - length, "%s%s",
                                       length == 0 ? "" : ", ", commands[i]->name);
    return report_usage("%s: an option of other commands: %s", name, takers);
}

void commands_print_summaries(FILE *file)
{
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(file, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
}
