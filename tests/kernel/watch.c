/* SPDX-License-Identifier: MIT */
/* Shared by the tests of watches: events as text. */
#include "test.h"

#include <net/if.h>

#include "kernel/neigh.h"
#include "kernel/netns.h"
#include "kernel/watch.h"

struct arpq_watch *w;

int set_up(void **state)
{
    int code = fixture_set_up(state);

    fixture_await_carrier();
    return code;
}

int tear_down(void **state)
{
    arpq_watch_close(w);
    w = NULL;
    return fixture_tear_down(state);
}

struct arpq_watch_options options_of(uint32_t flags)
{
    const struct arpq_watch_options options = {.size = sizeof options, .flags = flags};

    return options;
}

void open_with(const struct arpq_watch_options *options)
{
    assert_int_equal(arpq_watch_open(h, &w, options), 0);
}

void open_watch(uint32_t flags)
{
    const struct arpq_watch_options options = options_of(flags);

    open_with(&options);
}

void reopen(const struct arpq_watch_options *options)
{
    arpq_watch_close(w);
    w = NULL;
    open_with(options);
}

/* ---- Events as text ---- */

static const char *mac_text(const struct arpq_mac *mac, char *text, size_t size)
{
    if (mac->length == 0)
        return "-";
    snprintf(text, size, "%02x", mac->bytes[mac->length - 1]);
    return text;
}

static void write_neigh(const struct arpq_event *event, char *text, size_t size)
{
    const char *name = arpq_name(ARPQ_NAMES_EVENT, event->type);
    const struct arpq_neigh *neigh = &event->neigh;
    char ip[ARPQ_IP_STRLEN], mac[8], old_mac[8];

    arpq_ip_format(&neigh->ip, ip, sizeof ip);
    mac_text(&neigh->mac, mac, sizeof mac);
    mac_text(&event->old_mac, old_mac, sizeof old_mac);
    if (strncmp(name, "NEIGH_", 6) == 0)
        name += 6;
    switch (event->type) {
    case ARPQ_EVENT_NEIGH_CHANGED:
    case ARPQ_EVENT_NEIGH_MOVED:
        snprintf(text, size, "%s %s %s>%s %s was %s", name, ip,
                 arpq_name(ARPQ_NAMES_STATE, event->old_state),
                 arpq_name(ARPQ_NAMES_STATE, neigh->state), mac_text(&neigh->mac, mac, sizeof mac),
                 mac_text(&event->old_mac, old_mac, sizeof old_mac));
        break;
    case ARPQ_EVENT_NEIGH_REMOVED:
        snprintf(text, size, "%s %s %s was %s", name, ip, arpq_name(ARPQ_NAMES_STATE, neigh->state),
                 mac_text(&event->old_mac, old_mac, sizeof old_mac));
        break;
    case ARPQ_EVENT_CONFLICT:
        snprintf(text, size, "%s %s %s and %s", name, ip, mac_text(&neigh->mac, mac, sizeof mac),
                 mac_text(&event->old_mac, old_mac, sizeof old_mac));
        break;
    default:
        snprintf(text, size, "%s %s %s %s", name, ip, arpq_name(ARPQ_NAMES_STATE, neigh->state),
                 mac_text(&neigh->mac, mac, sizeof mac));
        assert_int_equal(event->old_mac.length, 0);
        break;
    }
}

static const char *up_text(uint32_t flags)
{
    return flags & IFF_UP ? "up" : "down";
}

void write_event(const struct arpq_event *event, char *text, size_t size)
{
    char ip[ARPQ_IP_STRLEN];
    size_t used;

    switch (event->type) {
    case ARPQ_EVENT_INTERFACE_ADDED:
    case ARPQ_EVENT_INTERFACE_REMOVED:
        snprintf(text, size, "%s %s %s", arpq_name(ARPQ_NAMES_EVENT, event->type),
                 event->interface.name, up_text(event->interface.flags));
        break;
    case ARPQ_EVENT_INTERFACE_CHANGED:
        snprintf(text, size, "%s %s %s>%s", arpq_name(ARPQ_NAMES_EVENT, event->type),
                 event->interface.name, up_text(event->old_flags), up_text(event->interface.flags));
        break;
    case ARPQ_EVENT_ADDRESS_ADDED:
    case ARPQ_EVENT_ADDRESS_CHANGED:
    case ARPQ_EVENT_ADDRESS_REMOVED:
        snprintf(text, size, "%s %s/%u %#x", arpq_name(ARPQ_NAMES_EVENT, event->type),
                 arpq_ip_format(&event->address.ip, ip, sizeof ip), event->address.prefix_length,
                 event->address.flags);
        break;
    case ARPQ_EVENT_OVERRUN:
    case ARPQ_EVENT_SYNCED:
        snprintf(text, size, "%s", arpq_name(ARPQ_NAMES_EVENT, event->type));
        break;
    default:
        write_neigh(event, text, size);
        break;
    }
    used = strlen(text);
    snprintf(text + used, size - used, "%s%s", event->flags & ARPQ_EVENT_RESYNC ? " +R" : "",
             event->flags & ARPQ_EVENT_DAMPED ? " +D" : "");
}

/* Fail unless all members that this type does not use are zero. */
static void check_rest(const struct arpq_event *event)
{
    bool neigh = event->type <= ARPQ_EVENT_CONFLICT;
    bool link =
        event->type >= ARPQ_EVENT_INTERFACE_ADDED && event->type <= ARPQ_EVENT_INTERFACE_REMOVED;
    bool address = event->type >= ARPQ_EVENT_ADDRESS_ADDED;

    assert_true(is_all_zero(event->reserved, sizeof event->reserved));
    assert_int_equal(event->reserved32, 0);
    assert_int_equal(event->flags & ~(ARPQ_EVENT_RESYNC | ARPQ_EVENT_DAMPED), 0);
    if (!neigh) {
        assert_true(is_all_zero(&event->neigh, sizeof event->neigh));
        assert_true(is_all_zero(&event->old_mac, sizeof event->old_mac));
    }
    if (event->type != ARPQ_EVENT_NEIGH_CHANGED && event->type != ARPQ_EVENT_NEIGH_MOVED) {
        assert_int_equal(event->old_state, 0);
        if (event->type != ARPQ_EVENT_INTERFACE_CHANGED &&
            event->type != ARPQ_EVENT_ADDRESS_CHANGED)
            assert_int_equal(event->old_flags, 0);
    }
    if (!link)
        assert_true(is_all_zero(&event->interface, sizeof event->interface));
    assert_int_equal(event->interface.address_first, 0);
    assert_int_equal(event->interface.address_count, 0);
    assert_int_equal(event->interface.altname_first, 0);
    if (!address)
        assert_true(is_all_zero(&event->address, sizeof event->address));
}

/* An interface that the namespace had before the test made any, other than lo. */
static bool is_fallback_tunnel(const struct arpq_event *event)
{
    return event->type == ARPQ_EVENT_INTERFACE_ADDED && event->interface.ifindex > 1 &&
           event->interface.ifindex <= netns_links;
}

int next(struct arpq_event *event, int32_t timeout_ms)
{
    int code;

    do {
        code = arpq_watch_next(w, event, timeout_ms);
        assert_true(code >= 0);
    } while (code == 1 && (is_group(&event->neigh.ip) || is_fallback_tunnel(event)));
    if (code == 1)
        check_rest(event);
    else
        assert_true(is_all_zero(event, sizeof *event));
    return code;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

#define LINES 64
#define LOG_SIZE 65536

/* Read all events, one line each. */
static void read_log(char *log, bool sorted, int32_t timeout_ms)
{
    static char lines[LINES][LINE];
    struct arpq_event event;
    size_t count = 0;

    for (; count < LINES && next(&event, timeout_ms) == 1; count++)
        write_event(&event, lines[count], LINE);
    assert_true(count < LINES);
    if (sorted)
        qsort(lines, count, LINE, by_text);
    *log = '\0';
    for (size_t i = 0; i < count; i++)
        sprintf(log + strlen(log), "%s\n", lines[i]);
}

void compare_log(const char *file, int line, const char *log, const char *want)
{
    if (strcmp(log, want) == 0)
        return;
    fprintf(stderr, "%s:%d: got:\n%swant:\n%s", file, line, log, want);
    fail();
}

void expect_at(const char *file, int line, bool sorted, int32_t timeout_ms, const char *want)
{
    static char log[LOG_SIZE];

    read_log(log, sorted, timeout_ms);
    compare_log(file, line, log, want);
}

void await_at(const char *file, int line, const char *want)
{
    struct arpq_event event;
    char text[LINE];

    if (next(&event, ASYNC_MS) != 1)
        strcpy(text, "(nothing)");
    else
        write_event(&event, text, sizeof text);
    compare_log(file, line, text, want);
}
