/* SPDX-License-Identifier: MIT */
/*
 * test_tool_text TOOL - the tool writes what ip(8) writes, on each kernel: the link-layer addresses
 * of IP tunnels, which it also reads, and the limits of a link. The devices are tunnels, where this
 * kernel has them, and TAP devices with the type of a tunnel.
 */
#include "test.h"

#include <linux/if_arp.h>
#include <linux/if_tun.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "kernel/tun.h"
#include "process.h"

#define TEXT_SIZE 4096

#define SHOWN4 "10.9.0.9"
#define BYTES4 "0a:09:00:09"
#define SHOWN6 "fd09::9"
#define BYTES6 "fd:09:00:00:00:00:00:00:00:00:00:00:00:00:00:09"

static const struct device {
    const char *make; /* the arguments of "ip link add d0"; NULL: a TAP device with the type */
    int type;
    const char *shown, *as_bytes; /* the address of the neighbour */
} devices[] = {
    {"type gre local 10.9.0.1", ARPHRD_IPGRE, SHOWN4, BYTES4},
    {"type sit local 10.9.0.1", ARPHRD_SIT, SHOWN4, BYTES4},
    {"type ip6gre local fd09::1", ARPHRD_IP6GRE, SHOWN6, BYTES6},
    {NULL, ARPHRD_TUNNEL, SHOWN4, BYTES4},
    {NULL, ARPHRD_SIT, SHOWN4, BYTES4},
    {NULL, ARPHRD_IPGRE, SHOWN4, BYTES4},
    {NULL, ARPHRD_TUNNEL6, SHOWN6, BYTES6},
    {NULL, ARPHRD_IP6GRE, SHOWN6, BYTES6},
};

static const char *tool;
static int tap = -1;

/* Returns false if this kernel has no such device. */
static bool make_device(const struct device *device)
{
    char words[TEXT_SIZE];

    if (!device->make && kernel_before(5, 12)) {
        report_not_runnable("TAP", "Linux before 5.12 sets no address length with the type");
        return false;
    }
    if (!device->make)
        tap = open_tun("d0", IFF_TAP, device->type);
    else if (sh_read(words, sizeof words, "ip link add d0 %s", device->make) != 0) {
        if (!strstr(words, "nknown device type") && !strstr(words, "not supported"))
            fail_msg("ip link add d0 %s: %s", device->make, words);
        report_not_runnable(device->make, "this kernel makes no such device");
        return false;
    }
    sh("ip link set d0 addrgenmode none 2>/dev/null || :; ip link set d0 up;"
       "ip addr add fd01::1/64 dev d0 nodad");
    return true;
}

static void remove_device(void)
{
    sh("ip link del d0");
    if (tap >= 0)
        close(tap);
    tap = -1;
}

/* The output of the command, without the newline at its end, is the text. */
static void expect(const char *text, const char *command)
{
    char got[TEXT_SIZE];
    int status = sh_read(got, sizeof got, "%s", command);
    size_t length = strlen(got);

    if (length > 0 && got[length - 1] == '\n')
        got[length - 1] = '\0';
    if (status != 0 || strcmp(got, text) != 0)
        fail_msg("%s: exit status %d, output: %s, not: %s", command, status, got, text);
}

/* Run the tool with these arguments and a filter for its output. */
static void expect_tool(const char *text, const char *arguments, const char *filter)
{
    char command[TEXT_SIZE];

    snprintf(command, sizeof command, "%s %s %s", tool, arguments, filter);
    expect(text, command);
}

static void check_neighbour(const struct device *device)
{
    char arguments[256];

    expect(device->shown, "ip -j neigh show fd01::9 dev d0 | jq -r '.[].lladdr'");
    expect_tool(device->shown, "lookup fd01::9 -i d0", "");
    expect_tool(device->shown, "get fd01::9 -i d0", "| sed 's/.* lladdr //; s/ .*//'");
    expect_tool(device->shown, "show fd01::9 dev d0",
                "| sed -n '2s/^[^ ]* *d0 *\\([^ ]*\\) .*/\\1/p'");
    expect_tool(device->shown, "watch --existing --timeout 0 dev d0",
                "| sed -n 's/.* fd01::9 .*lladdr \\([^ ]*\\).*/\\1/p'");
    expect_tool(device->shown, "show -j dev d0", "| jq -r 'select(.dst == \"fd01::9\").lladdr'");
    snprintf(arguments, sizeof arguments, "show -j --mac %s", device->shown);
    expect_tool("fd01::9", arguments, "| jq -r .dst");
}

static void check_device(const struct device *device)
{
    char arguments[256], link[TEXT_SIZE];

    assert_int_equal(sh_read(link, sizeof link,
                             "printf %%s \"$(ip -j link show d0 | jq -r '.[] | .address,"
                             " .broadcast')\""),
                     0);
    expect_tool(link, "if -j d0", "| jq -r '.address, .broadcast'");
    snprintf(arguments, sizeof arguments, "set fd01::9 %s dev d0", device->shown);
    expect_tool("", arguments, "");
    check_neighbour(device);
    snprintf(arguments, sizeof arguments, "flush dev d0 lladdr %s nud permanent", device->shown);
    assert_int_equal(sh_status("%s %s", tool, arguments), 0);
    expect("", "ip neigh show fd01::9 dev d0 nud all");
    snprintf(arguments, sizeof arguments, "set fd01::9 %s dev d0", device->as_bytes);
    expect_tool("", arguments, "");
    expect_tool(device->shown, "lookup fd01::9 -i d0", "");
}

static void test_tunnels(void **state)
{
    unsigned checked = 0;

    netns_enter();
    for (size_t i = 0; i < LENGTH(devices); i++) {
        if (!make_device(&devices[i]))
            continue;
        check_device(&devices[i]);
        remove_device();
        checked++;
    }
    assert_true(checked > 0);
}

/* A kernel may not tell a limit. Then both leave it out. */
static void test_limits(void **state)
{
    static const char filter[] =
        "| jq -c 'if type == \"array\" then .[0] else . end | [.tso_max_size,"
        " .tso_max_segs, .gro_max_size, .gso_max_size, .gso_max_segs]'";
    char limits[TEXT_SIZE];

    netns_enter();
    assert_int_equal(sh_read(limits, sizeof limits, "ip -d -j link show lo %s", filter), 0);
    limits[strcspn(limits, "\n")] = '\0';
    expect_tool(limits, "if -j lo", filter);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tunnels),
        cmocka_unit_test(test_limits),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: test_tool_text TOOL\n");
        return 2;
    }
    tool = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
