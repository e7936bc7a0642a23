/* SPDX-License-Identifier: MIT */
#include "frame.h"

#include <inttypes.h>
#include <stdio.h>

#include "address.h"
#include "clock.h"
#include "device.h"
#include "escape.h"
#include "host_names.h"
#include "json.h"
#include "number_name.h"
#include "vendor.h"

/* In the order of output. */
static const uint32_t frame_flags[] = {
    ARPQ_SNIFFED_ROUTER,   ARPQ_SNIFFED_SOLICITED, ARPQ_SNIFFED_OVERRIDE, ARPQ_SNIFFED_MISMATCH,
    ARPQ_SNIFFED_OUTGOING, ARPQ_SNIFFED_PROBE,     ARPQ_SNIFFED_NEW,      ARPQ_SNIFFED_MOVED,
    ARPQ_SNIFFED_OURS,     ARPQ_SNIFFED_CONFLICT,
};
#define FRAME_FLAGS (sizeof frame_flags / sizeof frame_flags[0])

#define VLAN_ID(tci) ((tci)&0xfffu)

static struct timespec frame_time(const struct arpq_sniffed *frame)
{
    return (struct timespec){.tv_sec = (time_t)(frame->time_ns / 1000000000),
                             .tv_nsec = (long)(frame->time_ns % 1000000000)};
}

static void print_frame_type(const struct arpq_sniffed *frame)
{
    char text[NUMBER_STRLEN];

    fputs(number_name_lower(ARPQ_NAMES_SNIFFED, frame->type, ' ', text), stdout);
    if (frame->type == ARPQ_SNIFFED_ARP)
        printf(" %s", number_name_lower(ARPQ_NAMES_ARP_OPERATION, frame->operation, '-', text));
}

/* Prints the sender and the target of the frame. */
static void print_claim(const struct tool *t, const struct arpq_sniffed *frame)
{
    char ip[ARPQ_IP_STRLEN], mac[ARPQ_MAC_STRLEN];

    if (frame->ip.family != 0)
        printf(" %s", address_format(&frame->ip, ip));
    fputs(" dev ", stdout);
    device_print(t, frame->ifindex);
    if (frame->mac.length != 0)
        printf(" lladdr %s", address_format_mac(&frame->mac, mac));
    if (frame->old_mac.length != 0)
        printf(" from %s", address_format_mac(&frame->old_mac, mac));
    if (frame->target.family != 0 && arpq_ip_compare(&frame->target, &frame->ip) != 0)
        printf(" for %s", address_format(&frame->target, ip));
    if (frame->flags & ARPQ_SNIFFED_MISMATCH)
        printf(" source %s", address_format_mac(&frame->source, mac));
    if (frame->flags & ARPQ_SNIFFED_VLAN)
        printf(" vlan %u", VLAN_ID(frame->vlan_tci));
    if (frame->flags & ARPQ_SNIFFED_OUTER_VLAN)
        printf(" in vlan %u", VLAN_ID(frame->outer_tci));
}

static void print_text_frame(const struct tool *t, const struct arpq_sniffed *frame)
{
    const struct timespec time = frame_time(frame);
    const char *name;
    char flag[NUMBER_STRLEN];

    clock_print(&time);
    print_frame_type(frame);
    print_claim(t, frame);
    for (size_t i = 0; i < FRAME_FLAGS; i++)
        if (frame->flags & frame_flags[i])
            printf(" %s", number_name_lower(ARPQ_NAMES_SNIFFED_FLAG, frame_flags[i], '_', flag));
    if (t->names && frame->ip.family != 0 && (name = host_names_find_new(&frame->ip)) != NULL) {
        fputs(" name ", stdout);
        escape_print(name);
    }
    if (t->vendor)
        vendor_print(&frame->mac, " vendor ");
    putchar('\n');
}

static void json_claim(struct json_object *object, const struct tool *t,
                       const struct arpq_sniffed *frame)
{
    char name[ARPQ_IFNAME_SIZE];

    json_ip(object, "dst", &frame->ip);
    device_name(t, frame->ifindex, name);
    json_text(object, "dev", name);
    json_number(object, "ifindex", frame->ifindex);
    json_mac(object, "lladdr", &frame->mac);
    json_mac(object, "old_lladdr", &frame->old_mac);
    json_ip(object, "target", &frame->target);
    json_mac(object, "source", &frame->source);
    json_mac(object, "destination", &frame->destination);
    if (frame->flags & ARPQ_SNIFFED_VLAN)
        json_number(object, "vlan", VLAN_ID(frame->vlan_tci));
    if (frame->flags & ARPQ_SNIFFED_OUTER_VLAN)
        json_number(object, "outer_vlan", VLAN_ID(frame->outer_tci));
}

static void print_json_frame(const struct tool *t, const struct arpq_sniffed *frame)
{
    struct json_object *object = json_new();
    const struct timespec time = frame_time(frame);
    char word[NUMBER_STRLEN];
    const char *text;

    json_text(object, "frame", number_name_lower(ARPQ_NAMES_SNIFFED, frame->type, '_', word));
    if (frame->type == ARPQ_SNIFFED_ARP)
        json_text(object, "operation",
                  number_name_lower(ARPQ_NAMES_ARP_OPERATION, frame->operation, '-', word));
    clock_json(object, &time);
    json_claim(object, t, frame);
    for (size_t i = 0; i < FRAME_FLAGS; i++)
        if (frame->flags & frame_flags[i])
            json_true(object,
                      number_name_lower(ARPQ_NAMES_SNIFFED_FLAG, frame_flags[i], '_', word));
    if (t->names && frame->ip.family != 0 && (text = host_names_find_new(&frame->ip)) != NULL)
        json_text(object, "name", text);
    if (t->vendor && (text = vendor_name(&frame->mac)) != NULL)
        json_text(object, "vendor", text);
    json_print(object);
}

void frame_print(const struct tool *t, const struct arpq_sniffed *frame)
{
    if (t->json)
        print_json_frame(t, frame);
    else
        print_text_frame(t, frame);
}
