/* SPDX-License-Identifier: MIT */
#include "sweep_error.h"

#include <errno.h>
#include <stdio.h>

#include "address.h"
#include "network.h"
#include "options.h"
#include "report.h"
#include "targets.h"

/* Without an option that needs packets of its own, a sweep without privilege asks the kernel. */
static const char *explain_privilege(const struct tool *t)
{
    if (t->vlan != 0)
        return "--vlan needs CAP_NET_RAW";
    if (t->source_text)
        return "--source needs CAP_NET_RAW";
    if (options_given(t, OPTION_NO_SOURCE))
        return "--no-source needs CAP_NET_RAW";
    return "sending needs CAP_NET_RAW; --no-raw does without";
}

/* Returns the option that excludes IPv6, or NULL. */
static const char *ipv4_option(const struct tool *t)
{
    if (t->vlan != 0)
        return "--vlan";
    if (t->source_text)
        return "--source";
    return options_given(t, OPTION_NO_SOURCE) ? "--no-source" : NULL;
}

/* Explains why no host can have the addresses. */
static const char *explain_addresses(const struct tool *t, const struct prefix *prefix)
{
    if (prefix->ip.family == AF_INET6 && prefix->length == 0)
        return "all hosts of which link? --dev names the interface";
    if (address_is_unspecified(&prefix->ip) &&
        prefix->length == (prefix->ip.family == AF_INET ? 32 : 128))
        return "the unspecified address, which no host has";
    if (address_is_group(&prefix->ip))
        return "group addresses, which no host has";
    if (address_is_link_local(&prefix->ip) && t->ifindex == 0)
        return "link-local addresses need their interface, as %NAME or with --dev";
    return "not addresses of single hosts, such as a broadcast address";
}

enum status sweep_error_report(const struct tool *t, const struct prefix *prefix, int code)
{
    char ip[ARPQ_IP_STRLEN], text[300], reason[64];
    struct failure f = {"prefix", text, code, NULL, arpq_detail(t->h)};

    if (prefix->text)
        snprintf(text, sizeof text, "%.*s", (int)prefix->text_length, prefix->text);
    else
        snprintf(text, sizeof text, "%s/%u", address_format(&prefix->ip, ip), prefix->length);
    f.key = targets_key(text);
    if (code == -E2BIG && t->ifindex != 0 && !network_is_possible(t, t->ifindex))
        f.code = code = -EOPNOTSUPP; /* what --force would lead to */
    if (code == -EAFNOSUPPORT && ipv4_option(t)) {
        f.code = -EINVAL;
        snprintf(reason, sizeof reason, "%s finds IPv4 hosts only", ipv4_option(t));
        f.message = reason;
    } else if (code == -E2BIG)
        f.message = "more than 65536 addresses; --force sweeps them all the same";
    else if (code == -EADDRNOTAVAIL && prefix->ip.family == AF_INET)
        f.message = "the interface has no address to ask from; --no-source asks from 0.0.0.0";
    else if (code == -EADDRNOTAVAIL)
        f.message = "the interface has no IPv6 address to ask from";
    else if (code == -EINVAL)
        f.message = explain_addresses(t, prefix);
    else if (code == -EOPNOTSUPP && t->vlan != 0)
        f.message = "--vlan needs an Ethernet interface with ARP";
    else if (code == -EOPNOTSUPP)
        f.message = "the interface has no neighbours: its link has no MAC addresses, or no ARP";
    else if (code == -ENETUNREACH)
        f.message = "no interface of this machine reaches it directly; --dev names one";
    else if (code == -EPERM || code == -EACCES)
        f.message = explain_privilege(t);
    return report_failure(t->json, &f);
}
