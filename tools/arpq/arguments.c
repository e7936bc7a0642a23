/* SPDX-License-Identifier: MIT */
#include "arguments.h"

#include <errno.h>
#include <string.h>

#include "report.h"
#include "usage.h"

enum status arguments_device(const struct tool *t, bool json, const char *name, uint32_t *ifindex)
{
    struct failure f = {.key = "ifname", .subject = name, .code = -ENODEV, .detail = ""};

    *ifindex = 0;
    if (name[0] == '\0') {
        f.code = -EINVAL;
        f.message = "an interface name is empty";
        return report_failure(json, &f);
    }
    int code = arpq_name_to_index(t->h, name, ifindex);
    if (code == 0)
        return FOUND;
    f.code = code;
    if (code == -ENODEV)
        f.message = "no interface of this name";
    else
        f.detail = arpq_detail(t->h);
    return report_failure(json, &f);
}

/* Reports why text was not parsed, more precisely than arpq_strerror. */
static enum status report_unparsed(const struct tool *t, const char *text, int code)
{
    struct failure f = {.key = "dst", .subject = text, .code = code, .detail = ""};
    const char *scope = strchr(text, '%');

    if (scope && strlen(scope + 1) >= ARPQ_IFNAME_SIZE) {
        f.code = -ENODEV;
        f.message = "interface name after '%' is longer than 15 bytes";
    } else if (code == -ENODEV) {
        f.message = "no interface of the name after '%'";
    } else if (code == -EINVAL) {
        f.message = "not an IP address";
    }
    return report_failure(t->json, &f);
}

enum status arguments_address(const struct tool *t, const char *text, struct arpq_ip *ip)
{
    int code = arpq_ip_parse(text, ip, 0);

    return code == 0 ? FOUND : report_unparsed(t, text, code);
}

enum status arguments_each_address(const struct tool *t, int count, char **args,
                                   address_function *one)
{
    enum status status = FOUND;

    for (int i = 0; i < count; i++) {
        struct arpq_ip ip;
        enum status this = arguments_address(t, args[i], &ip);

        status = status_worst(status, this == FOUND ? one(t, args[i], &ip) : this);
    }
    return status;
}

/* The scope of the prefix names an interface, as --dev does. */
static enum status join_scope(struct tool *t)
{
    struct arpq_filter *filter = &t->filter;

    if (filter->prefix.scope != 0) {
        if (filter->ifindex != 0 && filter->ifindex != filter->prefix.scope)
            return usage_error("the scope of the prefix and --dev name different interfaces");
        filter->ifindex = filter->prefix.scope;
        filter->prefix.scope = 0;
    }
    return FOUND;
}

/* An error here concerns every argument: it is one line of text, even with --json. */
enum status arguments_option_devices(struct tool *t)
{
    enum status status = FOUND;

    if (t->dev)
        status = arguments_device(t, false, t->dev, &t->ifindex);
    if (status == FOUND && t->master)
        status = arguments_device(t, false, t->master, &t->filter.master);
    if (status != FOUND)
        return status;
    t->filter.ifindex = t->ifindex;
    return join_scope(t);
}
