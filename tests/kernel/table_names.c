/* SPDX-License-Identifier: MIT */
/* Tables as lists of entry names, and a table to filter. */
#include "test.h"

#include <net/if.h>

#include "kernel/netns.h"
#include "kernel/table.h"
#include "kernel/table_names.h"

/* Writes the name of an entry, for example "10.1.0.2@v0". */
static void name_entry(const struct arpq_neigh *neigh, char *name, size_t size)
{
    char ip[ARPQ_IP_STRLEN], dev[IF_NAMESIZE] = "*";
    struct arpq_ip bare = neigh->ip;

    bare.scope = 0;
    if (neigh->ifindex)
        assert_non_null(if_indextoname(neigh->ifindex, dev));
    snprintf(name, size, "%s@%s", arpq_ip_format(&bare, ip, sizeof ip), dev);
}

static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = words; (at = strstr(at, word)); at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static uint32_t count_words(const char *words)
{
    uint32_t count = *words != '\0';

    for (const char *at = words; *at; at++)
        count += *at == ' ';
    return count;
}

void check_names(const char *what, const struct arpq_table *table, const char *want)
{
    char got[2048] = "", name[128];
    uint32_t count = 0;
    bool right = true;

    for (uint32_t i = 0; i < arpq_table_count(table); i++) {
        const struct arpq_neigh *neigh = arpq_table_at(table, i);

        if (is_noise(neigh))
            continue;
        name_entry(neigh, name, sizeof name);
        right = right && has_word(want, name) && !has_word(got, name);
        if (count++)
            strncat(got, " ", sizeof got - strlen(got) - 1);
        strncat(got, name, sizeof got - strlen(got) - 1);
    }
    if (!right || count != count_words(want))
        fail_msg("%s:\n got \"%s\"\nwant \"%s\"", what, got, want);
}

struct names {
    char text[2048];
};

static int collect_name(const struct arpq_neigh *neigh, void *context)
{
    struct names *names = context;
    char name[128];
    size_t used;

    if (is_noise(neigh))
        return 0;
    name_entry(neigh, name, sizeof name);
    used = strlen(names->text);
    (void)snprintf(names->text + used, sizeof names->text - used, "%s%s", used ? " " : "", name);
    return 0;
}

void check_row(const struct row *row)
{
    struct arpq_filter filter = {.size = sizeof filter,
                                 .flags = row->flags,
                                 .states = row->states,
                                 .neigh_flags = row->neigh_flags,
                                 .prefix_length = row->length,
                                 .protocol = row->protocol,
                                 .family = row->family};
    struct names names = {""};
    struct arpq_table *table;

    filter.ifindex = row->dev ? ifindex_of(row->dev) : 0;
    filter.master = row->master ? ifindex_of(row->master) : 0;
    if (row->prefix)
        filter.prefix = ip_of(row->prefix);
    if (row->mac)
        filter.mac = mac_of(row->mac);
    if (row->mac_type)
        filter.mac.type = row->mac_type;
    table = list(&filter);
    check_names(row->what, table, row->want);
    arpq_table_free(table);
    assert_int_equal(arpq_table_each(h, &filter, collect_name, &names, NULL), 0);
    if (count_words(names.text) != count_words(row->want))
        fail_msg("each, %s:\n got \"%s\"\nwant \"%s\"", row->what, names.text, row->want);
}

void make_filter_table(void)
{
    sh("ip link add br0 type bridge; ip link add br1 type bridge;"
       "for p in p1 p2; do ip link add $p type veth peer name ${p}p;"
       " ip link set $p addrgenmode none; ip link set ${p}p addrgenmode none;"
       " ip link set $p master br0; ip link set $p up; ip link set ${p}p up; done;"
       "ip neigh add 10.1.0.2 dev v0 lladdr " MAC_A " protocol 42;"
       "ip neigh add 10.1.0.3 dev v0 lladdr " MAC_B " nud stale extern_learn;"
       "ip neigh add 10.1.0.130 dev v0 lladdr " MAC_A " nud stale;"
       "ip neigh add 10.1.0.131 dev v0 nud none; ip neigh add 10.1.0.132 dev v0 nud failed;"
       "ip neigh add 10.2.0.2 dev p1 lladdr " MAC_A "; ip neigh add 10.2.0.3 dev p2 lladdr " MAC_B);
    sh("ip neigh add fd01::2 dev v0 lladdr " MAC_A " nud stale router;"
       "ip neigh add fd01::3 dev v0 lladdr " MAC_B ";"
       "ip neigh add fd01:0:0:1::2 dev p1 lladdr " MAC_A " protocol 42;"
       "ip neigh add proxy 10.0.0.9 dev v0; ip neigh add proxy 10.0.0.9 dev p1;"
       "ip neigh add proxy 10.0.1.9 dev v0; ip neigh add proxy fd01::99 dev v0");
}
