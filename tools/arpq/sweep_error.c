/* SPDX-License-Identifier: MIT */
#include "sweep_error.h"

#include <errno.h>
#include <stdio.h>

#include "address.h"
#include "options.h"
#include "report.h"

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

enum status sweep_error_report(const struct tool *t, const struct prefix *prefix, int code)
{
    char ip[ARPQ_IP_STRLEN], text[ARPQ_IP_STRLEN + 4];
    struct failure f = {"prefix", text, code, NULL, arpq_detail(t->h)};

    snprintf(text, sizeof text, "%s/%u", address_format(&prefix->ip, ip), prefix->length);
    if (t->vlan != 0 && code == -EAFNOSUPPORT)
        return report_usage("%s: --vlan finds IPv4 hosts only", text);
    if (code == -E2BIG)
        f.message = "more than 65536 addresses; --force sweeps them all the same";
    else if (code == -EADDRNOTAVAIL && prefix->ip.family == AF_INET)
        f.message = "the interface has no address to ask from; --no-source asks from 0.0.0.0";
    else if (code == -EADDRNOTAVAIL)
        f.message = "the interface has no IPv6 address to ask from";
    else if (code == -EINVAL && prefix->length == 0)
        f.message = "all hosts of which link? --dev names the interface";
    else if (code == -EINVAL)
        f.message = "group addresses, or link-local addresses without an interface";
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
