/* SPDX-License-Identifier: MIT */
#include "frame.h"

#include <ctype.h>
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

static const struct number_name frame_flag_names[] = {
    {ARPQ_SNIFFED_ROUTER, "router"},
    {ARPQ_SNIFFED_SOLICITED, "solicited"},
    {ARPQ_SNIFFED_OVERRIDE, "override"},
    {ARPQ_SNIFFED_MISMATCH, "mismatch"},
    {ARPQ_SNIFFED_OUTGOING, "outgoing"},
    {ARPQ_SNIFFED_PROBE, "probe"},
    {ARPQ_SNIFFED_NEW, "new"},
    {ARPQ_SNIFFED_MOVED, "moved"},
    {ARPQ_SNIFFED_OURS, "ours"},
    {ARPQ_SNIFFED_CONFLICT, "conflict"},
    {0, NULL},
};

#define VLAN_ID(tci) ((tci)&0xfffu)

static const struct number_name operation_names[] = {
    {ARPQ_ARP_REQUEST, "request"},
    {ARPQ_ARP_REPLY, "reply"},
    {ARPQ_ARP_REVERSE_REQUEST, "reverse-request"},
    {ARPQ_ARP_REVERSE_REPLY, "reverse-reply"},
    {ARPQ_ARP_INVERSE_REQUEST, "inverse-request"},
    {ARPQ_ARP_INVERSE_REPLY, "inverse-reply"},
    {0, NULL},
};

static struct timespec frame_time(const struct arpq_sniffed *frame)
{
    return (struct timespec){.tv_sec = (time_t)(frame->time_ns / 1000000000),
                             .tv_nsec = (long)(frame->time_ns % 1000000000)};
}

/* Writes "arp", "neighbour_solicitation" and so on. */
static const char *frame_type_name(uint32_t type, char name[32])
{
    size_t i = 0;

    for (const char *s = arpq_sniffed_name(type); *s != '\0' && i < 31; s++)
        name[i++] = (char)tolower((unsigned char)*s);
    name[i] = '\0';
    return name;
}

static void print_frame_type(const struct arpq_sniffed *frame)
{
    char text[32], digits[NUMBER_STRLEN];

    frame_type_name(frame->type, text);
    for (char *s = text; *s != '\0'; s++)
        if (*s == '_')
            *s = ' ';
    fputs(text, stdout);
    if (frame->type == ARPQ_SNIFFED_ARP)
        printf(" %s", number_name_text(operation_names, frame->operation, digits));
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

    clock_print(&time);
    print_frame_type(frame);
    print_claim(t, frame);
    for (const struct number_name *f = frame_flag_names; f->name; f++)
        if (frame->flags & f->number)
            printf(" %s", f->name);
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
    char type[32], digits[NUMBER_STRLEN];
    const char *text;

    json_text(object, "frame", frame_type_name(frame->type, type));
    if (frame->type == ARPQ_SNIFFED_ARP)
        json_text(object, "operation", number_name_text(operation_names, frame->operation, digits));
    clock_json(object, &time);
    json_claim(object, t, frame);
    for (const struct number_name *f = frame_flag_names; f->name; f++)
        if (frame->flags & f->number)
            json_true(object, f->name);
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
