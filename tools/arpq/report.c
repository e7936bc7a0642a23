/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error_name.h"
#include "escape.h"
#include "json.h"

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
    char *subject = escape_text(f->subject, false), *detail = escape_text(f->detail, false);
    const char *message = f->message ? f->message : arpq_strerror(f->code);

    fprintf(stderr, "arpq: %s: %s", subject, message);
    if (detail[0] != '\0')
        fprintf(stderr, " (kernel: %s)", detail);
    fputc('\n', stderr);
    free(subject);
    free(detail);
    return status_of(f->code);
}

/* True for fe80::/10 and ff02::/16 (RFC 4291 sections 2.5.6 and 2.7). */
static bool is_link_local(const struct arpq_ip *ip)
{
    if (ip->family != AF_INET6)
        return false;
    return (ip->bytes[0] == 0xfe && (ip->bytes[1] & 0xc0) == 0x80) ||
           (ip->bytes[0] == 0xff && (ip->bytes[1] & 0x0f) == 0x02);
}

enum status report_address_as(const struct tool *t, const char *asked, const struct arpq_ip *ip,
                              int code, const char *message)
{
    struct failure f = {"dst", asked, code, message, arpq_detail(t->h)};

    if (code == -EINVAL && ip->scope != 0 && t->ifindex != 0)
        f.message = "its scope and --dev name different interfaces";
    else if (code == -EINVAL && ip->scope == 0 && t->ifindex == 0 && is_link_local(ip))
        f.message = "a link-local address needs its interface, as %NAME or with --dev";
    return report_failure(t->json, &f);
}

enum status report_address(const struct tool *t, const char *asked, const struct arpq_ip *ip,
                           int code)
{
    return report_address_as(t, asked, ip, code, NULL);
}

enum status report_kernel(const struct tool *t, const char *what, int code)
{
    char *detail = escape_text(arpq_detail(t->h), false);

    fprintf(stderr, "arpq: %s: %s", what, arpq_strerror(code));
    if (detail[0] != '\0')
        fprintf(stderr, " (kernel: %s)", detail);
    fputc('\n', stderr);
    free(detail);
    return ERROR;
}
