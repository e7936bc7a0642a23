/* SPDX-License-Identifier: MIT */
#include "command_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "commands.h"
#include "memory.h"
#include "option_table.h"
#include "options.h"
#include "report.h"

/* Words of ip-neighbour(8), ip-monitor(8), arp(8) and tcpdump(8) that are options here. */
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
    {"pub", OPTION_PROXY},
    {"link", OPTION_INTERFACES},
    {"address", OPTION_ADDRESSES},
    {"arp", OPTION_ARP},
    {"ndp", OPTION_NDP},
};

struct parser {
    char **next, **end;
    const char *letters; /* the rest of a group of letters, or NULL */
    const char *option;  /* the last argument that was an option */
    bool ended;          /* "--" has ended the options */
};

enum item_kind { ITEM_NONE, ITEM_ARGUMENT, ITEM_OPTION, ITEM_UNKNOWN, ITEM_MISSING, ITEM_EXCESS };

struct item {
    enum item_kind kind;
    enum option_row row;
    bool is_letter;
    const char *text; /* the argument itself; or the argument of the option, or NULL */
    char name[64];    /* the option as the user wrote it */
};

static void take_long(struct parser *p, const struct command *command, struct item *item)
{
    p->option = *p->next++;
    const char *name = p->option + 2, *value = strchr(name, '=');
    size_t length = value ? (size_t)(value - name) : strlen(name);

    snprintf(item->name, sizeof item->name, "--%.*s", (int)length, name);
    item->row = option_table_find_name(command, name, length);
    item->kind = ITEM_OPTION;
    if (item->row == OPTION_ROWS)
        item->kind = ITEM_UNKNOWN;
    else if (!option_table_entry(item->row)->argument)
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
    item->row = option_table_find_letter(command, letter);
    item->kind = item->row == OPTION_ROWS ? ITEM_UNKNOWN : ITEM_OPTION;
    if (item->row != OPTION_ROWS && option_table_entry(item->row)->argument) {
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
        p->option = *p->next++;
        p->letters = p->option + 1;
        take_letter(p, command, &item);
    }
    return item;
}

/* Skips options. Returns the next argument, or NULL if there is none or "--" is before it. */
static const char *next_word(struct parser *p)
{
    struct item item;

    do {
        item = next_item(p, NULL);
    } while (item.kind != ITEM_NONE && item.kind != ITEM_ARGUMENT);
    return item.kind == ITEM_ARGUMENT && !p->ended ? item.text : NULL;
}

/* Stores the command that the first argument names, or the default if it is an address. *word
 * becomes the place of the command's name, or NULL. Returns USAGE if the argument is a mistyped
 * command. */
static enum status find_command(struct tool *t, int argc, char **argv, char ***word)
{
    struct parser p = {.next = argv + 1, .end = argv + argc};
    const char *first = next_word(&p);

    *word = NULL;
    t->command = first ? commands_find(first) : NULL;
    report_begin(t->command);
    if (t->command) {
        *word = p.next - 1;
        return FOUND;
    }
    t->command = commands_default();
    return first ? commands_check_word(first, next_word(&p)) : FOUND;
}

/* Converts arguments that are words of ip(8), such as "dev NAME" and "nud STATE", to options. Keeps
 * the other arguments. */
static enum status take_option_words(struct tool *t, int *count, char **args)
{
    enum status status = FOUND;
    int kept = 0;

    for (int i = 0; i < *count && status == FOUND; i++) {
        size_t w = 0;

        while (w < LENGTH(words) && strcmp(words[w].word, args[i]) != 0)
            w++;
        const bool known = w < LENGTH(words) && option_table_accepts(t->command, words[w].row);
        if (known && !option_table_entry(words[w].row)->argument)
            status = options_take(t, words[w].row, args[i], NULL);
        else if (known && i + 1 < *count) {
            status = options_take(t, words[w].row, args[i], args[i + 1]);
            i++;
        } else if (known)
            status = report_usage("%s: needs an argument, %s", args[i],
                                  option_table_entry(words[w].row)->argument);
        else
            args[kept++] = args[i];
    }
    *count = kept;
    return status;
}

static enum status take_item(struct tool *t, const struct item *item, const char *option)
{
    switch (item->kind) {
    case ITEM_UNKNOWN:
        return commands_unknown_option(t->command, item->name, option);
    case ITEM_MISSING:
        return report_usage("%s: needs an argument, %s", item->name,
                            option_table_entry(item->row)->argument);
    case ITEM_EXCESS:
        return report_usage("%s: takes no argument", item->name);
    default:
        break;
    }
    if (!option_table_accepts(t->command, item->row))
        return commands_refuse_option(t->command, item->row, item->name);
    if (item->is_letter && item->name[1] == 'i' &&
        option_table_accepts(t->command, OPTION_INTERVAL)) {
        t->loose = item->text; /* in ping(8), -i is the interval */
        return FOUND;
    }
    return options_take(t, item->row, item->name, item->text);
}

/* Adds an argument to args. If the argument is "dev", also adds the next one, because the name of
 * an interface may begin with "-" like an option. */
static void keep_argument(const struct tool *t, struct parser *p, int *count, char **args)
{
    const char *text = p->next[-1];

    args[(*count)++] = p->next[-1];
    if (!p->ended && strcmp(text, "dev") == 0 && option_table_accepts(t->command, OPTION_DEV) &&
        p->next < p->end)
        args[(*count)++] = *p->next++;
}

enum status command_line_parse(struct tool *t, int argc, char **argv, int *count, char ***args)
{
    struct parser p = {.next = argv + 1, .end = argv + argc};
    char **word;
    bool words_ended = false;

    *count = 0;
    *args = memory_check(calloc((size_t)argc + 1, sizeof **args));
    t->filter.size = sizeof t->filter;
    t->timeout_ms = t->deadline_ms = t->interval_ms = t->max_age_ms = -1;
    enum status status = find_command(t, argc, argv, &word);
    while (status == FOUND) {
        struct item item = next_item(&p, t->command);

        if (item.kind == ITEM_NONE)
            break;
        if (item.kind != ITEM_ARGUMENT)
            status = take_item(t, &item, p.option);
        else if (p.next - 1 != word)
            keep_argument(t, &p, count, *args);
        words_ended = p.ended;
        if (options_given(t, OPTION_HELP) || options_given(t, OPTION_VERSION))
            return status;
    }
    if (status == FOUND && !words_ended && !t->command->has_words)
        status = take_option_words(t, count, *args);
    return status == FOUND ? options_combine(t) : status;
}
