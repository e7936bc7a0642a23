/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "address.h"
#include "command.h"
#include "error_name.h"
#include "escape.h"
#include "flush.h"
#include "json.h"
#include "options.h"

static const char *command_name; /* NULL if the command line names no command */

void report_begin(const struct command *command)
{
    command_name = command ? command->name : NULL;
}

bool report_has_command(void)
{
    return command_name != NULL;
}

/* Begins a message on stderr: "arpq COMMAND: ". */
static void print_prefix(void)
{
    if (command_name)
        fprintf(stderr, "arpq %s: ", command_name);
    else
        fputs("arpq: ", stderr);
}

/* Escapes the whole message, because text from the command line may contain any byte. */
static void print_message(const char *text)
{
    char *safe = escape_text(text);

    print_prefix();
    fprintf(stderr, "%s\n", safe);
    free(safe);
}

void report_message(const char *format, ...)
{
    char text[1024];
    va_list arguments;

    va_start(arguments, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): clang-tidy 14 with several files */
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    print_message(text);
}

enum status report_usage(const char *format, ...)
{
    char text[1024];
    va_list arguments;

    va_start(arguments, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): clang-tidy 14 with several files */
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    print_message(text);
    if (command_name)
        fprintf(stderr, "Try 'arpq %s --help'.\n", command_name);
    else
        fputs("Try 'arpq --help'.\n", stderr);
    return USAGE;
}

void report_waiting(const char *dev, const char *why)
{
    report_message("%s: %s; waiting for an interface of this name", dev, why);
}

enum status report_value(const char *option, const char *text, const char *message)
{
    report_message("%s: '%s': %s", option, text, message);
    return USAGE;
}

static enum status status_of(int code)
{
    switch (-code) {
    case 0:
        return FOUND;
    case ENOENT:
    case EAGAIN:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EOPNOTSUPP:
    case EEXIST:
        return NOT_FOUND;
    case EINVAL:
    case EADDRNOTAVAIL:
    case E2BIG:
    case ENAMETOOLONG:
    case ERANGE:
        return USAGE;
    default:
        return ERROR;
    }
}

static void print_json_failure(const struct failure *f)
{
    struct json_object *object = json_new();

    json_text(object, f->key, f->subject);
    json_text(object, "error", error_name(f->code));
    json_text(object, "message", f->message ? f->message : arpq_strerror(f->code));
    if (f->detail[0] != '\0')
        json_text(object, "detail", f->detail);
    json_print(object);
}

enum status report_failure(bool json, const struct failure *f)
{
    if (json) {
        print_json_failure(f);
        return status_of(f->code);
    }
    flush_stdout(); /* so that earlier answers come before the failure on a terminal */
    const char *message = f->message ? f->message : arpq_strerror(f->code);
    /* For -EBUSY the library, not the kernel, writes the detail: "eth0 is a port of br0". */
    if (f->code == -EBUSY && f->detail[0] != '\0')
        report_message("%s: %s, which receives the answers: name that one", f->subject, f->detail);
    else if (f->detail[0] != '\0')
        report_message("%s: %s (kernel: %s)", f->subject, message, f->detail);
    else
        report_message("%s: %s", f->subject, message);
    return status_of(f->code);
}

/* Writes what the error code of a lookup means, and the command to try next. */
static void lookup_message(const struct tool *t, const char *asked, int code, char *text,
                           size_t size)
{
    char dev[64] = "";

    if (t->dev)
        snprintf(dev, sizeof dev, " -i %s", t->dev);
    switch (-code) {
    case ENOENT:
        snprintf(text, size, "no entry yet; 'arpq resolve%s %s' asks for it", dev, asked);
        break;
    case EHOSTUNREACH:
        snprintf(text, size, "nobody answered; 'arpq resolve%s %s' asks again", dev, asked);
        break;
    case EAGAIN:
        snprintf(text, size, "being resolved; 'arpq resolve%s %s' waits for the answer", dev,
                 asked);
        break;
    case ENETUNREACH:
        if ((t->command->takes & BIT(GATEWAY)) && !options_given(t, OPTION_GATEWAY))
            snprintf(text, size,
                     "no interface of this machine reaches it directly; --gateway answers with the "
                     "gateway, if there is one");
        else
            snprintf(text, size, "no interface reaches it, directly or by a gateway");
        break;
    case EOPNOTSUPP:
        snprintf(text, size, "its link has no MAC addresses, or the system refuses rtnetlink");
        break;
    default:
        snprintf(text, size, "%s", arpq_strerror(code));
    }
}

enum status report_address_as(const struct tool *t, const char *asked, const struct arpq_ip *ip,
                              int code, const char *message)
{
    struct failure f = {"dst", asked, code, message, arpq_detail(t->h)};

    if (code == -ENOENT && message) /* the kernel's text says the same */
        f.detail = "";
    if (code == -EINVAL && ip->scope != 0 && t->ifindex != 0)
        f.message = "its scope and --dev name different interfaces";
    else if (code == -EINVAL && address_is_unspecified(ip) && !options_given(t, OPTION_NETMASK))
        f.message = "the unspecified address, which no host has";
    else if (code == -EINVAL && ip->scope == 0 && t->ifindex == 0 && address_is_link_local(ip))
        f.message = "a link-local address needs its interface, as %NAME or with --dev";
    return report_failure(t->json, &f);
}

enum status report_address(const struct tool *t, const char *asked, const struct arpq_ip *ip,
                           int code)
{
    char text[256];

    lookup_message(t, asked, code, text, sizeof text);
    return report_address_as(t, asked, ip, code, text);
}

enum status report_kernel(const struct tool *t, const char *what, int code)
{
    const char *detail = arpq_detail(t->h);

    flush_stdout();
    if (detail[0] != '\0')
        report_message("%s: %s (kernel: %s)", what, arpq_strerror(code), detail);
    else
        report_message("%s: %s", what, arpq_strerror(code));
    return ERROR;
}

enum status report_privilege(const char *what)
{
    flush_stdout();
    report_message("%s", what);
    return ERROR;
}
