/* SPDX-License-Identifier: MIT */
/* arpq set IP [MAC]: creates or changes an entry. */
#include "cmd_set.h"

#include <errno.h>
#include <stdio.h>

#include "address.h"
#include "arguments.h"
#include "neigh.h"
#include "options.h"
#include "report.h"
#include "values.h"

/* --state accepts a set of states, for filters. An entry has only one state. */
static enum status take_state(const struct tool *t, uint32_t *state)
{
    const uint32_t states = t->filter.states;

    *state = states;
    if (!options_given(t, OPTION_STATE))
        return FOUND;
    if (states == 0 || (states & (states - 1)) != 0 || states == ARPQ_FILTER_STATE_NONE)
        return report_usage("--state: an entry has one state, and the state none cannot be set");
    return FOUND;
}

static enum status take_mac(const struct tool *t, const char *text, struct arpq_mac *mac)
{
    const struct failure f = {"lladdr", text, -EINVAL, "not a MAC address", ""};

    if (t->filter.mac.length != 0)
        return report_usage("two MAC addresses are given");
    return value_mac(text, mac) ? FOUND : report_failure(t->json, &f);
}

/* Refuses options that do not go together. */
static enum status check_kind(const struct tool *t, bool mac_given)
{
    const bool proxy = options_given(t, OPTION_PROXY);

    if (proxy && mac_given)
        return report_usage("a proxy entry has no MAC address");
    if (proxy && options_given(t, OPTION_STATE))
        return report_usage("a proxy entry has no state");
    if (proxy && options_given(t, OPTION_MANAGED))
        return report_usage("a proxy entry cannot be managed");
    if (!proxy && options_given(t, OPTION_NETMASK))
        return report_usage("--netmask goes with --proxy");
    if (!proxy && !mac_given && !options_given(t, OPTION_STATE) &&
        !options_given(t, OPTION_MANAGED))
        return report_usage("set needs a MAC address, --proxy, --managed or --state");
    return FOUND;
}

static enum status take_entry(const struct tool *t, int count, char **args,
                              struct arpq_neigh *neigh)
{
    enum status status;

    *neigh = (struct arpq_neigh){
        .ifindex = t->ifindex, .protocol = t->filter.protocol, .mac = t->filter.mac};
    neigh->flags = t->filter.neigh_flags | (options_given(t, OPTION_PROXY) ? ARPQ_NEIGH_PROXY : 0);
    status = arguments_address(t, args[0], &neigh->ip);
    if (status == FOUND)
        status = check_kind(t, count > 1 || t->filter.mac.length != 0);
    if (status == FOUND)
        status = take_state(t, &neigh->state);
    if (status == FOUND && count > 1)
        status = take_mac(t, args[1], &neigh->mac);
    return status;
}

/* Prints the entry as the kernel has it now. If the entry cannot be read, prints it as the tool set
 * it. */
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

/* Returns true for an address of an interface and for a loopback address. */
static bool is_own_address(const struct tool *t, const struct arpq_ip *ip)
{
    const struct arpq_ip loopback = {.family = AF_INET, .bytes = {127}};
    struct arpq_interfaces *list;
    bool own = arpq_prefix_contains(&loopback, 8, ip);

    if (own || arpq_interfaces_get(t->h, 0, &list) != 0)
        return own;
    for (uint32_t n = 0; n < arpq_interfaces_address_count(list) && !own; n++)
        own = address_equal(&arpq_interfaces_address_at(list, n)->ip, ip);
    arpq_interfaces_free(list);
    return own;
}

/* Returns the reason why the library refuses the entry without --insist. */
static const char *refusal(const struct tool *t, const struct arpq_neigh *neigh)
{
    if (arpq_mac_is_broadcast(&neigh->mac))
        return "the MAC address is the broadcast address; --insist sets it all the same";
    if (arpq_mac_is_multicast(&neigh->mac))
        return "the MAC address is a group address (its first byte is odd), not that of one "
               "host; --insist sets it all the same";
    if (neigh->mac.length != 0 && arpq_mac_is_zero(&neigh->mac))
        return "the MAC address is zero; --insist sets it all the same";
    if (neigh->state == ARPQ_STATE_INCOMPLETE)
        return "the entry would stay incomplete; --insist sets it all the same";
    return is_own_address(t, &neigh->ip)
               ? "an address of this machine; --insist sets it all the same"
               : "an address of no single host; --insist sets it all the same";
}

/* Returns the interface of the entry, by its address if the entry names none; or NULL. */
static const struct arpq_interface *find_interface(const struct arpq_interfaces *list,
                                                   const struct arpq_neigh *neigh)
{
    const uint32_t ifindex = neigh->ifindex != 0 ? neigh->ifindex : neigh->ip.scope;

    if (ifindex != 0)
        return arpq_interfaces_by_ifindex(list, ifindex);
    for (uint32_t n = 0; n < arpq_interfaces_address_count(list); n++) {
        const struct arpq_address *a = arpq_interfaces_address_at(list, n);

        if (arpq_prefix_contains(&a->ip, a->prefix_length, &neigh->ip))
            return arpq_interfaces_by_ifindex(list, a->ifindex);
    }
    return NULL;
}

/* Names the length that MAC addresses have on the interface. */
static const char *explain_mac_length(const struct tool *t, const struct arpq_neigh *neigh)
{
    static char text[128];
    struct arpq_interfaces *list;
    uint32_t length = neigh->mac.length;

    snprintf(text, sizeof text, "the interface does not take this entry");
    if (arpq_interfaces_get(t->h, 0, &list) != 0)
        return text;
    const struct arpq_interface *link = find_interface(list, neigh);
    if (link && link->mac.length != length)
        snprintf(text, sizeof text, "a MAC address of %s has %u bytes, not %u", link->name,
                 link->mac.length, length);
    arpq_interfaces_free(list);
    return text;
}

/* Explains which entry there is. */
static const char *existence(const struct tool *t, const struct arpq_neigh *neigh)
{
    if (!(t->set_flags & ARPQ_NEIGH_SET_CREATE))
        return "there is a proxy entry for all interfaces, and the kernel makes no other one for "
               "the interface";
    return neigh->flags & ARPQ_NEIGH_PROXY && neigh->ifindex != 0
               ? "there is a proxy entry already, for the interface or for all"
               : "there is an entry already; without --create it is replaced";
}

/* Returns NULL if the text of arpq_strerror suffices. */
static const char *set_error_message(const struct tool *t, const struct arpq_neigh *neigh, int code)
{
    switch (-code) {
    case EPERM:
        return "changing the table needs CAP_NET_ADMIN";
    case EADDRNOTAVAIL:
        return refusal(t, neigh);
    case EEXIST:
        return existence(t, neigh);
    case ENOENT:
        if (t->set_flags & ARPQ_NEIGH_SET_REPLACE)
            return "there is no entry to replace; without --replace it is created";
        return neigh->state == ARPQ_STATE_PROBE
                   ? "the state probe without a MAC address needs an existing entry"
                   : "the state delay without a MAC address needs an existing entry";
    case ENETUNREACH:
        return "no interface of this machine reaches it directly; --dev names one";
    case EINVAL:
        if (t->set_flags & ARPQ_NEIGH_SET_NETMASK)
            return "--netmask 0.0.0.0 goes with the address 0.0.0.0, and without --create or "
                   "--replace";
        return neigh->mac.length == 0 ? "such an entry needs a MAC address"
                                      : explain_mac_length(t, neigh);
    default:
        return NULL;
    }
}

static enum status run_set(struct tool *t, int count, char **args)
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

static const struct option_note notes[] = {
    {OPTION_MAC, "the MAC address, like the argument"},
    {OPTION_STATE, "the state of the entry, instead of permanent"},
    {OPTION_PROTO, "the routing protocol that the entry is marked with"},
    {OPTION_ROUTER, "the neighbour is a router"},
    {OPTION_MANAGED, "the kernel resolves the address and keeps it resolved"},
    {OPTION_EXTERN_LEARN, "a control program learned the entry"},
    {OPTION_EXTERN_VALID, "a control program validates the entry, and the kernel keeps it"},
    {OPTION_PROXY, "a proxy entry: this machine answers for the address"},
    {OPTION_ROWS, NULL},
};

const struct command cmd_set = {
    .name = "set",
    .synopsis = "[OPTION...] IP [lladdr] [MAC] [dev NAME]",
    .summary = "Create or change a neighbour entry",
    .help = "The words of ip-neighbour(8) may be used instead of options: dev NAME, nud STATE,\n"
            "router, managed, extern_learn, extern_valid, proxy, proto NAME.\n",
    .run = run_set,
    .least = 1,
    .most = 2,
    .takes = OPTIONS_ALWAYS | BIT(DEV) | OPTIONS_FAMILY | BIT(MAC) | BIT(STATE) | BIT(ROUTER) |
             BIT(MANAGED) | BIT(EXTERN_LEARN) | BIT(EXTERN_VALID) | BIT(PROTO) | BIT(PROXY) |
             BIT(NETMASK) | BIT(CREATE) | BIT(REPLACE) | BIT(INSIST),
    .notes = notes,
};
