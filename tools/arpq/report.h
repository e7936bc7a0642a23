/* SPDX-License-Identifier: MIT */
/* Reports failures, as text on stderr or as a line of JSON on stdout. A line of text contains the
 * command, the argument, the error and, if there is one, a remedy. */
#ifndef ARPQ_TOOL_REPORT_H
#define ARPQ_TOOL_REPORT_H

#include "tool.h"

/* Sets the command whose name begins every message. NULL means no command. */
void report_begin(const struct command *command);
bool report_has_command(void);

/* Prints a message in the format of printf(3). */
void report_message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints a message and a hint at the help. Returns USAGE. */
enum status report_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Reports that the command waits for an interface that was removed or does not exist yet. */
void report_waiting(const char *dev, const char *why);

/* Reports a bad argument of an option or of a word. Returns USAGE. */
enum status report_value(const char *option, const char *text, const char *message);

/* The failure of one argument. */
struct failure {
    const char *key;     /* the JSON key of the argument: "dst" or "ifname" */
    const char *subject; /* the argument */
    int code;            /* a negative errno value */
    const char *message; /* NULL means arpq_strerror(code) */
    const char *detail;  /* the kernel's extended acknowledgement, or "" */
};

/* Both functions return the exit status that belongs to the code. */
enum status report_failure(bool json, const struct failure *f);
enum status report_address(const struct tool *t, const char *asked, const struct arpq_ip *ip,
                           int code);
/* Reports with the caller's message, or with arpq_strerror(code) if message is NULL. Returns the
 * exit status that belongs to the code. */
enum status report_address_as(const struct tool *t, const char *asked, const struct arpq_ip *ip,
                              int code, const char *message);

/* Reports a failure that does not belong to a single argument, as text even with --json. `what` is
 * for example "cannot listen". Returns ERROR. */
enum status report_kernel(const struct tool *t, const char *what, int code);

/* Reports which privilege the command needs. Returns ERROR. */
enum status report_privilege(const char *what);

#endif
