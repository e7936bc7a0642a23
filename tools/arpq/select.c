/* SPDX-License-Identifier: MIT */
#include "select.h"

#include <string.h>

#include "arguments.h"
#include "command.h"
#include "options.h"
#include "report.h"
#include "values.h"

/* A word that may name an interface has the status of "dev NAME". */
static bool may_name_interface(const char *text)
{
    uint32_t states = 0;

    return text[strspn(text, "0123456789.")] != '\0' && !strchr(text, ':') &&
           !value_states(text, &states);
}

/* If the text is both an address and the name of an interface, it means the address. The user can
 * write --dev or --prefix to be explicit. */
static enum status take_selection(struct tool *t, const char *text)
{
    struct prefix prefix;
    struct arpq_mac mac;
    uint32_t ifindex, states = 0;
    const char *wrong = value_prefix(text, &prefix);

    if (!wrong) {
        if (options_given(t, OPTION_PREFIX))
            return report_usage("'%s': a second address or prefix; 'arpq get IP...' takes several",
                                text);
        return options_take(t, OPTION_PREFIX, NULL, text);
    }
    if (arpq_interface_index(t->h, text, &ifindex) == 0) {
        if (options_given(t, OPTION_DEV))
            return report_usage("'%s': a second interface", text);
        return options_take(t, OPTION_DEV, NULL, text);
    }
    if ((t->command->takes & BIT(STATE)) && value_states(text, &states))
        return options_take(t, OPTION_STATE, NULL, text);
    if (value_mac(text, &mac) && mac.length >= 6)
        return options_take(t, OPTION_MAC, NULL, text);
    if (wrong == value_no_interface)
        return status_worst(ERROR, report_usage("'%s': %s", text, wrong));
    if (strchr(text, '/')) /* the name of an interface has none */
        return report_usage("'%s': %s", text, wrong);
    const enum status status =
        report_usage("'%s': neither an interface, an IP address, a prefix%s nor a MAC address",
                     text, t->command->takes & BIT(STATE) ? ", a state" : "");
    return may_name_interface(text) ? ERROR : status;
}

enum status select_entries(struct tool *t, int count, char **args)
{
    enum status status = FOUND;

    for (int i = 0; i < count && status == FOUND; i++)
        status = take_selection(t, args[i]);
    if (status == FOUND && count > 0)
        status = options_combine(t);
    if (status == FOUND && count > 0)
        status = arguments_option_devices(t);
    if (status == FOUND && (t->filter.flags & ARPQ_FILTER_PROXY) != 0 &&
        (t->filter.states != 0 || t->filter.mac.length != 0))
        return report_usage("proxy entries have neither a MAC address nor a state");
    return status;
}
