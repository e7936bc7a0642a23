/* SPDX-License-Identifier: MIT */
/* Edits through ioctl and through rtnetlink give the same table, as `ip` and `arp` print it. */
#include "test.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/fixture.h"
#include "kernel/netns.h"
#include "kernel/sandbox.h"
#include "process.h"

#define PROXY ARPQ_NEIGH_PROXY
#define CREATE ARPQ_NEIGH_SET_CREATE
#define REPLACE ARPQ_NEIGH_SET_REPLACE
#define INSIST ARPQ_NEIGH_SET_INSIST
#define PERMANENT ARPQ_STATE_PERMANENT
#define STALE ARPQ_STATE_STALE

/* ---- The edits ---- */

/* A step without a MAC and with state 0 deletes the entry. */
struct step {
    const char *ip, *dev, *mac;
    uint32_t state, neigh_flags, flags;
    int code;
};

static const struct step steps[] = {
    {"10.1.0.2", "v0", MAC_A, 0, 0, 0, 0},
    {"10.1.0.3", NULL, MAC_A, PERMANENT, 0, CREATE, 0},
    {"10.1.0.4", NULL, MAC_A, STALE, 0, CREATE, 0},
    {"10.1.0.4", NULL, MAC_B, STALE, 0, CREATE, -EEXIST},
    {"10.1.0.5", NULL, MAC_B, STALE, 0, REPLACE, -ENOENT},
    {"10.1.0.6", NULL, MAC_A, STALE, 0, 0, 0},
    {"10.1.0.6", NULL, MAC_B, PERMANENT, 0, REPLACE, 0},
    {"10.1.0.7", NULL, MAC_A, PERMANENT, 0, 0, 0},
    {"10.1.0.7", NULL, MAC_B, STALE, 0, REPLACE, 0},
    {"10.1.0.8", NULL, MAC_B, PERMANENT, 0, 0, 0},
    {"10.1.0.8", NULL, NULL, 0, 0, 0, 0},
    {"10.1.0.8", NULL, NULL, 0, 0, 0, -ENOENT},
    {"::ffff:10.1.0.9", NULL, MAC_B, PERMANENT, 0, 0, 0},
    {"10.1.0.10", NULL, MAC_B, 3, 0, 0, -EINVAL},
    {"10.1.0.10", NULL, "02:00:00:00:00", PERMANENT, 0, 0, -EINVAL},
    {"10.1.0.10", NULL, NULL, PERMANENT, 0, 0, -EINVAL},
    {"10.1.0.10", NULL, "01:00:5e:00:00:01", PERMANENT, 0, 0, -EADDRNOTAVAIL},
    {"10.1.0.10", NULL, "01:00:5e:00:00:01", PERMANENT, 0, INSIST, 0},
    {"10.1.0.1", "v0", MAC_A, PERMANENT, 0, 0, -EADDRNOTAVAIL},
    {"10.1.0.1", "v0", MAC_A, PERMANENT, 0, INSIST, 0},
    {"10.1.0.255", "v0", MAC_A, PERMANENT, 0, 0, -EADDRNOTAVAIL},
    {"224.0.0.5", "v0", MAC_A, PERMANENT, 0, 0, -EADDRNOTAVAIL},
    {"127.0.0.1", "v0", MAC_A, PERMANENT, 0, 0, -EADDRNOTAVAIL},
    {"10.2.0.9", NULL, MAC_A, PERMANENT, 0, 0, 0},
    {"10.2.0.8", "v0", MAC_A, PERMANENT, 0, 0, 0},
    {"10.2.0.8", "v1", NULL, 0, 0, 0, -ENOENT},
    {"10.1.0.11", "nosuch", MAC_A, PERMANENT, 0, 0, -ENODEV},
    {"10.1.0.12", "lo", MAC_A, PERMANENT, 0, 0, -EOPNOTSUPP},
    {"10.1.0.50", "v0", MAC_A, 0, PROXY, 0, 0},
    {"10.1.0.51", NULL, MAC_A, 0, PROXY, 0, 0},
    {"10.1.0.52", "v1", MAC_A, 0, PROXY, 0, 0},
    {"10.1.0.52", "v1", NULL, 0, PROXY, 0, 0},
    {"10.1.0.52", "v1", NULL, 0, PROXY, 0, -ENOENT},
    {"10.1.0.1", "v1", MAC_A, 0, PROXY, 0, -EADDRNOTAVAIL},
    {"0.0.0.0", "v0", MAC_A, 0, PROXY, ARPQ_NEIGH_SET_NETMASK, 0},
    {"0.0.0.0", "v1", MAC_A, 0, PROXY, ARPQ_NEIGH_SET_NETMASK, 0},
    {"0.0.0.0", "v1", NULL, 0, PROXY, ARPQ_NEIGH_SET_NETMASK, 0},
    {"0.0.0.0", "v1", MAC_A, 0, 0, ARPQ_NEIGH_SET_NETMASK, -EINVAL},
};

/* Edits that the ioctl cannot express. */
static const struct step more_steps[] = {
    {"10.1.0.20", NULL, MAC_A, ARPQ_STATE_NOARP, 0, 0, -EOPNOTSUPP},
    {"10.1.0.20", NULL, MAC_A, ARPQ_STATE_DELAY, 0, 0, -EOPNOTSUPP},
    {"10.1.0.20", NULL, MAC_A, ARPQ_STATE_PROBE, 0, 0, -EOPNOTSUPP},
    {"10.1.0.20", NULL, MAC_A, ARPQ_STATE_FAILED, 0, 0, -EOPNOTSUPP},
    {"10.1.0.20", NULL, MAC_A, ARPQ_STATE_INCOMPLETE, 0, INSIST, -EOPNOTSUPP},
    {"10.1.0.20", NULL, MAC_A, PERMANENT, ARPQ_NEIGH_ROUTER, 0, -EOPNOTSUPP},
    {"10.1.0.20", NULL, MAC_A, PERMANENT, ARPQ_NEIGH_EXT_LEARNED, 0, -EOPNOTSUPP},
    {"10.1.0.20", NULL, MAC_A, STALE, ARPQ_NEIGH_MANAGED, 0, -EOPNOTSUPP},
    {"10.1.0.53", NULL, MAC_A, 0, PROXY, CREATE, -EOPNOTSUPP},
    {"10.1.0.53", NULL, MAC_A, 0, PROXY | ARPQ_NEIGH_ROUTER, 0, -EOPNOTSUPP},
    {"fd01::2", "v0", MAC_A, PERMANENT, 0, 0, -EOPNOTSUPP},
    {"fd01::2", "v0", NULL, 0, 0, 0, -EOPNOTSUPP},
    {"fd01::2", "v0", MAC_A, 0, PROXY, 0, -EOPNOTSUPP},
    {"10.1.0.21", NULL, MAC_A, ARPQ_STATE_REACHABLE, 0, 0, 0}, /* becomes STALE */
};

/* Memory that the child shares. */
struct outcome {
    int codes[LENGTH(steps)], more[LENGTH(more_steps)];
    uint32_t v0, v1;
};
static struct outcome *outcome;

static uint32_t deletion(const struct step *step)
{
    return (step->neigh_flags & PROXY ? ARPQ_NEIGH_DELETE_PROXY : 0) |
           (step->flags & ARPQ_NEIGH_SET_NETMASK ? ARPQ_NEIGH_DELETE_NETMASK : 0);
}

static int take(struct arpq_handle *handle, const struct step *step)
{
    struct arpq_neigh neigh = {
        .ip = ip_of(step->ip), .state = step->state, .flags = step->neigh_flags};

    if (step->dev)
        neigh.ifindex = strcmp(step->dev, "v0") == 0   ? outcome->v0
                        : strcmp(step->dev, "v1") == 0 ? outcome->v1
                        : strcmp(step->dev, "lo") == 0 ? 1
                                                       : 4242;
    if (!step->mac && !step->state)
        return arpq_neigh_delete(handle, &neigh.ip, neigh.ifindex, deletion(step));
    if (step->mac)
        neigh.mac = mac_of(step->mac);
    return arpq_neigh_set(handle, &neigh, step->flags);
}

/* Add an address while the handle is open. A handle without events does not notice it. */
static bool add_address(void)
{
    struct ifreq request = {.ifr_name = "v1:1"};
    /* 10.5.0.1. */
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x0a050001)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), code;

    memcpy(&request.ifr_addr, &address, sizeof address);
    code = ioctl(fd, SIOCSIFADDR, &request);
    close(fd);
    return code == 0;
}

static const struct step later_steps[] = {
    {"10.5.0.1", "v0", MAC_A, PERMANENT, 0, 0, -EADDRNOTAVAIL},
    {"10.5.0.9", NULL, MAC_A, PERMANENT, 0, 0, 0}, /* on v1 */
};

/* Runs in the child, which cannot use assertions. */
static void make_edits(bool refused)
{
    const struct arpq_filter filter = {.size = sizeof filter, .family = AF_INET};
    struct arpq_neigh owned = {
        .ip = ip_of("10.1.0.22"), .mac = mac_of(MAC_A), .protocol = 42, .ifindex = outcome->v0};
    uint32_t removed = 7;
    struct arpq_handle *handle;

    if (refused && !refuse_netlink(EPERM))
        _exit(2);
    if (arpq_open(&handle, NULL) != 0)
        _exit(3);
    for (size_t i = 0; i < LENGTH(steps); i++)
        outcome->codes[i] = take(handle, &steps[i]);
    for (size_t i = 0; refused && i < LENGTH(more_steps); i++)
        outcome->more[i] = take(handle, &more_steps[i]);
    if (refused && (arpq_neigh_set(handle, &owned, 0) != -EOPNOTSUPP ||
                    arpq_neigh_flush(handle, &filter, &removed) != -EOPNOTSUPP || removed != 0))
        _exit(4);
    if (!add_address())
        _exit(5);
    for (size_t i = 0; i < LENGTH(later_steps); i++)
        if (take(handle, &later_steps[i]) != later_steps[i].code)
            _exit((int)(6 + i));
    arpq_close(handle);
    _exit(0);
}

/* ---- Two namespaces ---- */

struct shown {
    char ip[4096], json[8192], proxies[1024], arp[4096], sysctl[64];
};

static void show(struct shown *shown)
{
    assert_int_equal(sh_read(shown->ip, sizeof shown->ip,
                             "ip -d -4 neigh show nud all | grep -v 10.1.0.21 | sort"),
                     0);
    assert_int_equal(sh_read(shown->json, sizeof shown->json,
                             "ip -d -4 -j neigh show nud all | jq -S 'map(select(.dst != "
                             "\"10.1.0.21\")) | sort_by(.dst, .dev)'"),
                     0);
    assert_int_equal(sh_read(shown->proxies, sizeof shown->proxies, "ip neigh show proxy | sort"),
                     0);
    assert_int_equal(
        sh_read(shown->arp, sizeof shown->arp, "arp -n | grep -v '^10.1.0.21 ' | sort"), 0);
    assert_int_equal(sh_read(shown->sysctl, sizeof shown->sysctl,
                             "cat /proc/sys/net/ipv4/conf/all/proxy_arp"
                             " /proc/sys/net/ipv4/conf/v0/proxy_arp"
                             " /proc/sys/net/ipv4/conf/v1/proxy_arp"),
                     0);
}

static void edit_in_namespace(bool refused, struct shown *shown)
{
    pid_t pid;

    netns_enter();
    sh("ip link add v0 address 02:00:00:00:00:a0 type veth peer name v1;"
       "ip link set v0 addrgenmode none; ip link set v1 addrgenmode none;"
       "ip link set v0 up; ip link set v1 up; ip addr add 10.1.0.1/24 dev v0;"
       "ip addr add 10.2.0.1/24 dev v1");
    outcome->v0 = ifindex_of("v0");
    outcome->v1 = ifindex_of("v1");
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        make_edits(refused);
    assert_ended_well(pid);
    for (size_t i = 0; i < LENGTH(steps); i++)
        if (outcome->codes[i] != steps[i].code)
            fail_msg("%s, step %zu, %s@%s: %d, not %d", refused ? "ioctl" : "rtnetlink", i,
                     steps[i].ip, steps[i].dev ? steps[i].dev : "*", outcome->codes[i],
                     steps[i].code);
    show(shown);
    if (refused)
        assert_int_equal(sh_status("ip neigh show 10.1.0.21 | grep -q 'lladdr " MAC_A " STALE'"),
                         0);
    /* Without this, the entry would outlive the namespace. */
    sh("ip neigh del proxy 10.1.0.51");
}

static void test_same_table(void **state)
{
    static struct shown by_rtnl, by_ioctl;

    outcome =
        mmap(NULL, sizeof *outcome, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(outcome, MAP_FAILED);
    edit_in_namespace(false, &by_rtnl);
    edit_in_namespace(true, &by_ioctl);
    for (size_t i = 0; i < LENGTH(more_steps); i++)
        if (outcome->more[i] != more_steps[i].code)
            fail_msg("ioctl, %s: %d, not %d", more_steps[i].ip, outcome->more[i],
                     more_steps[i].code);
    assert_string_equal(by_ioctl.ip, by_rtnl.ip);
    assert_string_equal(by_ioctl.json, by_rtnl.json);
    assert_string_equal(by_ioctl.proxies, by_rtnl.proxies);
    assert_string_equal(by_ioctl.arp, by_rtnl.arp);
    assert_string_equal(by_ioctl.sysctl, by_rtnl.sysctl);
    /* The tables are equal and not empty. */
    assert_string_equal(by_ioctl.proxies, "10.1.0.50 dev v0 proxy \n10.1.0.51 proxy \n");
    assert_string_equal(by_ioctl.sysctl, "0\n1\n0\n");
    assert_non_null(strstr(by_ioctl.ip, "10.1.0.6 dev v0 lladdr " MAC_B " PERMANENT"));
    assert_non_null(strstr(by_ioctl.ip, "10.5.0.9 dev v1 lladdr " MAC_A " PERMANENT"));
    assert_non_null(strstr(by_ioctl.arp, "10.1.0.7"));
    munmap(outcome, sizeof *outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_table)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
