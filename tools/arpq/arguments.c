/* SPDX-License-Identifier: MIT */
#include "arguments.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "options.h"
#include "report.h"
#include "values.h"

enum status arguments_device(const struct tool *t, bool json, const char *name, uint32_t *ifindex)
{
    struct failure f = {.key = "ifname", .subject = name, .code = -ENODEV, .detail = ""};

    *ifindex = 0;
    if (name[0] == '\0') {
        f.subject = "''";
        f.code = -EINVAL;
        f.message = "an interface name is empty";
        return report_failure(json, &f);
    }
    int code = arpq_interface_index(t->h, name, ifindex);
    if (code == 0)
        return FOUND;
    f.code = code;
    if (code == -ENODEV)
        f.message = "no interface of this name; 'arpq if' lists them";
    else
        f.detail = arpq_detail(t->h);
    return report_failure(json, &f);
}

/* ---- Addresses ---- */

/* Returns true if text has the form of a host name. Text whose last part is a number is not a host
 * name but a mistyped IPv4 address. */
static bool is_host_name(const char *text)
{
    const char *last = strrchr(text, '.');
    const size_t length = strlen(text);

    if (length == 0 || length > 253 || text[0] == '-' || text[0] == '.')
        return false;
    last = last ? last + 1 : text;
    return last[strspn(last, "0123456789")] != '\0' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") ==
               length;
}

const char *arguments_find_host(uint16_t family, const char *text, struct arpq_ip *ip, int *code)
{
    const struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *list;
    int error = getaddrinfo(text, NULL, &hints, &list);

    *code = error == EAI_AGAIN ? -ETIMEDOUT : -EINVAL;
    if (error == EAI_AGAIN)
        return "not an IP address; as the name of a host: no name server answers";
    if (error != 0)
        return "not an IP address, nor the name of a host";
    error = arpq_ip_from_sockaddr(list->ai_addr, list->ai_addrlen, ip);
    freeaddrinfo(list);
    if (error != 0)
        return "the host has no IP address";
    *code = 0;
    return NULL;
}

/* Returns true for the ranges of arp-scan(1), such as 192.0.2.1-9. */
static bool is_range(const char *text)
{
    const size_t length = strcspn(text, "-");
    char first[ARPQ_IP_STRLEN];
    struct arpq_ip ip;

    if (text[length] == '\0' || length >= sizeof first)
        return false;
    memcpy(first, text, length);
    first[length] = '\0';
    return arpq_ip_parse(first, &ip, 0) == 0;
}

/* Explains forms that look like an address. */
static const char *explain_address(const char *text)
{
    struct prefix prefix;
    struct arpq_mac mac;

    if (strchr(text, '/') && !value_prefix(text, &prefix))
        return "one address is needed, not a prefix; 'arpq show PREFIX' lists its entries, 'arpq "
               "sweep PREFIX' finds its hosts";
    if (is_range(text))
        return "one address is needed, not a range; 'arpq sweep RANGE' finds its hosts";
    if (arpq_mac_parse(text, &mac) == 0 && mac.length == 6 && strpbrk(text, ":-."))
        return "not an IP address but a MAC address; 'arpq show --mac MAC' lists its IP addresses";
    if (strchr(text, ','))
        return "not an IP address; several are separated by spaces";
    if (text[0] == '[')
        return "not an IP address: write it without brackets and port";
    return "not an IP address";
}

/* Parses an address whose scope is the name of an interface. A name may consist of digits, or
 * be an alternative name or a label, which arpq_ip_parse does not look up. */
static bool parse_scoped(const struct tool *t, const char *text, const char *scope,
                         struct arpq_ip *ip)
{
    char address[ARPQ_IP_STRLEN];
    uint32_t ifindex;

    if ((size_t)(scope - text) >= sizeof address || scope[1] == '\0' ||
        arpq_interface_index(t->h, scope + 1, &ifindex) != 0)
        return false;
    memcpy(address, text, (size_t)(scope - text));
    address[scope - text] = '\0';
    if (arpq_ip_parse(address, ip, 0) != 0 || ip->family != AF_INET6)
        return false;
    ip->scope = ifindex;
    return true;
}

const char *arguments_parse_literal(const struct tool *t, const char *text, struct arpq_ip *ip,
                                    int *code, bool *is_name)
{
    const char *scope = strchr(text, '%');
    uint32_t ifindex;

    *is_name = false;
    *code = scope && parse_scoped(t, text, scope, ip) ? 0 : arpq_ip_parse(text, ip, 0);
    if (*code == 0 || value_integer_ip(text, ip)) {
        *code = 0;
        if (t->filter.family != 0 && t->filter.family != ip->family) {
            *code = -EINVAL;
            return t->filter.family == AF_INET ? "not an IPv4 address, which -4 asks for"
                                               : "not an IPv6 address, which -6 asks for";
        }
        return NULL;
    }
    if (scope && strlen(scope + 1) >= ARPQ_IFNAME_SIZE) {
        *code = -ENODEV;
        return "the interface name after '%' is longer than 15 bytes";
    }
    if (*code == -ENODEV)
        return "no interface of the name after '%'; 'arpq if' lists them";
    if (*code != -EINVAL)
        return arpq_strerror(*code);
    if (arpq_interface_index(t->h, text, &ifindex) == 0)
        return "the name of an interface, not an IP address; 'dev NAME' selects an interface";
    *is_name = is_host_name(text) && !is_range(text);
    return explain_address(text);
}

const char *arguments_parse_address(const struct tool *t, const char *text, struct arpq_ip *ip,
                                    int *code)
{
    bool is_name;
    const char *wrong = arguments_parse_literal(t, text, ip, code, &is_name);

    return is_name ? arguments_find_host(t->filter.family, text, ip, code) : wrong;
}

enum status arguments_report(const struct tool *t, const char *text, const char *wrong, int code)
{
    struct failure f = {"dst", text, code, wrong, ""};

    if (text[0] == '\0' && !t->json)
        f.subject = "''";
    return report_failure(t->json, &f);
}

enum status arguments_address(const struct tool *t, const char *text, struct arpq_ip *ip)
{
    int code;
    const char *wrong = arguments_parse_address(t, text, ip, &code);

    return wrong ? arguments_report(t, text, wrong, code) : FOUND;
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

/* ---- Options ---- */

/* The scope of the prefix names an interface, as --dev does. */
static enum status join_scope(struct tool *t)
{
    struct arpq_filter *filter = &t->filter;

    if (filter->prefix.scope != 0) {
        if (filter->ifindex != 0 && filter->ifindex != filter->prefix.scope)
            return report_usage("the scope of the prefix and --dev name different interfaces");
        filter->ifindex = filter->prefix.scope;
        filter->prefix.scope = 0;
    }
    return FOUND;
}

/* As in ping(8), -I also accepts an address, and -i accepts seconds. If an interface has that name,
 * both mean the interface. */
static enum status take_loose(struct tool *t)
{
    uint32_t ifindex;
    struct arpq_ip ip;

    if (t->dev && arpq_interface_index(t->h, t->dev, &ifindex) != 0 &&
        arpq_ip_parse(t->dev, &ip, 0) == 0) {
        t->source_text = t->dev;
        t->dev = NULL;
    }
    if (!t->loose)
        return FOUND;
    if (arpq_interface_index(t->h, t->loose, &ifindex) == 0)
        return options_take(t, OPTION_DEV, "-i", t->loose);
    if (arpq_ip_parse(t->loose, &ip, 0) == 0)
        return options_take(t, OPTION_SOURCE, "-i", t->loose);
    if (t->interval_ms < 0 && value_seconds(t->loose, &t->interval_ms))
        return FOUND;
    const struct failure f = {"ifname", t->loose, -ENODEV,
                              "-i takes an interface or the seconds between two requests; there "
                              "is no interface of this name",
                              ""};
    return report_failure(false, &f);
}

static enum status take_source(struct tool *t)
{
    if (!t->source_text)
        return FOUND;
    if (arpq_ip_parse(t->source_text, &t->source, 0) == 0)
        return FOUND;
    return report_value("--source", t->source_text, "not an IP address");
}

/* Returns true for an IPv4 address, also for a mistyped one such as 192.0.2.300. */
static bool is_dotted(const char *text)
{
    int dots = 0;

    for (const char *next = text; *next != '\0'; next++)
        dots += *next == '.';
    return dots == 3 && text[strspn(text, "0123456789.")] == '\0';
}

/* Returns true if --dev may name an interface that does not exist yet. */
static bool is_awaited(const struct tool *t)
{
    const size_t length = strlen(t->dev);
    struct arpq_ip ip;

    return t->command->follows_dev && length != 0 && length < 128 && !strchr(t->dev, '/') &&
           !strpbrk(t->dev, " \t\n") && !is_dotted(t->dev) && arpq_ip_parse(t->dev, &ip, 0) != 0;
}

static enum status take_device(const struct tool *t, const char *option, const char *name,
                               uint32_t *ifindex)
{
    if (name[0] == '\0')
        return report_value(option, name, "an interface name is empty");
    if (name == t->dev && is_awaited(t) && arpq_interface_index(t->h, name, ifindex) == -ENODEV)
        return FOUND;
    return arguments_device(t, false, name, ifindex);
}

/* An error of these options concerns every argument. It is therefore reported as one line of text,
 * even with --json. */
enum status arguments_option_devices(struct tool *t)
{
    enum status status = FOUND;

    if (t->command->takes & BIT(INTERVAL))
        status = take_loose(t);
    if (status == FOUND && t->dev)
        status = take_device(t, "--dev", t->dev, &t->ifindex);
    if (status == FOUND && t->master)
        status = take_device(t, "--master", t->master, &t->filter.master);
    if (status == FOUND)
        status = take_source(t);
    if (status != FOUND)
        return status;
    t->filter.ifindex = t->ifindex;
    return join_scope(t);
}
