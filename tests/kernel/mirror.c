/* SPDX-License-Identifier: MIT */
/* Shared by the tests of mirrors: expected answers. */
#include "test.h"

#include "kernel/mirror.h"
#include "kernel/neigh.h"
#include "kernel/netns.h"

struct arpq_mirror *m;

int set_up(void **state)
{
    return fixture_set_up(state);
}

int tear_down(void **state)
{
    arpq_mirror_close(m);
    m = NULL;
    return fixture_tear_down(state);
}

struct arpq_mirror_options options_of(uint32_t flags)
{
    const struct arpq_mirror_options options = {.size = sizeof options, .flags = flags};

    return options;
}

void open_with(const struct arpq_mirror_options *options)
{
    arpq_mirror_close(m);
    m = NULL;
    assert_int_equal(arpq_mirror_open(h, &m, options), 0);
}

void open_mirror(uint32_t flags)
{
    const struct arpq_mirror_options options = options_of(flags);

    open_with(&options);
}

void sync_mirror(void)
{
    int code;

    /* One call applies changes for at most 5 ms. */
    do
        code = arpq_mirror_sync(m);
    while (code > 0);
    assert_int_equal(code, 0);
}

struct arpq_sync_stats stats_of(void)
{
    struct arpq_sync_stats stats;

    assert_int_equal(arpq_mirror_stats(m, &stats), 0);
    return stats;
}

void expect_at(const char *file, int line, const char *text, uint32_t ifindex, int want,
               const char *want_mac)
{
    struct arpq_ip ip = ip_of(text);
    struct arpq_mac mac, expected;
    struct arpq_neigh neigh;
    char got[ARPQ_MAC_STRLEN];
    int code, get;

    memset(&expected, 0, sizeof expected);
    if (want_mac)
        expected = mac_of(want_mac);
    memset(&mac, 0xa5, sizeof mac);
    memset(&neigh, 0xa5, sizeof neigh);
    code = arpq_mirror_lookup(m, &ip, ifindex, &mac);
    get = arpq_mirror_get(m, &ip, ifindex, &neigh);
    if (code != want || arpq_mac_compare(&mac, &expected) != 0) {
        fprintf(stderr, "%s:%d: %s: got %d (%s) %s, want %d (%s) %s\n", file, line, text, code,
                arpq_strerror(code), arpq_mac_format(&mac, 0, got, sizeof got), want,
                arpq_strerror(want), want_mac ? want_mac : "");
        fail();
    }
    if (code < 0)
        assert_true(is_all_zero(&mac, sizeof mac));
    if (code == 0)
        assert_memory_equal(&neigh.mac, &mac, sizeof mac);
    if (get < 0)
        assert_true(is_all_zero(&neigh, sizeof neigh));
    /* The mirror counts an entry without a MAC as well. */
    if (code == 0 || code == -EAGAIN || code == -EHOSTUNREACH || code == -EOPNOTSUPP)
        assert_int_equal(get, 0);
    else if (code != -ENOENT)
        assert_int_equal(get, code);
}

int count_up(const struct arpq_neigh *neigh, void *context)
{
    int *count = context;

    *count += !is_group(&neigh->ip);
    return 0;
}

void same_as_kernel(const char *file, int line, uint32_t least)
{
    struct arpq_table *kernel;
    int count = 0, mine = 0;

    assert_int_equal(arpq_table_get(h, NULL, &kernel), 0);
    for (uint32_t i = 0; i < arpq_table_count(kernel); i++) {
        const struct arpq_neigh *want = arpq_table_at(kernel, i);
        struct arpq_neigh got;
        char text[ARPQ_IP_STRLEN];

        if (is_group(&want->ip))
            continue;
        count++;
        if (arpq_mirror_get(m, &want->ip, want->ifindex, &got) == 0 && got.state == want->state &&
            got.flags == want->flags && got.protocol == want->protocol && got.type == want->type &&
            memcmp(&got.mac, &want->mac, sizeof got.mac) == 0)
            continue;
        fprintf(stderr, "%s:%d: %s is %s here and %s in the kernel\n", file, line,
                arpq_ip_format(&want->ip, text, sizeof text),
                arpq_name(ARPQ_NAMES_STATE, got.state), arpq_name(ARPQ_NAMES_STATE, want->state));
        fail();
    }
    arpq_table_free(kernel);
    assert_int_equal(arpq_mirror_each(m, count_up, &mine), 0);
    assert_int_equal(mine, count);
    assert_true((uint32_t)count >= least);
}

void fill(const char *mac)
{
    sh("for i in $(seq 0 %d); do echo neigh replace 10.1.$((i / 250)).$((i %% 250)) dev v0"
       " lladdr %s nud permanent; echo neigh replace fd01::1:$i dev v0 lladdr %s nud permanent;"
       " done | ip -batch -",
       LARGE / 2 - 1, mac, mac);
}

bool answers(const char *text, int code, uint8_t last)
{
    struct arpq_ip ip = ip_of(text);
    struct arpq_mac mac;

    return arpq_mirror_lookup(m, &ip, 0, &mac) == code && mac.bytes[5] == last;
}
