/* SPDX-License-Identifier: MIT */
/* The description of a command: what it accepts, its help and its function. */
#ifndef ARPQ_TOOL_COMMAND_H
#define ARPQ_TOOL_COMMAND_H

#include "options.h"
#include "tool.h"

/* Runs the command with its arguments and returns the exit status. */
typedef enum status command_function(struct tool *t, int count, char **args);

/* The help of an option for one command, if it differs from the help for other commands. */
struct option_note {
    enum option_row row;
    const char *text;
};

struct command {
    const char *name;
    const char *synopsis; /* the arguments, such as "IP..." */
    const char *summary;  /* one line without a full stop */
    const char *help;     /* further lines of the help, or "" */
    command_function *run;
    int least, most;                 /* number of arguments */
    uint64_t takes;                  /* OPTION_BIT of each option that it accepts */
    const struct option_note *notes; /* NULL, or ends with {OPTION_ROWS, NULL} */
    bool follows_dev;                /* --dev may name an interface that does not exist yet */
    /* the arguments are words of the command; none is converted to an option */
    bool has_words;
    bool needs_no_handle;
};

#define BIT(option) OPTION_BIT(OPTION_##option)

/* Options of groups of commands. */
#define OPTIONS_ALWAYS                                                                             \
    (BIT(HELP) | BIT(VERSION) | BIT(NETNS) | BIT(PID) | BIT(JSON) | BIT(HOST) | BIT(NUMERIC))
#define OPTIONS_FAMILY (BIT(IPV4) | BIT(IPV6))
#define OPTIONS_ADDRESSES (BIT(DEV) | BIT(GATEWAY) | BIT(VENDOR) | OPTIONS_FAMILY)
#define OPTIONS_FILTER (BIT(DEV) | OPTIONS_FAMILY | BIT(PREFIX) | BIT(MAC) | BIT(PROTO))
#define OPTIONS_STATES                                                                             \
    (BIT(MASTER) | BIT(STATE) | BIT(PROXY) | BIT(ROUTER) | BIT(MANAGED) | BIT(EXTERN_LEARN) |      \
     BIT(EXTERN_VALID))
#define OPTIONS_PEOPLE (BIT(VENDOR) | BIT(NAMES))

#endif
