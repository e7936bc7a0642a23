/* SPDX-License-Identifier: MIT */
/* arpq set IP [MAC]: creates or changes an entry. */
#include "cmd_set.h"

#include <errno.h>

#include "arguments.h"
#include "neigh.h"
#include "options.h"
#include "report.h"
#include "usage.h"

/* --state holds a set of states, for filters; an entry has one state. */
static enum status take_state(const struct tool *t, uint32_t *state)
{
    const uint32_t states = t->filter.states;

    *state = states;
    if (!options_given(t, OPTION_STATE))
        return FOUND;
    if (states == 0 || (states & (states - 1)) != 0 || states == ARPQ_FILTER_STATE_NONE)
        return usage_error("an entry can be set to one state, and not to none");
    return FOUND;
}

static enum status take_mac(const struct tool *t, const char *text, struct arpq_mac *mac)
{
    const struct failure f = {"lladdr", text, -EINVAL, "not a MAC address", ""};

    return arpq_mac_parse(text, mac) == 0 ? FOUND : report_failure(t->json, &f);
}

/* Refuses options that do not go together. */
static enum status check_kind(const struct tool *t, bool mac_given)
{
    const bool proxy = options_given(t, OPTION_PROXY);

    if (proxy && mac_given)
        return usage_error("a proxy entry has no MAC address");
    if (proxy && options_given(t, OPTION_MANAGED))
        return usage_error("a proxy entry cannot be managed");
    if (!proxy && options_given(t, OPTION_NETMASK))
        return usage_error("--netmask goes with --proxy");
    if (!proxy && !mac_given && !options_given(t, OPTION_STATE) &&
        !options_given(t, OPTION_MANAGED))
        return usage_error("set needs a MAC address, --proxy, --managed or --state");
    return FOUND;
}

static enum status take_entry(const struct tool *t, int count, char **args,
                              struct arpq_neigh *neigh)
{
    enum status status = check_kind(t, count > 1);

    *neigh = (struct arpq_neigh){.ifindex = t->ifindex, .protocol = t->filter.protocol};
    neigh->flags = t->filter.neigh_flags | (options_given(t, OPTION_PROXY) ? ARPQ_NEIGH_PROXY : 0);
    if (status == FOUND)
        status = take_state(t, &neigh->state);
    if (status == FOUND)
        status = arguments_address(t, args[0], &neigh->ip);
    if (status == FOUND && count > 1)
        status = take_mac(t, args[1], &neigh->mac);
    return status;
}

/* Prints the entry as the kernel has it now; as it was set if it cannot be read. */
static void print_json_set_entry(const struct tool *t, const char *asked,
                                 const struct arpq_neigh *neigh)
{
    const struct arpq_neigh *shown = neigh;
    struct arpq_neigh now;

    if ((neigh->flags & ARPQ_NEIGH_PROXY) == 0 &&
        arpq_neigh_get(t->h, &neigh->ip, t->ifindex, 0, &now) == 0 && !neigh_is_synthetic(&now))
        shown = &now;
    neigh_json_entry(t, asked, &neigh->ip, shown, false);
}

/* Returns NULL where arpq_strerror suffices. */
static const char *set_error_message(const struct tool *t, const struct arpq_neigh *neigh, int code)
{
    switch (-code) {
    case EPERM:
        return "changing the table needs CAP_NET_ADMIN";
    case EADDRNOTAVAIL:
        return "refused without --insist: an address of this machine or of no single host, or an "
               "entry that would stay incomplete";
    case EEXIST:
        return "there is an entry already";
    case ENOENT:
        return "there is no entry to change";
    case EINVAL:
        if (t->set_flags & ARPQ_SET_NETMASK)
            return "--netmask 0.0.0.0 goes with the address 0.0.0.0, and without --create or "
                   "--replace";
        return neigh->mac.length == 0 ? "an entry like this needs a MAC address"
                                      : "no entry of this link: is the MAC address of its length?";
    default:
        return NULL;
    }
}

enum status cmd_set(const struct tool *t, int count, char **args)
{
    struct arpq_neigh neigh;
    enum status status = take_entry(t, count, args, &neigh);

    if (status != FOUND)
        return status;
    int code = arpq_neigh_set(t->h, &neigh, t->set_flags);
    if (code != 0)
        return report_address_as(t, args[0], &neigh.ip, code, set_error_message(t, &neigh, code));
    if (t->json)
        print_json_set_entry(t, args[0], &neigh);
    return FOUND;
}
